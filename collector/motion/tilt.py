"""One segment's tilt: which source is used, and an up-vector for every sample."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from scipy.signal import butter, sosfiltfilt

from collector.motion import accelerometer
from collector.motion.orientation import LiveTilt, offline_orientation
from collector.motion.plausible import NO_GRAVITY, has_gravity
from collector.motion.quaternion import normalized, up_of_euler, up_of_quat
from collector.motion.startup import FROZEN, OFF_GRAVITY, frozen_angles, off_gravity
from schemas.calibration import AccelerometerCalibration
from schemas.errors import InputError
from schemas.motion import ClockFit, FilterChoice, Tilt, TiltChoice, TiltSource
from schemas.samples import Samples
from schemas.units import BoolArray, FloatArray

ACC_LOWPASS_HZ: Final = 5.0
"""Acceleration alone: zero-phase, 4th order in all."""
RESTARTED: Final = "tilt_restarted"
HELD: Final = "vendor_quaternion_held"


def tilt_of(
    samples: Samples,
    clock: ClockFit,
    *,
    choice: TiltChoice = "auto",
    filter_: FilterChoice = "offline",
    acc_calibration: AccelerometerCalibration | None = None,
) -> Tilt:
    """Return the tilt of one segment's sensor at its own sample times.

    Parameters
    ----------
    samples, clock
        The sensor's samples and their times.
    choice
        `auto` takes raw acceleration and rate where both exist, else the sensor's own quaternion,
        its own angles, its acceleration; the others insist.
    filter_
        `live` (causal) or `offline`; for raw acceleration and rate alone.
    acc_calibration
        Applied to the raw acceleration before anything else.

    Raises
    ------
    InputError
        `tilt_source_missing` where the sensor does not send what `choice` needs.
    """
    acc = samples.acc_m_s2
    if acc is not None and acc_calibration is not None:
        acc = accelerometer.apply(acc, acc_calibration)
    source = _source(samples, choice)
    bad, reasons = _vendor_faults(samples, acc)
    if source in ("vqf", "acceleration") and acc is not None and not has_gravity(acc):
        nothing = np.full((len(samples), 3), np.nan)
        return _tilt(clock, nothing, None, None, source, (*reasons, NO_GRAVITY))
    if source == "vqf" and acc is not None and samples.gyr_rad_s is not None:
        return _fused(clock, acc, samples.gyr_rad_s, filter_, reasons)
    if source == "acceleration" and acc is not None:
        up = _lowpassed_direction(acc, clock)
        return _tilt(clock, up, None, None, source, reasons)
    if source == "vendor_quaternion" and samples.quat_wxyz is not None:
        quat = normalized(samples.quat_wxyz)
        return _tilt(clock, up_of_quat(quat), quat, ~bad, source, reasons)
    assert samples.euler_rad is not None
    return _tilt(clock, up_of_euler(samples.euler_rad), None, ~bad, source, reasons)


def _source(samples: Samples, choice: TiltChoice) -> TiltSource:
    """Choose as the command line's `--tilt` says."""
    fits: dict[TiltSource, bool] = {
        "vqf": samples.acc_m_s2 is not None and samples.gyr_rad_s is not None,
        "vendor_quaternion": samples.quat_wxyz is not None and not _held(samples),
        "vendor_euler": samples.euler_rad is not None,
        "acceleration": samples.acc_m_s2 is not None,
    }
    wanted: dict[TiltChoice, tuple[TiltSource, ...]] = {
        "auto": ("vqf", "vendor_quaternion", "vendor_euler", "acceleration"),
        "vqf": ("vqf",),
        "vendor": ("vendor_quaternion", "vendor_euler"),
        "acc": ("acceleration",),
    }
    for source in wanted[choice]:
        if fits[source]:
            return source
    raise InputError(
        f"--tilt {choice} needs {_NEEDS[choice]}, which this sensor did not send: "
        + ("have it send one of them." if choice == "auto" else "try --tilt auto."),
        reason="tilt_source_missing",
    )


