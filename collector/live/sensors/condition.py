"""How a sensor is, in a word: the same on a terminal and on a page."""

from __future__ import annotations

from typing import Final, Literal

from collector.links.states import SensorState, SensorStatus
from collector.live.trial.gate import BATTERY_LOW_PCT, WORDS

Condition = Literal["ok", "wait", "warn", "bad"]

BAD: Final = frozenset(
    {
        SensorState.LOST,
        SensorState.UNFIT,
        SensorState.ADAPTER_OFF,
        SensorState.NO_ADAPTER,
        SensorState.PERMISSION_DENIED,
        SensorState.ADAPTER_WEDGED,
        SensorState.NOT_PAIRED,
    }
)
CONNECTED: Final = frozenset({SensorState.STREAMING, SensorState.STALE})
"""States in which silence is news; in all others the state itself says why nothing comes."""


def condition_of(status: SensorStatus) -> Condition:
    """Return whether a sensor is well, getting ready, quiet for a moment, or in trouble."""
    if status.state in BAD or status.alarm:
        return "bad"
    if status.state is SensorState.STREAMING:
        return "ok"
    return "warn" if status.state is SensorState.STALE else "wait"


def words_of(status: SensorStatus) -> str:
    """Return how a sensor is, in words."""
    silent = status.alarm and status.state in CONNECTED
    return "silent" if silent else WORDS[status.state]


def rate_of(status: SensorStatus) -> float | None:
    """Return the rate of what comes, Hz; one of what came before would mislead."""
    if status.state is not SensorState.STREAMING or status.alarm:
        return None
    return status.rate_hz


def battery_of(status: SensorStatus) -> float | None:
    """Return how full its battery is, percent; None where it did not say."""
    percent = status.facts.get("battery_percent")
    return float(percent) if isinstance(percent, int | float) else None


def battery_is_low(status: SensorStatus) -> bool:
    """Return whether its battery may not last the trial; one that did not say is not."""
    percent = battery_of(status)
    return percent is not None and percent <= BATTERY_LOW_PCT
