"""The sensor axis that the user named, laid level in the reference pose."""

from __future__ import annotations

from typing import Final

import numpy as np

from collector.motion.pose import Reference, level, vector
from schemas.calibration import SegmentCalibration
from schemas.units import DEG_PER_RAD, FloatArray

NO_AXIS: Final = "axis_not_found"
VERTICAL: Final = "axis_vertical"
MIN_NAMED_AXIS_DEG: Final = 5.0
"""A named axis nearer to the vertical than this tells nothing about left."""


def axis_vector(axis: str) -> FloatArray:
    """Return ``+x`` ... ``-z`` as a unit vector in the sensor frame."""
    named = np.zeros(3)
    named["xyz".index(axis[1])] = -1.0 if axis[0] == "-" else 1.0
    return named


def to_vertical_deg(axis: FloatArray, up: FloatArray) -> float:
    """Return the angle between an axis and the vertical, 0 to 90 degrees."""
    return float(np.arccos(min(1.0, abs(float(axis @ up))))) * DEG_PER_RAD


def named_axis(axis: str, zero: Reference) -> SegmentCalibration:
    """Lay the named axis level in the reference pose; how far it was from there is kept."""
    named = axis_vector(axis)
    beta_deg = to_vertical_deg(named, zero.up)
    found = beta_deg > MIN_NAMED_AXIS_DEG
    return SegmentCalibration(
        up_reference=vector(zero.up),
        axis_left=vector(level(named, zero.up)) if found else None,
        method="axis" if found else "none",
        variance_ratio=None,
        axis_to_vertical_deg=beta_deg,
        reference_sd_deg=zero.sd_deg,
        reasons=() if found else (NO_AXIS, VERTICAL),
    )
