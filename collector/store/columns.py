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
Signed = npt.NDArray[np.int16]

CONSTANT: Final = 3
WIDE: Final = 4
"""Column codes: 0, 1, 2 are the order of the differences; `CONSTANT` has none; `WIDE` is added
where the differences need a second byte."""

MAX_STRIDE: Final = 1024


def columns_to_bytes(frames: bytes, stride: int) -> bytes:
    """Return `frames`, a whole number of `stride` bytes, as codes, first values and planes."""
    values = _as_columns(frames, stride)
    coded = [_code(column) for column in values]
    codes = bytes(code for code, _ in coded)
    rows, wide, _ = _layout(codes)
    differences = np.array([coded[row][1] for row in rows], dtype=np.int16)
    differences = differences.reshape(len(rows), values.shape[1])
    low = differences.astype(np.int8)
    high = (differences[wide] - low[wide] >> 8).astype(np.int8)
    return codes + values[:, 0].astype("<u2").tobytes() + low.tobytes() + high.tobytes()


def columns_from_bytes(data: memoryview, stride: int, size: int) -> tuple[bytes, int]:
    """Return the `size` bytes of frames that `data` begins with, and how much of it they took.

    Raises `ValueError` where `data` is too short or holds a code that does not exist.
    """
    k, n = stride // _width(stride), size // stride
    codes = bytes(data[:k])
    first = np.frombuffer(data, "<u2", k, offset=k).astype(np.int16)
    if max(codes) > (WIDE | 2):
        raise ValueError("a column code that does not exist")
    rows, wide, ends = _layout(codes)
    values, used = _read_differences(data[3 * k :], n, len(rows), wide)
    _integrate(values, first[rows], ends)
    columns = np.empty((k, n), dtype=np.int16)
    constant = [column for column in range(k) if codes[column] == CONSTANT]
    columns[constant] = first[constant, None]
    columns[rows] = values
    wire = columns.T.astype(np.uint8 if stride % 2 else "<i2", copy=False)
    return wire.tobytes(), 3 * k + used


def _width(stride: int) -> int:
    return 1 if stride % 2 else 2


def _as_columns(frames: bytes, stride: int) -> Unsigned:
    width = _width(stride)
    table = np.frombuffer(frames, f"<u{width}").reshape(-1, stride // width)
    return np.ascontiguousarray(table.T, dtype=np.uint16)


def _code(column: Unsigned) -> tuple[int, Signed]:
    """Return the cheapest code of one column, and its differences modulo 2**16."""
    level = column - column[0]
    if not level.any():
        return CONSTANT, level.view(np.int16)
    step = np.diff(level, prepend=level[:1])
    candidates = np.stack([level, step, np.diff(step, prepend=step[:1])]).view(np.int16)
    magnitude = np.abs(candidates.astype(np.int32))
    order = int(np.argmin(np.log2(1.0 + magnitude).sum(axis=1)))
    best = candidates[order]
    return order | (WIDE if best.min() < -128 or best.max() > 127 else 0), best


def _layout(codes: bytes) -> tuple[list[int], list[int], tuple[int, int]]:
    """Return how columns are put into rows: order 2 first, then 1, then 0, so that each is a slice.

    The column of every row, the rows that are wide, and how many rows are of order 2, and 1 or 2.
    """
    of_order = [[i for i, code in enumerate(codes) if code & 3 == order] for order in (2, 1, 0)]
    rows = [*of_order[0], *of_order[1], *of_order[2]]
    wide = [row for row, column in enumerate(rows) if codes[column] & WIDE]
    return rows, wide, (len(of_order[0]), len(of_order[0]) + len(of_order[1]))


def _read_differences(data: memoryview, n: int, rows: int, wide: list[int]) -> tuple[Signed, int]:
    """Return the differences, a row per column, and how many bytes they took."""
    low = np.frombuffer(data, np.int8, rows * n)
    values = low.reshape(rows, n).astype(np.int16)
    if len(wide):
        high = np.frombuffer(data, np.int8, len(wide) * n, offset=rows * n)
        values[wide] += high.reshape(len(wide), n).astype(np.int16) << 8
    return values, (rows + len(wide)) * n


def _integrate(values: Signed, first: Signed, ends: tuple[int, int]) -> None:
    """Turn differences into values, in place and modulo 2**16."""
    twice, once = ends
    values[:twice] = np.add.accumulate(values[:twice], axis=1)
    values[:once, 0] = first[:once]
    values[:once] = np.add.accumulate(values[:once], axis=1)
    values[once:] += first[once:, None]
