"""axe-core finds nothing serious on any page, in light and in dark."""

from __future__ import annotations

import kept_visits as kept_trials
import walk
from playwright.sync_api import expect

PAGES = {
    "home": "/",
    "subject": "/subjects/P014",
    "measure": "/measure/P014",
    "test and side": "/measure/P014?test=pslr",
    "sensors": "/measure/P014/pslr/left/sensors",
    "trial": f"/trials/{kept_trials.THIRD}",
    "refused trial": f"/trials/{kept_trials.REFUSED}",
    "progress": "/subjects/P014/progress",
    "compare": f"/compare/{kept_trials.FIRST}/{kept_trials.THIRD}",
    "report": "/subjects/P014/report",
    "certificate": f"/trials/{kept_trials.THIRD}/certificate",
    "settings": "/settings",
    "no such page": "/nowhere",
}
PAPERS = {
    "report on paper": "/api/subjects/P014/report.html",
    "certificate on paper": f"/api/trials/{kept_trials.THIRD}/certificate.html",
}


def test_axe_finds_nothing_grave_on_the_pages_that_wait(kept, axe):
    for name, path in PAGES.items():
        kept.open(path)
        axe(kept.page, name)
    for name, path in PAPERS.items():
        kept.page.goto(kept.origin + path)
        axe(kept.page, name)


def test_axe_finds_nothing_grave_where_forms_and_dialogs_complain(kept, axe):
    kept.open("/")
    kept.page.get_by_label("Birth year").fill("soon")
    kept.page.get_by_role("button", name="Add and measure").click()
    axe(kept.page, "home with a bad entry")
    kept.open(f"/trials/{kept_trials.THIRD}")
    kept.page.get_by_role("button", name="Void this trial").click()
    kept.page.get_by_role("button", name="Void the trial").click()
    axe(kept.page, "void dialog")


def test_axe_finds_nothing_grave_on_the_way_through_a_trial(serve, page, axe):
    screen = serve("--speed", "3")
    page.goto(screen.address)
    walk.add_subject(page)
    walk.choose_test(page)
    walk.connect(page)
    axe(page, "sensors ready")
    walk.to_safety(page)
    axe(page, "safety")
    walk.begin(page)
    walk.until(page, "still")
    axe(page, "keep still")
    walk.until(page, "move")
    axe(page, "repetitions")
    page.get_by_role("button", name="Stop", exact=True).click()
    axe(page, "stop dialog")
    page.get_by_role("button", name="Go on", exact=True).click()
    page.get_by_role("button", name="Finish").click()
    walk.until(page, "asking")
    axe(page, "questions")
    walk.answer(page)
    expect(page.locator("main .view h1")).to_contain_text(walk.TEST, timeout=walk.LONG_MS)
    page.wait_for_load_state("networkidle")
    axe(page, "result")


def test_axe_finds_nothing_grave_where_somebody_is_not_let_in(serve, window, axe):
    screen = serve("--share", "--share-port", "0")
    page = window(ignore_https_errors=True).new_page()
    page.goto(screen.origin + "/")
    axe(page, "not let in")
    if screen.share is not None:
        page.goto(screen.share["address"])
        axe(page, "enter")
        page.get_by_role("textbox", name="Code").fill("000 000")
        page.get_by_role("button", name="Go on").click()
        axe(page, "enter after a wrong code")
