"""What `trials patterns` and `trials show` say of a trial beside its scores."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.cli.show import show_trial
from collector.pipeline import process
from collector.simulate import simulate_trial
from collector.store import open_store
from schemas.recording import END_POINT, PAIN, Event
from schemas.result import SetResult

SAID = (Event(20_000_000, PAIN, "3"), Event(20_000_000, END_POINT, "pelvis_moves"))


def stored(db, protocol_id="fb", events=()):
    """Store one simulated trial and return its recording and result."""
    recording = simulate_trial(protocol_id, "left", 3).recording
    recording = replace(recording, events=(*recording.events, *events))
    result = process(recording).result
    with open_store(db) as store:
        store.add_trial(recording, result=result)
    return recording, result


def test_patterns_are_computed_from_the_stored_bytes(run, db):
    stored(db)
    body = run("trials", "patterns", 1, "--db", db, "--json").json
    assert (body["schema"], body["trial"]) == (1, 1)
    assert body["patterns"]["protocol"] == "fb"
    assert [rep["n"] for rep in body["patterns"]["repetitions"]] == [1, 2, 3]
    assert len(body["patterns"]["repetitions"][0]["bands"]) == 3


def test_patterns_fit_80_columns(run, db, monkeypatch):
    stored(db)
    monkeypatch.setenv("COLUMNS", "80")
    out = run("trials", "patterns", 1, "--db", db).out
    assert max(map(len, out.splitlines())) <= 80
    for title in ("P : D by degrees of total", "Vector coding", "Relative phase P - D"):
        assert title in out


def test_a_test_without_patterns_says_so(run, db):
    stored(db, "mtt")
    assert "no_patterns" in run("trials", "patterns", 1, "--db", db).out


def test_a_trial_without_a_test_has_no_patterns(run, db):
    recording, _ = stored(db)
    bare = replace(recording, info=replace(recording.info, protocol=None))
    with open_store(db) as store:
        store.add_trial(bare, result=process(bare).result)
    ran = run("trials", "patterns", 2, "--db", db)
    assert ran.code == 2
    assert "--protocol" in ran.err


def test_pain_and_end_point_are_shown_beside_the_scores(run, db):
    stored(db, "pslr", SAID)
    out = run("trials", "show", 1, "--db", db).out
    assert "Pain: 3 of 10" in out
    assert "Ended by: pelvis moves" in out
    body = run("trials", "show", 1, "--db", db, "--json").json
    assert (body["pain_nrs"], body["end_point"]) == (3.0, "pelvis_moves")


def test_nothing_is_shown_of_pain_that_nobody_asked_for(run, db):
    stored(db, "pslr")
    assert "Pain:" not in run("trials", "show", 1, "--db", db).out
    assert run("trials", "show", 1, "--db", db, "--json").json["pain_nrs"] is None


def test_how_every_sensor_was_calibrated_is_shown(run, db, monkeypatch):
    stored(db, "mtt")
    monkeypatch.setenv("COLUMNS", "80")
    out = run("trials", "show", 1, "--db", db).out
    assert max(map(len, out.splitlines())) <= 80
    assert "Calibration (zero is the standing pose)" in out
    (pelvis,) = [
        line for line in out.splitlines() if line.startswith("pelvis  ") and "pose" in line
    ]
    assert "two poses" in pelvis
    assert "Beside: knee" in out


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"other_used": (3, 4, 5), "other_consistent": True}, "repetitions 3, 4, 5 agree"),
        ({"other_used": (), "other_consistent": False}, "no three in a row agree"),
        ({"other_used": (1, 2, 3), "other_consistent": True}, None),
    ],
)
def test_the_rules_other_reading_is_said_where_it_differs(capsys, db, other, said):
    _, result = stored(db, "pslr")
    other = {"other_rule": "ama-1: max-min <= 5 deg", **other}
    kept = replace(result.set or SetResult("ama-1", ()), used=(1, 2, 3), consistent=True, **other)
    show_trial(None, replace(result, set=kept), None)
    out = capsys.readouterr().out
    assert (said in out) if said else ("other reading" not in out)
