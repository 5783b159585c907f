"""A recording as a link of sensors: a live session runs on it as on the radio.

What the gate asks for is told of the recording's own first second, and nothing of it is handed over
until the trial begins: what was recorded at zero comes at the trial's zero, the still pose with it.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from types import MappingProxyType, TracebackType
from typing import Final, Self

from collector.links.base import Batch, Received
from collector.links.replay import RECORDED, in_order
from collector.links.states import SensorState, SensorStatus
from collector.links.supervision.verify import look
from collector.measured import RECONNECTED, Timed, timed
from schemas.chunk import Chunk
from schemas.errors import InputError
from schemas.recording import Event, Recording, SensorUse
from schemas.units import US_PER_S

FIRST_S: Final = 1.0
"""So much of a recording the gate judges."""
TURN_US: Final = 10_000
"""How often what has come by now is handed over."""
LINGER_S: Final = 1.0
"""So long the link stays up behind the last byte: what came last is seen, too."""
LOST: Final = "link_lost"


@dataclass(frozen=True, slots=True)
class _Turn:
    """What is handed over at one time of the recording: an event, or rows."""

    t_us: int
    rows: Batch = ()
    event: Event | None = None


class ReplaySensors:
    """Replay a recording at its own pace, on the running loop's time.

    Parameters
    ----------
    recording
        What to replay, events and all.
    clock_us
        The time that is stamped on what comes: microseconds of the loop.

    Attributes
    ----------
    on_event
        Hears the recording's events, each at its place among the data, `t_us` as recorded.
    """

    def __init__(self, recording: Recording, *, clock_us: Callable[[], int]) -> None:
        self.on_event: Callable[[Event], None] = lambda _event: None
        self._recording = recording
        self._clock_us = clock_us
        self._statuses = [
            _status(use, chunk)
            for use, chunk in zip(recording.info.sensors, recording.chunks, strict=True)
        ]
        self._zero_us = 0
        self._begun = asyncio.Event()
        self._closed = asyncio.Event()

    @property
    def sensor_count(self) -> int:
        """How many sensors the recording has."""
        return len(self._statuses)

    def now_us(self) -> int:
        """Return the time that its notifications are stamped with."""
        return self._clock_us()

    def status(self, sensor: int) -> SensorStatus:
        """Return what is known of one sensor now."""
        return self._statuses[sensor]

    def begin(self, now_us: int) -> int:
        """Let it come: `now_us` is the recording's zero. Return the earliest stamp there will be.

        That is before `now_us` where the recording reaches back behind its own zero.
        """
        self._zero_us = now_us
        self._begun.set()
        firsts = (int(chunk.t_us.min()) for chunk in self._recording.chunks if len(chunk))
        return now_us + min(0, *firsts, 0)

    async def __aenter__(self) -> Self:
        now_us = self._clock_us()
        self._statuses = [replace(status, since_us=now_us) for status in self._statuses]
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
        self._closed.set()
        self._begun.set()

    async def write(self, sensor: int, characteristic: str, payload: bytes) -> None:
        """Change nothing: the recorded answers come as they were recorded."""

    async def __aiter__(self) -> AsyncIterator[Batch]:
        if self._closed.is_set():
            raise RuntimeError("the link is closed")
        await self._begun.wait()
        for turn in _turns(self._recording):
            await self._until(turn.t_us)
            if self._closed.is_set():
                return
            if turn.event is not None:
                self._heard(turn.event)
            else:
                yield tuple(self._stamped(row) for row in turn.rows)
        await asyncio.sleep(LINGER_S)

    async def _until(self, t_us: int) -> None:
        """Wait for a time of the recording, until the end of its turn."""
        due_us = self._zero_us - (-t_us // TURN_US) * TURN_US
        await asyncio.sleep(max(0, due_us - self._clock_us()) / US_PER_S)

    def _stamped(self, row: Received) -> Received:
        sensor, notification = row
        return Received(sensor, notification._replace(t_us=notification.t_us + self._zero_us))

    def _heard(self, event: Event) -> None:
        """Tell of an event, and know what it means for a sensor."""
        states = {LOST: SensorState.LOST, RECONNECTED: SensorState.STREAMING}
        for n, use in enumerate(self._recording.info.sensors):
            if use.segment == event.text and event.kind in states:
                status = self._statuses[n]
                self._statuses[n] = replace(status, state=states[event.kind])
        self.on_event(event)


def _turns(recording: Recording) -> Iterator[_Turn]:
    """Yield rows and events in their order; an event comes before the rows of its own time."""
    rows = in_order(recording)
    at = 0
    for event in (*sorted(recording.events, key=lambda event: event.t_us), None):
        while at < len(rows) and (event is None or rows[at].notification.t_us < event.t_us):
            first, at = at, _behind(rows, at, event)
            yield _Turn(rows[first].notification.t_us, rows=tuple(rows[first:at]))
        if event is not None:
            yield _Turn(event.t_us, event=event)


def _behind(rows: list[Received], first: int, event: Event | None) -> int:
    """Return the row behind those that are handed over together with row `first`."""
    end_us = -(-rows[first].notification.t_us // TURN_US) * TURN_US
    at = first + 1
    while at < len(rows) and rows[at].notification.t_us <= end_us:
        if event is not None and rows[at].notification.t_us >= event.t_us:
            break
        at += 1
    return at


def _status(use: SensorUse, chunk: Chunk) -> SensorStatus:
    """Return what the first second of a sensor shows; nothing came where it holds no samples."""
    rows = [row for row in chunk.notifications() if not row.outgoing]
    end_us = rows[0].t_us + FIRST_S * US_PER_S if rows else 0
    first = Chunk.of([row for row in rows if row.t_us <= end_us])
    try:
        seen = timed(use, first)
    except InputError:
        return SensorStatus(SensorState.STALE, since_us=0, received=0, alarm=True)
    return SensorStatus(
        SensorState.STREAMING,
        since_us=0,
        facts=MappingProxyType({**_facts(seen), RECORDED: 1}),
        rate_hz=_delivered_hz(seen),
        received=len(first),
    )


def _facts(seen: Timed) -> dict[str, float | int | str]:
    """Return what a sensor answered, and what its samples show."""
    facts: dict[str, float | int | str] = {}
    for reply in seen.replies:
        facts.update(reply.values)
    expected = len(seen.samples) + seen.clock.lost
    facts["lost_pct"] = 100.0 * seen.clock.lost / expected
    return facts | look(seen.samples)


def _delivered_hz(seen: Timed) -> float | None:
    """Return how many samples came a second, lost ones not counted; None for a single one."""
    rate_hz = seen.clock.rate_hz
    if not math.isfinite(rate_hz):
        return None
    return rate_hz * len(seen.samples) / (len(seen.samples) + seen.clock.lost)
