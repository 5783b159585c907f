"""What one visit comes to: every test's scores, sides compared, flags; components first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schemas.confidence import is_recalled
from schemas.norm import Norm
from schemas.protocol import Figure
from schemas.protocol_scoring import Group, Tag, Unit
from schemas.result import Grade, Reason
from schemas.segments import Side

Sex = Literal["female", "male", "other"]
Angle = Literal["tot", "hip"]
"""What is held against norms and against the other side."""

MobilityClass = Literal["typical", "borderline", "restricted", "hypermobile"]


@dataclass(frozen=True, slots=True)
class Person:
    """Who was measured, as far as norms ask; None where it is not known."""

    sex: Sex | None = None
    birth_year: int | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """One number of a set: mean, maximum, SD, standard error and the mean's 95 % half-width."""

    measure: str
    unit: Unit
    mean: float
    most: float | None = None
    sd: float | None = None
    se: float | None = None
    ci95: float | None = None


@dataclass(frozen=True, slots=True)
class Mobility:
    """A value against a norm: z (positive is more mobile), percentile, percent of the norm.

    `value_deg` is the value in the norm's own sense (extension and lack positive); `others` are
    the norms that match as well and were not taken, the nearest first.
    """

    measure: Angle
    norm: Norm
    z: float
    percentile: float
    percent_of_norm: float | None
    klass: MobilityClass
    value_deg: float = 0.0
    others: tuple[Norm, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlScore:
    """How usual the compensation was: `z` and `score` (0 to 100), or a class in degrees.

    `tag` and `sd_tag` say how sure mean (or limits) and spread are; P is a proposal.
    """

    source: str
    recalled: bool
    z: float | None = None
    score: float | None = None
    klass: Literal["typical", "raised", "high", ""] = ""
    of: Literal["share", "comp"] = "share"
    value: float = 0.0
    tag: Tag = "P"
    sd_tag: Tag | None = None
    two_sided: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """A cut-off that was crossed, in words."""

    figure: Figure
    value: float
    sentence: str


@dataclass(frozen=True, slots=True)
class TargetGap:
    """How far TOT is from what a daily activity needs; 0 where it is reached."""

    activity: str
    needs_deg: float
    gap_deg: float
    reached: bool
    source: str
    tag: Tag

    @property
    def recalled(self) -> bool:
        """True where the digits come from memory."""
        return is_recalled(self.tag)


@dataclass(frozen=True, slots=True)
class TestScore:
    """One test of one side in one visit; `withheld` says what was not scored, and why.

    `n` counts the repetitions that the values rest on. `deficit_deg` is what TOT lacks to its
    norm's mean, `deficit_other_deg` what it lacks to the other side; both at least 0. `sense` is
    +1 where a larger TOT is more mobile, -1 where a smaller one is.
    """

    __test__ = False  # the name begins as a test's does

    protocol: str
    title: str
    side: Side | None
    trial: int
    utc: str
    grade: Grade
    n: int
    consistent: bool | None
    rule: str
    values: Mapping[str, Value]
    mobility: Mobility | None
    hip_mobility: Mobility | None
    control: ControlScore | None
    flags: tuple[Flag, ...]
    deficit_deg: float | None
    targets: tuple[TargetGap, ...]
    pain_nrs: float | None
    end_point: str
    withheld: tuple[Reason, ...]
    deficit_other_deg: float | None = None
    sense: Literal[1, -1] = 1
    group: Group | None = None


@dataclass(frozen=True, slots=True)
class Symmetry:
    """Left against right in one test: difference, score 0 to 100, and whether it is flagged.

    `limit` is what the difference was held against, `limit_source` where that comes from;
    `flags` are the test's own cut-offs between sides that were crossed.
    """

    protocol: str
    measure: Angle
    left: float
    right: float
    difference: float
    score: float
    limb_ratio_pct: float | None
    flagged: bool
    limit: float
    limit_source: str
    flags: tuple[Flag, ...] = ()
    unit: Unit = "deg"


@dataclass(frozen=True, slots=True)
class AccessoryCheck:
    """Straight leg raise against the sacrum's motion in bending: does one fit the other.

    `valid` is None where it cannot be judged; `asked` says whether low-back flexion was low
    enough for the check to be asked for, None where sex or that flexion is unknown.
    """

    valid: bool | None
    slr_deg: float
    sacral_deg: float
    sentence: str
    asked: bool | None = None
    extension_known: bool = False


@dataclass(frozen=True, slots=True)
class Composite:
    """Mobility, control and symmetry in one number. Not clinically validated, and says so."""

    value: float
    ci95: float | None
    tests: int
    groups: int
    label: str = "not clinically validated"


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit's scores. `rules` is the version of the rules that made them."""

    session: int
    utc: str
    rules: str
    tests: tuple[TestScore, ...]
    symmetry: tuple[Symmetry, ...]
    accessory: AccessoryCheck | None
    composite: Composite | None
    withheld: tuple[Reason, ...]
