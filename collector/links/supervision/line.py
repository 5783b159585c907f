"""The open connection to one sensor: one call at a time, and all that is written is handed on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from collector.links.radio import Connection, Fault, LinkError
from collector.links.supervision.settings import Wanted, send
from schemas.chunk import Notification


class Line:
    """Writes, reads, subscribes, and lets go in the end.

    Parameters
    ----------
    connection
        The connection; from here on it is the line's to end.
    wanted
        The sensor and what is asked of it.
    now_us
        Host microseconds of the link's clock.
    hand_on
        Takes whatever is written, for the recording.
    heard
        Takes every notification of the stream, a plain function that returns at once.
    """

    def __init__(
        self,
        connection: Connection,
        wanted: Wanted,
        now_us: Callable[[], int],
        hand_on: Callable[[Notification], None],
        heard: Callable[[bytes], None],
    ) -> None:
        self._connection: Connection | None = connection
        self._wanted = wanted
        self._stream = wanted.asked_mode.notify
        self._now_us = now_us
        self._hand_on = hand_on
        self._heard = heard
        self._turn = asyncio.Lock()
        self._subscribed = False

    @property
    def is_up(self) -> bool:
        """Whether the system takes it for connected."""
        return self._connection is not None and self._connection.is_connected

    async def write(self, characteristic: str, payload: bytes) -> None:
        """Write, and hand on what was written."""
        async with self._turn:
            connection = self._held()
            self._hand_on(Notification(self._now_us(), True, characteristic, payload))
            await connection.write(characteristic, payload)

    async def read(self, characteristic: str) -> bytes:
        """Read a value."""
        async with self._turn:
            return await self._held().read(characteristic)

    async def subscribe(self) -> None:
        """Ask for the stream's notifications, unless that was done."""
        if self._subscribed:
            return
        if self._stream not in self._held().characteristics:
            raise LinkError(
                Fault.UNSUPPORTED,
                f"it has no characteristic {self._stream}: not a {self._wanted.profile.name}",
            )
        async with self._turn:
            await self._held().subscribe(self._stream, self._heard)
        self._subscribed = True

    async def subscribe_again(self) -> None:
        """Give the subscription up, ask for it anew, and have the sensor start."""
        async with self._turn:
            with suppress(LinkError):
                await self._held().unsubscribe(self._stream)
            self._subscribed = False
        await self.subscribe()
        await send(self._wanted.profile.start(self._wanted.asked_mode.number), self.write)

    async def pair(self) -> None:
        """Pair."""
        await self._held().pair()

    async def let_go(self, *, lost: bool) -> None:
        """Stop the sensor politely where there is still a link; disconnect in any case."""
        connection, self._connection = self._held(), None
        if not lost and connection.is_connected:
            with suppress(LinkError):
                await self._say_goodbye(connection)
        with suppress(LinkError):
            await connection.disconnect()

    async def _say_goodbye(self, connection: Connection) -> None:
        for command in self._wanted.profile.stop(self._wanted.asked_mode.number):
            row = Notification(self._now_us(), True, command.characteristic, command.payload)
            self._hand_on(row)
            await connection.write(command.characteristic, command.payload)
        if self._subscribed:
            await connection.unsubscribe(self._stream)

    def _held(self) -> Connection:
        if self._connection is None:
            raise LinkError(Fault.LINK_LOST, "not connected")
        return self._connection
