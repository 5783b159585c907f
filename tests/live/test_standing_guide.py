"""Tests that are lain down for: upright first, then into position, then the still seconds."""

from __future__ import annotations

import pytest
from guide_script import Script

from collector.live.trial.guide import Guide, Phase
from collector.live.trial.posing import Given
from schemas import protocol
from schemas.recording import Window

MTT = protocol.load("mtt")


@pytest.fixture
def script():
    script = Script(Guide(MTT))
    script.through_gate()
    return script


def test_the_person_stands_first_and_is_then_told_how_to_lie(script):
    assert script.guide.phase is Phase.STAND
    assert script.cues[-1].text.startswith("Stand upright")
    script.still(3.2)
    assert script.guide.phase is Phase.STILL
    assert script.codes[-1] == "get_into_position"
    assert MTT.reference.pose in script.cues[-1].text


def test_the_upright_window_is_the_three_seconds_of_standing(script):
    begun_s = script.now_s - 100.0
    script.still(3.2)
    window = script.guide.upright
    assert window.start_s == pytest.approx(begun_s, abs=0.05)
    assert window.end_s - window.start_s == pytest.approx(2.9, abs=0.05)


def test_who_goes_on_standing_still_is_not_taken_for_lying(script):
    script.from_upright_deg = 0.0
    script.still(14.0)
    assert script.guide.reference is None
    assert script.guide.countdown_s is None
    script.still(6.0)
    assert script.codes[-1] == "not_in_position"


def test_the_still_seconds_of_lying_are_zero(script):
    script.still(3.2)
    script.lie_down()
    lain_s = script.now_s - 100.0
    script.still(3.2)
    assert script.guide.phase is Phase.MOVE
    assert script.guide.reference.start_s == pytest.approx(lain_s, abs=0.05)


def test_restless_standing_begins_again(script):
    script.still(2.0)
    script.turn(3.0)
    script.still(2.0)
    assert script.guide.phase is Phase.STAND
    assert "moved" in script.codes
    script.still(1.2)
    assert script.guide.phase is Phase.STILL


def test_a_test_that_is_done_standing_has_no_pose_before_it():
    script = Script(Guide(protocol.load("fb")))
    script.through_gate()
    assert script.guide.phase is Phase.STILL


def test_windows_that_a_recording_names_are_waited_for_and_not_looked_for():
    script = Script(Guide(MTT, replayed=Given(Window(1.5, 3.0), Window(5.0, 8.0))))
    script.through_gate()
    script.held(1.0)
    assert script.guide.phase is Phase.STAND
    script.held(3.0)
    assert (script.guide.phase, script.guide.upright) == (Phase.STILL, Window(1.5, 3.0))
    script.held(4.0)
    assert (script.guide.phase, script.guide.reference) == (Phase.MOVE, Window(5.0, 8.0))


def test_a_recording_goes_to_its_end_whatever_was_counted():
    script = Script(Guide(MTT, replayed=Given(None, Window(1.5, 3.0))))
    script.through_gate()
    script.still(3.0)
    for _ in range(3):
        script.repetition()
    script.still(400.0)
    assert script.guide.phase is Phase.MOVE
    script.guide.link_ended(script.now_s)
    assert script.guide.end == "finished"


def test_a_recording_that_ends_too_early_says_so():
    script = Script(Guide(MTT, replayed=Given(None, Window(1.5, 3.0))))
    script.through_gate()
    script.still(3.0)
    script.guide.link_ended(script.now_s)
    assert script.guide.end == "link_ended"


def test_a_named_zero_that_moves_is_told_and_not_asked_for_again():
    guide = Guide(MTT, replayed=Given(None, Window(1.5, 3.0)))
    script = Script(guide, zero_refusals=1)
    script.through_gate()
    script.still(3.0)
    assert "zero_refused" in script.codes
    assert guide.phase is Phase.MOVE


def test_pain_stops_the_trial_at_once_in_any_phase(script):
    (cue,) = script.guide.stop_for_pain(script.now_s)
    assert (script.guide.end, cue.code) == ("pain_stop", "pain_stop")
