"""/api/live: the run and its frames over a WebSocket, as they happen."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from collector.web.api.engine import station_of
from collector.web.station.board import Viewer

routes: Final = APIRouter()

BEAT_S: Final = 5.0
"""So often a quiet connection says that it lives: a page cannot tell silence from a dead link."""
BEAT: Final = '{"type": "beat"}'


@routes.websocket("/api/live")
async def live(socket: WebSocket) -> None:
    """Send the run, then every change, frame and cue, until the viewer leaves."""
    await socket.accept()
    with station_of(socket).board.view() as viewer, suppress(WebSocketDisconnect):
        leaving = asyncio.create_task(_left(socket, viewer), name="viewer leaves")
        try:
            await _send(socket, viewer)
        finally:
            leaving.cancel()
            with suppress(asyncio.CancelledError):
                await leaving


async def _send(socket: WebSocket, viewer: Viewer) -> None:
    messages = aiter(viewer)
    while True:
        try:
            async with asyncio.timeout(BEAT_S):
                text = await anext(messages)
        except TimeoutError:
            text = BEAT
        except StopAsyncIteration:
            return
        await socket.send_text(text)


async def _left(socket: WebSocket, viewer: Viewer) -> None:
    """Read and forget what a viewer sends, until they leave."""
    try:
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
    finally:
        viewer.close()
