from __future__ import annotations

import gzip
import json
from contextlib import redirect_stdout
from io import StringIO

import pytest
from api_kit import FIRST, OPEN, OTHER, RIGHT, SECOND, THIRD, UNSCORED, refused

from collector.cli.main import main
from collector.store import open_store
from schemas.trace import parse_trace

SCRIPT = "<script>alert(1)</script>"


def test_a_trial_comes_with_its_result_in_numbers_and_sentences(api):
    body = api.get(f"/trials/{THIRD}")
    trial = body["trial"]
    assert (trial["id"], trial["trial"], trial["grade"]) == (THIRD, THIRD, "A")
    assert [rep["n"] for rep in trial["repetitions"]] == [1, 2, 3]
    assert trial["set"]["consistent"] is True
    assert trial["certificate"]["sensors"]["pelvis"]["lost"] == 0
    assert body["result_sentence"].startswith(f"Hip {trial['hip_deg']:.1f}\u00b0")
    assert "read without correction; the pelvis lent" in body["result_sentence"]
    assert body["set_sentence"].startswith("Repetitions 1, 2, 3 agree (rule ama-1)")
    assert body["grade_meaning"] == "nothing speaks against it"
    assert body["refusal"] is None


def test_the_numbers_are_those_of_the_command_line_to_the_last_digit(api, db):
    printed = StringIO()
    with redirect_stdout(printed):
        main(["trials", "show", str(THIRD), "--json", "--db", str(db)])
    shown, trial = json.loads(printed.getvalue()), api.get(f"/trials/{THIRD}")["trial"]
    same = ("repetitions", "set", "certificate", "versions", "sentences", "reasons", "extra")
    assert {name: trial[name] for name in same} == {name: shown[name] for name in same}


def test_the_visit_before_stands_beside_it_with_its_label(api):
    before = {one["measure"]: one for one in api.get(f"/trials/{THIRD}")["before"]}
    assert before["tot"]["value"] == pytest.approx(67.0, abs=2.5)
    assert before["tot"]["utc"].startswith("2026-03-09")
    assert before["tot"]["label"] == "real_change"
    assert before["tot"]["name"] == "whole angle (TOT)"


def test_a_first_visit_has_none_before(api):
    assert api.get(f"/trials/{RIGHT}")["before"] == []


def test_the_target_is_the_norm_that_fits_the_person(api):
    target = api.get(f"/trials/{THIRD}")["target"]
    assert (target["low_deg"], target["high_deg"]) == (pytest.approx(61.7), pytest.approx(75.3))
    assert target["of"] == "tot"


def test_a_trial_without_a_result_says_why(api):
    body = api.get(f"/trials/{UNSCORED}")
    assert body["trial"]["repetitions"] == []
    assert body["trial"]["certificate"] is None
    assert body["refusal"]["reason"] == "reference_moving"
    assert api.get(f"/trials/{OPEN}")["refusal"]["reason"] == "trial_open"


@pytest.mark.parametrize("path", ["", "/curves", "/export"])
@pytest.mark.parametrize(
    ("number", "status"), [("99", 404), ("x", 422), ("0", 422), ("9" * 30, 422)]
)
def test_a_number_that_no_trial_has_is_said(api, path, number, status):
    error = refused(api("GET", f"/trials/{number}{path}"), status)
    assert error["reason"] == ("no_such_trial" if status == 404 else "bad_request")


def test_a_trial_is_voided_with_its_reason_and_keeps_its_data(api, db):
    response = api.post(f"/trials/{FIRST}/void", {"reason": f"strap slipped {SCRIPT}"})
    trial = response.json()["trial"]
    assert (trial["state"], trial["state_reason"]) == ("void", f"strap slipped {SCRIPT}")
    assert response.headers["content-type"] == "application/json"
    assert trial["tot_deg"] is not None
    with open_store(db) as store:
        assert store.audit_trail()[-1].action == "trial.void"


@pytest.mark.parametrize("body", [{"reason": ""}, {"reason": "  "}, {"reason": None}, {}])
def test_no_trial_is_voided_without_a_word(api, body):
    error = refused(api.post(f"/trials/{FIRST}/void", body), 422)
    assert set(error["fields"]) == {"reason"}
    assert api.get(f"/trials/{FIRST}")["trial"]["state"] == "closed"


def test_a_reason_is_not_replaced_by_a_second_one(api):
    api.post(f"/trials/{FIRST}/void", {"reason": "strap slipped"})
    error = refused(api.post(f"/trials/{FIRST}/void", {"reason": "other"}), 409)
    assert error["reason"] == "trial_void"
    assert api.get(f"/trials/{FIRST}")["trial"]["state_reason"] == "strap slipped"


@pytest.mark.parametrize(("what", "body"), [("void", {"reason": "x"}), ("remarks", {"note": "x"})])
def test_a_trial_that_is_being_recorded_is_left_alone(api, what, body):
    assert refused(api.post(f"/trials/{OPEN}/{what}", body), 409)["reason"] == "trial_open"
    assert refused(api.post(f"/trials/99/{what}", body), 404)["reason"] == "no_such_trial"


