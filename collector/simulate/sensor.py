"""A strapped-on sensor: where it sits, what is wrong with it, and what it therefore measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.spatial.transform import Rotation

from schemas.units import G_M_S2, RAD_PER_DEG, FloatArray

_MILLI_G: Final = G_M_S2 / 1000.0


@dataclass(frozen=True, slots=True)
class SensorErrors:
    """How bad the sensors are: half-widths of uniform draws, or SD of noise per sample.

    Attributes
    ----------
    acc_bias_mg, gyr_bias_deg_s, scale
        Per axis; `scale` is a share (0.005 = 0.5 %) and holds for both, drawn for each.
    acc_noise_mg, gyr_noise_deg_s
        White, per sample and axis.
    mounting_deg
        Strap yaw, roll and pitch against the placement's ideal.
    rate_error, rate_drift_per_min
        Sampling rate against nominal, and its largest change per minute, as shares. None is the
        family's own: 1 % where frames carry no time, 20 ppm where they do.
    start_spread_s
        How much later than the session's zero a sensor may begin to send.
    vendor_tilt_deg
        Slow error of the sensor's own angles.
    frozen_frames
        The start-up fault: so many frames repeat one pair of angles, and the angles that
        follow begin off gravity and creep back over seconds.
    """

    acc_bias_mg: float = 2.0
    gyr_bias_deg_s: float = 0.5
    scale: float = 0.005
    acc_noise_mg: float = 2.0
    gyr_noise_deg_s: float = 0.07
    mounting_deg: float = 15.0
    rate_error: float | None = None
    rate_drift_per_min: float = 0.0
    start_spread_s: float = 0.3
    vendor_tilt_deg: float = 0.5
    frozen_frames: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Sensor:
    """One drawn sensor: biases and scales (3,), `mounting` (3, 3) its turn on the strap.

    A measured axis reads ``(1 + scale) * true + bias + noise``.
    """

    acc_bias_m_s2: FloatArray
    acc_scale: FloatArray
    gyr_bias_rad_s: FloatArray
    gyr_scale: FloatArray
    mounting: FloatArray
    rate_factor: float
    drift_per_min: float
    start_s: float
    vendor_phase: FloatArray

    @classmethod
    def drawn(cls, errors: SensorErrors, rng: np.random.Generator) -> Sensor:
        """Draw a sensor; a wider half-width stretches the same draws."""
        unit = rng.uniform(-1.0, 1.0, (5, 3))
        rate, drift, start = rng.uniform(-1.0, 1.0, 3).tolist()
        return cls(
            acc_bias_m_s2=unit[0] * errors.acc_bias_mg * _MILLI_G,
            acc_scale=1.0 + unit[1] * errors.scale,
            gyr_bias_rad_s=unit[2] * errors.gyr_bias_deg_s * RAD_PER_DEG,
            gyr_scale=1.0 + unit[3] * errors.scale,
            mounting=rotation_of(unit[4] * errors.mounting_deg * RAD_PER_DEG),
            rate_factor=1.0 + rate * (errors.rate_error or 0.0),
            drift_per_min=drift * errors.rate_drift_per_min,
            start_s=(1.0 + start) / 2.0 * errors.start_spread_s,
            vendor_phase=rng.uniform(0.0, 2.0 * np.pi, 4),
        )

    def sample_times_s(self, nominal_rate_hz: float, end_s: float) -> FloatArray:
        """Return the true session times of its samples, from its own start to `end_s`."""
        period_s = 1.0 / (nominal_rate_hz * self.rate_factor)
        count = int((end_s - self.start_s) / period_s)
        tau = np.arange(count) * period_s
        return self.start_s + tau * (1.0 + self.drift_per_min * tau / 120.0)

    def accelerometer(self, force_m_s2: FloatArray, noise: FloatArray) -> FloatArray:
        """Return what it reads of a true specific force (N, 3), sensor frame."""
        return force_m_s2 * self.acc_scale + self.acc_bias_m_s2 + noise

    def gyroscope(self, rate_rad_s: FloatArray, noise: FloatArray) -> FloatArray:
        """Return what it reads of a true rate of turn (N, 3), sensor frame."""
        return rate_rad_s * self.gyr_scale + self.gyr_bias_rad_s + noise


def noise_of(
    errors: SensorErrors, count: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Draw accelerometer and gyroscope noise, (count, 3) each, SI."""
    white = rng.standard_normal((2, count, 3))
    return (
        white[0] * (errors.acc_noise_mg * _MILLI_G),
        white[1] * (errors.gyr_noise_deg_s * RAD_PER_DEG),
    )


def rotation_of(vector_rad: FloatArray) -> FloatArray:
    """Return the rotation matrices (..., 3, 3) of rotation vectors (..., 3)."""
    matrices: FloatArray = Rotation.from_rotvec(vector_rad).as_matrix()
    return matrices
