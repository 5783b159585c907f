from __future__ import annotations

from dataclasses import replace

import pytest

from collector.pipeline import process
from collector.simulate import simulate_trial
from schemas.errors import InputError


def bare(test: str):
    """A recording whose sensors are worn nobody knows where, without standing and leaning."""
    trial = simulate_trial(test, "left", 3).recording
    sensors = tuple(replace(use, placement="") for use in trial.info.sensors)
    return replace(trial, info=replace(trial.info, sensors=sensors, upright=None, sweep=None))


@pytest.mark.parametrize(("test", "option"), [("pir", "--upright"), ("sir", "--sweep")])
def test_the_refusal_names_the_pose_that_can_help_in_this_position(test, option):
    with pytest.raises(InputError, match=f"{option} START:END") as refusal:
        process(bare(test))
    assert refusal.value.reason == "axis_not_found"
    other = {"--upright": "--sweep", "--sweep": "--upright"}[option]
    assert other not in refusal.value.message
