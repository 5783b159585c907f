"""The orientation that a sensor computes for itself: nearly right, sometimes not at all."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from collector.simulate.sensor import Sensor, SensorErrors, rotation_of
from schemas.units import G_M_S2, RAD_PER_DEG, FloatArray

_FAULT_DEG = 40.0
_FAULT_DECAY_S = 4.0
_YAW_DRIFT_DEG_MIN = 1.0


def vendor_rotation(
    rotation: FloatArray,
    t_s: FloatArray,
    sensor: Sensor,
    errors: SensorErrors,
    *,
    thawed_s: float | None = None,
) -> FloatArray:
    """Return what its fusion makes of the true sensor-to-earth rotations (N, 3, 3).

    A slow tilt error, a heading of its own that drifts, and, from the end of the frozen frames at
    `thawed_s` on, the start-up fault (the frozen ones are frames, not orientations: see `freeze`).
    """
    phase = sensor.vendor_phase
    wander = errors.vendor_tilt_deg * np.sin(np.outer(t_s, (0.31, 0.23)) + phase[:2])
    heading = np.degrees(phase[2]) + _YAW_DRIFT_DEG_MIN * t_s / 60.0
    if thawed_s is not None:
        since = t_s - thawed_s
        off = _FAULT_DEG * np.exp(-np.maximum(since, 0.0) / _FAULT_DECAY_S)
        wander += off[:, None] * (np.cos(phase[3]), np.sin(phase[3]))
    vector = np.column_stack([wander, np.zeros_like(t_s)]) * RAD_PER_DEG
    turned = np.column_stack([np.zeros((len(t_s), 2)), heading]) * RAD_PER_DEG
    result: FloatArray = rotation_of(turned) @ rotation_of(vector) @ rotation
    return result


def euler_of(rotation: FloatArray) -> FloatArray:
    """Return roll, pitch, yaw (N, 3), rad, intrinsic Z-Y-X, of sensor-to-earth rotations."""
    return np.stack(
        [
            np.arctan2(rotation[:, 2, 1], rotation[:, 2, 2]),
            np.arcsin(np.clip(-rotation[:, 2, 0], -1.0, 1.0)),
            np.arctan2(rotation[:, 1, 0], rotation[:, 0, 0]),
        ],
        axis=-1,
    )


def free_acceleration(rotation: FloatArray, force_m_s2: FloatArray) -> FloatArray:
    """Return acceleration without gravity (N, 3), earth frame, as such a fusion believes it."""
    acceleration: FloatArray = np.einsum("nij,nj->ni", rotation, force_m_s2)
    acceleration[:, 2] -= G_M_S2
    return acceleration


def magnetic_field(rotation: FloatArray) -> FloatArray:
    """Return an undisturbed field of size one (N, 3), sensor frame, dipping by 60 degrees."""
    field: FloatArray = rotation[:, 0, :] * 0.5 - rotation[:, 2, :] * np.sqrt(0.75)
    return field


def quat_of(rotation: FloatArray) -> FloatArray:
    """Return unit quaternions (N, 4), w first, continuous in sign, of rotations (N, 3, 3)."""
    xyzw: FloatArray = Rotation.from_matrix(rotation).as_quat()
    quat: FloatArray = np.roll(xyzw, 1, axis=1)
    flips = np.where(np.einsum("ni,ni->n", quat[1:], quat[:-1]) < 0.0, -1.0, 1.0)
    quat[1:] *= np.cumprod(flips)[:, None]
    return quat


def freeze(euler_rad: FloatArray, frames: int) -> FloatArray:
    """Repeat one meaningless triple over the first `frames`, as a WitMotion unit may."""
    frozen = euler_rad.copy()
    frozen[:frames] = np.array((0.34, -0.12, 0.0)) * RAD_PER_DEG
    return frozen
