"""Tests that are leaned forward for: twice forward and back, then the still seconds."""

from __future__ import annotations

import pytest
from guide_script import Script

from collector.live.trial.guide import Guide, Phase
from collector.live.trial.posing import Given
from schemas import protocol
from schemas.recording import Window

SIR = protocol.load("sir")


@pytest.fixture
def script():
    script = Script(Guide(SIR))
    script.through_gate()
    return script


def lean(script, deg=28.0, back=None):
    script.turn(deg)
    script.held(0.5)
    script.turn(-(deg if back is None else back))
    script.held(0.5)


def test_the_person_is_asked_to_lean_before_any_stillness_counts(script):
    assert script.guide.phase is Phase.LEAN
    assert script.codes[-1] == "lean_forward"
    script.still(10.0)
    assert script.guide.phase is Phase.LEAN
    assert script.guide.countdown_s is None


def test_two_leans_and_the_way_back_lead_to_the_still_seconds(script):
    lean(script)
    assert (script.guide.phase, script.codes[-1]) == (Phase.LEAN, "lean_once_more")
    lean(script)
    assert (script.guide.phase, script.codes[-1]) == (Phase.STILL, "keep_still")
    script.still(3.2)
    assert script.guide.phase is Phase.MOVE


def test_the_window_begins_a_second_before_the_lean_and_ends_before_the_reference(script):
    script.still(5.0)
    left_s = script.now_s - 100.0
    lean(script)
    lean(script)
    script.still(3.2)
    window = script.guide.lean
    assert window.start_s == pytest.approx(left_s - 0.9, abs=0.2)
    assert window.end_s < script.guide.reference.start_s


@pytest.mark.parametrize(("deg", "back"), [(18.0, None), (28.0, 15.0)])
def test_too_little_or_half_the_way_back_does_not_count(script, deg, back):
    script.turn(deg)
    script.turn(-(back or deg))
    assert "lean_once_more" not in script.codes


def test_who_does_not_lean_is_asked_again(script):
    script.still(16.0)
    assert script.codes[-1] == "not_leaning"


def test_a_lean_that_shows_no_axis_is_asked_for_again():
    script = Script(Guide(SIR), lean_refusals=1)
    script.through_gate()
    lean(script)
    lean(script)
    assert (script.guide.phase, script.codes[-1]) == (Phase.LEAN, "lean_refused")
    lean(script)
    lean(script)
    assert script.guide.phase is Phase.STILL


def test_a_window_that_a_recording_names_is_waited_for():
    script = Script(Guide(SIR, replayed=Given(None, Window(5.0, 8.0), Window(1.5, 4.0))))
    script.through_gate()
    script.held(1.5)
    assert script.guide.phase is Phase.LEAN
    script.held(2.0)
    assert (script.guide.phase, script.guide.lean) == (Phase.STILL, Window(1.5, 4.0))


def test_a_recording_without_a_lean_goes_on_without_it():
    script = Script(Guide(SIR, replayed=Given(None, Window(1.5, 3.0))))
    script.through_gate()
    assert script.guide.phase is Phase.STILL


def test_pain_or_enter_ends_it_while_leaning(script):
    script.turn(28.0)
    script.guide.finish(script.now_s)
    assert (script.guide.phase, script.guide.end) == (Phase.ENDED, "ended_early")
