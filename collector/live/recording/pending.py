"""What came and is not on the disk yet: sorted by sensor, without personal bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from collector.links.base import Batch
from devices.profile import DeviceProfile
from schemas.chunk import Chunk, Notification
from schemas.recording import Event, RecordingInfo

MAX_HELD: Final = 1 << 19
"""Notifications kept in memory while nothing can be committed: at least ten minutes of four sensors
that send 200 times a second, far more where a notification holds several frames."""

MAX_HELD_BYTES: Final = 1 << 25


class NewConnection(NamedTuple):
    """From here on a sensor's bytes belong to another connection."""

    sensor: int


Came = Batch | Event | NewConnection | RecordingInfo


class Pending:
    """Takes what came in its order; each connection's bytes go through a redactor of its own.

    Attributes
    ----------
    info
        The head as it is known by now, with the names of what was redacted.
    chunks, events
        What waits to be committed.
    refused
        Notifications that came when memory was full of what could not be committed.
    last_us
        The latest arrival that was taken in.
    """

    def __init__(self, info: RecordingInfo, profiles: Sequence[DeviceProfile]) -> None:
        self.info = info
        self.chunks: dict[int, Chunk] = {}
        self.events: list[Event] = []
        self.refused = 0
        self.last_us = 0
        self._profiles = profiles
        self._redactors = [profile.redactor() for profile in profiles]
        self._info_kept = info

    @property
    def new_info(self) -> RecordingInfo | None:
        """The head if it is another than the one that was committed last, else None."""
        return None if self.info == self._info_kept else self.info

    @property
    def empty(self) -> bool:
        """Whether everything is committed."""
        return not self.chunks and not self.events and self.new_info is None

    def take(self, came: Iterable[Came]) -> None:
        """Sort what came, redact it, and put it behind what waits already."""
        rows: dict[int, list[Notification]] = {}
        for item in came:
            if isinstance(item, Event):
                self.events.append(item)
            elif isinstance(item, RecordingInfo):
                self.update(item)
            elif isinstance(item, NewConnection):
                self._add(item.sensor, rows.pop(item.sensor, []))
                self._redactors[item.sensor] = self._profiles[item.sensor].redactor()
            else:
                for sensor, notification in item:
                    rows.setdefault(sensor, []).append(notification)
        for sensor in sorted(rows):
            self._add(sensor, rows[sensor])

    def update(self, info: RecordingInfo) -> None:
        """Replace the head; what was redacted stays named."""
        names = dict.fromkeys((*self.info.redacted, *info.redacted))
        self.info = replace(info, redacted=tuple(names))

    def committed(self) -> None:
        """Forget what is on the disk."""
        self.chunks, self.events = {}, []
        if self.refused:
            self.events.append(Event(self.last_us, "not_recorded", str(self.refused)))
            self.refused = 0
        self._info_kept = self.info

    def _add(self, sensor: int, rows: list[Notification]) -> None:
        if not rows:
            return
        clean, names = self._redactors[sensor].redact(Chunk.of(rows))
        self.update(replace(self.info, redacted=(*self.info.redacted, *names)))
        self.last_us = max(self.last_us, rows[-1].t_us)
        if self._full(clean):
            self.refused += len(clean)
        elif sensor in self.chunks:
            self.chunks[sensor] = Chunk.joined([self.chunks[sensor], clean])
        else:
            self.chunks[sensor] = clean

    def _full(self, more: Chunk) -> bool:
        held = self.chunks.values()
        return bool(held) and (
            sum(map(len, held)) + len(more) > MAX_HELD
            or sum(len(chunk.payload) for chunk in held) + len(more.payload) > MAX_HELD_BYTES
        )
