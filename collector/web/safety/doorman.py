"""Our own accept loop before uvicorn's protocol: few connections, none of them half open for long.

Every connection has a seat. It is *busy* while the app serves a request or a WebSocket of it, and
waits else: for the TLS handshake, for a request's headers, for the next request, for its last
bytes to be taken. A seat that waits longer than `Limits.head_s` is cleared. When all seats are
taken the longest half-open one of the address that holds most of them gives way to a new
connection, then the longest idle one; a busy seat never does. Hence thousands of half-open
connections cost some accepting and closing, and nobody who sends a request is kept out.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collector.web.safety.listening import Listening
from collector.web.safety.seat import Seat

if TYPE_CHECKING:
    import ssl

_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 2\r\n"
    b"content-length: 0\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is borne.

    Parameters
    ----------
    connections
        Seats in all, over every listener.
    head_s
        How long a seat may wait, from its opening (TLS handshake included) or its last answer.
    send_s
        How long one piece of an answer may wait to be taken by whoever asked for it.
    """

    connections: int = 128
    head_s: float = 10.0
    send_s: float = 30.0


ProtocolFactory = Callable[[Seat], asyncio.BaseProtocol]


class Doorman:
    """Accepts at several listeners and seats what comes; use it as an async context.

    Parameters
    ----------
    listening
        Bound sockets; they are closed when the doorman leaves.
    protocol
        Makes the protocol that serves a connection.
    limits
        How much is borne.
    """

    def __init__(
        self, listening: Sequence[Listening], protocol: ProtocolFactory, limits: Limits
    ) -> None:
        self._listening = tuple(listening)
        self._protocol = protocol
        self._limits = limits
        self._seats: list[Seat] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Doorman:
        """Begin to accept."""
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._accept(each)) for each in self._listening]
        self._tasks.append(loop.create_task(self._watch()))
        return self

    async def __aexit__(self, *_why: object) -> None:
        """Accept no more, clear every seat and wait until its socket is closed."""
        await self.close_doors()
        for _ in range(200):  # two turns of the loop do; one second is the end of all patience
            for seat in self._taken():
                seat.clear()
            if not self._seats:
                break
            await asyncio.sleep(0.005)

    @property
    def taken(self) -> int:
        """How many seats are taken; may be asked from any thread."""
        return sum(not seat.is_empty for seat in tuple(self._seats))

    async def close_doors(self) -> None:
        """Accept no more; who has a seat keeps it."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for each in self._listening:
            each.sock.close()

    async def _accept(self, door: Listening) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                sock, address = await loop.sock_accept(door.sock)
            except OSError:  # whoever knocked has left, or no file is to be had: then one gives way
                self._make_room(always=True)
                await asyncio.sleep(0.02)
                continue
            if self._make_room():
                self._seat(sock, str(address[0]), door.tls)
            else:
                _turn_away(sock, plain=door.tls is None)
            await asyncio.sleep(0)  # those who sit are served between two who come

    def _seat(self, sock: socket.socket, peer: str, tls: ssl.SSLContext | None) -> None:
        loop = asyncio.get_running_loop()
        seat = Seat(sock, peer, loop.time(), send_s=self._limits.send_s)
        self._seats.append(seat)
        seat.open(self._protocol, tls, self._limits.head_s)

    def _make_room(self, *, always: bool = False) -> bool:
        """Tell whether there is a seat, after one has given way where that was needed."""
        seats = self._taken()
        if len(seats) < self._limits.connections and not always:
            return True
        leaves = _who_gives_way(seats)
        if leaves is None:
            return False
        leaves.clear()
        self._seats.remove(leaves)  # its socket closes within this turn of the loop
        return True

    def _taken(self) -> list[Seat]:
        self._seats = [seat for seat in self._seats if not seat.is_empty]
        return self._seats

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._limits.head_s / 20)
            for seat in self._taken():
                if seat.waited_s(loop.time()) > self._limits.head_s:
                    seat.clear()


def _who_gives_way(seats: Iterable[Seat]) -> Seat | None:
    waiting = [seat for seat in seats if not seat.is_busy]
    half_open = [seat for seat in waiting if seat.served == 0]
    if not half_open:
        return min(waiting, key=lambda seat: seat.since, default=None)
    most = Counter(seat.peer for seat in half_open).most_common(1)[0][0]
    return min((seat for seat in half_open if seat.peer == most), key=lambda seat: seat.since)


def _turn_away(sock: socket.socket, *, plain: bool) -> None:
    with sock:
        sock.setblocking(False)
        if plain:
            try:
                sock.send(_FULL)
            except OSError:
                return
