"""Decoding 20-byte frames against a loop over `struct`, and against NumPy's own floor."""

from __future__ import annotations

import struct

import numpy as np

from collector.bench.measure import Row, paired_ratio
from devices.registry import profile
from schemas.chunk import Chunk

FRAMES = 20_000
FRAMES_PER_NOTIFICATION = 4
FRAME_BYTES = 20
FRAME = struct.Struct("<2s9h")
SCALES = np.repeat([16 * 9.80665 / 32768, np.radians(2000) / 32768, np.pi / 32768], 3)


def decode_rows() -> list[Row]:
    """Measure the decoder on a stream of random, aligned frames, four a notification."""
    payload = _payload()
    chunk = _chunk(payload)
    family = profile("witmotion")
    detail = f"{FRAMES} frames of {FRAME_BYTES} bytes, {FRAMES_PER_NOTIFICATION} a notification"

    def ours() -> object:
        return family.decoder(None).feed(chunk)

    loop = paired_ratio(lambda: _struct_loop(payload), ours, rounds=5)
    floor = paired_ratio(lambda: _numpy_floor(payload), ours, rounds=15)
    return [
        Row("decode: times a struct loop", loop, "x", 20.0, at_most=False, detail=detail),
        Row("decode: share of NumPy's floor", floor, "x", 0.5, at_most=False, detail=detail),
    ]


def _payload() -> bytes:
    rng = np.random.default_rng(1)
    frames = np.zeros((FRAMES, FRAME_BYTES // 2), dtype="<i2")
    frames[:, 0] = 0x6155
    frames[:, 1:] = rng.normal(0.0, 600.0, (FRAMES, 9)).astype("<i2")
    return frames.tobytes()


def _chunk(payload: bytes) -> Chunk:
    count = FRAMES // FRAMES_PER_NOTIFICATION
    return Chunk(
        t_us=np.arange(count, dtype=np.int64) * 40_000,
        outgoing=np.zeros(count, dtype=np.bool_),
        characteristic=np.zeros(count, dtype=np.uint8),
        length=np.full(count, FRAME_BYTES * FRAMES_PER_NOTIFICATION, dtype=np.int64),
        payload=payload,
        characteristics=("ffe4",),
    )


def _struct_loop(payload: bytes) -> list[list[float]]:
    scales = SCALES.tolist()
    return [
        [raw * scale for raw, scale in zip(values[1:], scales, strict=True)]
        for values in FRAME.iter_unpack(payload)
    ]


def _numpy_floor(payload: bytes) -> object:
    words = np.frombuffer(payload, dtype="<i2").reshape(-1, FRAME_BYTES // 2)
    return words[:, 1:].astype(np.float64) * SCALES
