"""Turns of a segment and of a joint in three angles: flexion, adduction, rotation.

The order is that of the joint coordinate system of the International Society of Biomechanics
(Wu 2002; Grood and Suntay 1983): about z (right), then x (forward), then y (up the long axis).
"""

from __future__ import annotations

import numpy as np

from collector.motion.quaternion import conjugate, multiply
from schemas.segments import Side
from schemas.units import DEG_PER_RAD, FloatArray


def cardan_zxy_rad(quat_wxyz: FloatArray) -> FloatArray:
    """Return the intrinsic Z-X-Y angles of rotations, (N, 4) -> (N, 3), in that order.

    z lies in -pi..pi, x in -pi/2..pi/2, y in -pi..pi; rows of NaN stay NaN. Where x is a right
    angle, z and y turn about one line and only their sum or difference means something.
    """
    w, x, y, z = np.moveaxis(quat_wxyz, -1, 0)
    first = np.arctan2(2.0 * (w * z - x * y), 1.0 - 2.0 * (x * x + z * z))
    second = np.arcsin(np.clip(2.0 * (y * z + w * x), -1.0, 1.0))
    third = np.arctan2(2.0 * (w * y - x * z), 1.0 - 2.0 * (x * x + y * y))
    return np.stack((first, second, third), axis=-1)


def hip_joint_deg(
    pelvis_wxyz: FloatArray, thigh_wxyz: FloatArray, side: Side
) -> dict[str, FloatArray]:
    """Return flexion, adduction and internal rotation of the hip, degrees, (N,) each.

    Parameters
    ----------
    pelvis_wxyz, thigh_wxyz : (N, 4)
        Orientation of the segments' own frames (x forward, y up, z right) in one common frame;
        both are that frame itself in the zero pose.
    side
        On the left, adduction and rotation change their signs, so that they stay clinical.
    """
    turns = DEG_PER_RAD * cardan_zxy_rad(multiply(conjugate(pelvis_wxyz), thigh_wxyz))
    mirrored = 1.0 if side == "right" else -1.0
    return {
        "flexion_deg": turns[..., 0],
        "adduction_deg": mirrored * turns[..., 1],
        "internal_rotation_deg": mirrored * turns[..., 2],
    }
