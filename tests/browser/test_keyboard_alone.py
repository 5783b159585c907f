"""The whole flow by keys alone: every stop of the tab key can be seen, nothing needs a mouse."""

from __future__ import annotations

import re

import walk
from playwright.sync_api import expect

MOST_TABS = 60
FOCUS = """() => {
  const at = document.activeElement;
  const style = getComputedStyle(at);
  const ring = (one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) >= 2;
  const box = at.getBoundingClientRect();
  const around = at.closest("label") ? getComputedStyle(at.closest("label")) : style;
  return {
    html: at.outerHTML.slice(0, 120),
    ring: ring(style) || ring(around) || style.boxShadow !== "none",
    seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


def tab_to(page, wanted):
    """Press the tab key until the focus is there; every stop on the way must be seen."""
    for _press in range(MOST_TABS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        assert stop["ring"], f"the focus is not seen: {stop['html']}"
        assert stop["seen"], f"the focus is outside of the window: {stop['html']}"
        if wanted.evaluate("(node) => node === document.activeElement"):
            return
    raise AssertionError(f"{MOST_TABS} tabs do not lead to {wanted}")


def press(page, role, name, key="Enter"):
    tab_to(page, page.get_by_role(role, name=name, exact=True).first)
    page.keyboard.press(key)


def heading(page, text):
    expect(page.get_by_role("heading", level=1)).to_contain_text(text, timeout=walk.LONG_MS)


def test_a_trial_is_measured_by_keys_alone_and_the_focus_is_always_seen(serve, page):
    page.goto(serve("--speed", "8").address)
    tab_to(page, page.get_by_label("Code"))
    page.keyboard.type("K-1")
    tab_to(page, page.get_by_label("not given"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("female", exact=True)).to_be_checked()
    tab_to(page, page.get_by_label("Birth year"))
    page.keyboard.type("1996")
    page.keyboard.press("Enter")
    heading(page, "Which test?")
    tab_to(page, page.get_by_role("link", name=walk.TEST))
    page.keyboard.press("Enter")
    heading(page, walk.TEST)
    press(page, "button", "Right", "Space")
    heading(page, "Sensors")
    press(page, "button", "Connect the sensors")
    expect(page.locator("#next-why")).to_have_text("All sensors are ready.", timeout=walk.LONG_MS)
    press(page, "button", "Next")
    heading(page, "Safety")
    tab_to(page, page.get_by_label("I have read this: all clear"))
    page.keyboard.press("Space")
    press(page, "button", "Start")
    walk.until_counted(page, 1)
    page.keyboard.press("Space")  # no control has the focus: a mark
    expect(page.locator(".toast")).to_contain_text("Marked at")
    press(page, "button", "Finish", "Space")
    walk.until(page, "asking")
    press(page, "button", "3", "Space")
    press(page, "button", "firm resistance")
    press(page, "button", "Save and go on")
    walk.until_result(page)
    press(page, "link", "Finish")
    heading(page, "K-1")
    press(page, "link", "Report")
    heading(page, "Report of K-1")
    expect(page).to_have_url(re.compile("/subjects/K-1/report$"))
