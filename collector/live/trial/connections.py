"""What befalls connections, put into its place among the data.

The link tells of a loss or a reconnection at once, while data from before it may still wait to be
handed over; a redactor or a decoder that began anew too early would misread those.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from collector.links.base import Batch

SETTLED_US: Final = 250_000
"""What happened so long ago has no data from before it under way."""


class Happened(NamedTuple):
    """Something that befell one sensor's connection, on the link's clock."""

    sensor: int
    kind: str
    t_us: int


class Connections:
    """Keeps what happened until the data have come as far."""

    def __init__(self, sensors: int) -> None:
        self._waiting: tuple[list[Happened], ...] = tuple([] for _ in range(sensors))

    def note(self, sensor: int, kind: str, t_us: int) -> None:
        """Take over what happened."""
        self._waiting[sensor].append(Happened(sensor, kind, t_us))

    def split(self, batch: Batch) -> Iterator[tuple[tuple[Happened, ...], Batch]]:
        """Cut a batch where something happened; what happened goes before its part."""
        start = 0
        for n, (sensor, row) in enumerate(batch):
            if self._waiting[sensor] and self._waiting[sensor][0].t_us <= row.t_us:
                if n > start:
                    yield (), batch[start:n]
                yield self._due(sensor, row.t_us), ()
                start = n
        yield (), batch[start:]

    def until(self, now_us: int) -> tuple[Happened, ...]:
        """Return what happened long enough ago."""
        sensors = range(len(self._waiting))
        due = [happened for n in sensors for happened in self._due(n, now_us - SETTLED_US)]
        return tuple(sorted(due, key=lambda happened: happened.t_us))

    def all(self) -> tuple[Happened, ...]:
        """Return all that waits."""
        due = [happened for waiting in self._waiting for happened in waiting]
        for waiting in self._waiting:
            waiting.clear()
        return tuple(sorted(due, key=lambda happened: happened.t_us))

    def _due(self, sensor: int, t_us: int) -> tuple[Happened, ...]:
        waiting = self._waiting[sensor]
        due = tuple(happened for happened in waiting if happened.t_us <= t_us)
        del waiting[: len(due)]
        return due
