"""What is typed wrong is told beside its field, and nothing that was typed is lost."""

from __future__ import annotations

import kept_visits as kept_trials
import pytest
import walk
from playwright.sync_api import expect


def beside(field, message):
    """The message stands in the field's own frame, and belongs to it for a screen reader."""
    frame = field.locator("xpath=ancestor::*[contains(@class, 'field')][1]")
    expect(frame.locator(".field-error")).to_contain_text(message)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()


def test_a_subject_with_bad_entries_keeps_all_that_was_typed_also_after_a_reload(kept):
    page = kept.page
    kept.open("/")
    code, year = page.get_by_label("Code"), page.get_by_label("Birth year")
    code.fill("P099")
    page.locator("label.choice", has_text="other").click()
    for typed, told in [
        ("soon", 'Expected a whole number, got "soon".'),
        ("1899", "Expected 1900 to"),
        ("1996,5", "Expected a whole number"),
    ]:
        year.fill(typed)
        page.get_by_role("button", name="Add and measure").click()
        beside(year, told)
        expect(year).to_have_value(typed)
    page.reload()
    expect(code).to_have_value("P099")
    expect(year).to_have_value("1996,5")
    expect(page.get_by_label("other")).to_be_checked()
    code.fill(kept_trials.SUBJECT)  # there is one already: only the server knows
    year.fill("1996")
    page.get_by_role("button", name="Add and measure").click()
    beside(code, kept_trials.SUBJECT)
    expect(year).to_have_value("1996")


def test_a_birth_year_that_cannot_be_is_told_where_a_subject_is_edited(kept):
    page = kept.page
    kept.open(f"/subjects/{kept_trials.SUBJECT}")
    page.get_by_role("button", name="Edit").click()
    year = page.get_by_label("Birth year")
    year.fill("96")
    page.get_by_role("button", name="Save").click()
    beside(year, 'got "96"')
    expect(year).to_have_value("96")


def test_a_pain_score_that_is_none_is_told_and_the_note_beside_it_stays(kept):
    page = kept.page
    kept.open(f"/trials/{kept_trials.FIRST}")
    note, pain = page.get_by_label("Add a note"), page.get_by_label("Pain at the end")
    note.fill("knee strap loose")
    for typed, told in [
        ("strong", "Expected a number"),
        ("11", "Expected 0 to 10"),
        ("3,7", "steps of a half"),
    ]:
        pain.fill(typed)
        page.get_by_role("button", name="Add", exact=True).click()
        beside(pain, told)
        expect(pain).to_have_value(typed)
    page.reload()
    expect(note).to_have_value("knee strap loose")
    expect(pain).to_have_value("3,7")


def test_remarks_with_nothing_in_them_and_a_void_without_reason_are_refused(kept):
    page = kept.page
    kept.open(f"/trials/{kept_trials.FIRST}")
    page.get_by_role("button", name="Add", exact=True).click()
    beside(page.get_by_label("Add a note"), "Write a note")
    page.get_by_role("button", name="Void this trial").click()
    page.get_by_role("button", name="Void the trial").click()
    beside(page.get_by_role("textbox", name="Reason"), "Say why")
    page.keyboard.press("Escape")
    page.get_by_label("Pain at the end").fill("2,5")  # a comma is as good as a point
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".remarks-now")).to_contain_text("2.5 of 10")


def test_what_was_said_and_why_a_trial_is_void_stay_text_whatever_it_contains(kept):
    page = kept.page
    kept.open(f"/trials/{kept_trials.RIGHT}")
    page.get_by_role("button", name="Void this trial").click()
    page.get_by_role("textbox", name="Reason").fill("<img src=x onerror=alert(1)>")
    page.get_by_role("button", name="Void the trial").click()
    expect(page.locator(".void-reason")).to_have_text("<img src=x onerror=alert(1)>")


def test_going_on_before_a_sensor_is_ready_needs_a_reason(serve, page):
    page.goto(serve("--speed", "0.5").address)  # slow: for two seconds data come, but too few
    walk.add_subject(page)
    walk.choose_test(page)
    page.get_by_role("button", name="Connect the sensors").click()
    anyway = page.get_by_role("button", name="Go on all the same")
    anyway.click(timeout=walk.LONG_MS)
    page.locator("dialog").get_by_role("button", name="Go on all the same").click()
    beside(page.get_by_label("Why do you go on?"), "Say why you go on")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Other sensors").click()


def test_a_wrong_code_is_told_beside_its_field(serve, window):
    screen = serve("--share", "--share-port", "0")
    if screen.share is None:
        pytest.skip("this computer is in no network that a tablet could be in")
    page = window(ignore_https_errors=True).new_page()
    page.goto(screen.share["address"])
    code = page.get_by_role("textbox", name="Code")
    wrong = "000001" if screen.share["code"] == "000000" else "000000"
    code.fill(wrong)
    page.get_by_role("button", name="Go on").click()
    beside(code, "code")
    expect(code).to_have_value(wrong)
