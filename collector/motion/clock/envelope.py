"""The line that no arrival falls below: delays are one-sided, so the earliest ones count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schemas.units import FloatArray


@dataclass(frozen=True, slots=True)
class Line:
    """``y = offset + slope * x``."""

    offset: float
    slope: float

    def at(self, x: FloatArray) -> FloatArray:
        """Return the line's height at `x`."""
        return self.offset + self.slope * x


def lower_line(x: FloatArray, y: FloatArray) -> Line:
    """Fit the line below all points with the smallest sum of residuals (at least two points).

    It is the edge of the lower convex hull above the mean of `x`, and the maximum-likelihood line
    for exponential delays. `x` must increase.
    """
    middle = float(x.mean())
    left, right = 0, len(x) - 1
    while True:
        slope = float((y[right] - y[left]) / (x[right] - x[left]))
        rest = y - slope * x
        low = int(np.argmin(rest))
        if rest[low] >= min(rest[left], rest[right]) - 1e-12 or low in (left, right):
            return Line(float(rest[low]), slope)
        if x[low] <= middle:
            left = low
        else:
            right = low


def line_with_slope(x: FloatArray, y: FloatArray, slope: float) -> Line:
    """Return the highest line of that slope below all points."""
    return Line(float((y - slope * x).min()), slope)
