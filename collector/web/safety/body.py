"""A request's body, taken whole before anything looks at it: at most 1 MB, in at most 10 s."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from collector.web.safety.origins import Headers, header_values

if TYPE_CHECKING:
    from starlette.types import Message, Receive

MOST_BYTES = 1_000_000
WITHIN_S = 10.0


class BodyTooLargeError(Exception):
    """More came, or was announced, than is taken."""


class BodyTooSlowError(Exception):
    """The body did not arrive in time, or whoever sent it went away."""


async def read_body(
    receive: Receive, headers: Headers, *, most: int = MOST_BYTES, within_s: float = WITHIN_S
) -> bytes:
    """Return the whole body; what was announced is believed, what comes is counted all the same.

    Raises
    ------
    BodyTooLargeError, BodyTooSlowError
    """
    if _announced(headers) > most:
        raise BodyTooLargeError
    try:
        async with asyncio.timeout(within_s):
            return await _all_of(receive, most)
    except TimeoutError as error:
        raise BodyTooSlowError from error


def replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives a body already read, and then what comes after it."""
    parts: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return parts.pop() if parts else await receive()

    return again


async def no_body() -> Message:
    """Receive nothing: for strangers, who may fetch a style sheet and no more."""
    await asyncio.Event().wait()
    return {"type": "http.disconnect"}


async def _all_of(receive: Receive, most: int) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise BodyTooSlowError
        body += message.get("body", b"")
        if len(body) > most:
            raise BodyTooLargeError
        if not message.get("more_body", False):
            return bytes(body)


def _announced(headers: Headers) -> int:
    sent = header_values(headers, b"content-length")
    return max((int(value) for value in sent if value.isdigit() and len(value) < 20), default=0)