_NEEDS: Final[dict[TiltChoice, str]] = {
    "auto": "acceleration, a quaternion or angles",
    "vqf": "acceleration and rate of turn",
    "vendor": "the sensor's own quaternion or angles",
    "acc": "acceleration",
}


def _held(samples: Samples) -> bool:
    """Whether the quaternion is only polled now and then while the angles flow."""
    if samples.quat_wxyz is None or samples.euler_rad is None or len(samples) < 3:
        return False
    quat = (np.diff(samples.quat_wxyz, axis=0) != 0.0).any(axis=1).sum()
    euler = (np.diff(samples.euler_rad, axis=0) != 0.0).any(axis=1).sum()
    return bool(4 * quat < euler)


def _fused(
    clock: ClockFit,
    acc: FloatArray,
    gyr: FloatArray,
    filter_: FilterChoice,
    reasons: tuple[str, ...],
) -> Tilt:
    rate_hz = clock.rate_hz if np.isfinite(clock.rate_hz) else 100.0
    if filter_ == "live":
        got = LiveTilt(rate_hz).feed(clock.t_s, clock.segment, acc, gyr)
    else:
        got = offline_orientation(clock.t_s, clock.segment, acc, gyr, rate_hz)
    up, quat = up_of_quat(got.quat_wxyz), got.quat_wxyz
    lost_heading = ~got.first_heading & np.isfinite(quat[:, 0])
    if lost_heading.any():
        quat = np.where(lost_heading[:, None], np.nan, quat)
        reasons = (*reasons, RESTARTED)
    return _tilt(clock, up, quat, None, "vqf", reasons, filter_)


def _tilt(
    clock: ClockFit,
    up: FloatArray,
    quat: FloatArray | None,
    trusted: BoolArray | None,
    source: TiltSource,
    reasons: tuple[str, ...],
    filter_: FilterChoice | None = None,
) -> Tilt:
    valid = np.isfinite(up @ np.ones(3))
    if trusted is not None:
        valid = valid & trusted
    return Tilt(clock.t_s, up, quat, valid, source, filter_, reasons)


def _vendor_faults(samples: Samples, acc: FloatArray | None) -> tuple[BoolArray, tuple[str, ...]]:
    """Mark vendor angles that cannot be true, and say why; also where they are not the source."""
    held = _held(samples)
    vendor = samples.quat_wxyz if samples.quat_wxyz is not None and not held else samples.euler_rad
    if vendor is None or not len(samples):
        return np.zeros(len(samples), dtype=np.bool_), ()
    frozen = frozen_angles(vendor, samples)
    wrong = frozen[:0]
    if acc is not None:
        wrong = off_gravity(vendor, acc, samples.gyr_rad_s)
    found = ((HELD, held), (FROZEN, frozen.any()), (OFF_GRAVITY, wrong.any()))
    return frozen | wrong if wrong.size else frozen, tuple(code for code, yes in found if yes)


def _lowpassed_direction(acc: FloatArray, clock: ClockFit) -> FloatArray:
    """Direction of the low-passed acceleration, every clock segment by itself."""
    out = np.full(acc.shape, np.nan)
    edges = np.flatnonzero(np.diff(clock.segment)) + 1
    for rows in np.split(np.arange(len(acc)), edges):
        usable = rows[np.isfinite(acc[rows]).all(axis=1)]
        out[usable] = _lowpassed(acc[usable], clock.rate_hz)
    return normalized(out)


def _lowpassed(rows: FloatArray, rate_hz: float) -> FloatArray:
    """Zero-phase low-pass; a run too short for it is averaged."""
    if len(rows) < 2 or not rate_hz > 2.5 * ACC_LOWPASS_HZ:
        return rows
    pad = min(len(rows) - 1, int(rate_hz / 2.0))
    return np.asarray(sosfiltfilt(_sos(round(rate_hz, 1)), rows, axis=0, padlen=pad))


@lru_cache(maxsize=64)
def _sos(rate_hz: float) -> FloatArray:
    """Kept by rounded rate: fitted rates differ from trial to trial, the filter need not."""
    return np.asarray(butter(2, ACC_LOWPASS_HZ, fs=rate_hz, output="sos"))
