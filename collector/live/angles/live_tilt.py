"""One sensor's inclination while it streams, from whichever source the stored way would take."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.signal import butter, lfilter, lfilter_zi

from collector.motion import accelerometer
from collector.motion.orientation import LiveTilt
from collector.motion.quaternion import normalized, up_of_euler, up_of_quat
from collector.motion.tilt import ACC_LOWPASS_HZ
from schemas.calibration import AccelerometerCalibration
from schemas.motion import TiltSource
from schemas.samples import Samples
from schemas.units import FloatArray, IntArray

NEAR_RATE: Final = (0.8, 1.25)
"""The measured rate corrects the filter's within these; beyond, it is not believed."""


def source_of(samples: Samples) -> TiltSource | None:
    """Choose as the stored way does, from the first samples; None if nothing shows gravity."""
    if samples.acc_m_s2 is not None and samples.gyr_rad_s is not None:
        return "vqf"
    if samples.quat_wxyz is not None:
        return "vendor_quaternion"
    if samples.euler_rad is not None:
        return "vendor_euler"
    return "acceleration" if samples.acc_m_s2 is not None else None


class TiltStream:
    """Up-vectors for block after block of one sensor's samples.

    Parameters
    ----------
    source
        What the inclination comes from.
    rate_hz
        The rate that the filter is made for. The true one may differ by a little: rates are
        stretched by as much, so that a turn stays as large as it was.
    calibration
        Applied to the raw acceleration first.
    """

    def __init__(
        self, source: TiltSource, rate_hz: float, calibration: AccelerometerCalibration | None
    ) -> None:
        self.source = source
        self._rate_hz = rate_hz
        self._calibration = calibration
        self._filter = LiveTilt(rate_hz) if source == "vqf" else None
        self._smooth = _CausalLowPass(rate_hz)

    def feed(
        self, samples: Samples, t_s: FloatArray, segment: IntArray, rate_hz: float
    ) -> FloatArray:
        """Return the up-vector of every sample, (N, 3); NaN where there is none."""
        none = np.full((len(samples), 3), np.nan)
        acc = samples.acc_m_s2
        if acc is not None and self._calibration is not None:
            acc = accelerometer.apply(acc, self._calibration)
        if self.source == "vendor_quaternion":
            quat = samples.quat_wxyz
            return none if quat is None else up_of_quat(normalized(quat))
        if self.source == "vendor_euler":
            return none if samples.euler_rad is None else up_of_euler(samples.euler_rad)
        if acc is None:
            return none
        if self._filter is None:
            return normalized(self._smooth.feed(acc, segment))
        if samples.gyr_rad_s is None:
            return none
        stretch = self._rate_hz / rate_hz if rate_hz > 0.0 else 1.0
        stretch = stretch if NEAR_RATE[0] < stretch < NEAR_RATE[1] else 1.0
        got = self._filter.feed(t_s, segment, acc, samples.gyr_rad_s * stretch)
        return up_of_quat(got.quat_wxyz)


class _CausalLowPass:
    """Second-order low-pass, begun anew with every clock segment."""

    def __init__(self, rate_hz: float) -> None:
        self._useful = rate_hz > 2.5 * ACC_LOWPASS_HZ
        self._b, self._a = butter(2, min(ACC_LOWPASS_HZ, 0.4 * rate_hz), fs=rate_hz)
        self._rest = lfilter_zi(self._b, self._a)[:, None]
        self._state: FloatArray | None = None
        self._segment = -1

    def feed(self, rows: FloatArray, segment: IntArray) -> FloatArray:
        if not self._useful:
            return rows
        usable = np.isfinite(rows).all(axis=1)
        out = np.full(rows.shape, np.nan)
        for number in np.unique(segment).tolist():
            part = np.flatnonzero(usable & (segment == number))
            if len(part):
                out[part] = self._one(rows[part], number)
        return out

    def _one(self, rows: FloatArray, segment: int) -> FloatArray:
        if self._state is None or segment != self._segment:
            self._state = self._rest * rows[0]
        self._segment = segment
        out, state = lfilter(self._b, self._a, rows, axis=0, zi=self._state)
        self._state = np.asarray(state)
        return np.asarray(out)