def test_the_newest_remark_is_shown_and_the_older_ones_are_listed(api):
    first = {"note": SCRIPT, "pain_nrs": 3.5, "examiner": "EX-2", "end_point": "pain"}
    api.post(f"/trials/{FIRST}/remarks", first)
    response = api.post(f"/trials/{FIRST}/remarks", {"note": "calm", "pain_nrs": 0})
    trial = response.json()["trial"]
    assert (trial["note"], trial["pain_nrs"]) == ("calm", 0.0)
    assert (trial["examiner"], trial["end_point"]) == ("EX-2", "pain")
    remarks = [(r["kind"], r["text"]) for r in api.get(f"/trials/{FIRST}")["remarks"]]
    assert remarks == [
        ("note", SCRIPT),
        ("pain_nrs", "3.5"),
        ("examiner", "EX-2"),
        ("end_point", "pain"),
        ("note", "calm"),
        ("pain_nrs", "0"),
    ]


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({}, "note", "Write a note"),
        ({"note": " ", "examiner": ""}, "note", "Write a note"),
        ({"note": "x" * 2001}, "note", "at most 2000 characters"),
        ({"note": "a\x00b"}, "note", "cannot be seen"),
        ({"note": 7}, "note", "Expected a text"),
        ({"pain_nrs": 11}, "pain_nrs", "10 or less"),
        ({"pain_nrs": -1}, "pain_nrs", "0 or more"),
        ({"pain_nrs": 3.3}, "pain_nrs", "multiple of 0.5"),
        ({"pain_nrs": "much"}, "pain_nrs", "Expected a number, got 'much'"),
        ({"examiner": "Dr. Jane Doe"}, "examiner", "such as EX-2"),
        ({"end_point": "knee_hurts"}, "end_point", "firm_resistance"),
        ({"noet": "x"}, "noet", "no such field"),
    ],
)
def test_a_remark_that_cannot_be_is_said_beside_its_field(api, body, field, said):
    error = refused(api.post(f"/trials/{FIRST}/remarks", body), 422)
    assert said in error["fields"][field]
    assert api.get(f"/trials/{FIRST}")["remarks"] == []


def test_the_command_line_tells_what_was_said_afterwards(api, db):
    api.post(f"/trials/{FIRST}/remarks", {"pain_nrs": 4})
    printed = StringIO()
    with redirect_stdout(printed):
        main(["trials", "show", str(FIRST), "--db", str(db)])
        main(["trials", "show", str(FIRST), "--json", "--db", str(db)])
    lines = printed.getvalue().splitlines()
    assert any(line.strip().startswith("Remark, ") and "pain: 4" in line for line in lines)
    (remark,) = json.loads(lines[-1])["remarks"]
    assert (remark["kind"], remark["text"]) == ("pain_nrs", "4")


def test_the_report_tells_the_pain_that_was_said_last(api, db):
    api.post(f"/trials/{THIRD}/remarks", {"pain_nrs": 4, "end_point": "pain"})
    printed = StringIO()
    with redirect_stdout(printed):
        main(["report", "S-1", "--no-page", "--db", str(db)])
    assert "ended by pain, pain at the end 4 of 10" in " ".join(printed.getvalue().split())


def test_two_visits_are_compared_as_progress_compares_them(api):
    body = api.get(f"/compare?a={SECOND}&b={THIRD}")
    assert (body["comparable"], body["why"]) == (True, "")
    tot = next(d for d in body["differences"] if d["measure"] == "tot")
    assert tot["difference"] == tot["b"] - tot["a"]
    assert tot["difference"] == pytest.approx(23.0, abs=3.0)
    assert tot["label"] == "real_change"
    same = api.get(f"/compare?a={FIRST}&b={SECOND}")["differences"][0]
    assert same["label"] in ("no_change", "within_error")


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        (FIRST, FIRST, "choose two"),
        (FIRST, OTHER, "two people"),
        (FIRST, RIGHT, "two sides: left and right"),
        (OTHER, UNSCORED, "has no result"),
        (OTHER, OPEN, "is still being recorded"),
    ],
)
def test_what_cannot_be_compared_says_why(api, a, b, why):
    body = api.get(f"/compare?a={a}&b={b}")
    assert (body["comparable"], body["differences"]) == (False, [])
    assert why in body["why"]


def test_a_void_trial_is_not_compared(api):
    api.post(f"/trials/{FIRST}/void", {"reason": "strap slipped"})
    assert "voided" in api.get(f"/compare?a={FIRST}&b={SECOND}")["why"]


def test_comparing_needs_two_numbers(api):
    error = refused(api("GET", "/compare?a=1"), 422)
    assert error["fields"] == {"b": "This is needed: fill it in."}


@pytest.mark.parametrize("series", ["angles", "relative", "results"])
def test_a_series_is_the_file_that_the_command_line_writes(api, db, series):
    response = api("GET", f"/trials/{FIRST}/export?format={series}")
    printed = StringIO()
    with redirect_stdout(printed):
        main(["trials", "export", str(FIRST), "--series", series, "--db", str(db)])
    assert response.text == printed.getvalue()
    name = f'attachment; filename="hipgonio-trial-{FIRST}-{series}.csv"'
    assert response.headers["content-disposition"] == name
    assert response.headers["content-type"] == "text/csv; charset=utf-8"


def test_a_trace_gives_back_the_bytes_that_were_recorded(api, db):
    response = api("GET", f"/trials/{FIRST}/export?format=trace")
    lines = gzip.decompress(response.content).decode().splitlines()
    with open_store(db) as store:
        kept = store.trial(FIRST).raw_sha256
    assert parse_trace(lines).recording.sha256() == kept


def test_the_result_is_exported_as_json_with_its_remarks(api):
    api.post(f"/trials/{FIRST}/remarks", {"note": "calm"})
    body = api.get(f"/trials/{FIRST}/export?format=json")
    assert (body["schema"], body["trial"], body["state"]) == (1, FIRST, "closed")
    assert body["remarks"][0]["text"] == "calm"


def test_a_format_there_is_not_is_said(api):
    error = refused(api("GET", f"/trials/{FIRST}/export?format=../../etc/passwd"), 422)
    assert "angles, relative, results, trace or json" in error["fields"]["format"]
    refused(api("GET", f"/trials/{UNSCORED}/export?format=results"), 404)
