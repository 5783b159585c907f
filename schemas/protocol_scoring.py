"""How a test's numbers are weighed: its norm, its usual compensation, the error of each number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tag = Literal["F", "K-H", "K-M", "K-L", "C", "P"]
"""How sure we are of a figure: F seen in public text, K-H K-M K-L recalled with high, medium or
low confidence, C computed, P proposed here."""

Unit = Literal["deg", "pct", "s", "1"]

Group = Literal[
    "hamstrings",
    "hip_flexion",
    "hip_flexors",
    "quadriceps",
    "rotators",
    "extension",
    "abductors",
    "trunk",
    "function",
]
"""What a test is about: the composite wants tests of at least two groups."""

NormMotion = Literal[
    "straight_leg_raise",
    "knee_extension_lack",
    "hip_flexion",
    "hip_extension",
    "hip_abduction",
    "hip_adduction",
    "hip_internal_rotation",
    "hip_external_rotation",
    "knee_flexion",
    "knee_hyperextension",
    "trunk_flexion",
]
"""The movement whose norms a test's TOT or HIP may be held against."""

Pattern = Literal[
    "band_ratio",
    "break_point",
    "vector_coding",
    "relative_phase",
    "cross_lag",
    "reversal",
    "ranges",
]
"""Measures of how a movement was shared, computed on demand."""


@dataclass(frozen=True, slots=True)
class Control:
    """How much compensation is usual, for the control score.

    Of a `share` (percent) `mean` and `sd` are given, and it is atypical above, or with `two_sided`
    also below. Of `comp` (degrees) there are two limits: up to `raised_deg` typical, up to
    `high_deg` raised, above it high.
    """

    of: Literal["share", "comp"]
    source: str
    tag: Tag
    mean: float | None = None
    sd: float | None = None
    sd_tag: Tag | None = None
    two_sided: bool = False
    raised_deg: float | None = None
    high_deg: float | None = None


@dataclass(frozen=True, slots=True)
class DefaultSem:
    """The standard error of measurement of one number where the site has none of its own."""

    of: str
    value: float
    unit: Unit
    source: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class Target:
    """Hip flexion that a daily activity needs, compared with TOT."""

    activity: str
    deg: float
    source: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class Scoring:
    """What turns a test's numbers into scores.

    `motion` None: no norm belongs to this test. `norm_sign` turns TOT into the norm's sense (-1
    where TOT counts the other way). `limb_ratio`: left as a percentage of right means something.
    """

    group: Group
    motion: NormMotion | None = None
    norm_sign: Literal[1, -1] = 1
    limb_ratio: bool = False
    control: Control | None = None
    sems: tuple[DefaultSem, ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """What the examiner is told in one repetition: out, the hold at the end, and back.

    `pause_s` is what the body needs at the far end before the hold itself begins.
    """

    out: str
    hold: str
    back: str
    pause_s: float = 0.0


GENERIC_WORDS = Words("Start the movement", "Hold", "Go back to the start")
