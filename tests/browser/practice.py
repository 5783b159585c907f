"""One screen for many tests: each gets a browser window of its own that is already let in."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import httpx
from playwright.sync_api import Page, expect
from screen_process import Screen


@dataclass(frozen=True)
class Practice:
    """Where a screen is, and what a browser has to know to be let in (Playwright's state)."""

    origin: str
    state: dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """A page of a practice."""

    page: Page
    origin: str

    def open(self, path: str) -> None:
        """Show a path of the page, as if its address had been opened."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.origin}/#{path}")
        expect(self.page.locator("main .view h1")).to_be_visible()
        expect(self.page.get_by_text("Loading")).to_have_count(0)
        expect(self.page.locator("main")).not_to_have_attribute("aria-busy", "true")


def signed_in(screen: Screen) -> Practice:
    """Spend a screen's address, and keep the cookie that it is exchanged for."""
    answer = httpx.get(screen.address, follow_redirects=False)
    (cookie,) = SimpleCookie(answer.headers["set-cookie"]).values()
    kept = {"name": cookie.key, "value": cookie.value, "domain": "127.0.0.1", "path": "/"}
    flags = {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Strict"}
    return Practice(screen.origin, {"cookies": [kept | flags], "origins": []})
