from __future__ import annotations

import pytest
from guide_script import CLOSED, STARTING, Script

from collector.live.trial.guide import Guide, Phase
from schemas import protocol

PSLR = protocol.load("pslr")


@pytest.fixture
def script():
    return Script(Guide(PSLR, gate_s=30.0))


def test_a_good_trial_goes_from_gate_to_finished(script):
    script.to_movement()
    for _ in range(3):
        script.repetition()
    assert script.guide.end == "finished"
    said = [code for code in script.codes if code not in ("hold", "back")]
    assert said == [
        "gate_open",
        "keep_still",
        *("move", "repetition", "move", "repetition", "move", "repetition"),
        "settle",
        "finished",
    ]


def test_every_repetition_is_told_to_lift_hold_and_lower(script):
    script.to_movement()
    script.repetition()
    texts = [cue.text for cue in script.cues if cue.code in ("move", "hold", "back")]
    assert texts == [
        "Lift the straight leg slowly. (1 of 3)",
        "Hold.",
        "Lower the leg slowly.",
        "Lift the straight leg slowly. (2 of 3)",
    ]


def test_lower_is_said_when_the_hold_is_over_not_when_it_began(script):
    script.to_movement()
    script.turn(70.0)
    script.held(0.9)
    assert script.codes[-1] == "hold"
    script.held(1.0)
    assert script.codes[-1] == "back"


def test_who_goes_back_before_the_hold_is_over_is_told_the_way_back(script):
    script.to_movement()
    script.turn(70.0)
    script.held(0.9)
    script.turn(-40.0)
    assert script.codes.count("back") == 1


def test_who_goes_back_when_told_to_is_not_told_again(script):
    script.to_movement()
    script.turn(70.0)
    script.held(2.0)
    script.turn(-40.0)
    assert script.codes.count("back") == 1


def test_the_still_window_becomes_the_reference(script):
    script.through_gate()
    begun_s = script.now_s - 100.0
    script.still(3.2)
    window = script.guide.reference
    assert window.start_s == pytest.approx(begun_s, abs=0.05)
    assert window.end_s - window.start_s == pytest.approx(2.9, abs=0.05)


def test_moving_during_the_countdown_begins_it_again(script):
    script.through_gate()
    script.still(2.5)
    script.turn(3.0)
    assert script.codes[-1] == "moved"
    assert "begin again" in script.cues[-1].text
    again_s = script.now_s - 100.0
    script.still(2.5)
    assert script.guide.phase is Phase.STILL
    script.still(0.7)
    assert script.guide.phase is Phase.MOVE
    assert script.guide.reference.start_s == pytest.approx(again_s, abs=0.05)


def test_still_seconds_that_cannot_be_zero_are_asked_for_again(script):
    script.zero_refusals = 1
    script.through_gate()
    script.still(3.2)
    assert script.codes[-1] == "zero_refused"
    assert script.cues[-1].text.startswith("thigh_left sank")
    assert script.guide.countdown_s == pytest.approx(2.9, abs=0.2)
    again_s = script.now_s - 100.0
    script.still(3.2)
    assert script.codes[-1] == "move"
    assert script.guide.reference.start_s == pytest.approx(again_s, abs=0.3)


def test_the_countdown_counts_down(script):
    script.through_gate()
    assert script.guide.countdown_s is None
    script.still(1.0)
    assert script.guide.countdown_s == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda script: (script.through_gate(), script.held(16.0)), "keeps_moving"),
        (lambda script: (script.to_movement(), script.still(16.0)), "nothing_moves"),
        (
            lambda script: (script.to_movement(), script.turn(70.0), script.held(17.0)),
            "no_end_seen",
        ),
        (lambda script: script.gate(16.0, CLOSED), "waiting"),
    ],
)
def test_the_guide_is_never_silent_for_long(script, act, code):
    act(script)
    assert script.cues[-1].code == code
    assert script.now_s - script.cues[-1].t_s < 15.0


def test_it_waits_for_stillness_after_the_last_repetition(script):
    script.to_movement()
    script.repetition()
    script.repetition()
    script.turn(70.0)
    script.turn(-70.0)
    script.repetitions += 1
    script.held(20.0)
    assert script.guide.phase is Phase.MOVE
    assert "does_not_settle" in script.codes
    script.still(1.1)
    assert script.guide.end == "finished"


