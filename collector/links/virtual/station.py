"""A sensor as the air knows it, and the books of what became of what it sent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collector.links.virtual.channel import Channel


class Cause(StrEnum):
    """Why a notification that a sensor handed to its radio did not arrive."""

    QUEUE_FULL = "queue_full"
    SILENT = "silent"
    SLOW_START = "slow_start"
    RANDOM_LOSS = "random_loss"
    LINK_LOST = "link_lost"
    DISCONNECTED = "disconnected"


@dataclass(slots=True)
class Traffic:
    """What became of a sensor's notifications: offered = delivered + dropped + queued.

    `duplicated` counts copies handed to the application on top of those delivered.
    """

    offered: int = 0
    delivered: int = 0
    duplicated: int = 0
    queued: int = 0
    dropped: Counter[Cause] = field(default_factory=Counter)

    @property
    def dropped_count(self) -> int:
        """Return how many were dropped, whatever the cause."""
        return self.dropped.total()

    def drop(self, cause: Cause, count: int = 1) -> None:
        """Count some as dropped."""
        if count:
            self.dropped[cause] += count


@dataclass(slots=True)
class Station:
    """A sensor as the air knows it: where it is, what ails it, what became of what it sent."""

    address: str
    rssi_dbm: int
    in_reach: bool = True
    deaf: bool = False
    silent: bool = False
    stalled: bool = False
    packets_per_s: float | None = None
    loss: float = 0.0
    slow_start_s: float = 0.0
    traffic: Traffic = field(default_factory=Traffic)
    channel: Channel | None = None
