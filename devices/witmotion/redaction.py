"""Take the hardware address out of WitMotion replies before anything is stored."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import numpy as np

from devices.stream import incoming, on
from devices.witmotion.codec import NOTIFY
from devices.witmotion.frames import REPLY, SHORT
from devices.witmotion.registers import ADDRESS_REGISTERS, WORDS
from devices.witmotion.splitter import Splitter
from schemas.chunk import Chunk

_REPLY = re.compile(re.escape(REPLY))
NAME: Final = "witmotion registers 0x66-0x68 (hardware address)"


class Redactor:
    """Zeroes the address of one connection, also where a reply is spread over several chunks."""

    __slots__ = ("_splitter",)

    def __init__(self) -> None:
        self._splitter = Splitter()

    def redact(self, chunk: Chunk) -> tuple[Chunk, tuple[str, ...]]:
        """Return `chunk` without address bytes, and what was redacted."""
        stream, _ = incoming(chunk, NOTIFY)
        old = len(self._splitter.tail.data)
        found = self._splitter.push(stream)
        data = found.stream.data
        waiting = len(data) - len(self._splitter.tail.data)
        # what waits may turn out to hold a reply when its bytes are stored already
        starts = found.replies + [m.start() for m in _REPLY.finditer(data, waiting)]
        address = [at for start in starts for at in _address_bytes(data, start)]
        return _zeroed(chunk, [at - old for at in address if at >= old]), (NAME,) * bool(address)


def redact(chunk: Chunk) -> tuple[Chunk, tuple[str, ...]]:
    """Return one connection's whole `chunk` without address bytes, and what was redacted."""
    return Redactor().redact(chunk)


def _address_bytes(data: bytes, start: int) -> list[int]:
    """Return the offsets of the address in the (perhaps incomplete) reply at `start`."""
    if len(data) < start + 4:
        return []
    first = int.from_bytes(data[start + 2 : start + 4], "little")
    words = [r - first for r in ADDRESS_REGISTERS if 0 <= r - first < WORDS]
    offsets = [start + 4 + 2 * word + half for word in words for half in (0, 1)]
    return [at for at in offsets if at < min(len(data), start + SHORT)]


def _zeroed(chunk: Chunk, offsets: list[int]) -> Chunk:
    """Zero bytes of `chunk`, counted within what the sensor sent on its data characteristic."""
    if not offsets:
        return chunk
    payload = np.frombuffer(chunk.payload, dtype=np.uint8).copy()
    ours = np.flatnonzero(np.repeat(~chunk.outgoing & on(chunk, NOTIFY), chunk.length))
    payload[ours[offsets]] = 0
    return replace(chunk, payload=payload.tobytes())
