"""Take a picture of every step of the screen: `make screens`, or `screens.py FOLDER`."""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import kept_visits as kept_trials
import walk
from axe_check import DRAWN
from chromium import TABLET, Errors, chromium, looking
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from practice import Kept
from screen_process import Screen, screen

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "screens"
PHONE: Final = {"width": 390, "height": 844}
WALL: Final = {"width": 1920, "height": 1080}
ONE: Final = (TABLET,)
ALL: Final = (TABLET, PHONE, WALL)
COLORS: Final = 96
RAISED: Final = re.compile(r"^(3[5-9]|[4-9]\d)°?$")
WAITING: Final = {
    "history": f"/subjects/{kept_trials.SUBJECT}",
    "progress": f"/subjects/{kept_trials.SUBJECT}/progress",
    "compare": f"/compare/{kept_trials.FIRST}/{kept_trials.THIRD}",
    "report": f"/subjects/{kept_trials.SUBJECT}/report",
    "certificate": f"/trials/{kept_trials.THIRD}/certificate",
    "settings": "/settings",
}


@dataclass
class Album:
    """Numbers the pictures and keeps them, with few colors: they are small so."""

    folder: Path
    taken: list[str] = field(default_factory=list)

    def take(self, page: Page, name: str, sizes: tuple[dict[str, int], ...] = ONE) -> None:
        """Keep how a page looks now, in every size."""
        self.taken.append(name)
        expect(page.locator("main h1").first).to_be_visible()
        expect(page.locator("main")).not_to_have_attribute("aria-busy", "true")
        for size in sizes:
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.evaluate(DRAWN)
            picture = Image.open(io.BytesIO(page.screenshot()))
            few = picture.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
            shape = f"{size['width']}x{size['height']}"
            few.save(self.folder / f"{len(self.taken):02}-{name}-{shape}.png", optimize=True)
        page.set_viewport_size(TABLET)  # type: ignore[arg-type]


@contextmanager
def visited(
    browser: Browser, *options: str, looks: dict[str, Any] | None = None, **how: Any
) -> Iterator[tuple[Page, Screen]]:
    """A page that has been let in to a screen of its own, with some weeks of visits behind it."""
    with tempfile.TemporaryDirectory() as folder:
        kept_trials.keep_visits(Path(folder) / "trials.db")
        window = looking(browser, Errors(), **(looks or {}))
        with screen(Path(folder), *options, **how) as started, window as entered:
            page = entered.new_page()
            page.goto(started.address)
            yield page, started


def main(folder: Path) -> None:
    """Take all pictures anew."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    album = Album(folder)
    with chromium() as browser:
        for part in (_measuring, _not_still, _sensor_lost, _waiting, _entering, _in_german):
            part(browser, album)


def _measuring(browser: Browser, album: Album) -> None:
    with visited(browser, "--speed", "1.5") as (page, _):
        album.take(page, "home", ALL)
        page.get_by_role("link", name=f"Measure {kept_trials.SUBJECT}").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Which test?")
        page.wait_for_load_state("networkidle")
        album.take(page, "choose-test", ALL)
        page.get_by_role("link", name=walk.TEST).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(walk.TEST)
        page.wait_for_load_state("networkidle")
        album.take(page, "test-and-side", ALL)
        page.get_by_role("button", name="Left", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Sensors")
        page.locator("#worn-pelvis").wait_for()
        page.wait_for_load_state("networkidle")
        album.take(page, "sensors", ALL)
        walk.connect(page)
        album.take(page, "sensors-ready", ALL)
        walk.to_safety(page)
        album.take(page, "safety", ALL)
        page.get_by_label("I have read this: all clear").check()
        page.get_by_role("button", name="Start", exact=True).click()
        walk.until(page, "still")
        expect(page.locator(".ring-number")).to_have_text(re.compile("[23]"), timeout=walk.LONG_MS)
        album.take(page, "keep-still", ALL)
        walk.until_counted(page, 1)
        expect(page.locator(".figure-text")).to_have_text(RAISED, timeout=walk.LONG_MS)
        album.take(page, "repetitions", ALL)
        walk.until_counted(page, 3)
        walk.until(page, "asking")
        page.get_by_role("button", name="2", exact=True).click()
        album.take(page, "questions", ALL)
        page.get_by_role("button", name="firm resistance").click()
        page.get_by_role("button", name="Save and go on").click()
        walk.until_result(page)
        page.wait_for_load_state("networkidle")
        album.take(page, "result", ALL)


def _not_still(browser: Browser, album: Album) -> None:
    with visited(browser, "--speed", "2", restless=True) as (page, _):
        walk.to_live(page, "P021")
        page.locator(".refused .notice").wait_for(timeout=walk.LONG_MS)
        album.take(page, "not-still-enough", ALL)


def _sensor_lost(browser: Browser, album: Album) -> None:
    with visited(browser, "dropout", "--speed", "2") as (page, _):
        walk.to_live(page, "P021")
        lost = page.locator(".strip-sensor:not(.ok)", has_text="left thigh")
        walk.until_counted(page, 1)
        lost.wait_for(timeout=walk.LONG_MS)
        album.take(page, "sensor-lost", (TABLET, PHONE))


def _waiting(browser: Browser, album: Album) -> None:
    with visited(browser) as (page, started):
        for name, path in WAITING.items():
            Kept(page, started.origin).open(path)
            album.take(page, name, ALL if name == "progress" else ONE)


def _entering(browser: Browser, album: Album) -> None:
    with visited(browser, "--share", "--share-port", "0") as (_, started):
        if started.share is None:
            return
        with looking(browser, Errors(), ignore_https_errors=True) as tablet:
            page = tablet.new_page()
            page.goto(started.share["address"])
            page.get_by_role("textbox", name="Code").fill("123 456")
            album.take(page, "enter-on-a-tablet", (TABLET, PHONE))


def _in_german(browser: Browser, album: Album) -> None:
    with visited(browser, "--speed", "2", looks={"color_scheme": "dark"}) as (page, _):
        walk.to_live(page, "P021")
        page.get_by_role("button", name="Deutsch").click()
        walk.until_counted(page, 1)
        expect(page.locator(".figure-text")).to_have_text(RAISED, timeout=walk.LONG_MS)
        album.take(page, "repetitions-dark-german")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
