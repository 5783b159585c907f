"""Take address, serial number and tag out of what a Movella DOT and its host exchanged."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from devices.movella_dot.values import CONTROL, INFO, MESSAGE_OUT, message, read_message
from schemas.chunk import Chunk, Notification

_START_SYNC: Final = (2, 7, 1)
_NAMES: Final = {
    INFO: "movella_dot device information (address, serial number)",
    CONTROL: "movella_dot control (tag)",
    MESSAGE_OUT: "movella_dot start of synchronization (address)",
}


class Redactor:
    """Every notification is complete, so nothing is kept between chunks."""

    __slots__ = ()

    def redact(self, chunk: Chunk) -> tuple[Chunk, tuple[str, ...]]:
        """Return `chunk` without personal bytes, and what was redacted."""
        return redact(chunk)


def redact(chunk: Chunk) -> tuple[Chunk, tuple[str, ...]]:
    """Return `chunk` without personal bytes, and what was redacted."""
    if not any(name in _NAMES for name in chunk.characteristics):
        return chunk, ()
    rows = list(chunk.notifications())
    clean = [_clean(row) for row in rows]
    found = {row.characteristic for row, payload in zip(rows, clean, strict=True) if payload}
    kept = b"".join(new or row.payload for row, new in zip(rows, clean, strict=True))
    return replace(chunk, payload=kept), tuple(_NAMES[c] for c in _NAMES if c in found)


def _clean(row: Notification) -> bytes | None:
    """Return the payload of the same length that may be kept, None where any may."""
    payload = row.payload
    if row.characteristic == INFO and payload:
        return _zeroed(_zeroed(payload, 0, 6), 20, 28)
    if row.characteristic == CONTROL and len(payload) > 7:
        return _zeroed(payload, 7, 24)
    if row.characteristic == MESSAGE_OUT and tuple(payload[:3]) == _START_SYNC:
        clean = message(2, payload[2:3] + bytes(6))
        whole = read_message(payload) is not None
        return clean + payload[len(clean) :] if whole else _zeroed(payload, 3, 9)
    return None


def _zeroed(payload: bytes, start: int, end: int) -> bytes:
    middle = payload[start:end]
    return payload[:start] + bytes(len(middle)) + payload[end:]
