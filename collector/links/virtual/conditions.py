"""What a virtual world is told beforehand, and what it tells afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Final

from bumble import hci

from collector.links.virtual.adapter import AdapterState
from collector.links.virtual.sensor import SensorPlan, address_for

_NAMES: Final = {
    "witmotion": ("WT901BLE67", "WT901BLE68", "WT9011DCL", "WTSDCL"),
    "movella_dot": ("Movella DOT", "Xsens DOT", "Movella DOT 3", "Movella DOT 4"),
}


@dataclass(frozen=True, slots=True)
class AdapterFault:
    """The adapter goes into a state `at_s` after the opening, for `for_s` or for good."""

    at_s: float
    state: AdapterState
    for_s: float | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """The adapter, what becomes of it, and the timing of the connections."""

    adapter: AdapterState = "on"
    adapter_faults: tuple[AdapterFault, ...] = ()
    interval_s: float = 0.015
    packets_per_interval: int = 6


@dataclass(frozen=True, slots=True)
class Balance:
    """What became of a sensor's notifications: sent = delivered + dropped + queued.

    `frames` is how many data frames were in what was sent, `duplicated` how many copies were
    handed on besides.
    """

    sent: int
    frames: int
    delivered: int
    dropped: int
    queued: int
    duplicated: int


def named(plans: Sequence[SensorPlan], seed: int) -> tuple[SensorPlan, ...]:
    """Give names and addresses to those that have none; from the fifth on, names come again."""
    rows = []
    names = {family: cycle(known) for family, known in _NAMES.items()}
    for plan in plans:
        name = plan.name or next(names[plan.profile_id])
        address = str(hci.Address(plan.address or address_for(seed, plan.role)))
        rows.append(replace(plan, name=name, address=address))
    return tuple(rows)
