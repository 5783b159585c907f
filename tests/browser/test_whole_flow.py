"""From opening the page to a trial that is stored, scored and reported."""

from __future__ import annotations

import re

import walk
from playwright.sync_api import expect


def test_a_trial_goes_from_the_first_page_to_its_report(serve, page):
    screen = serve("--speed", "8")
    page.goto(screen.address)
    expect(page).to_have_url(screen.origin + "/")  # the token is spent, and gone from the address
    walk.to_live(page)
    walk.until(page, "move")
    walk.until_counted(page, 1)
    shown = page.locator(".figure-text")
    expect(shown).to_have_text(re.compile(r"^-?\d+°?$"))
    expect(page.locator(".figure-peak")).to_have_text(re.compile(r"^Peak \d+°"))
    page.keyboard.press("Space")
    expect(page.locator(".toast")).to_contain_text("Marked at")
    walk.until(page, "asking")
    walk.answer(page)
    walk.until_result(page)
    assert page.url.endswith("#/trials/1")
    hip = float(page.locator(".headline-number").inner_text().split("°")[0])
    assert 35 < hip < 46  # the virtual person lifts 64 degrees and lends 36 % of them
    kept = page.request.get(f"{screen.origin}/api/trials/1").json()["trial"]
    assert (kept["state"], kept["grade"], kept["pain_nrs"]) == ("closed", "A", 2)
    assert kept["end_point"] == "firm_resistance"
    assert any(event["kind"] == "mark" for event in curves(page, screen)["events"])
    page.get_by_role("link", name="Finish").click()
    page.get_by_role("link", name="Report").click()
    paper = page.frame_locator("iframe.paper-frame")
    expect(paper.get_by_text("Passive straight leg raise").first).to_be_visible()
    expect(paper.locator("body")).to_contain_text(f"{hip:.1f}".split(".")[0])


def curves(page, screen):
    return page.request.get(f"{screen.origin}/api/trials/1/curves?points=100").json()
