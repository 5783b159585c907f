"""What a connection brings before its stream is handed on: answers, and the first frames."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from devices.profile import Decoder
from schemas.chunk import Chunk, Notification
from schemas.samples import Counters, Samples

Facts = Mapping[str, float | int | str]

_NOT_KEPT: Final = frozenset({"register", "visit", "identify", "power", "tag", "data", "message"})
"""Values of replies that say nothing of the sensor, or too much of its owner."""


class Intake:
    """Decodes what comes, for as long as the sensor is being set up or looked at.

    Attributes
    ----------
    rows
        The notifications of the stream since `restart`, once decoded.
    facts
        What the replies said so far, the latest of each.
    has_heard
        Whether anything came at all.
    """

    def __init__(self, decoder: Decoder, stream: str) -> None:
        self._decoder = decoder
        self._stream = stream
        self._pending: list[Notification] = []
        self._blocks: list[Samples] = []
        self._came = asyncio.Event()
        self._before = decoder.counters
        self.rows: list[Notification] = []
        self.has_heard = False
        self.facts: dict[str, float | int | str] = {}

    def heard(self, row: Notification) -> None:
        """Take a notification, or a value that was read; it is decoded when somebody asks."""
        self._pending.append(row)
        self.has_heard = True
        self._came.set()

    def restart(self) -> None:
        """Forget the frames so far: those of other settings tell nothing of the present ones."""
        self.decode()
        self._blocks.clear()
        self.rows.clear()
        self._before = replace(self._decoder.counters)

    def decode(self) -> tuple[Facts, ...]:
        """Decode what came, and return what its replies say."""
        rows, self._pending = self._pending, []
        self._came.clear()
        if not rows:
            return ()
        decoded = self._decoder.feed(Chunk.of(rows))
        self.rows += [row for row in rows if row.characteristic == self._stream]
        self._blocks.append(decoded.samples)
        for reply in decoded.replies:
            self.facts.update({k: v for k, v in reply.values.items() if k not in _NOT_KEPT})
        return tuple(MappingProxyType(reply.values) for reply in decoded.replies)

    def samples(self) -> Samples:
        """Return the samples since `restart`."""
        self.decode()
        return Samples.joined([block for block in self._blocks if len(block)])

    def counters(self) -> Counters:
        """Return what was received and damaged since `restart`."""
        now, before = self._decoder.counters, self._before
        return Counters(now.received - before.received, now.damaged - before.damaged)

    async def answer(self, expects: tuple[str, int], timeout_s: float) -> Facts | None:
        """Return the next reply that has this value; None if there is none in time."""
        name, value = expects
        try:
            async with asyncio.timeout(timeout_s):
                while True:
                    await self._came.wait()
                    for values in self.decode():
                        if values.get(name) == value:
                            return values
        except TimeoutError:
            return None

    async def first_frame(self, timeout_s: float) -> bool:
        """Wait for the first frame since `restart`; say whether there was one in time."""
        try:
            async with asyncio.timeout(timeout_s):
                while not len(self.samples()):
                    await self._came.wait()
        except TimeoutError:
            return False
        return True
