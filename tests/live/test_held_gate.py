"""A gate that is held: the sensors are looked at, and nothing begins before somebody says so."""

from __future__ import annotations

import pytest
from guide_script import CLOSED, Script

from collector.live.trial.guide import Guide, Phase
from schemas import protocol


@pytest.fixture
def script():
    return Script(Guide(protocol.load("pslr"), gate_s=30.0, held=True))


def test_a_held_gate_stays_shut_however_long_the_sensors_are_ready(script):
    script.gate(60.0)
    assert script.guide.phase is Phase.GATE
    assert script.codes == []


def test_a_held_gate_gives_nobody_up_while_it_is_held(script):
    script.gate(60.0, CLOSED)
    assert script.guide.end is None
    script.guide.gate.release()
    script.gate(29.0, CLOSED)
    assert script.guide.end is None
    script.gate(2.0, CLOSED)
    assert script.guide.end == "gate_refused"


def test_a_released_gate_opens_when_the_sensors_are_ready(script):
    script.gate(5.0)
    script.guide.gate.release()
    script.gate(1.2)
    assert script.guide.phase is Phase.STILL


def test_a_gate_released_for_a_reason_is_passed_and_keeps_it(script):
    script.gate(5.0, CLOSED)
    script.guide.gate.release("old sensor, 90 Hz are enough")
    script.gate(5.2, CLOSED)
    assert script.guide.gate.overridden
    assert script.guide.gate.override == "old sensor, 90 Hz are enough"
