"""Inclination of a segment about its own axis, from gravity alone: no heading, no gimbal lock."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from collector.motion.rows import cross
from schemas.units import FloatArray

_NEAR = np.cos(np.radians(10.0))
"""An up-vector within 10 degrees of the reference's belongs to the reference pose."""

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
        Radians, unwrapped over time; whole turns are counted from where it first comes to the
        reference pose, or, where it never does, from the first value.
    """
    e = np.asarray(axis, dtype=np.float64)
    u0 = np.asarray(up_reference, dtype=np.float64)
    sine = up @ cross(e, u0)
    cosine = up @ (u0 - e * (e @ u0))
    return _from_reference(_unwrapped(-np.arctan2(sine, cosine)), up @ u0)


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


def _from_reference(angle: FloatArray, near: FloatArray) -> FloatArray:
    """Take off the whole turns that somebody made before the reference pose, lying down say."""
    if np.abs(angle).max(initial=0.0, where=~np.isnan(angle)) <= np.pi:
        return angle
    there = angle[near > _NEAR]
    turns = np.round(there[0] / (2.0 * np.pi)) if there.size else 0.0
    return angle - 2.0 * np.pi * turns


def _unwrapped(angle: FloatArray) -> FloatArray:
    """Unwrap across NaN: what is missing does not forget the turn it was on."""
    step = np.abs(angle[1:] - angle[:-1]).max(initial=0.0)
    if step <= np.pi:
        return angle
    known = ~np.isnan(angle)
    out = angle.copy()
    out[known] = np.unwrap(angle[known])
    return out
