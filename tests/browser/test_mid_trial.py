"""What may befall a trial that runs: a reload, a lost sensor, a restless leg, a second screen."""

from __future__ import annotations

import re

import pytest
import walk
from playwright.sync_api import expect


def peak(page):
    text = page.locator(".figure-peak").inner_text()
    found = re.search(r"\d+", text)
    return int(found[0]) if found else None


def test_a_reload_comes_back_to_the_running_trial_with_peak_and_repetitions(serve, page):
    screen = serve("--speed", "6")
    page.goto(screen.address)
    walk.to_live(page)
    walk.until_counted(page, 1)
    before = peak(page)
    page.goto(screen.origin + "/")  # the reload of a tablet that forgot where it was
    walk.until(page, "move")
    expect(page.locator(".dot.on").first).to_be_visible()
    expect(page.locator(".rep").first).to_contain_text("lent")
    expect(page.locator(".figure-peak")).to_have_text(re.compile(r"\d"))
    assert peak(page) >= before > 30
    page.get_by_role("button", name="Finish").click()
    walk.until(page, "asking")
    page.get_by_role("button", name="4", exact=True).click()
    page.reload()  # what was chosen and not sent is still chosen
    expect(page.get_by_role("button", name="4", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("button", name="Save and go on").click()
    walk.until_result(page)
    kept = page.request.get(f"{screen.origin}/api/trials/1").json()["trial"]
    assert kept["pain_nrs"] == 4


def test_a_sensor_lost_in_mid_repetition_is_told_and_the_trial_is_stored(serve, page):
    screen = serve("dropout", "--speed", "8")
    page.goto(screen.address)
    walk.to_live(page)
    thigh = page.locator(".strip-sensor", has_text="left thigh")
    expect(thigh).not_to_have_class(re.compile(r"\bok\b"), timeout=walk.LONG_MS)
    expect(page.locator(".live")).to_contain_text("left thigh", ignore_case=True)
    expect(thigh).to_have_class(re.compile(r"\bok\b"), timeout=walk.LONG_MS)
    walk.until_counted(page, 2)
    page.get_by_role("button", name="Finish").click()
    walk.until(page, "asking")
    page.get_by_role("button", name="Skip").click()
    walk.until_result(page)
    kept = page.request.get(f"{screen.origin}/api/trials/1").json()["trial"]
    assert kept["state"] == "closed"
    assert len(kept["repetitions"]) >= 2


def test_a_restless_person_is_told_why_and_what_to_do_and_then_goes_on(serve, page, axe):
    screen = serve("--speed", "5", restless=True)
    page.goto(screen.address)
    walk.to_live(page)
    refused = page.locator(".refused .notice")
    expect(refused).to_contain_text("Not taken: try 1", timeout=walk.LONG_MS)
    expect(refused).to_contain_text(re.compile("sank or drifted|moved"))
    expect(refused).to_contain_text("Support the leg, let it lie heavy.")
    expect(refused).to_contain_text("The count begins again by itself.")
    axe(page, "refused calibration")
    screen.say("calm down")
    walk.until(page, "move")
    expect(refused).to_have_count(0)
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Stop the trial").click()
    expect(page).to_have_url(re.compile("#/(trials/1|live)$"), timeout=walk.LONG_MS)


def test_two_screens_show_the_same_trial(serve, window):
    screen = serve("--share", "--share-port", "0", "--speed", "5")
    if screen.share is None:
        pytest.skip("this computer is in no network that a tablet could be in")
    computer, tablet = window().new_page(), window(ignore_https_errors=True).new_page()
    computer.goto(screen.address)
    tablet.goto(screen.share["address"])
    tablet.get_by_role("textbox", name="Code").fill(screen.share["code"])
    tablet.get_by_role("button", name="Go on").click()
    expect(tablet.locator("#connection")).to_contain_text("Connected")
    walk.to_live(computer)
    tablet.get_by_role("link", name="Go to it").click()
    walk.until_counted(computer, 1)
    walk.until_counted(tablet, 1)
    first = [page.locator(".rep").first.inner_text() for page in (computer, tablet)]
    assert first[0] == first[1]
    assert "hip" in first[0]
    tablet.get_by_role("button", name="Finish").click()  # either screen leads
    walk.until(computer, "asking")
    walk.answer(tablet)
    walk.until_result(computer)
    walk.until_result(tablet)
    results = {page.locator(".headline-number").inner_text() for page in (computer, tablet)}
    assert len(results) == 1
