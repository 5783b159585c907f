"""How a number moved over the visits, held against its error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from schemas.protocol_scoring import Tag, Unit
from schemas.result import Reason
from schemas.segments import Side

Label = Literal["no_change", "within_error", "likely_real", "real_change", "blocked"]
Direction = Literal["improved", "worse", ""]

Z90: Final = 1.645
Z95: Final = 1.96


def smallest_change(sem: float, z: float) -> float:
    """Return the smallest difference of two measurements that is not error: z sqrt(2) SEM."""
    return z * math.sqrt(2.0) * sem


@dataclass(frozen=True, slots=True)
class SemUsed:
    """The standard error of measurement that labels rest on, and where it comes from."""

    value: float | None
    source: Literal["site", "default", "none"]
    text: str
    recalled: bool = False
    study: int | None = None
    tag: Tag | None = None

    @property
    def mdc90(self) -> float | None:
        """Smallest change that is not error, at 90 %."""
        return None if self.value is None else smallest_change(self.value, Z90)

    @property
    def mdc95(self) -> float | None:
        """Smallest change that is not error, at 95 %."""
        return None if self.value is None else smallest_change(self.value, Z95)


@dataclass(frozen=True, slots=True)
class Point:
    """One visit's value: weeks since the baseline, set mean, and its SD where three agreed."""

    session: int
    trial: int
    utc: str
    weeks: float
    value: float
    sd: float | None
    usable: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between two visits; `rci` is the reliable change index.

    `since` is the session it is counted from; `direction` is empty within error, and where a
    number has no better and worse.
    """

    since: int
    difference: float
    label: Label
    direction: Direction
    rci: float | None


@dataclass(frozen=True, slots=True)
class Trend:
    """Theil-Sen slope per week with its 95 % interval, and the Mann-Kendall p, over `n` visits.

    `p_method` is `exact` where no two values are equal, else `normal` (corrected for ties and
    continuity).
    """

    slope_per_week: float
    low: float
    high: float
    p: float
    n: int
    p_method: Literal["exact", "normal"] = "exact"


@dataclass(frozen=True, slots=True)
class Course:
    """One number of one test and side over all visits.

    `baseline` is the value of the first visit with a consistent set (mean of the first two with a
    double baseline), None without one. `sense` is +1 where more is better, -1 where less is, 0
    where neither. `norm_deg` is the norm's mean in the sense of the points, `norm_source` its name.
    """

    protocol: str
    side: Side | None
    measure: str
    unit: Unit
    points: tuple[Point, ...]
    sem: SemUsed
    since_baseline: Change | None
    since_last: Change | None
    trend: Trend | None
    plateau: bool | None
    recovered_pct: float | None
    baseline: float | None = None
    sense: Literal[1, 0, -1] = 0
    norm_deg: float | None = None
    norm_source: str = ""


@dataclass(frozen=True, slots=True)
class Statement(Reason):
    """One plain sentence about one test and side."""

    protocol: str = ""
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """All courses of one person; `sentences` is what they come to, the plainest first."""

    rules: str
    courses: tuple[Course, ...]
    sentences: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class GroupChange:
    """Paired change of a group: mean, SD, 95 % interval of the mean, and its effect size.

    `srm` is the standardized response mean, mean / SD of the changes (Cohen's d_z is the same
    number); `d_av` divides by the mean of both SDs. `p` is of the paired t test and never stands
    alone.
    """

    n: int
    mean: float
    sd: float
    low: float
    high: float
    srm: float | None
    d_av: float | None
    p: float | None

    @property
    def d_z(self) -> float | None:
        """Cohen's d_z: by definition the standardized response mean."""
        return self.srm


@dataclass(frozen=True, slots=True)
class SiteSem:
    """A standard error of measurement that this site found in a study of its own and adopted.

    `measure` is one of `tot hip comp share lum` or an extra of the test; `design` says who and what
    was repeated (`by rater`, `by day`, `table`); `form` the ICC form beside it, `people` and
    `repeats` the size of the study; `utc` when it was adopted, `id` its row (0 before it is kept).
    """

    protocol: str
    measure: str
    unit: Unit
    value: float
    form: str
    icc: float
    people: int
    repeats: int
    design: str
    utc: str
    id: int = 0
