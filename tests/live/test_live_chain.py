"""Whole live trials over the virtual radio: what was shown, what is stored, and what really was."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from collector.bench.live_accuracy import apart, counted_alike
from collector.bench.live_trial import LiveCase, run_live_trial

CASES = {
    "a leg raise": LiveCase("pslr", "left", 1, peak_rate_deg_s=100.0),
    "knee to chest, a link is lost": LiveCase(
        "k2c", "right", 2, peak_rate_deg_s=100.0, trouble="reconnect"
    ),
    "bending, a bad radio": LiveCase("fb", "right", 2, trouble="lossy"),
    "ticks, a link is lost": LiveCase("pslr", "right", 3, "movella_dot", 100.0, "reconnect"),
}


@pytest.fixture(scope="module", params=list(CASES))
def trial(request):
    return run_live_trial(CASES[request.param])


def test_what_is_shown_is_near_the_truth(trial):
    assert trial.cues[-1].code == "finished"
    assert trial.hip_rmse_deg() <= (1.0 if trial.case.profile_id == "witmotion" else 1.3)


def test_what_is_counted_live_is_what_the_stored_result_has(trial):
    assert counted_alike(trial)
    assert len(trial.stored.repetitions) == len(trial.truth.repetitions)
    assert len(trial.live.repetitions) == len(trial.stored.repetitions)


def test_the_live_result_is_near_the_stored_one(trial):
    assert apart(trial, "hip_deg") <= 1.5
    assert apart(trial, "comp_deg") <= 1.0
    assert apart(trial, "share_pct") <= 1.0


def test_what_is_stored_is_near_the_truth(trial):
    of_ours = trial.case.profile_id == "witmotion"
    for found, true in zip(trial.stored.repetitions, trial.truth.repetitions, strict=True):
        if found.hip_deg is not None:
            assert found.hip_deg == pytest.approx(true.hip_deg, abs=0.6 if of_ours else 2.0)


def is_silent(frame):
    return not all(sensor.fresh for sensor in frame.sensors.values())


def test_a_silent_sensor_shows_nothing_and_never_its_last_value(trial):
    shown = [frame for frame in trial.frames if frame.referenced and frame.axis_found]
    silent = [frame for frame in shown if is_silent(frame)]
    assert bool(silent) >= (trial.case.trouble == "reconnect")
    assert all(
        getattr(frame, trial.case.hip) is None for frame in silent if "hip" in trial.case.hip
    )
    late_s = [s.latency_s for f in shown if not is_silent(f) for s in f.sensors.values()]
    assert max(late_s) < 0.4


def test_angles_return_with_the_sensor_and_without_a_jump(trial):
    shown = [frame for frame in trial.frames if frame.referenced and frame.axis_found]
    back = [b for a, b in itertools.pairwise(shown) if is_silent(a) and not is_silent(b)]
    assert all(getattr(frame, trial.case.hip) is not None for frame in back)
    for frame in back:
        true = trial.truth.at(np.array([frame.t_s + trial.start_s]))[trial.case.hip]
        assert getattr(frame, trial.case.hip) == pytest.approx(float(true[0]), abs=2.0)


def test_a_pelvis_that_hardly_moves_is_told_live_and_refused_with_what_helps():
    still = LiveCase("pslr", "left", 1, peak_rate_deg_s=100.0, share=0.02)
    trial = run_live_trial(still)
    assert trial.frames[-1].axis_missing == ("pelvis",)
    assert trial.frames[-1].hip_deg is None
    assert trial.frames[-1].last_rep.tot_deg == pytest.approx(
        trial.truth.repetitions[-1].tot_deg, abs=1.5
    )
    counted = [cue.text for cue in trial.cues if cue.code == "repetition"]
    assert len(counted) == 3
    assert all("a larger movement shows it" in text for text in counted)
    assert trial.refusal.reason == "sweep_too_small"
    assert "--axis pelvis=" in trial.refusal.message
