"""How a sensor is, in a word, with its rate and battery."""

from __future__ import annotations

import pytest

from collector.links.states import SensorState, SensorStatus
from collector.live.sensors.condition import (
    battery_is_low,
    battery_of,
    condition_of,
    rate_of,
    words_of,
)


def status(state: SensorState, *, alarm: bool = False, percent: object = None) -> SensorStatus:
    facts = {} if percent is None else {"battery_percent": percent}
    return SensorStatus(state, since_us=0, alarm=alarm, facts=facts, rate_hz=99.2)


@pytest.mark.parametrize(
    ("state", "alarm", "condition", "words", "rate_hz"),
    [
        (SensorState.STREAMING, False, "ok", "streaming", 99.2),
        (SensorState.STREAMING, True, "bad", "silent", None),
        (SensorState.STALE, False, "warn", "silent", None),
        (SensorState.LOST, False, "bad", None, None),
        (SensorState.CONNECTING, False, "wait", None, None),
    ],
)
def test_a_sensor_is_well_waits_or_is_in_trouble(state, alarm, condition, words, rate_hz):
    seen = status(state, alarm=alarm)
    assert condition_of(seen) == condition
    assert words is None or words_of(seen) == words
    assert rate_of(seen) == rate_hz


@pytest.mark.parametrize(
    ("percent", "told", "low"),
    [
        (80, 80.0, False),
        (16, 16.0, False),
        (15, 15.0, True),
        (None, None, False),
        ("?", None, False),
    ],
)
def test_a_battery_is_low_from_fifteen_percent_on(percent, told, low):
    seen = status(SensorState.STREAMING, percent=percent)
    assert (battery_of(seen), battery_is_low(seen)) == (told, low)
