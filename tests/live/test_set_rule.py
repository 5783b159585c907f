"""One repetition more, and why: three usable ones that agree are asked for."""

from __future__ import annotations

import pytest
from guide_script import Script

from collector.live.trial.guide import Guide
from schemas import protocol

PSLR = protocol.load("pslr")


def ready(**how):
    script = Script(Guide(PSLR, **how))
    script.to_movement()
    return script


def test_three_that_agree_are_enough():
    script = ready()
    for tot_deg in (60.0, 62.0, 64.0):
        script.measured(tot_deg)
    assert script.guide.end == "finished"
    assert "another" not in script.codes


def test_three_that_differ_by_more_than_the_rule_allows_call_for_another():
    script = ready()
    for tot_deg in (60.0, 75.0, 60.0):  # mean 65, one 10 off it, 6.5 allowed
        script.measured(tot_deg)
    assert (script.guide.end, script.guide.wanted) == (None, 4)
    assert "60°, 75°, 60°" in script.cues[-1].text
    assert "(4 of 4)" in script.cues[-1].text


def test_three_in_a_row_must_agree_not_any_three():
    script = ready()
    for tot_deg in (60.0, 80.0, 60.0, 60.0):
        script.measured(tot_deg)
    assert script.guide.end is None
    script.measured(60.0)
    assert script.guide.end == "finished"


def test_one_that_a_gap_refused_is_replaced():
    script = ready()
    script.measured(60.0)
    script.measured(61.0, usable=False)
    script.measured(62.0)
    assert "repetition 2 does not count" in script.cues[-1].text
    script.measured(61.0)
    assert script.guide.end == "finished"


def test_no_more_than_the_test_allows_are_asked_for():
    script = ready()
    for tot_deg in (40.0, 60.0, 80.0, 40.0, 60.0, 80.0):
        script.measured(tot_deg)
    assert script.guide.counted == PSLR.repetitions.most == 6
    assert script.guide.end == "finished"


@pytest.mark.parametrize("wanted", [1, 2, 3])
def test_a_number_that_was_asked_for_is_kept_exactly(wanted):
    script = ready(repetitions=wanted)
    for tot_deg in (40.0, 60.0, 80.0)[:wanted]:
        script.measured(tot_deg)
    assert (script.guide.end, script.guide.counted) == ("finished", wanted)


def test_behind_a_sensor_that_slipped_nobody_is_asked_to_lift_for_nothing():
    script = ready()
    script.measured(60.0)
    for tot_deg in (72.0, 73.0):
        script.measured(tot_deg, slipped="pelvis was 12.0 degrees off.")
    assert script.guide.end == "finished"
    assert "another" not in script.codes
    said = [cue.text for cue in script.cues if cue.code == "placement_changed"]
    assert len(said) == 1
    assert said[0].startswith("pelvis was 12.0 degrees off. What follows will not count")
