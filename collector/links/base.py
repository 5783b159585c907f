"""A link brings notifications: from the radio, from a virtual one, or from a trace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from schemas.chunk import Chunk, Notification


class Received(NamedTuple):
    """A notification and the sensor it belongs to (an index into the link's sensors)."""

    sensor: int
    notification: Notification


Batch = tuple[Received, ...]


class Link(Protocol):
    """What a session needs of anything that brings bytes.

    Open it with ``async with``, iterate to get batches in order of arrival (both directions:
    what the host wrote comes by too, marked as outgoing), and write commands in between.
    The iteration ends when the source has no more or the link was closed; closing twice is
    harmless; iterating or writing while closed raises `RuntimeError`.
    """

    @property
    def sensor_count(self) -> int:
        """How many sensors the link serves."""
        ...

    async def __aenter__(self) -> Self:
        """Open the link."""
        ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the link, whatever happened."""
        ...

    async def close(self) -> None:
        """Close the link; an iteration under way ends."""
        ...

    def __aiter__(self) -> AsyncIterator[Batch]:
        """Iterate over batches, none of them empty."""
        ...

    async def write(self, sensor: int, characteristic: str, payload: bytes) -> None:
        """Write bytes to a characteristic of one sensor."""
        ...


async def collect(link: Link) -> tuple[Chunk, ...]:
    """Open a link, take all it brings, and return one chunk for every sensor."""
    received: list[list[Notification]] = [[] for _ in range(link.sensor_count)]
    async with link:
        async for batch in link:
            for sensor, notification in batch:
                received[sensor].append(notification)
    return tuple(Chunk.of(rows) for rows in received)
