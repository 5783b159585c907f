"""`import` by its line: sites, presets, the standing window, examiner, pain, end point."""

from __future__ import annotations

import pytest

from collector.export.trace import write_trace
from collector.simulate import simulate_trial
from collector.store import open_store


@pytest.fixture(scope="module")
def trace(tmp_path_factory):
    path = tmp_path_factory.mktemp("words") / "trial.jsonl"
    write_trace(simulate_trial("pslr", "left", 21).recording, path)
    return path


def imported(run, db, trace, *words):
    return run("import", "trace", trace, "--db", db, "--json", *words)


def test_the_line_wins_over_the_traces_head(run, db, trace):
    words = ["--examiner", "E7", "--pain", "4", "--end-point", "firm_resistance"]
    ran = imported(run, db, trace, *words, "--site", "thigh_left=anterior_thigh")
    assert ran.code == 0, ran.out + ran.err
    with open_store(db) as store:
        kept = store.load_recording(ran.json["trial"])
        result = store.latest_result(ran.json["trial"])
    assert kept.info.examiner == "E7"
    assert [use.placement for use in kept.info.sensors][-1] == "anterior_thigh"
    assert (result.pain_nrs, result.end_point) == (4.0, "firm_resistance")


def test_a_preset_is_found_by_the_site_and_said_in_the_certificate(run, db, trace):
    words = ["--axis", "thigh_left=preset", "--site", "thigh_left=lateral_thigh"]
    ran = imported(run, db, trace, *words)
    assert ran.code == 0, ran.out + ran.err
    sensor = ran.json["certificate"]["sensors"]["thigh_left"]
    assert sensor["axis_method"] == "preset"
    assert sensor["expected_off_deg"] < 35.0


def test_a_preset_that_gravity_contradicts_is_refused_in_one_sentence(run, db, trace):
    words = ["--axis", "pelvis=preset", "--site", "pelvis=sternum"]
    ran = imported(run, db, trace, *words)
    assert ran.code == 6
    assert "a sensor at sternum must have its +z up when lying on the back" in ran.out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--site", "pelvis=elbow"], "elbow"),
        (["--site", "pelvis=sacrum", "--site", "pelvis=sternum"], "twice"),
        (["--upright", "3:1"], "--upright"),
        (["--pain", "11"], "--pain"),
        (["--end-point", "tired"], "tired"),
    ],
)
def test_wrong_words_are_wrong_usage(run, db, trace, words, reason):
    ran = imported(run, db, trace, *words)
    assert ran.code == 2
    assert reason in ran.out + ran.err


def test_an_upright_window_with_movement_in_it_is_refused(run, db, trace):
    ran = imported(run, db, trace, "--upright", "5:9")
    assert ran.code == 6
    assert "upright window 5 to 9 s must be still" in ran.out
