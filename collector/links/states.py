"""The states of one sensor from found to streaming, and what is known of it on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from collector.links.radio import Fault


class SensorState(StrEnum):
    """Where a sensor is; `supervision.transitions` says what leads from one to the next."""

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
    ADAPTER_WEDGED = "adapter_wedged"
    NOT_PAIRED = "not_paired"
    UNFIT = "unfit"
    """It answers, but not as asked: rate not accepted, wrong characteristics."""


OF_THE_COMPUTER: Final = frozenset(
    {
        SensorState.ADAPTER_OFF,
        SensorState.NO_ADAPTER,
        SensorState.PERMISSION_DENIED,
        SensorState.ADAPTER_WEDGED,
    }
)
"""States for which no sensor can be blamed."""


@dataclass(frozen=True, slots=True)
class SensorStatus:
    """What is known of one sensor at one moment. Times: host microseconds of the link's clock.

    `facts` holds what its replies said (`battery_percent`, `version`, `roll_zero_deg`, ...; absent
    is not known) and what its first samples showed (`frozen_angles`, `angles_off_gravity` and
    `still` as 0 or 1, `gravity_m_s2` while still).

    `rate_hz`, `spacing_s` (usual time between notifications), `jitter_s` (what 90 % of them stay
    within of it) and `max_silence_s` are measured over the last seconds, None before there is
    something to measure.

    `received` counts notifications handed on, `before_start` those that came before the settings
    were verified, `duplicated` copies of the notification before, `connections` how often it was
    connected. `alarm` is true while nothing has come for `ALARM_S`. `fault` and `detail` are what
    went wrong last, `detail` in the system's words; both are empty again once it streams.
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
    fault: Fault | None = None
    spacing_s: float | None = None
    jitter_s: float | None = None
    max_silence_s: float | None = None
    duplicated: int = 0


ALARM_S: Final = 2.0
"""Silence after which the user is alarmed."""

STALE_PERIODS: Final = 3
"""Silence after which the stream counts as stale, in notification periods."""
