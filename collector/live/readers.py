"""Frames for any number of readers; a slow one drops frames for itself and delays nobody."""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType
from typing import Final, Self

from collector.live.angles.frame import LiveFrame

KEPT: Final = 30
"""Frames that wait for a reader: about a second of them."""


class Reader:
    """One reader's frames, oldest first: iterate with ``async for``; it ends when closed.

    Attributes
    ----------
    dropped
        Frames that this reader was too slow for.
    """

    def __init__(self, readers: Readers, kept: int) -> None:
        self._readers = readers
        self._frames: deque[LiveFrame] = deque(maxlen=kept)
        self._news = asyncio.Event()
        self._closed = False
        self.dropped = 0

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> LiveFrame:
        while not self._frames:
            if self._closed:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._frames.popleft()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take no more frames; what waits can still be read. Closing twice is harmless."""
        self._readers.forget(self)
        self._closed = True
        self._news.set()

    def offer(self, frame: LiveFrame) -> None:
        """Add a frame; the oldest one makes room."""
        self.dropped += len(self._frames) == self._frames.maxlen
        self._frames.append(frame)
        self._news.set()


class Readers:
    """Hands every frame to every reader, from the event loop's thread, without ever waiting.

    `dropped` counts frames that readers were too slow for, also those that have left.
    """

    def __init__(self) -> None:
        self._readers: list[Reader] = []
        self._closed = False
        self._dropped_by_gone = 0

    @property
    def dropped(self) -> int:
        """Frames that readers were too slow for, all readers together."""
        return self._dropped_by_gone + sum(reader.dropped for reader in self._readers)

    def subscribe(self, *, kept: int = KEPT) -> Reader:
        """Return a new reader, which sees the frames from now on; `kept` frames wait for it."""
        reader = Reader(self, kept)
        self._readers.append(reader)
        if self._closed:
            reader.close()
        return reader

    def publish(self, frame: LiveFrame) -> None:
        """Offer a frame to all readers."""
        for reader in self._readers:
            reader.offer(frame)

    def close(self) -> None:
        """End every reader's iteration, once it has read what waits."""
        self._closed = True
        for reader in tuple(self._readers):
            reader.close()

    def forget(self, reader: Reader) -> None:
        """Stop handing frames to a reader."""
        if reader in self._readers:
            self._readers.remove(reader)
            self._dropped_by_gone += reader.dropped