def test_the_gate_says_what_is_missing_at_once_and_again_later(script):
    script.gate(29.0, CLOSED)
    assert script.codes == ["waiting"] * 2
    assert "pelvis: lost." in script.cues[0].text


def test_sensors_that_are_only_getting_ready_are_not_talked_about_at_first(script):
    script.gate(4.5, STARTING)
    assert script.cues == []
    script.gate(1.0, STARTING)
    assert "pelvis: wait." in script.cues[0].text


def test_a_sensor_that_stays_away_is_spoken_of_and_given_up_in_the_end(script):
    script.to_movement()
    script.without_data(59.0)
    assert script.codes.count("stays_away") == 3
    assert "pelvis" in script.cues[-1].text
    script.without_data(2.0)
    assert script.guide.end == "given_up"


def test_a_sensor_that_comes_back_is_not_given_up(script):
    script.to_movement()
    for _ in range(3):
        script.without_data(40.0)
        script.still(1.0)
    assert script.guide.phase is Phase.MOVE


def test_what_nobody_goes_on_with_ends_by_itself(script):
    script.to_movement()
    script.repetition()
    script.still(290.0)
    assert script.guide.phase is Phase.MOVE
    script.still(12.0)
    assert script.guide.end == "given_up"


def test_the_gate_gives_up_in_the_end(script):
    script.gate(31.0, CLOSED)
    assert (script.guide.phase, script.guide.end) == (Phase.ENDED, "gate_refused")


def test_a_gate_that_wavers_does_not_open(script):
    for _ in range(20):
        script.gate(0.7)
        script.gate(0.1, CLOSED)
    assert script.guide.phase is Phase.GATE


def test_the_gate_is_passed_by_a_reason_alone():
    for reason, end in (("phantom leg", None), ("  ", "gate_refused")):
        script = Script(Guide(PSLR, override=reason, gate_s=30.0))
        script.gate(31.0, CLOSED)
        assert script.guide.end == end
        assert script.guide.gate.overridden == (end is None)


def test_the_gate_is_not_passed_while_a_sensor_never_said_a_word():
    script = Script(Guide(PSLR, override="phantom leg", gate_s=30.0))
    script.gate(31.0, CLOSED, heard_all=False)
    assert script.guide.end == "gate_refused"


def test_an_override_still_gives_the_sensors_five_seconds():
    script = Script(Guide(PSLR, override="phantom leg"))
    script.gate(4.9, CLOSED)
    assert script.guide.phase is Phase.GATE
    script.gate(0.3, CLOSED)
    assert script.guide.gate.overridden


def test_an_open_gate_needs_no_override():
    script = Script(Guide(PSLR, override="phantom leg"))
    script.through_gate()
    assert not script.guide.gate.overridden


@pytest.mark.parametrize("how", ["finish", "interrupt", "link_ended"])
@pytest.mark.parametrize("when", ["gate", "still", "move"])
def test_it_can_be_ended_at_any_time_once(script, when, how):
    if when != "gate":
        script.through_gate()
    if when == "move":
        script.still(3.2)
    (cue,) = getattr(script.guide, how)(script.now_s)
    assert script.guide.end == {"finish": "ended_early", "interrupt": "interrupted"}.get(how, how)
    assert cue.text
    assert script.guide.finish(script.now_s) == ()


def test_fewer_or_more_repetitions_can_be_asked_for():
    script = Script(Guide(PSLR, repetitions=1))
    script.to_movement()
    script.repetition()
    assert script.guide.end == "finished"
    assert Guide(protocol.load("sts")).wanted == 5


def test_without_a_test_it_records_until_the_user_ends_it():
    script = Script(Guide(None))
    script.to_movement()
    script.repetition()
    script.still(60.0)
    assert script.guide.phase is Phase.MOVE
    script.guide.finish(script.now_s)
    assert script.guide.end == "ended_early"


def test_an_angle_that_trembles_at_the_end_is_one_hold(script):
    script.to_movement()
    script.turn(70.0)
    for _ in range(10):
        script.turn(0.4, 6.0)
        script.turn(-0.4, 6.0)
    assert script.codes.count("hold") == 1
