"""Statistics of short arrays, several times as fast as NumPy's general ones on 100 samples."""

from __future__ import annotations

import math

import numpy as np

from schemas.units import FloatArray


def median(x: FloatArray) -> float:
    """Return the median; NaN if one of the values is, or there are none."""
    n = len(x)
    if n == 0:
        return math.nan
    ordered = x.copy()
    ordered.sort()
    if math.isnan(ordered[-1]):
        return math.nan
    middle = n // 2
    upper = float(ordered[middle])
    return upper if n % 2 else 0.5 * (float(ordered[middle - 1]) + upper)


def spread(x: FloatArray) -> float:
    """Return the standard deviation about the mean, divisor N."""
    off = x - np.add.reduce(x) / len(x)
    return math.sqrt(float(off @ off) / len(x))


def line(x: FloatArray, y: FloatArray) -> tuple[float | None, float | None]:
    """Return the least-squares slope of y on x, and r; None where one does not vary."""
    dx, dy = x - np.add.reduce(x) / len(x), y - np.add.reduce(y) / len(y)
    xx, yy, xy = float(dx @ dx), float(dy @ dy), float(dx @ dy)
    if xx <= 0.0:
        return None, None
    return xy / xx, xy / math.sqrt(xx * yy) if yy > 0.0 else None
