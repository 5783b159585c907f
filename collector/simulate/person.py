"""A person who performs a test, with every angle known at every instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from collector.simulate.course import Coupling, Motion, Steps, Sway
from schemas.recording import Window
from schemas.segments import Role
from schemas.units import FloatArray

TRUTH_RATE_HZ = 200.0


@dataclass(frozen=True, eq=False, slots=True)
class Channel:
    """One segment's sagittal angle in degrees, as a function of time.

    `steps` drive it, `lag_s` later than the time asked for and, where there is a `coupling`,
    through it; `sway` is added; `zero_deg` (its mean over the reference window) is taken off in
    the truth. The segment leaves its plane by `frontal` and `axial` degrees per degree.
    """

    steps: Steps
    sway: Sway
    coupling: Coupling | None = None
    lag_s: float = 0.0
    zero_deg: float = 0.0
    frontal: float = 0.0
    axial: float = 0.0

    def at(self, t_s: FloatArray) -> Motion:
        """Angle, rate and acceleration at increasing times, in degrees."""
        driven = self.steps.at(t_s - self.lag_s)
        if self.coupling is not None:
            driven = self.coupling.apply(driven)
        return driven.plus(self.sway.at(t_s))


@dataclass(frozen=True, slots=True)
class TrueRepetition:
    """What one repetition really was; angles are medians over the plateau.

    The plateau ends when the return begins; without a hold it is the instant of the extreme.
    """

    n: int
    start_s: float
    plateau: Window
    end_s: float
    tot_deg: float
    hip_deg: float
    comp_deg: float
    share_pct: float


@dataclass(frozen=True, eq=False, slots=True)
class Truth:
    """What happened, on session time (the zero of `arrival_us`).

    `deg` holds the channels of `schemas.motion.Angles` that the person has, (M,) each at `t_s`,
    zero in the mean of the reference window.
    """

    t_s: FloatArray
    deg: Mapping[str, FloatArray]
    repetitions: tuple[TrueRepetition, ...]
    person: Person

    def at(self, t_s: FloatArray) -> dict[str, FloatArray]:
        """Return the same channels at other increasing times, exactly."""
        return self.person.angles_deg(t_s)


@dataclass(frozen=True, slots=True)
class Phase:
    """When a repetition starts, holds and ends."""

    start_s: float
    hold: Window
    end_s: float


@dataclass(frozen=True, eq=False, slots=True)
class Person:
    """Channels by role, and the times of the test.

    `planted_m` is the length below the hip centre about which the thigh turns when the foot or
    the knee is what stands still; None when the hip centre stands still.
    """

    protocol_id: str
    channels: Mapping[Role, Channel]
    phases: tuple[Phase, ...]
    reference: Window
    duration_s: float
    planted_m: float | None = None

    def angles_deg(self, t_s: FloatArray) -> dict[str, FloatArray]:
        """Every channel in degrees at increasing times `t_s` (N,), zero in the reference."""
        deg = {
            f"{role}_deg": channel.at(t_s).value - channel.zero_deg
            for role, channel in self.channels.items()
        }
        deg["hip_deg"] = deg["thigh_deg"] + deg["pelvis_deg"]
        deg["lumbar_deg"] = deg["trunk_deg"] - deg["pelvis_deg"]
        deg["knee_deg"] = deg["thigh_deg"] - deg["shank_deg"]
        return deg

    def truth(self) -> Truth:
        """Evaluate the whole test on a fine grid, and every repetition at its plateau."""
        t_s = np.arange(round(self.duration_s * TRUTH_RATE_HZ)) / TRUTH_RATE_HZ
        repetitions = tuple(self._repetition(n, p) for n, p in enumerate(self.phases, start=1))
        return Truth(t_s, self.angles_deg(t_s), repetitions, self)

    def _repetition(self, n: int, phase: Phase) -> TrueRepetition:
        settled = phase.hold.start_s + max(0.0, *(c.lag_s for c in self.channels.values()))
        plateau = Window(min(settled, phase.hold.end_s), phase.hold.end_s)
        grid = np.linspace(plateau.start_s, plateau.end_s, 101)
        deg = {name: float(np.median(x)) for name, x in self.angles_deg(grid).items()}
        tot, hip, comp = separated(self.protocol_id, deg)
        share = 100.0 * comp / (comp + hip)
        return TrueRepetition(n, phase.start_s, plateau, phase.end_s, tot, hip, comp, share)


def separated(protocol_id: str, deg: Mapping[str, float]) -> tuple[float, float, float]:
    """TOT, HIP and COMP of a test, written out here so that truth owes scoring nothing."""
    pelvis, trunk, thigh = deg["pelvis_deg"], deg["trunk_deg"], deg["thigh_deg"]
    if protocol_id == "fb":
        return trunk, pelvis, trunk - pelvis
    if protocol_id == "sts":
        return thigh + trunk, thigh + pelvis, trunk - pelvis
    return thigh, thigh + pelvis, -pelvis
