"""What leads a sensor from one state to the next: the table that the supervisor follows."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from collector.links.radio import Fault
from collector.links.states import OF_THE_COMPUTER, SensorState


class Happening(StrEnum):
    """What can happen to a sensor."""

    BEGUN = "begun"
    FOUND = "found"
    MISSED = "not found"
    SEARCHED_FOR = "searched for"
    RETRIED = "tried again"
    CONNECTED = "connected"
    CONFIGURED = "settings confirmed"
    VERIFIED = "first frames good"
    SILENT = "silent"
    HEARD = "heard again"
    LINK_DOWN = "link down"
    ADAPTER_OFF = "adapter off"
    NO_ADAPTER = "no adapter"
    DENIED = "permission denied"
    WEDGED = "adapter stuck"
    NOT_PAIRED = "not paired"
    NOT_AS_ASKED = "not as asked"
    STOPPED = "stopped"


S, H = SensorState, Happening

FAILURES: Final[Mapping[Fault, Happening]] = MappingProxyType(
    {
        Fault.NO_ADAPTER: H.NO_ADAPTER,
        Fault.ADAPTER_OFF: H.ADAPTER_OFF,
        Fault.PERMISSION_DENIED: H.DENIED,
        Fault.ADAPTER_WEDGED: H.WEDGED,
        Fault.NOT_FOUND: H.LINK_DOWN,
        Fault.TIMEOUT: H.LINK_DOWN,
        Fault.LINK_LOST: H.LINK_DOWN,
        Fault.NOT_PAIRED: H.NOT_PAIRED,
        Fault.UNSUPPORTED: H.NOT_AS_ASKED,
        Fault.REFUSED: H.NOT_AS_ASKED,
    }
)
"""What a fault of the radio means to the sensor."""

ASKS_USER: Final = OF_THE_COMPUTER | {S.NOT_PAIRED, S.UNFIT}
"""States that the user has to do something about; the link tries again slowly meanwhile."""

_ENDS: Final = {
    H.LINK_DOWN: S.LOST,
    H.ADAPTER_OFF: S.ADAPTER_OFF,
    H.NO_ADAPTER: S.NO_ADAPTER,
    H.DENIED: S.PERMISSION_DENIED,
    H.WEDGED: S.ADAPTER_WEDGED,
    H.NOT_PAIRED: S.NOT_PAIRED,
    H.NOT_AS_ASKED: S.UNFIT,
}
"""Where the ways end that something can go wrong, whatever was being done."""

_WAYS: Final = {
    S.IDLE: {H.BEGUN: S.CONNECTING},
    S.SEARCHING: {H.FOUND: S.CONNECTING, H.MISSED: S.LOST, **_ENDS},
    S.CONNECTING: {H.CONNECTED: S.CONFIGURING, **_ENDS},
    S.CONFIGURING: {H.CONFIGURED: S.VERIFYING, **_ENDS},
    S.VERIFYING: {H.VERIFIED: S.STREAMING, **_ENDS},
    S.STREAMING: {H.SILENT: S.STALE, **_ENDS},
    S.STALE: {H.HEARD: S.STREAMING, **_ENDS},
    **{state: {H.RETRIED: S.CONNECTING, H.SEARCHED_FOR: S.SEARCHING} for state in ASKS_USER},
    S.LOST: {H.RETRIED: S.CONNECTING, H.SEARCHED_FOR: S.SEARCHING},
}

TRANSITIONS: Final[Mapping[tuple[SensorState, Happening], SensorState]] = MappingProxyType(
    {
        (state, happening): target
        for state, ways in _WAYS.items()
        for happening, target in {**ways, H.STOPPED: S.IDLE}.items()
    }
)
"""From a state, by what happens, to the next state. Nothing else can happen."""
