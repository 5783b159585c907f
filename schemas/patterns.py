"""How a movement was shared between hip and low back: measures computed on demand.

`proximal` is the compensation (pelvis or low back), `distal` the hip, both positive as the
protocol's COMP and HIP are. Formulae and sources: `docs/patterns.md`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from schemas.result import Reason

PATTERNS_VERSION: Final = 1
"""Rises with every change that turns the same angles into other measures."""

BandUnit = Literal["deg", "pct"]
Bend = Literal["straight", "late", "early"]


@dataclass(frozen=True, slots=True)
class Band:
    """What low back and hip gave in one part of the movement, degrees, movement counted positive.

    `low` and `high` are degrees of TOT or percent of its range. `ratio` is compensation : hip,
    None where the hip moved less than 3 degrees or the band was not passed whole.
    """

    low: float
    high: float
    unit: BandUnit
    comp_deg: float | None = None
    hip_deg: float | None = None
    ratio: float | None = None


@dataclass(frozen=True, slots=True)
class BreakPoint:
    """Two straight lines that meet, COMP on the drive over 10 to 90 % of its range.

    `at_deg` is the drive where they meet; `explained` the part (0 to 1) of one line's squared
    error that the second line takes away. `bend` is `straight` where the break is too slight to
    tell, in which case `at_deg` means nothing.
    """

    at_deg: float
    slope_before: float
    slope_after: float
    explained: float
    bend: Bend


@dataclass(frozen=True, slots=True)
class Coupling:
    """Vector coding: coupling angles of 0 to 360 degrees, x proximal, y distal.

    `angle_deg` is the circular mean, `r` the mean resultant length (1: all alike). `chang_pct` and
    `needham_pct` are the percent of the movement in each named bin.
    """

    angle_deg: float
    r: float
    chang_pct: Mapping[str, float]
    needham_pct: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RelativePhase:
    """Continuous relative phase, proximal minus distal, degrees in -180 to 180.

    `marp_deg` is the mean of its size, `mean_deg` its circular mean, `dp_deg` the mean over the
    cycle of the standard deviation between cycles (None with fewer than two).
    """

    marp_deg: float
    mean_deg: float
    dp_deg: float | None
    cycles: int


@dataclass(frozen=True, slots=True)
class CrossLag:
    """The shift at which compensation follows the hip best: seconds, positive: later than the hip.

    `lag_s` is None where the best fit lies at the end of what was searched.
    """

    lag_s: float | None
    r: float


@dataclass(frozen=True, slots=True)
class Reversal:
    """How far COMP came back from its maximum on the way out to the end of range, degrees.

    `hip_at_level_deg` and `lum_at_level_deg` are read where the thigh is level (90 degrees), so
    that squats of different depth can be compared; None where it was not reached.
    """

    reversal_deg: float
    most_deg: float
    end_deg: float
    hip_at_level_deg: float | None = None
    lum_at_level_deg: float | None = None


@dataclass(frozen=True, slots=True)
class RepetitionPatterns:
    """The measures of one repetition; those that the test does not ask for stay empty."""

    n: int
    bands: tuple[Band, ...] = ()
    quarters_out: tuple[Band, ...] = ()
    quarters_back: tuple[Band, ...] = ()
    break_point: BreakPoint | None = None
    coupling: Coupling | None = None
    cross_lag: CrossLag | None = None
    reversal: Reversal | None = None
    ranges_deg: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Patterns:
    """The measures of one trial, with the version of the formulae.

    `cav_deg` is the variability of the coupling angle over the repetitions; `reasons` say what
    was left out.
    """

    version: int
    protocol: str
    repetitions: tuple[RepetitionPatterns, ...]
    cav_deg: float | None = None
    relative_phase: RelativePhase | None = None
    reasons: tuple[Reason, ...] = ()
