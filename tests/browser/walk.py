"""The way through the screen, step by step, as somebody who looks and clicks goes it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

LONG_MS = 60_000
TEST = "Passive straight leg raise"


def add_subject(page: Page, code: str = "P014", year: str = "1996") -> None:
    page.get_by_label("Code").fill(code)
    page.locator("label.choice", has_text="female").click()
    page.get_by_label("Birth year").fill(year)
    page.get_by_role("button", name="Add and measure").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which test?")


def choose_test(page: Page, side: str = "Left", test: str = TEST) -> None:
    page.get_by_role("link", name=test).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(test)
    page.get_by_role("button", name=side, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sensors")


def connect(page: Page) -> None:
    """Have the sensors found and connected, and wait until all are ready."""
    page.get_by_role("button", name="Connect the sensors").click()
    expect(page.locator("#next-why")).to_have_text("All sensors are ready.", timeout=LONG_MS)


def to_safety(page: Page) -> None:
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Safety")


def begin(page: Page) -> None:
    page.get_by_label("I have read this: all clear").check()
    page.get_by_role("button", name="Start", exact=True).click()
    live(page).wait_for()


def to_live(page: Page, code: str = "P014") -> None:
    """Go from the start page to a trial that runs."""
    add_subject(page, code)
    choose_test(page)
    connect(page)
    to_safety(page)
    begin(page)


def live(page: Page, state: str | None = None) -> Locator:
    """The live view, in that state."""
    return page.locator(".live" if state is None else f".live[data-state={state}]")


def until(page: Page, state: str) -> None:
    live(page, state).wait_for(timeout=LONG_MS)


def until_counted(page: Page, count: int) -> None:
    """Wait until so many repetitions are counted on the page."""
    expect(page.locator(".dot.on")).to_have_count(count, timeout=LONG_MS)


def answer(page: Page, pain: int = 2, ended_by: str = "firm resistance") -> None:
    page.get_by_role("button", name=str(pain), exact=True).click()
    page.get_by_role("button", name=ended_by).click()
    page.get_by_role("button", name="Save and go on").click()


def until_result(page: Page) -> None:
    page.locator(".headline-number").wait_for(timeout=LONG_MS)
