"""Ctrl-C at any instant: nothing left open, what was recorded kept to the byte."""

from __future__ import annotations

import random

import pytest
from trial_kit import CANCELLED, check_kept

from collector.links.virtual.faults import LinkLoss

RECORD = ("record", "--protocol", "pslr", "--side", "left", "--json")
LOSS = {"faults": (LinkLoss(6.0),)}
"""So that some instants fall into a loss or a reconnection."""


def instants(count, seed):
    """Every instant of a short life is as likely: searching, connecting, verifying, recording."""
    rng = random.Random(seed)
    return [round(rng.uniform(0.05, 14.0), 3) for _ in range(count)]


def check_left(run, code=130):
    """Whether a trial had begun or not, what there is must be whole."""
    assert run.code == code
    for trial, state in run.trials():
        assert state != "open"
        recording = run.recording(trial)
        for use, chunk in zip(recording.info.sensors, recording.chunks, strict=True):
            if len(chunk):
                check_kept(run, use.segment, trial)


@pytest.mark.parametrize("at_s", instants(12, seed=3))
def test_one_ctrl_c_ends_in_order(hipgonio, at_s):
    run = hipgonio(*RECORD, "--virtual", "plain", thigh=LOSS, ctrl_c_s=(at_s,))
    check_left(run)
    assert bool(run.trials()) == ("Recording" in run.err)


@pytest.mark.parametrize("at_s", instants(12, seed=4))
def test_a_second_ctrl_c_at_once_ends_it_all_and_keeps_the_trial(hipgonio, at_s):
    run = hipgonio(*RECORD, "--virtual", "plain", thigh=LOSS, ctrl_c_s=(at_s, at_s + 0.002))
    check_left(run)
    assert bool(run.trials()) == ("Recording" in run.err)


@pytest.mark.parametrize("at_s", instants(6, seed=5))
def test_a_cancelled_program_keeps_the_trial_too(hipgonio, at_s):
    run = hipgonio(*RECORD, "--virtual", "plain", thigh=LOSS, cancel_s=at_s)
    check_left(run, CANCELLED)
    assert bool(run.trials()) == ("Recording" in run.err)
