"""uvicorn without sockets of its own: the doorman accepts, uvicorn's protocol serves."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from typing import TYPE_CHECKING

import uvicorn

from collector.web.safety.doorman import Doorman, Limits
from collector.web.safety.listening import Listening
from collector.web.safety.seat import SEAT, Attended, Seat

if TYPE_CHECKING:
    from starlette.types import ASGIApp

HEAD_BYTES = 16_384
"""The most of a request's first line and headers together."""

MESSAGE_BYTES = 65_536
"""The most of one WebSocket message that a browser may send."""


class GuardedServer(uvicorn.Server):
    """Serves an app at listeners that are bound already.

    Run it with `asyncio.run(server.serve())`, in any thread; `started` says that it serves,
    `should_exit = True` ends it. The listeners are closed when it has ended.

    Parameters
    ----------
    app
        The app, with its `Guard` around it.
    listening
        Where it is reached, see `listen`.
    limits
        How many connections, and how slow.
    grace_s
        How long requests may go on after the end was asked for, in whole seconds.
    """

    def __init__(
        self,
        app: ASGIApp,
        listening: Sequence[Listening],
        *,
        limits: Limits | None = None,
        grace_s: int = 3,
    ) -> None:
        super().__init__(_config(app, grace_s))
        self._doorman = Doorman(listening, self._protocol, limits or Limits())

    @property
    def connections(self) -> int:
        """How many connections are open; may be asked from any thread."""
        return self._doorman.taken

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        """Start the app, then open the doors; `sockets` are not taken."""
        await super().startup(sockets=[])
        await self._doorman.__aenter__()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        """Close the doors, let requests end, then clear every seat."""
        await self._doorman.close_doors()
        try:
            await super().shutdown(sockets=[])
        finally:
            await self._doorman.__aexit__()

    def _protocol(self, seat: Seat) -> asyncio.BaseProtocol:
        state = {**self.lifespan.state, SEAT: seat}
        return self.config.http_protocol_class(  # type: ignore[call-arg]  # as uvicorn itself does
            config=self.config, server_state=self.server_state, app_state=state
        )


def _config(app: ASGIApp, grace_s: int) -> uvicorn.Config:
    return uvicorn.Config(
        Attended(app),
        http="h11",
        ws="websockets-sansio",
        lifespan="on",
        interface="asgi3",
        log_config=None,
        log_level="error",  # what strangers send is no news in a therapist's terminal
        access_log=False,  # an address may carry a token
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=grace_s,
        h11_max_incomplete_event_size=HEAD_BYTES,
        ws_max_size=MESSAGE_BYTES,
        ws_per_message_deflate=False,
    )
