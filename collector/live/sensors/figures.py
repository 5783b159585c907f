"""What can be measured of a sensor that was listened to for some seconds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np

from collector.motion.accelerometer import apply
from collector.statistics import median
from schemas.calibration import AccelerometerCalibration
from schemas.samples import Counters, Samples
from schemas.units import DEG_PER_RAD, RAD_PER_DEG, US_PER_S, FloatArray, IntArray

NATURAL_DEFICIT: Final = 0.01
"""Cheap sensors are up to 1 % slow by nature."""
STILL_ACC_M_S2: Final = 0.15
STILL_GYR_RAD_S: Final = 3.0 * RAD_PER_DEG
MIN_SAMPLES: Final = 20


@dataclass(frozen=True, eq=False, slots=True)
class Observed:
    """What was seen of one sensor.

    Attributes
    ----------
    seconds
        How long it was listened to.
    rate_hz
        What it was asked for.
    samples
        What was decoded, copies and late ones already dropped and counted.
    counters
        What the decoder counted.
    arrivals_us : (N,) int64
        When its notifications came.
    facts
        What it answered, as in `SensorStatus`.
    rssi_dbm
        Strength of its signal.
    calibration
        The accelerometer calibration that is kept of it.
    reconnects
        How often the link was lost and came back.
    duplicated
        Whole notifications that came twice.
    trouble
        Why it was not streaming at the end, empty if it was.
    """

    seconds: float
    rate_hz: float
    samples: Samples
    counters: Counters
    arrivals_us: IntArray
    facts: Mapping[str, float | int | str] = field(default_factory=lambda: MappingProxyType({}))
    rssi_dbm: int | None = None
    calibration: AccelerometerCalibration | None = None
    reconnects: int = 0
    duplicated: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured; None where it could not be.

    `lost_pct` is exact where the sensor has a clock (`loss_exact`), else what the rate lacks beyond
    the 1 % that such sensors lack by nature. `still` tells whether it was at rest, without which
    gravity and gyroscope cannot be judged.
    """

    samples: int
    rate_hz: float | None = None
    lost_pct: float | None = None
    loss_exact: bool = False
    spacing_ms: float | None = None
    jitter_ms: float | None = None
    max_silence_s: float | None = None
    still: bool | None = None
    gravity_m_s2: float | None = None
    gyro_bias_deg_s: float | None = None
    battery_percent: float | None = None
    firmware: str = ""
    rssi_dbm: int | None = None
    damaged: int = 0
    duplicated: int = 0
    calibrated: bool = False


def measure(seen: Observed) -> Figures:
    """Return the figures of what was seen."""
    rate_hz = _rate_hz(seen)
    exact = seen.samples.device_time_s is not None
    spacing_s = np.diff(seen.arrivals_us) / US_PER_S
    still = _is_still(seen.samples)
    gyr = seen.samples.gyr_rad_s
    bias = None if gyr is None or not still else float(np.linalg.norm(gyr.mean(axis=0)))
    usual_s = median(spacing_s) if len(spacing_s) else None
    return Figures(
        samples=len(seen.samples),
        rate_hz=rate_hz,
        lost_pct=_lost_pct(seen, rate_hz),
        loss_exact=exact,
        spacing_ms=None if usual_s is None else 1000.0 * usual_s,
        jitter_ms=_jitter_ms(spacing_s, usual_s),
        max_silence_s=_max_silence_s(seen),
        still=still,
        gravity_m_s2=_gravity_m_s2(seen) if still else None,
        gyro_bias_deg_s=None if bias is None else bias * DEG_PER_RAD,
        battery_percent=number(seen.facts.get("battery_percent")),
        firmware=str(seen.facts.get("version", "")),
        rssi_dbm=seen.rssi_dbm,
        damaged=seen.counters.damaged,
        duplicated=seen.counters.duplicated + seen.duplicated,
        calibrated=seen.calibration is not None,
    )


def _rate_hz(seen: Observed) -> float | None:
    """Return samples per second from the first to the last arrival; a burst shares one."""
    t_us = seen.samples.arrival_us
    if len(t_us) < MIN_SAMPLES or t_us[-1] <= t_us[0]:
        return None
    after_first = len(t_us) - int(np.count_nonzero(t_us == t_us[0]))
    return float(after_first * US_PER_S / (t_us[-1] - t_us[0]))


def _lost_pct(seen: Observed, rate_hz: float | None) -> float | None:
    own_s = seen.samples.device_time_s
    if rate_hz is None:
        return None
    if own_s is not None:
        steps = np.round(np.diff(own_s) * seen.rate_hz)
        missing = float(np.maximum(steps - 1.0, 0.0).sum())
        return 100.0 * missing / (len(own_s) + missing)
    return 100.0 * max(0.0, 1.0 - NATURAL_DEFICIT - rate_hz / seen.rate_hz)


def _jitter_ms(spacing_s: FloatArray, usual_s: float | None) -> float | None:
    if usual_s is None:
        return None
    return 1000.0 * float(np.quantile(np.abs(spacing_s - usual_s), 0.9))


def _max_silence_s(seen: Observed) -> float | None:
    """Return the longest time without a notification, that up to the end included."""
    if len(seen.arrivals_us) < 2:
        return None
    longest = float(np.diff(seen.arrivals_us).max()) / US_PER_S
    listened_s = float(seen.arrivals_us[-1] - seen.arrivals_us[0]) / US_PER_S
    return max(longest, seen.seconds - listened_s) if seen.seconds - listened_s > 1 else longest


def _is_still(samples: Samples) -> bool | None:
    """Whether it lay still, slow drift and all; None without anything to tell it by."""
    acc, gyr = samples.acc_m_s2, samples.gyr_rad_s
    if len(samples) < MIN_SAMPLES or acc is None:
        return None
    still = bool((acc.std(axis=0) < STILL_ACC_M_S2).all())
    if gyr is not None:
        still = still and bool((gyr.std(axis=0) < STILL_GYR_RAD_S).all())
    return still


def _gravity_m_s2(seen: Observed) -> float | None:
    acc = seen.samples.acc_m_s2
    if acc is None:
        return None
    right = acc if seen.calibration is None else apply(acc, seen.calibration)
    return float(np.linalg.norm(right.mean(axis=0)))


def number(value: float | str | None) -> float | None:
    """Return a fact that is a number; None for text and for nothing."""
    if isinstance(value, str) or value is None or not math.isfinite(value):
        return None
    return float(value)
