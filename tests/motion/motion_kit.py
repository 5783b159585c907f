"""Exact sensors for the tests of motion: SciPy's rotations are the independent source of truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from collector.motion.anatomy import role_of
from collector.motion.calibrate import calibrate_segment
from collector.motion.mounting.cue import Cue, Worn
from schemas.motion import ClockFit, Tilt
from schemas.samples import Samples
from schemas.units import G_M_S2, FloatArray, IntArray

LEFT = np.array([0.0, 1.0, 0.0])
UP = np.array([0.0, 0.0, 1.0])
"""The room of a standing person: x forward, y left, z up."""

MOUNT = Rotation.from_rotvec(np.radians([20.0, -35.0, 60.0]))
"""How a sensor sits on its segment, sensor to segment: nothing parallel to anything."""


def times(seconds: float, rate_hz: float = 100.0) -> FloatArray:
    return np.arange(round(seconds * rate_hz)) / rate_hz


def pitched(angle_deg: FloatArray) -> Rotation:
    """Turn a segment about the left axis: its top goes forward."""
    return Rotation.from_rotvec(np.radians(angle_deg)[:, None] * LEFT)


def lift_deg(t_s: FloatArray, peak_deg: float, start_s: float = 1.0, lasts_s: float = 4.0):
    """Rest, then there and back on a raised cosine, then rest."""
    phase = np.clip((t_s - start_s) / lasts_s, 0.0, 1.0)
    return 0.5 * peak_deg * (1.0 - np.cos(2.0 * np.pi * phase))


def clock(t_s: FloatArray, segment: IntArray | None = None, rate_hz: float = 100.0) -> ClockFit:
    """Return an exact clock; a new segment begins wherever samples are missing."""
    if segment is None:
        broken = np.diff(t_s) > 1.5 / rate_hz
        segment = np.concatenate(([0], np.cumsum(broken))).astype(np.int64)
    return ClockFit(t_s, segment, rate_hz, 0, 0, (), 0, 0.0, float("nan"))


def worn(turn: Rotation, t_s: FloatArray, sits: Rotation = MOUNT) -> Samples:
    """Return acceleration (gravity alone) and rate of a perfect sensor on a turning segment."""
    sensor = turn * sits
    step = (sensor[:-1].inv() * sensor[1:]).as_rotvec() / np.diff(t_s)[:, None]
    return Samples(
        arrival_us=np.rint(t_s * 1e6).astype(np.int64),
        device_time_s=t_s,
        acc_m_s2=sensor.inv().apply(UP) * G_M_S2,
        gyr_rad_s=np.concatenate((step[:1], step)),
    )


def quaternions(turn: Rotation, sits: Rotation = MOUNT) -> FloatArray:
    """Sensor to room, w first."""
    return np.roll((turn * sits).as_quat(), 1, axis=1)


def exact_tilt(turn: Rotation, t_s: FloatArray, sits: Rotation = MOUNT) -> Tilt:
    """Return the tilt that a perfect filter finds."""
    up = (turn * sits).inv().apply(UP)
    valid = np.ones(len(t_s), dtype=np.bool_)
    return Tilt(t_s, up, quaternions(turn, sits), valid, "vqf", "offline")


def only(samples: Samples, **columns: FloatArray | None) -> Samples:
    """Return the samples with some columns changed."""
    return replace(samples, **columns)


def calibrate(samples, clock_fit, tilt, *, segment, axis="auto", first=None, **choices):
    """Calibrate as without a test; `first` is the sign of the first movement."""
    cue = Cue(role_of(segment, "left"), first_turn=first)
    worn_so = Worn(segment, axis)
    return calibrate_segment(samples, clock_fit, tilt, worn=worn_so, cue=cue, **choices)
