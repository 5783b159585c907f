"""The accelerometer itself: bias and scale per axis from still poses, applied on the host."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np
from scipy.optimize import least_squares

from schemas.calibration import AccelerometerCalibration, Vector
from schemas.errors import InputError
from schemas.units import G_M_S2, RAD_PER_DEG, FloatArray

STILL_S: Final = 1.0
STILL_RATE_RAD_S: Final = 3.0 * RAD_PER_DEG
STILL_ACC_M_S2: Final = 0.15
"""Largest SD of an axis inside a pose."""
UNKNOWNS: Final = 6
"""Bias and scale of three axes: as many poses fit without any residual."""
MIN_POSES: Final = UNKNOWNS
POSES_APART_RAD: Final = 20.0 * RAD_PER_DEG
"""Poses closer than this count as one."""
MAX_CONDITION: Final = 30.0
MAX_BIAS_M_S2: Final = 0.2 * G_M_S2
MAX_SCALE_ERROR: Final = 0.1
MAX_RESIDUAL_M_S2: Final = 0.05


def apply(acc_m_s2: FloatArray, calibration: AccelerometerCalibration) -> FloatArray:
    """Correct raw acceleration: ``(raw - bias) / scale``."""
    bias = np.asarray(calibration.bias_m_s2)
    return np.asarray((acc_m_s2 - bias) / np.asarray(calibration.scale))


def still_poses(acc_m_s2: FloatArray, gyr_rad_s: FloatArray | None, rate_hz: float) -> FloatArray:
    """Mean acceleration of every still second, those alike merged; (P, 3) m/s2."""
    width = max(2, round(STILL_S * rate_hz))
    n = len(acc_m_s2) // width
    acc = acc_m_s2[: n * width].reshape(n, width, 3)
    still = (acc.std(axis=1) < STILL_ACC_M_S2).all(axis=1)
    if gyr_rad_s is not None:
        spread = gyr_rad_s[: n * width].reshape(n, width, 3).std(axis=1)
        still &= np.linalg.norm(spread, axis=1) < STILL_RATE_RAD_S
    return _merged(acc.mean(axis=1)[still])


def calibrate_accelerometer(
    acc_m_s2: FloatArray,
    gyr_rad_s: FloatArray | None,
    rate_hz: float,
    *,
    utc: str | None = None,
) -> AccelerometerCalibration:
    """Find bias and scale per axis from a recording that holds still in at least six poses.

    Parameters
    ----------
    acc_m_s2 : (N, 3)
        Raw acceleration.
    gyr_rad_s : (N, 3) or None
        Rate of turn, to tell rest from slow turning.
    rate_hz
        Sampling rate.
    utc
        When it was made, ISO 8601; now by default.

    Raises
    ------
    InputError
        `too_few_poses`, `poses_too_alike` or `accelerometer_misfit`.
    """
    poses = still_poses(acc_m_s2, gyr_rad_s, rate_hz)
    if len(poses) < MIN_POSES:
        raise InputError(
            f"An accelerometer calibration needs {MIN_POSES} still poses of {STILL_S:.0f} s that "
            f"differ by 20 degrees, and {len(poses)} came: rest the sensor on each of its faces.",
            reason="too_few_poses",
        )
    bias, scale, residual = _fit(poses)
    stamp = utc or dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    told = residual if len(poses) > UNKNOWNS else None
    return AccelerometerCalibration(_vector(bias), _vector(scale), told, len(poses), stamp)


def _merged(poses: FloatArray) -> FloatArray:
    """Average poses of one direction, in order of their first appearance."""
    groups: list[list[int]] = []
    unit = poses / np.linalg.norm(poses, axis=1, keepdims=True)
    for i, direction in enumerate(unit):
        near = [g for g in groups if direction @ unit[g[0]] > np.cos(POSES_APART_RAD)]
        near[0].append(i) if near else groups.append([i])
    return np.array([poses[g].mean(axis=0) for g in groups]).reshape(-1, 3)


def _fit(poses: FloatArray) -> tuple[FloatArray, FloatArray, float]:
    """Least squares on ``|corrected| = g``; refuse what the poses cannot tell."""
    start = np.concatenate((np.zeros(3), np.ones(3)))
    found = least_squares(_misfit_g, start, args=(poses / G_M_S2,), method="lm")
    sizes = np.linalg.svd(np.asarray(found.jac), compute_uv=False)
    if sizes[-1] * MAX_CONDITION < sizes[0]:
        raise InputError(
            "The still poses are too alike to tell bias from scale on every axis: rest the sensor "
            "on each of its six faces.",
            reason="poses_too_alike",
        )
    bias, scale = found.x[:3] * G_M_S2, found.x[3:]
    residual = float(np.sqrt(np.mean(found.fun**2)) * G_M_S2)
    _refuse_misfit(bias, scale, residual)
    return bias, scale, residual


def _misfit_g(x: FloatArray, poses_g: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.norm((poses_g - x[:3]) / x[3:], axis=1) - 1.0)


def _refuse_misfit(bias: FloatArray, scale: FloatArray, residual: float) -> None:
    """Refuse what no sensor has: the poses were not still then, or not gravity."""
    sane = np.abs(bias).max() < MAX_BIAS_M_S2 and np.abs(scale - 1.0).max() < MAX_SCALE_ERROR
    if not sane or residual > MAX_RESIDUAL_M_S2:
        raise InputError(
            f"The still poses do not fit one accelerometer (residual {residual:.3f} m/s2, largest "
            f"bias {np.abs(bias).max():.2f} m/s2): hold every pose still for two seconds.",
            reason="accelerometer_misfit",
        )


def _vector(v: FloatArray) -> Vector:
    return float(v[0]), float(v[1]), float(v[2])
