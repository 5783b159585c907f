"""Frames of one length as columns of differences: what makes stored notifications small.

A frame of `stride` bytes is seen as 16-bit little-endian columns (8-bit where the stride is odd).
Each column is kept as its first value and the differences of the order (0, 1 or 2) that costs the
fewest bits; one byte a value where all differences fit into one, else a low and a high plane.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Unsigned = npt.NDArray[np.uint16]

CONSTANT: Final = 3
WIDE: Final = 4
"""Column codes: 0, 1, 2 are the order of the differences; `CONSTANT` has none; `WIDE` is added
where the differences need two bytes."""

MAX_STRIDE: Final = 1024


def columns_to_bytes(frames: bytes, stride: int) -> bytes:
    """Return `frames`, a whole number of `stride` bytes, as codes, first values and planes."""
    values = _as_columns(frames, stride)
    coded = [_code(column) for column in values]
    codes = np.array([code for code, _ in coded], dtype=np.uint8)
    kept = [(code, difference) for code, difference in coded if code != CONSTANT]
    narrow = [d.astype(np.uint8) for code, d in kept if not code & WIDE]
    wide = [d for code, d in kept if code & WIDE]
    planes = [
        *narrow,
        *((d & 0xFF).astype(np.uint8) for d in wide),
        *((d >> 8).astype(np.uint8) for d in wide),
    ]
    first = values[:, 0].astype("<u2")
    return codes.tobytes() + first.tobytes() + b"".join(plane.tobytes() for plane in planes)


def columns_from_bytes(data: memoryview, stride: int, size: int) -> tuple[bytes, int]:
    """Return the `size` bytes of frames that `data` begins with, and how much of it they took.

    Raises `ValueError` where `data` is too short or holds a code that does not exist.
    """
    width = 1 if stride % 2 else 2
    k, n = stride // width, size // stride
    codes = np.frombuffer(data, np.uint8, k)
    if codes.max(initial=0) > (WIDE | 2):
        raise ValueError("a column code that does not exist")
    first = np.frombuffer(data, "<u2", k, offset=k)
    out = np.empty((k, n), dtype=np.int16)
    out[:] = first.astype(np.uint16).view(np.int16)[:, None]
    offset = _read_differences(data, 3 * k, codes, out)
    frames = np.ascontiguousarray(out.T).astype("<i2" if width == 2 else np.uint8, copy=False)
    return frames.tobytes(), offset


def _as_columns(frames: bytes, stride: int) -> Unsigned:
    if stride % 2:
        table = np.frombuffer(frames, np.uint8).reshape(-1, stride)
    else:
        table = np.frombuffer(frames, "<u2").reshape(-1, stride // 2)
    return np.ascontiguousarray(table.T, dtype=np.uint16)


def _code(column: Unsigned) -> tuple[int, Unsigned]:
    """Return the cheapest code of one column, and its differences modulo 2**16."""
    level = column - column[0]
    if not level.any():
        return CONSTANT, level
    step = np.diff(level, prepend=level[:1])
    candidates = [level, step, np.diff(step, prepend=step[:1])]
    magnitude = np.abs(np.stack(candidates).view(np.int16).astype(np.int32))
    order = int(np.argmin(np.log2(1.0 + magnitude).sum(axis=1)))
    best = candidates[order].view(np.int16)
    if best.min() >= -128 and best.max() <= 127:
        return order, candidates[order]
    return order | WIDE, candidates[order]


def _read_differences(
    data: memoryview, offset: int, codes: npt.NDArray[np.uint8], out: npt.NDArray[np.int16]
) -> int:
    """Add the differences to the first values that `out` already holds; return where they end."""
    n = out.shape[1]
    narrow = np.flatnonzero(codes < CONSTANT)
    wide = np.flatnonzero(codes >= WIDE)
    rows = np.concatenate([narrow, wide])
    low = np.frombuffer(data, np.int8, len(narrow) * n, offset=offset)
    offset += len(low)
    differences = np.empty((len(rows), n), dtype=np.int16)
    differences[: len(narrow)] = low.reshape(len(narrow), n)
    planes = np.frombuffer(data, np.uint8, 2 * len(wide) * n, offset=offset)
    offset += len(planes)
    if len(wide):
        pair = planes.reshape(2, len(wide), n).astype(np.uint16)
        differences[len(narrow) :] = (pair[0] | pair[1] << 8).view(np.int16)
    for order in (2, 1):
        chosen = np.flatnonzero((codes[rows] & 3) >= order)
        if len(chosen):
            differences[chosen] = np.add.accumulate(differences[chosen], axis=1)
    out[rows] += differences
    return offset
