"""Inclination of a segment about its own axis, from gravity alone: no heading, no gimbal lock."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from collector.motion.rows import cross
from schemas.units import FloatArray

Vec = FloatArray | tuple[float, float, float]


def inclination_rad(up: FloatArray, up_reference: Vec, axis: Vec) -> FloatArray:
    """Rotation of the segment about `axis` since the reference, right-handed.

    With ``a`` and ``b`` the parts of `up_reference` and `up` across the axis, the angle is
    ``-atan2(axis . (a x b), a . b)``: gravity turns backward in a sensor that turns forward.

    Parameters
    ----------
    up : (N, 3)
        Unit up-vectors in the sensor frame; rows of NaN stay NaN.
    up_reference, axis : (3,)
        Unit vectors in the same frame.

    Returns
    -------
    (N,) float64
        Radians, unwrapped over time; the first value lies in -pi..pi.
    """
    e = np.asarray(axis, dtype=np.float64)
    u0 = np.asarray(up_reference, dtype=np.float64)
    sine = up @ cross(e, u0)
    cosine = up @ (u0 - e * (e @ u0))
    return _unwrapped(-np.arctan2(sine, cosine))


def out_of_plane_rad(up: FloatArray, up_reference: Vec, axis: Vec) -> FloatArray:
    """Change of the elevation of `axis` since the reference: tilt out of the sagittal plane."""
    e = np.asarray(axis, dtype=np.float64)
    start = float(np.arcsin(np.clip(np.asarray(up_reference) @ e, -1.0, 1.0)))
    return np.arcsin(np.clip(up @ e, -1.0, 1.0)) - start


def noise_gain(beta_rad: npt.ArrayLike) -> FloatArray:
    """Gain from tilt noise to inclination about an axis `beta_rad` away from the vertical."""
    return 1.0 / np.sin(np.asarray(beta_rad, dtype=np.float64))


def angle_between_rad(a: FloatArray, b: FloatArray) -> FloatArray:
    """Angle between unit vectors along the last axis; well-conditioned near 0 and pi."""
    sine = np.linalg.norm(np.cross(a, b), axis=-1)
    return np.asarray(np.arctan2(sine, np.sum(a * b, axis=-1)))


def _unwrapped(angle: FloatArray) -> FloatArray:
    """Unwrap across NaN: what is missing does not forget the turn it was on."""
    step = np.abs(angle[1:] - angle[:-1]).max(initial=0.0)
    if step <= np.pi:
        return angle
    known = ~np.isnan(angle)
    out = angle.copy()
    out[known] = np.unwrap(angle[known])
    return out
