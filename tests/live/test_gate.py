from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from collector.links.states import SensorState, SensorStatus
from collector.live.trial.gate import gate
from collector.live.trial.verdict import Need

NOW_US = 10_000_000
NEED = Need("thigh_left", 100.0)
GOOD = SensorStatus(
    SensorState.STREAMING,
    since_us=NOW_US - 2_000_000,
    name="WT901BLE67",
    facts=MappingProxyType({"battery_percent": 80}),
    rate_hz=99.2,
    received=200,
)


def verdict(status, need=NEED):
    (sensor,) = gate([status], [need], NOW_US).sensors
    return sensor


def with_facts(**facts):
    return replace(GOOD, facts=MappingProxyType({"battery_percent": 80, **facts}))


def test_a_sensor_at_its_rate_passes_without_a_word():
    sensor = verdict(GOOD)
    assert sensor.ready
    assert not sensor.warnings


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"state": SensorState.SEARCHING}, "not_streaming_searching", "switch it on"),
        ({"state": SensorState.STALE}, "not_streaming_stale", "bring it nearer"),
        ({"state": SensorState.LOST}, "not_streaming_lost", "lost"),
        ({"state": SensorState.ADAPTER_OFF}, "not_streaming_adapter_off", "switch Bluetooth on"),
        ({"state": SensorState.PERMISSION_DENIED}, "not_streaming_permission_denied", "allow"),
        ({"state": SensorState.NOT_PAIRED}, "not_streaming_not_paired", "pair it"),
        ({"state": SensorState.UNFIT, "detail": "rate 20"}, "not_streaming_unfit", "(rate 20)"),
        ({"alarm": True}, "silent", "nothing has come"),
        ({"since_us": NOW_US - 400_000}, "just_started", "0.4 s"),
        ({"rate_hz": None}, "no_rate", "wait"),
        ({"rate_hz": 94.9}, "rate_off", "100 Hz was asked for, 94.9 Hz come"),
        ({"rate_hz": 105.1}, "rate_off", "did not take the setting"),
    ],
)
def test_what_keeps_a_sensor_from_starting(change, code, said):
    (block,) = verdict(replace(GOOD, **change)).blocks
    assert block.code == code
    assert block.sentence.startswith("thigh_left: ")
    assert said in block.sentence


@pytest.mark.parametrize("rate_hz", [95.0, 100.0, 105.0])
def test_five_percent_of_the_rate_are_let_pass(rate_hz):
    assert verdict(replace(GOOD, rate_hz=rate_hz)).ready


def test_a_second_of_streaming_is_enough():
    assert verdict(replace(GOOD, since_us=NOW_US - 1_000_000)).ready


def test_a_rate_that_nobody_asked_for_is_not_judged():
    assert verdict(replace(GOOD, rate_hz=37.0), Need("pelvis", None)).ready


def test_loss_is_judged_where_the_sensor_counts():
    assert verdict(with_facts(lost_pct=5.0)).ready
    assert [b.code for b in verdict(with_facts(lost_pct=5.1)).blocks] == ["loss"]


@pytest.mark.parametrize(
    ("facts", "code", "said"),
    [
        ({"roll_zero_deg": 1.5, "pitch_zero_deg": 0.0}, "zero_reference", "roll +1.5"),
        ({"pitch_zero_deg": -3.0}, "zero_reference", "pitch -3.0"),
        ({"frozen_angles": 1}, "angles_frozen", "stand still"),
        ({"gravity_m_s2": 9.2}, "gravity_implausible", "9.20"),
        ({"battery_percent": 15}, "battery_low", "15 %"),
    ],
)
def test_what_is_said_before_the_start_and_stops_nobody(facts, code, said):
    sensor = verdict(with_facts(**facts))
    (warning,) = sensor.warnings
    assert sensor.ready
    assert warning.code == code
    assert said in warning.sentence


def test_a_battery_that_is_not_known_is_not_called_empty():
    (warning,) = verdict(replace(GOOD, facts=MappingProxyType({}))).warnings
    assert warning.code == "battery_unknown"
    assert "%" not in warning.sentence


@pytest.mark.parametrize(
    "facts", [{"battery_percent": 16}, {"roll_zero_deg": 0.04}, {"gravity_m_s2": 9.4}]
)
def test_what_is_within_bounds_is_not_mentioned(facts):
    assert not verdict(with_facts(**facts)).warnings


def test_the_gate_opens_only_when_every_sensor_is_ready():
    needs = [Need("pelvis", 100.0), NEED]
    lost = replace(GOOD, state=SensorState.LOST)
    assert gate([GOOD, GOOD], needs, NOW_US).open
    closed = gate([GOOD, lost], needs, NOW_US)
    assert not closed.open
    assert [sensor.ready for sensor in closed.sensors] == [True, False]
    assert [block.code for block in closed.blocks] == ["not_streaming_lost"]
