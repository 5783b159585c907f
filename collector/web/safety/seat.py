"""One accepted connection: does it serve a request now, and since when does it wait."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

SEAT = "seat"
"""Where the seat of a request is in its `scope["state"]`."""


class Seat:
    """A connection from its acceptance until its socket is closed.

    Parameters
    ----------
    sock
        The accepted socket.
    peer
        The address it came from.
    since
        The loop's time of the acceptance; later, when it began to wait.
    send_s
        How long a piece of an answer may wait to be taken.
    """

    def __init__(self, sock: socket.socket, peer: str, since: float, *, send_s: float) -> None:
        self._sock = sock
        self._task: asyncio.Task[None] | None = None
        self._transport: asyncio.Transport | None = None
        self._serving = self._unsent = 0
        self._started = self._asks = False
        self.peer = peer
        self.since = since
        self.send_s = send_s
        self.served = 0

    @property
    def is_empty(self) -> bool:
        """Whether the socket is closed."""
        return self._sock.fileno() < 0

    @property
    def is_busy(self) -> bool:
        """Whether a whole request or a WebSocket is being served, and its connection is to last."""
        closing = self._transport is not None and self._transport.is_closing()
        return self._serving > 0 and not self._asks and not closing

    def open(
        self,
        protocol: Callable[[Seat], asyncio.BaseProtocol],
        tls: ssl.SSLContext | None,
        within_s: float,
    ) -> None:
        """Begin to serve; a TLS handshake that is not done `within_s` seconds ends it."""
        work = self._open(protocol, tls, within_s)
        self._task = asyncio.get_running_loop().create_task(work)
        self._task.add_done_callback(self._opened)

    def clear(self) -> None:
        """Close the connection at once, whatever was still to be sent."""
        if self._transport is not None:
            self._transport.abort()
        elif self._task is not None:
            self._task.cancel()

    def waited_s(self, now: float) -> float:
        """Return for how long nothing was served; to be asked often.

        Bytes that are still being taken count as work.
        """
        if self.is_busy or self._takes_bytes():
            self.since = now
        return now - self.since

    @contextmanager
    def serving(self, *, asks: bool) -> Iterator[None]:
        """Mark the time in which the app serves; while it `asks` for the body nobody is busy."""
        self._serving += 1
        self._asks = asks
        self.since = asyncio.get_running_loop().time()
        if not asks:
            self.heard()
        try:
            yield
        finally:
            self._serving -= 1
            self.since = asyncio.get_running_loop().time()

    def heard(self) -> None:
        """Note that a request has come whole and is wanted: from now on it is work."""
        self._asks = False
        self.served += 1

    def _takes_bytes(self) -> bool:
        """Whether less is unsent than when this was last asked, and something still is."""
        before, self._unsent = self._unsent, 0
        if self._transport is not None:
            self._unsent = self._transport.get_write_buffer_size()
        return 0 < self._unsent < before

    async def _open(
        self,
        protocol: Callable[[Seat], asyncio.BaseProtocol],
        tls: ssl.SSLContext | None,
        within_s: float,
    ) -> None:
        if tls is not None:
            await _first_byte(self._sock)
        self._started = True
        limits = {} if tls is None else {"ssl_handshake_timeout": within_s}
        if tls is not None:
            limits["ssl_shutdown_timeout"] = 2.0
        self._transport, _ = await asyncio.get_running_loop().connect_accepted_socket(
            lambda: protocol(self), self._sock, ssl=tls, **limits
        )

    def _opened(self, task: asyncio.Task[None]) -> None:
        """Close what never began; a handshake that failed has closed its socket itself."""
        if not self._started:
            self._sock.close()
        if not task.cancelled():
            task.exception()  # a stranger's broken handshake is nobody's news


async def _first_byte(sock: socket.socket) -> None:
    """Wait until something came: TLS costs thirty times as much as a silent connection."""
    loop = asyncio.get_running_loop()
    came = asyncio.Event()
    try:
        loop.add_reader(sock, came.set)
    except NotImplementedError:  # Windows: then TLS begins at once
        return
    try:
        await came.wait()
    finally:
        loop.remove_reader(sock)


class Attended:
    """The app as the doorman sees it: while it serves, the seat of the request is busy.

    A request counts from when the app has its whole body. One that is refused before that, as
    those of strangers are, never does: slow bodies and answers never read hold no seat.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve; an answer that is not taken in time ends its connection."""
        seat = scope.get("state", {}).pop(SEAT, None)
        if not isinstance(seat, Seat):
            await self._app(scope, receive, send)
            return
        is_request = scope["type"] == "http"
        with seat.serving(asks=is_request):
            if is_request:
                receive, send = _noting(seat, receive), _in_time(seat, send)
            await self._app(scope, receive, send)


def _noting(seat: Seat, receive: Receive) -> Receive:
    async def receive_and_note() -> Message:
        message = await receive()
        if message["type"] == "http.request" and not message.get("more_body", False):
            seat.heard()
        return message

    return receive_and_note


def _in_time(seat: Seat, send: Send) -> Send:
    async def send_in_time(message: Message) -> None:
        try:
            async with asyncio.timeout(seat.send_s):
                await send(message)
        except TimeoutError:
            seat.clear()

    return send_in_time
