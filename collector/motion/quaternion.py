"""The few quaternion operations that motion needs; `wxyz`, sensor to earth, Hamilton product."""

from __future__ import annotations

import numpy as np

from collector.motion.rows import scaled, size
from schemas.units import FloatArray


def up_of_quat(quat_wxyz: FloatArray) -> FloatArray:
    """Up-vector in the sensor frame, ``R^T z``; (N, 4) -> (N, 3)."""
    w, x, y, z = np.ascontiguousarray(quat_wxyz.T)
    up = np.empty((len(quat_wxyz), 3))
    up[:, 0] = 2.0 * (x * z - w * y)
    up[:, 1] = 2.0 * (y * z + w * x)
    up[:, 2] = 1.0 - 2.0 * (x * x + y * y)
    return up


def up_of_euler(euler_rad: FloatArray) -> FloatArray:
    """Up-vector from roll and pitch (intrinsic Z-Y-X); (N, 3) -> (N, 3); yaw does not matter."""
    roll, pitch = euler_rad[:, 0], euler_rad[:, 1]
    cos_pitch = np.cos(pitch)
    up = np.empty((len(euler_rad), 3))
    up[:, 0] = -np.sin(pitch)
    up[:, 1] = np.sin(roll) * cos_pitch
    up[:, 2] = np.cos(roll) * cos_pitch
    return up


def conjugate(quat_wxyz: FloatArray) -> FloatArray:
    """Return the inverse rotation of a unit quaternion."""
    return np.asarray(quat_wxyz * np.array([1.0, -1.0, -1.0, -1.0]))


def multiply(a: FloatArray, b: FloatArray) -> FloatArray:
    """Hamilton product along the last axis, with broadcasting."""
    aw, ax, ay, az = np.moveaxis(a, -1, 0)
    bw, bx, by, bz = np.moveaxis(b, -1, 0)
    product = (
        aw * bw - ax * bx - ay * by - az * bz,
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
    )
    return np.asarray(np.stack(product, axis=-1))


def rotation_angle_rad(quat_wxyz: FloatArray) -> FloatArray:
    """Whole angle of a rotation, 0..pi, whichever of the two signs the quaternion has."""
    vector = np.linalg.norm(quat_wxyz[..., 1:], axis=-1)
    return np.asarray(2.0 * np.arctan2(vector, np.abs(quat_wxyz[..., 0])))


def rates_of_quat(quat_wxyz: FloatArray, t_s: FloatArray) -> FloatArray:
    """Rate of turn in the sensor frame between neighbors, rad/s; (N, 4) -> (N, 3).

    Row i is the mean rate from i to i+1; the last row repeats the one before.
    """
    step = multiply(conjugate(quat_wxyz[:-1]), quat_wxyz[1:])
    step = np.where(step[:, :1] < 0.0, -step, step)
    sine = np.linalg.norm(step[:, 1:], axis=1)
    scale = np.where(
        sine > 1e-12, 2.0 * np.arctan2(sine, step[:, 0]) / np.maximum(sine, 1e-12), 2.0
    )
    rate = step[:, 1:] * (scale / np.diff(t_s))[:, None]
    return np.concatenate((rate, rate[-1:]))


def normalized(rows: FloatArray) -> FloatArray:
    """Rows of unit length; a row of zeros becomes NaN (unknown, not a direction)."""
    norm = size(rows)
    return scaled(rows, 1.0 / np.where(norm > 1e-9, norm, np.nan))
