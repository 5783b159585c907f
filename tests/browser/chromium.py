"""Debian's Chromium, driven by Playwright; whoever looks at a page hears of its errors."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

NAMES: Final = ("chromium", "chromium-browser")
MISSING: Final = "no Chromium: install it (apt install chromium), or name it in HIPGONIO_CHROMIUM"
HANDLED: Final = re.compile("Failed to load resource: .* status of 4..")  # the page answers those
PATIENCE_MS: Final = 20_000
TABLET: Final = {"width": 1024, "height": 768}


def chromium_path() -> str | None:
    """Return where the browser is; None without one."""
    named = os.environ.get("HIPGONIO_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser; there has to be one."""
    path = chromium_path()
    assert path is not None, MISSING
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class Errors(list[str]):
    """What pages complained of: errors of scripts, of the content policy, of the console."""

    def hear(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.append(f"{page.url}: {error}"))
        page.on("console", self._console)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not HANDLED.search(message.text):
            self.append(f"{message.location.get('url')}: {message.text}")


@contextmanager
def looking(browser: Browser, errors: Errors, **how: Any) -> Iterator[BrowserContext]:
    """A browser window of its own, with nothing remembered."""
    options = {"viewport": TABLET, "reduced_motion": "reduce", "locale": "en-GB", **how}
    with browser.new_context(**options) as context:
        context.set_default_timeout(PATIENCE_MS)
        context.on("page", errors.hear)
        yield context
