"""A recording as a link: what was recorded comes again, by the same way as from the radio."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable
from types import TracebackType
from typing import Final, Self

from collector.links.base import Batch, Received, collect
from schemas.recording import Recording
from schemas.units import US_PER_S

BATCH: Final = 64
"""Notifications handed over at a time when nothing paces the replay."""

RECORDED: Final = "recorded"
"""The fact that a sensor is a recorded one: what it did not answer then, nobody can ask it."""


class ReplayLink:
    """Replay a recording.

    Parameters
    ----------
    recording
        What to replay, events left aside.
    speed
        None brings everything as fast as the consumer takes it and never sleeps; 1.0 keeps the
        recorded pace, 2.0 is twice as fast.
    clock, sleep
        Monotonic seconds and how to wait for them; tests give their own and never wait.

    Attributes
    ----------
    written
        What was written during the replay. It changes nothing: the recorded answers come as
        they were recorded.
    """

    def __init__(
        self,
        recording: Recording,
        *,
        speed: float | None = None,
        clock: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        if speed is not None and not speed > 0:
            raise ValueError(f"speed must be above 0 or None, not {speed}")
        self._recording = recording
        self._speed = speed
        self._clock = clock
        self._sleep = sleep
        self._open = False
        self.written: list[tuple[int, str, bytes]] = []

    @property
    def sensor_count(self) -> int:
        """How many sensors the recording has."""
        return len(self._recording.chunks)

    async def __aenter__(self) -> Self:
        self._open = True
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the link; an iteration under way ends."""
        self._open = False

    def __aiter__(self) -> AsyncIterator[Batch]:
        self._check_open()
        rows = in_order(self._recording)
        return self._at_once(rows) if self._speed is None else self._paced(rows, self._speed)

    async def write(self, sensor: int, characteristic: str, payload: bytes) -> None:
        """Note what was written; see `written`."""
        self._check_open()
        if not 0 <= sensor < self.sensor_count:
            raise ValueError(f"the link has no sensor {sensor}")
        self.written.append((sensor, characteristic, payload))

    def _check_open(self) -> None:
        if not self._open:
            raise RuntimeError("the link is closed")

    async def _at_once(self, rows: list[Received]) -> AsyncIterator[Batch]:
        for start in range(0, len(rows), BATCH):
            if not self._open:
                return
            yield tuple(rows[start : start + BATCH])
            await asyncio.sleep(0)

    async def _paced(self, rows: list[Received], speed: float) -> AsyncIterator[Batch]:
        due_s = [row.notification.t_us / US_PER_S / speed for row in rows]
        begun = self._clock() - (due_s[0] if due_s else 0.0)
        sent = 0
        while sent < len(rows):
            wait_s = due_s[sent] - (self._clock() - begun)
            await self._sleep(max(wait_s, 0.0))
            if not self._open:
                return
            # A clock that stops a hair short of the due time must not hold the batch back.
            now_s = max(self._clock() - begun, due_s[sent])
            due = bisect_right(due_s, now_s, lo=sent)
            yield tuple(rows[sent:due])
            sent = due


def replay(recording: Recording, *, speed: float | None = None) -> Recording:
    """Send a recording through a replay link and return what arrived, head and events kept."""
    chunks = asyncio.run(collect(ReplayLink(recording, speed=speed)))
    return Recording(recording.info, chunks, recording.events)


def in_order(recording: Recording) -> list[Received]:
    """Return all notifications by arrival; each sensor's own order is kept."""
    rows = [
        Received(sensor, notification)
        for sensor, chunk in enumerate(recording.chunks)
        for notification in chunk.notifications()
    ]
    return sorted(rows, key=lambda row: row.notification.t_us)
