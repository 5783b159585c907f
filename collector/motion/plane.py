"""The plane across a direction, and where a cloud of vectors lies in it, in closed form.

For two by two numbers a linear algebra library takes ten times as long to be called as to compute.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from collector.motion.rows import cross
from schemas.units import FloatArray


@dataclass(frozen=True, slots=True)
class Principal:
    """Where squares add up to the most: rad from the first axis, and the sums there and in all."""

    angle_rad: float
    most: float
    total: float


def plane_across(direction: FloatArray) -> FloatArray:
    """Return two unit vectors (rows) that span the plane across a unit vector."""
    flattest = int(np.argmin(np.abs(direction)))
    along = float(direction[flattest])
    first = -along * direction
    first[flattest] += 1.0
    first /= math.sqrt(1.0 - along * along)
    return np.stack((first, cross(direction, first)))


def principal(seen: FloatArray) -> Principal:
    """Return the principal direction of vectors in a plane, (N, 2), about zero."""
    (a, b), (_, c) = (seen.T @ seen).tolist()
    middle, half = 0.5 * (a + c), math.hypot(0.5 * (a - c), b)
    return Principal(0.5 * math.atan2(2.0 * b, a - c), middle + half, a + c)
