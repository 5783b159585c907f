"""Whole orientations where gravity does not do: heading is set where the reference pose was held.

In the reference pose all segments' left axes are taken to be parallel, so each sensor's arbitrary
heading drops out. What is left drifts as the orientation does, a few degrees a minute.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from collector.motion.anatomy import Body
from collector.motion.quaternion import multiply
from collector.motion.rows import cross
from schemas.units import BoolArray, FloatArray


def segment_turn_wxyz(
    quat_wxyz: FloatArray, body: Body, up_zero: FloatArray, at: BoolArray
) -> FloatArray | None:
    """Return how a segment has turned since its zero pose, in the frame of the body at zero.

    Parameters
    ----------
    quat_wxyz : (N, 4)
        Sensor to earth.
    body
        The body's directions in the sensor frame.
    up_zero : (3,)
        The up-vector of the zero pose in the sensor frame.
    at : (N,)
        True in the reference pose, where the heading is set.

    Returns
    -------
    (N, 4) float64 or None
        Rotations in x forward, y superior, z right; None where no orientation is known in the
        reference pose.
    """
    known = at & np.isfinite(quat_wxyz[:, 0])
    if not known.any():
        return None
    axes, level = _axes(body), _most_level(body, up_zero)
    heading = _turned_about_up(-_heading_rad(quat_wxyz[known], level))
    ahead = cross(level, up_zero)
    ahead = ahead / _size(ahead)
    room = np.stack((ahead, cross(up_zero, ahead), up_zero))
    # the rows of `room` are the room's axes in the sensor at zero, `level` along the second one
    back = Rotation.from_matrix(axes.T @ room.T)
    turned = multiply(_wxyz(back), multiply(heading, quat_wxyz))
    return multiply(turned, _wxyz(Rotation.from_matrix(axes)))


def _axes(body: Body) -> FloatArray:
    """Return forward, superior and right as columns, orthonormal."""
    left = body.left / _size(body.left)
    forward = body.forward - float(body.forward @ left) * left
    forward = forward / _size(forward)
    return np.stack((forward, cross(forward, left), -left), axis=1)


def _most_level(body: Body, up: FloatArray) -> FloatArray:
    """Return left, or forward where left stands upright."""
    return body.left if abs(float(body.left @ up)) < 0.5 else body.forward


def _heading_rad(quat_wxyz: FloatArray, level: FloatArray) -> float:
    """Return where `level` points on the map, counted from the earth's second axis."""
    pointing = Rotation.from_quat(np.roll(quat_wxyz, -1, axis=1)).apply(level).mean(axis=0)
    return float(np.arctan2(-pointing[0], pointing[1]))


def _turned_about_up(angle_rad: float) -> FloatArray:
    return np.array([np.cos(angle_rad / 2.0), 0.0, 0.0, np.sin(angle_rad / 2.0)])


def _wxyz(rotation: Rotation) -> FloatArray:
    return np.roll(rotation.as_quat(), 1)


def _size(v: FloatArray) -> float:
    return float(np.linalg.norm(v))
