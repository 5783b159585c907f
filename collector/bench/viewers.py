"""Viewers of the screen as a process of their own: what it costs to look on is so not counted.

Its line on standard input says where to look, with what cookie, for how long, and how many look on.
It prints when each viewer got which frame, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks on: where, with what cookie, how long, how many; and how many who never read."""

    address: str
    cookie: str
    seconds: float
    viewers: int
    stalled: int = 0


async def look(asked: Looking) -> list[list[tuple[float, float]]]:
    """Return for every viewer the frames' times and when they came, seconds."""
    async with AsyncExitStack() as stack:
        for _ in range(asked.stalled):
            await stack.enter_async_context(_connected(asked, max_queue=1))  # and is never read
        viewers = [await stack.enter_async_context(_connected(asked)) for _ in range(asked.viewers)]
        sys.stdout.write("looking\n")
        sys.stdout.flush()
        return await asyncio.gather(*(_read(viewer, asked.seconds) for viewer in viewers))


def _connected(asked: Looking, max_queue: int = 16) -> connect:
    return connect(
        f"ws{asked.address.removeprefix('http')}/api/live",
        origin=asked.address,  # type: ignore[arg-type]  # a NewType of str
        additional_headers={"Cookie": asked.cookie},
        compression=None,
        max_queue=max_queue,
        close_timeout=0.5,
    )


async def _read(viewer: ClientConnection, seconds: float) -> list[tuple[float, float]]:
    came: list[tuple[float, float]] = []
    try:
        async with asyncio.timeout(seconds):
            async for text in viewer:
                now_s = time.perf_counter()
                message = json.loads(text)
                if message["type"] == "frame":
                    came.append((message["t_s"], now_s))
    except (TimeoutError, ConnectionClosed):
        pass
    return came


if __name__ == "__main__":
    asked = Looking(**json.loads(sys.stdin.readline()))
    sys.stdout.write(json.dumps(asyncio.run(look(asked))) + "\n")
