"""A trial that begins with leaning forward, from the radio to the stored result."""

from __future__ import annotations

import pytest
from trial_kit import check_ledger, ran

WORDS = ("--side", "right", "--yes", "--json", "--virtual", "plain", "--repetitions", 3)


@pytest.fixture(scope="module", params=["sir", "abd"])
def run(request, tmp_path_factory):
    db = tmp_path_factory.mktemp(request.param) / "trials.db"
    return ran(("measure", request.param, *WORDS), db)


def test_the_lean_is_kept_before_the_reference_and_the_test_begins_behind_it(run):
    recording = run.recording()
    lean, reference = recording.info.sweep, recording.info.reference
    (begins,) = [e.t_us / 1e6 for e in recording.events if e.kind == "test_begins"]
    assert 5.0 < lean.end_s - lean.start_s < 12.0
    assert lean.end_s < reference.start_s
    assert begins == pytest.approx(reference.start_s, abs=1e-5)


def test_the_pelvis_has_its_axis_from_the_lean(run):
    sensor = run.result.certificate.sensors["pelvis"]
    assert sensor.axis_method == "sweep"
    assert sensor.axis_variance_ratio > 0.95


def test_what_is_stored_is_what_the_person_did(run):
    truth = run.world.truth.repetitions[:3]
    assert run.code == 0
    for rep, true in zip(run.result.repetitions, truth, strict=True):
        assert rep.hip_deg == pytest.approx(true.hip_deg, abs=0.7)
        assert rep.comp_deg == pytest.approx(true.comp_deg, abs=0.5)


def test_leaning_is_no_repetition_live_either(run):
    assert len(run.json["live"]["repetitions"]) == 3
    assert run.err.count("done: hip") == 3


def test_what_came_is_kept_to_the_byte(run):
    check_ledger(run, *(use.segment for use in run.recording().info.sensors))
