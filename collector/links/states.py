"""The states of one sensor from found to streaming, and what each asks of the user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class SensorState(StrEnum):
    """Where a sensor is. `docs/sensor-states.md` draws the table below."""

    IDLE = "idle"
    SEARCHING = "searching"
    CONNECTING = "connecting"
    CONFIGURING = "configuring"
    VERIFYING = "verifying"
    STREAMING = "streaming"
    STALE = "stale"
    LOST = "lost"
    ADAPTER_OFF = "adapter_off"
    NO_ADAPTER = "no_adapter"
    PERMISSION_DENIED = "permission_denied"
    NOT_PAIRED = "not_paired"
    UNFIT = "unfit"
    """It answers, but not as asked: rate not accepted, wrong characteristics."""


@dataclass(frozen=True, slots=True)
class SensorStatus:
    """What is known of one sensor at one moment. Times: host microseconds of the link's clock.

    `facts` holds what its replies said (`battery_percent`, `version`, `roll_zero_deg`, ...; absent
    is not known). `rate_hz` is measured over the last seconds, None before there is something to
    measure. `received` counts notifications handed on, `before_start` those that came before the
    settings were verified, `connections` how often it was connected. `detail` is what went wrong
    last, in the system's words.
    """

    state: SensorState
    since_us: int
    name: str = ""
    rssi_dbm: int | None = None
    facts: Mapping[str, float | int | str] = field(default_factory=lambda: MappingProxyType({}))
    rate_hz: float | None = None
    received: int = 0
    before_start: int = 0
    connections: int = 0
    last_arrival_us: int | None = None
    alarm: bool = False
    detail: str = ""


ALARM_S: Final = 2.0
"""Silence after which the user is alarmed."""

STALE_PERIODS: Final = 3
"""Silence after which the stream counts as stale, in notification periods."""
