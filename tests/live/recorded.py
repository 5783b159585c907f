"""What the tests of the recorder share: sensors that send, and a store to send to."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from collector.links.base import Batch, Received
from collector.store import Store, open_store
from schemas.chunk import Chunk, Notification
from schemas.recording import RecordingInfo, SensorUse

FRAME = b"\x55\x61" + bytes(range(18))


def head(**changes: object) -> RecordingInfo:
    sensors = tuple(
        SensorUse(segment, "witmotion", 1, alias, "arrival", None, 100.0)  # type: ignore[arg-type]
        for segment, alias in (("pelvis", "0123456789abcdef"), ("thigh_left", "fedcba9876543210"))
    )
    values: dict[str, object] = {"sensors": sensors, "utc": "2026-05-04T09:30:00Z"}
    return RecordingInfo(**(values | changes))  # type: ignore[arg-type]  # a test's shorthand


def received(sensor: int, t_us: int, payload: bytes = FRAME) -> Received:
    return Received(sensor, Notification(t_us, False, "ffe4", payload))


def batch(t_us: int, *payloads: bytes) -> Batch:
    """One notification of every sensor, its time in its bytes."""
    own = payloads or tuple(b"\x55\x61" + t_us.to_bytes(17, "little") + bytes([n]) for n in (0, 1))
    return tuple(received(sensor, t_us, payload) for sensor, payload in enumerate(own))


def sent(times_us: Iterable[int]) -> tuple[Chunk, ...]:
    """What a recording of `batch` at these times must hold."""
    rows = [batch(t_us) for t_us in times_us]
    return tuple(Chunk.of([row[n].notification for row in rows]) for n in (0, 1))


def opens(path: Path, wait_s: float = 0.0) -> Store:
    return open_store(path, wait_s=wait_s)
