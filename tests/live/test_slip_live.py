from __future__ import annotations

import pytest
from live_kit import play

from collector.simulate import TrialConfig, simulate_trial
from collector.simulate.mishaps import Slip


def done_in(*mishaps, test="pslr", seed=3):
    trial = simulate_trial(test, "left", seed, TrialConfig(mishaps=mishaps))
    return list(play(trial.recording))[-1].done


def test_a_sensor_that_slips_is_told_with_the_repetitions_behind_it():
    done = done_in(Slip("pelvis", 12.0, 1))
    assert [one.usable for one in done] == [True, False, False]
    assert "pelvis was" in done[1].slipped
    assert done[0].slipped == ""


@pytest.mark.parametrize("test", ["pslr", "k2c", "fb", "mtt", "ake", "sts"])
def test_nobody_is_told_of_a_slip_who_had_none(test):
    done = done_in(test=test)
    assert done
    assert not any(one.slipped for one in done)
