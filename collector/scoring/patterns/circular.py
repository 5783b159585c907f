"""Means of angles, which have no beginning: 350 and 10 degrees have the mean 0, not 180."""

from __future__ import annotations

import numpy as np

from schemas.units import FloatArray


def circular_mean_deg(angles_deg: FloatArray) -> float:
    """Return the direction of the mean vector of `angles_deg` (N,), 0 to 360 degrees."""
    return float(np.degrees(np.angle(_mean_vector(angles_deg))) % 360.0)


def resultant(angles_deg: FloatArray) -> float:
    """Return the length of the mean vector, 1 where all angles are the same."""
    return float(abs(_mean_vector(angles_deg)))


def angular_deviation_deg(r: FloatArray) -> FloatArray:
    """Return sqrt(2 (1 - r)) in degrees, 0 to 81: the spread that belongs to a resultant."""
    return np.asarray(np.degrees(np.sqrt(2.0 * np.clip(1.0 - r, 0.0, None))))


def wrapped_deg(angles_deg: FloatArray) -> FloatArray:
    """Return the same angles in -180 up to 180 degrees."""
    return np.asarray((angles_deg + 180.0) % 360.0 - 180.0)


def _mean_vector(angles_deg: FloatArray) -> complex:
    return complex(np.exp(1j * np.radians(angles_deg)).mean())
