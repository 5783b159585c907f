"""A trial that begins standing, from the radio to the stored result: zero comes from standing."""

from __future__ import annotations

import pytest
from trial_kit import check_ledger, ran

WORDS = ("--side", "right", "--yes", "--json", "--virtual", "plain", "--repetitions", 3)


@pytest.fixture(scope="module", params=["mtt", "phe"])
def run(request, tmp_path_factory):
    db = tmp_path_factory.mktemp(request.param) / "trials.db"
    return ran(("measure", request.param, *WORDS), db)


def test_both_poses_are_kept_and_the_test_begins_behind_them(run):
    recording = run.recording()
    upright, reference = recording.info.upright, recording.info.reference
    (begins,) = [e.t_us / 1e6 for e in recording.events if e.kind == "test_begins"]
    assert upright.end_s - upright.start_s > 2.5
    assert upright.end_s < reference.start_s
    assert begins == pytest.approx(reference.start_s, abs=1e-5)
    assert begins < run.result.repetitions[0].start_s


def test_what_is_stored_is_what_the_person_did(run):
    truth = run.world.truth.repetitions[:3]
    assert run.code == 0
    for rep, true in zip(run.result.repetitions, truth, strict=True):
        assert rep.tot_deg == pytest.approx(true.tot_deg, abs=2.0)
        assert rep.hip_deg == pytest.approx(true.hip_deg, abs=2.5)


def test_getting_into_position_is_no_repetition_live_either(run):
    assert len(run.json["live"]["repetitions"]) == 3
    assert run.err.count("done: hip") == 3


def test_what_came_is_kept_to_the_byte(run):
    check_ledger(run, "pelvis", "thigh_right")
