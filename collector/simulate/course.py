"""Smooth functions of time with their first two derivatives, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from schemas.units import FloatArray

PEAK_TO_MEAN = 1.875
"""Peak rate over mean rate of a minimum-jerk movement."""


class Motion(NamedTuple):
    """A quantity, its rate and its acceleration at N times, each (N,)."""

    value: FloatArray
    rate: FloatArray
    accel: FloatArray

    def plus(self, other: Motion) -> Motion:
        """Add two motions."""
        return Motion(self.value + other.value, self.rate + other.rate, self.accel + other.accel)

    def times(self, factor: float) -> Motion:
        """Scale value, rate and acceleration alike."""
        return Motion(self.value * factor, self.rate * factor, self.accel * factor)


@dataclass(frozen=True, eq=False, slots=True)
class Steps:
    """Minimum-jerk steps (quintic, C2), added up: `start_s`, `duration_s`, `amount`, each (K,)."""

    start_s: FloatArray
    duration_s: FloatArray
    amount: FloatArray

    @classmethod
    def of(cls, rows: list[tuple[float, float, float]]) -> Steps:
        """Gather (start_s, duration_s, amount) rows."""
        start, duration, amount = np.array(rows, dtype=np.float64).reshape(-1, 3).T
        return cls(start, duration, amount)

    def at(self, t_s: FloatArray) -> Motion:
        """Evaluate at increasing times `t_s` (N,)."""
        value, rate, accel = np.zeros((3, len(t_s)))
        for start, duration, amount in zip(self.start_s, self.duration_s, self.amount, strict=True):
            first, last = np.searchsorted(t_s, (start, start + duration))
            x = (t_s[first:last] - start) / duration
            y = 1.0 - x
            value[first:last] += amount * x**3 * (10.0 + x * (6.0 * x - 15.0))
            value[last:] += amount
            rate[first:last] += amount / duration * 30.0 * (x * y) ** 2
            accel[first:last] += amount / duration**2 * 60.0 * x * y * (y - x)
        return Motion(value, rate, accel)


@dataclass(frozen=True, eq=False, slots=True)
class Sway:
    """A sum of slow sines: `amplitude`, `rad_s`, `phase`, each (K,)."""

    amplitude: FloatArray
    rad_s: FloatArray
    phase: FloatArray

    @classmethod
    def drawn(cls, rms: float, rng: np.random.Generator) -> Sway:
        """Draw three sines between 0.1 and 0.5 Hz that have this RMS together."""
        rad_s = 2.0 * np.pi * rng.uniform((0.1, 0.2, 0.35), (0.2, 0.35, 0.5))
        amplitude = rms * np.sqrt(2.0 * np.array((0.6, 0.3, 0.1)))
        return cls(amplitude, rad_s, rng.uniform(0.0, 2.0 * np.pi, 3))

    def at(self, t_s: FloatArray) -> Motion:
        """Evaluate at times `t_s` (N,)."""
        angle = np.outer(self.rad_s, t_s) + self.phase[:, None]
        sine, cosine = np.sin(angle), np.cos(angle)
        return Motion(
            self.amplitude @ sine,
            (self.amplitude * self.rad_s) @ cosine,
            -(self.amplitude * self.rad_s**2) @ sine,
        )


@dataclass(frozen=True, slots=True)
class Coupling:
    """One segment follows another: nothing up to `onset`, then ever more of it.

    ``y = gain * x**3 / (x**2 + blend**2)`` with ``x = max(0, driver - onset)``: C2 at the onset,
    slope `gain` far above it.
    """

    onset: float
    blend: float
    gain: float

    @classmethod
    def reaching(cls, onset: float, blend: float, *, driver: float, follower: float) -> Coupling:
        """Choose the gain so that the follower stands at `follower` when the driver does."""
        unit = cls(onset, blend, 1.0)
        x = driver - onset
        return cls(unit.onset, unit.blend, follower * (x**2 + blend**2) / x**3)

    def apply(self, driver: Motion) -> Motion:
        """Return the follower's motion, by the chain rule."""
        x = np.maximum(driver.value - self.onset, 0.0)
        w2 = self.blend**2
        below = x**2 + w2
        slope = self.gain * x**2 * (x**2 + 3.0 * w2) / below**2
        bend = self.gain * 2.0 * w2 * x * (3.0 * w2 - x**2) / below**3
        return Motion(
            self.gain * x**3 / below,
            slope * driver.rate,
            slope * driver.accel + bend * driver.rate**2,
        )
