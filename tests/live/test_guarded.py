"""What a test wants held is said, in plain words, while it is not."""

from __future__ import annotations

import pytest
from guide_script import Script
from live_kit import play

from collector.live.angles.guarded import not_held
from collector.live.trial.movement import seen_in
from collector.simulate import simulate_trial
from schemas import protocol


def guard_of(test):
    return protocol.load(test).guards[0]


@pytest.mark.parametrize(
    ("test", "value_deg", "text"),
    [
        ("ake", 70.4, "Thigh at 70°: keep it between 85 and 95°."),
        ("mtt", -8.0, "Pelvis at -8°: keep it between -5 and 5°."),
    ],
)
def test_it_says_what_is_where_and_where_it_should_be(test, value_deg, text):
    assert not_held(guard_of(test), value_deg) == text


def test_a_thigh_that_is_not_upright_yet_is_told_live_and_an_upright_one_is_not():
    """In the active knee extension the thigh lies at zero and is then raised to 90 degrees."""
    trial = simulate_trial("ake", "left", 2)
    test = protocol.load("ake")
    frames = [f for f in play(trial.recording) if f.referenced and f.thigh_deg is not None]
    lying = [f for f in frames if f.t_s < trial.recording.info.reference.end_s + 0.5]
    held = [f for f in frames if 87.0 < f.thigh_deg < 93.0]
    assert lying
    assert held
    assert all("Thigh at" in seen_in(f, test).amiss[0] for f in lying)
    assert not any(text.startswith("Thigh") for f in held for text in f.amiss)


def test_it_is_said_with_the_hold_when_it_can_still_be_mended():
    from collector.live.trial.guide import Guide

    script = Script(Guide(protocol.load("pslr")))
    script.to_movement()
    script.amiss = ("Knee at 20°: keep it between -15 and 5°.",)
    script.turn(70.0)
    script.held(1.0)
    assert script.codes[-2:] == ["hold", "amiss"]
    assert script.cues[-1].text.startswith("Knee at 20°")


def test_at_the_start_pose_nothing_need_be_held_unless_the_body_never_returns_there():
    from collector.live.trial.guide import Guide

    def at_start(test):
        script = Script(Guide(protocol.load(test)))
        script.to_movement()
        before = script.guide.at_start
        script.turn(70.0)
        return before, script.guide.at_start

    assert at_start("pslr") == (True, False)
    assert at_start("ake")[0] is False
