"""Arithmetic on (N, 3) and (N, 4) rows, column by column.

NumPy reduces along an axis of three numbers row by row, five to ten times as slowly.
"""

from __future__ import annotations

import numpy as np

from schemas.units import BoolArray, FloatArray


def dot(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the dot product of every row of `a` with the same row of `b`; (N,)."""
    total = a[:, 0] * b[:, 0]
    for column in range(1, a.shape[1]):
        total += a[:, column] * b[:, column]
    return total


def size(rows: FloatArray) -> FloatArray:
    """Return the length of every row; (N,)."""
    return np.asarray(np.sqrt(dot(rows, rows)))


def scaled(rows: FloatArray, factor: FloatArray) -> FloatArray:
    """Return every row times its own factor (N,)."""
    out = np.empty(rows.shape)
    for column in range(rows.shape[1]):
        np.multiply(rows[:, column], factor, out=out[:, column])
    return out


def differ(a: FloatArray, b: FloatArray) -> BoolArray:
    """Mark the rows that are not the same in `a` and `b`; (N,)."""
    apart = a[:, 0] != b[:, 0]
    for column in range(1, a.shape[1]):
        apart |= a[:, column] != b[:, column]
    return np.asarray(apart)


def mean(rows: FloatArray) -> FloatArray:
    """Return the mean row."""
    return np.full(len(rows), 1.0 / len(rows)) @ rows


def block_means(rows: FloatArray, block: int) -> FloatArray:
    """Return the mean of every whole `block` of rows; what is left over is dropped."""
    n = len(rows) // block
    blocks = rows[: n * block].reshape(n, block, rows.shape[1])
    return np.asarray(np.einsum("ijk->ik", blocks) / block)


def cross(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the cross product of two single vectors."""
    (ax, ay, az), (bx, by, bz) = a.tolist(), b.tolist()
    return np.array((ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx))
