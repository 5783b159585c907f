"""Smooth functions of time with their first two derivatives, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

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

    def product(self, other: Motion) -> Motion:
        """Multiply two motions, by the product rule."""
        return Motion(
            self.value * other.value,
            self.rate * other.value + self.value * other.rate,
            self.accel * other.value + 2.0 * self.rate * other.rate + self.value * other.accel,
        )

    @classmethod
    def none(cls, count: int) -> Motion:
        """Return nothing that moves, `count` times."""
        return cls(*np.zeros((3, count)))


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


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """What `steps` drive: `gain` times of it, through a `coupling` where there is one, later."""

    steps: Steps
    gain: float = 1.0
    coupling: Coupling | None = None
    lag_s: float = 0.0

    def at(self, t_s: FloatArray) -> Motion:
        """Evaluate at increasing times `t_s` (N,)."""
        driven = self.steps.at(t_s - self.lag_s)
        if self.coupling is not None:
            driven = self.coupling.apply(driven)
        return driven if self.gain == 1.0 else driven.times(self.gain)


@dataclass(frozen=True, eq=False, slots=True)
class Wave:
    """Something that comes back every period once it has begun, as walking does.

    Harmonics `cosine` and `sine`, (K,) each, of `rad_s` since `start_s`, times what `envelope`
    says (0 to 1).
    """

    rad_s: float
    start_s: float
    cosine: FloatArray
    sine: FloatArray
    envelope: Steps

    lag_s = 0.0

    def at(self, t_s: FloatArray) -> Motion:
        """Evaluate at increasing times `t_s` (N,)."""
        order = np.arange(1, len(self.cosine) + 1) * self.rad_s
        angle = np.outer(order, t_s - self.start_s)
        c, s = np.cos(angle), np.sin(angle)
        swing = Motion(
            self.cosine @ c + self.sine @ s,
            (self.sine * order) @ c - (self.cosine * order) @ s,
            -(self.cosine * order**2) @ c - (self.sine * order**2) @ s,
        )
        return swing.product(self.envelope.at(t_s))


@dataclass(frozen=True, eq=False, slots=True)
class Course:
    """An angle over time: a constant, and parts that are added to it. Degrees."""

    constant_deg: float = 0.0
    parts: tuple[Part | Wave, ...] = ()

    def at(self, t_s: FloatArray) -> Motion:
        """Evaluate at increasing times `t_s` (N,)."""
        whole = Motion.none(len(t_s))
        for part in self.parts:
            whole = whole.plus(part.at(t_s))
        return whole._replace(value=whole.value + self.constant_deg)

    def plus(self, other: Course) -> Course:
        """Add two courses."""
        return Course(self.constant_deg + other.constant_deg, (*self.parts, *other.parts))


NOTHING: Final = Course()
"""A course that stays at zero."""
