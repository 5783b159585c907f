"""What gravity alone says about where a sensor sits: posture, slip, a strap put on backward."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from schemas.units import DEG_PER_RAD, RAD_PER_DEG, FloatArray

Posture = Literal["upright", "inverted", "supine", "prone", "left_side", "right_side"]

POSTURE_CONE_RAD: Final = 40.0 * RAD_PER_DEG
"""A body direction this close to the vertical names the posture; between two nothing does."""
SLIP_DEG: Final = 5.0
LIFT_DEG: Final = 20.0


def posture_of(up: FloatArray, *, forward: FloatArray, left: FloatArray) -> Posture | None:
    """Name the posture of a segment from gravity, or None where it lies between two.

    Parameters
    ----------
    up : (3,)
        Unit up-vector in the sensor frame.
    forward, left : (3,)
        Unit directions of the body in the sensor frame, across each other, as the strap goes on.
    """
    directions: dict[Posture, FloatArray] = {
        "upright": np.cross(forward, left),
        "supine": forward,
        "right_side": left,
    }
    opposite: dict[Posture, Posture] = {
        "upright": "inverted",
        "supine": "prone",
        "right_side": "left_side",
    }
    for posture, direction in directions.items():
        along = float(up @ direction)
        if abs(along) > np.cos(POSTURE_CONE_RAD):
            return posture if along > 0.0 else opposite[posture]
    return None


def slip_deg(up_reference: FloatArray, up_again: FloatArray) -> float:
    """How far the sensor has turned on its segment, seen in the same posture twice."""
    sine = np.linalg.norm(np.cross(up_reference, up_again))
    return float(np.arctan2(sine, up_reference @ up_again)) * DEG_PER_RAD


def has_slipped(up_reference: FloatArray, up_again: FloatArray) -> bool:
    """Whether the calibration has expired: more than `SLIP_DEG` in the same posture."""
    return slip_deg(up_reference, up_again) > SLIP_DEG


def lifts_backward(thigh_deg: FloatArray) -> bool:
    """Whether a cued lift reads as extension: the axis points right, or the strap is reversed."""
    lifted = np.flatnonzero(np.abs(thigh_deg - thigh_deg[0]) >= LIFT_DEG)
    return bool(lifted.size and thigh_deg[lifted[0]] < thigh_deg[0])
