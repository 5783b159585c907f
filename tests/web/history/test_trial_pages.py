"""A subject's and a trial's page: voiding, notes, choosing two trials, saving files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")
pytest.importorskip("fastapi")
from history_site import brief, full, history_of, refusal

Site = Callable[..., Any]
SCRIPT = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"


def test_void_without_a_reason_is_not_sent_and_the_message_is_beside_the_field(site: Site) -> None:
    stub = site({"GET /api/trials/1": full(brief(1))})
    page = stub.open("/trials/1")
    page.get_by_role("button", name="Void this trial").click()
    page.get_by_role("button", name="Void the trial").click()
    reason = page.get_by_label("Reason")
    told = page.locator(f"#{reason.get_attribute('aria-describedby').split()[-1]}")
    assert told.inner_text() == "Say why this trial must not count."
    assert reason.get_attribute("aria-invalid") == "true"
    assert not stub.asked


def test_a_void_trial_says_so_on_its_page_and_stays_in_the_history(site: Site) -> None:
    gone = brief(1, state="void", state_reason="strap slipped")
    stub = site({"GET /api/trials/1": full(brief(1)), "GET /api/subjects/P-014": history_of(gone)})

    def void(_sent: dict[str, Any]) -> tuple[int, Any]:
        stub.answers["GET /api/trials/1"] = full(gone)
        return 200, {"schema": 1, "trial": gone, "remarks": []}

    stub.answers["POST /api/trials/1/void"] = void
    page = stub.open("/trials/1")
    page.get_by_role("button", name="Void this trial").click()
    page.get_by_label("Reason").fill("strap slipped")
    page.get_by_role("button", name="Void the trial").click()
    page.get_by_text("This trial is void and does not count.").wait_for()
    assert stub.asked == [("POST /api/trials/1/void", {"reason": "strap slipped"})]
    assert page.locator(".void-reason").inner_text() == "strap slipped"
    assert page.get_by_role("button", name="Void this trial").count() == 0
    page = stub.open("/subjects/P-014")
    entry = page.locator(".trial-entry")
    assert entry.locator("s").inner_text() == "Passive straight leg raise, left"
    assert entry.locator(".trial-state").inner_text() == "void: strap slipped"


def test_a_refused_void_keeps_the_typed_reason(site: Site) -> None:
    no = refusal(409, "Trial 1 is still being recorded.")
    stub = site({"GET /api/trials/1": full(brief(1)), "POST /api/trials/1/void": lambda _sent: no})
    page = stub.open("/trials/1")
    page.get_by_role("button", name="Void this trial").click()
    page.get_by_label("Reason").fill("wrong leg")
    page.get_by_role("button", name="Void the trial").click()
    page.get_by_role("dialog").get_by_text("Trial 1 is still being recorded.").wait_for()
    assert page.get_by_label("Reason").input_value() == "wrong leg"


def test_script_in_notes_reasons_and_codes_is_shown_as_text(site: Site) -> None:
    marked = brief(1, note=SCRIPT, state="void", state_reason=SCRIPT, examiner=SCRIPT)
    remark = {"utc": marked["utc"], "kind": "note", "text": SCRIPT}
    stub = site(
        {
            "GET /api/trials/1": full(marked, [remark]),
            "GET /api/subjects/P-014": history_of(marked),
        }
    )
    page = stub.open("/trials/1")
    assert page.locator(".remarks-now .written").inner_text() == SCRIPT
    assert page.locator(".void-reason").inner_text() == SCRIPT
    assert page.locator("main img, main script").count() == 0
    assert SCRIPT in stub.open("/subjects/P-014").locator(".trial-state").inner_text()
    assert page.title() != "run"


def test_typed_note_survives_a_failing_save_and_a_reload(site: Site) -> None:
    no = refusal(500, "The database cannot be written: the disk is full.")
    stub = site(
        {"GET /api/trials/1": full(brief(1)), "POST /api/trials/1/remarks": lambda _sent: no}
    )
    page = stub.open("/trials/1")
    page.get_by_label("Add a note").fill("sore after two repetitions")
    page.get_by_label("Pain at the end").fill("2,5")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("The database cannot be written: the disk is full.").wait_for()
    note = "sore after two repetitions"
    assert stub.asked == [("POST /api/trials/1/remarks", {"note": note, "pain_nrs": 2.5})]
    assert page.get_by_label("Add a note").input_value() == note
    page.reload()
    assert page.get_by_label("Add a note").input_value() == note
    assert page.get_by_label("Pain at the end").input_value() == "2,5"


@pytest.mark.parametrize(
    ("typed", "told"),
    [("eleven", 'Expected a number, got "eleven".'), ("11", "Expected 0 to 10, got 11.")],
)
def test_pain_that_is_none_is_told_beside_its_field(site: Site, typed: str, told: str) -> None:
    stub = site({"GET /api/trials/1": full(brief(1))})
    page = stub.open("/trials/1")
    page.get_by_label("Add a note").fill("kept")
    page.get_by_label("Pain at the end").fill(typed)
    page.get_by_role("button", name="Add", exact=True).click()
    assert page.locator("#remarks-1-pain_nrs-error").inner_text() == told
    assert page.get_by_label("Add a note").input_value() == "kept"
    assert not stub.asked


def test_older_remarks_stay_listed_with_their_time(site: Site) -> None:
    said = [
        {"utc": "2026-11-01T10:00:00Z", "kind": "note", "text": "first"},
        {"utc": "2026-11-02T10:00:00Z", "kind": "note", "text": "second"},
    ]
    page = site({"GET /api/trials/1": full(brief(1, note="second"), said)}).open("/trials/1")
    page.get_by_text("All that was said (2)").click()
    listed = page.locator(".remark-list li").all_inner_texts()
    assert [text.splitlines()[-1] for text in listed] == ["second", "first"]
    assert "1 Nov 2026" in listed[1]


def test_two_tests_are_not_compared_and_the_reason_is_told(site: Site) -> None:
    knee = brief(3, protocol="k2c", title="Knee to chest")
    stub = site({"GET /api/subjects/P-014": history_of(knee, brief(2), brief(1))})
    page = stub.open("/subjects/P-014")
    why = page.locator("#compare-why")
    page.get_by_label("Compare trial 3").check()
    assert why.inner_text() == "Choose one more trial to compare."
    page.get_by_label("Compare trial 1").check()
    assert "are different tests" in why.inner_text()
    page.get_by_role("button", name="Compare").click(force=True)
    assert "/subjects/P-014" in page.url
    page.get_by_label("Compare trial 2").check()
    assert why.inner_text().startswith("3 trials are chosen")


def test_two_trials_of_one_test_are_compared_the_older_first(site: Site) -> None:
    told = {"comparable": True, "why": "", "differences": [], "a": brief(1), "b": brief(2)}
    stub = site(
        {"GET /api/subjects/P-014": history_of(brief(2), brief(1)), "GET /api/compare": told}
    )
    page = stub.open("/subjects/P-014")
    for number in (2, 1):
        page.get_by_label(f"Compare trial {number}").check()
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**/#/compare/1/2")


def test_compare_page_says_why_two_trials_cannot_be_compared(site: Site) -> None:
    why = "They are of two sides: left and right."
    told = {"comparable": False, "why": why, "differences": [], "a": brief(1)}
    told["b"] = brief(2, side="right")
    page = site({"GET /api/compare": told}).open("/compare/1/2")
    assert page.locator(".why-not").inner_text() == why
    assert page.get_by_role("table").count() == 0


def test_a_subject_without_trials_is_told_what_to_do(site: Site) -> None:
    person = {"code": "P-014", "sex": None, "birth_year": None, "created": ""}
    none = {"schema": 1, "subject": person, "visits": []}
    page = site({"GET /api/subjects/P-014": none}).open("/subjects/P-014")
    page.get_by_text("Nothing was measured yet.").wait_for()
    assert page.get_by_role("link", name="Measure").get_attribute("href") == "#/measure/P-014"
    assert page.get_by_role("link", name="Report").count() == 0


def test_a_wrong_birth_year_is_told_beside_its_field_and_nothing_is_lost(site: Site) -> None:
    stub = site({"GET /api/subjects/P-014": history_of(brief(1))})
    page = stub.open("/subjects/P-014")
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("other").check()
    page.get_by_label("Birth year").fill("84")
    page.get_by_role("button", name="Save").click()
    error = page.locator("#subject-P-014-birth_year-error").inner_text()
    assert error.startswith("Expected a year from 1900 to")
    assert page.get_by_label("other").is_checked()
    assert not stub.asked


def test_a_refused_export_says_why_on_the_page(site: Site) -> None:
    stub = site({"GET /api/trials/1": full(brief(1))})
    page = stub.open("/trials/1")
    page.get_by_role("button", name="Angles (CSV)").click()
    page.get_by_text("There is nothing at /api/trials/1/export.").wait_for()


@pytest.mark.parametrize(
    ("hip_deg", "comp_deg", "tot_deg", "bars"),
    [(67.0, 23.0, 90.0, 1), (39.3, 4.3, 37.3, 0), (-0.6, 2.3, -2.9, 0)],
    ids=["end to end", "ranges of a stride", "a reversal"],
)
def test_one_bar_shows_hip_and_lent_only_where_they_make_the_whole(
    site: Site, hip_deg: float, comp_deg: float, tot_deg: float, bars: int
) -> None:
    body = full(brief(1))
    body["trial"] |= {"hip_deg": hip_deg, "comp_deg": comp_deg, "tot_deg": tot_deg}
    page = site({"GET /api/trials/1": body}).open("/trials/1")
    page.locator(".headline-number").wait_for()
    assert page.locator(".result-bar").count() == bars
