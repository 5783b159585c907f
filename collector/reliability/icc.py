"""Intraclass correlation in all six forms, with intervals.

Shrout & Fleiss 1979, Psychological Bulletin 86:420; McGraw & Wong 1996, Psychological Methods 1:30
(names and intervals of the forms of absolute agreement).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from collector.reliability.ratings import Floats

Form = Literal["ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"]
Band = Literal["poor", "moderate", "good", "excellent"]


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """The two-way table of variance: `n` people, `k` repeats.

    `people` (rows), `repeats` (columns), `residual` and `within` (columns and residual together)
    are mean squares, in the square of the values' unit.
    """

    n: int
    k: int
    people: float
    repeats: float
    residual: float
    within: float


@dataclass(frozen=True, slots=True)
class Icc:
    """One form: its estimate, 95 % interval, and the F test that it is zero.

    `also` is the name of McGraw & Wong. A limit is None where the interval has no end there; the
    estimate of an average is nan where the single one is so far below zero that none exists.
    """

    form: Form
    also: str
    value: float
    low: float | None
    high: float | None
    f: float
    df1: int
    df2: int
    p: float


def mean_squares(values: Floats) -> MeanSquares:
    """Return the mean squares of a table of shape (people, repeats)."""
    n, k = values.shape
    grand = values.mean()
    people, repeats = values.mean(axis=1), values.mean(axis=0)
    of_people = k * float(((people - grand) ** 2).sum())
    of_repeats = n * float(((repeats - grand) ** 2).sum())
    residual = float(((values - people[:, None] - repeats + grand) ** 2).sum())
    return MeanSquares(
        n=n,
        k=k,
        people=of_people / (n - 1),
        repeats=of_repeats / (k - 1),
        residual=residual / ((n - 1) * (k - 1)),
        within=(of_repeats + residual) / (n * (k - 1)),
    )


def six_forms(ms: MeanSquares, level: float = 0.95) -> tuple[Icc, ...]:
    """Return all forms, single before average, with intervals at `level`."""
    single = (_one_way(ms, level), _agreement(ms, level), _consistency(ms, level))
    return (*single, *(_average(icc, ms) for icc in single))


def band_of(low: float | None, high: float | None) -> tuple[Band, Band]:
    """Return the bands (Koo & Li 2016) that the ends of an interval lie in."""
    return _band(-1.0 if low is None else low), _band(1.0 if high is None else high)


def _band(value: float) -> Band:
    if value < 0.5:
        return "poor"
    if value < 0.75:
        return "moderate"
    return "good" if value <= 0.9 else "excellent"


def _one_way(ms: MeanSquares, level: float) -> Icc:
    value = (ms.people - ms.within) / (ms.people + (ms.k - 1) * ms.within)
    return _exact("ICC(1,1)", "ICC(1)", value, ms, ms.within, ms.n * (ms.k - 1), level)


def _consistency(ms: MeanSquares, level: float) -> Icc:
    value = (ms.people - ms.residual) / (ms.people + (ms.k - 1) * ms.residual)
    df2 = (ms.n - 1) * (ms.k - 1)
    return _exact("ICC(3,1)", "ICC(C,1)", value, ms, ms.residual, df2, level)


def _exact(
    form: Form, also: str, value: float, ms: MeanSquares, error: float, df2: int, level: float
) -> Icc:
    """Return a form whose interval is exact: F over the quantiles of its distribution."""
    from scipy.stats import f as f_distribution

    f, df1, upper = ms.people / error, ms.n - 1, (1 + level) / 2
    low = f / float(f_distribution.ppf(upper, df1, df2))
    high = f * float(f_distribution.ppf(upper, df2, df1))
    low, high = (low - 1) / (low + ms.k - 1), (high - 1) / (high + ms.k - 1)
    p = float(f_distribution.sf(f, df1, df2))
    return Icc(form, also, value, low, high, f, df1, df2, p)


def _agreement(ms: MeanSquares, level: float) -> Icc:
    from scipy.stats import f as f_distribution

    n, k = ms.n, ms.k
    of_repeats = k * (ms.repeats - ms.residual) / n
    value = (ms.people - ms.residual) / (ms.people + (k - 1) * ms.residual + of_repeats)
    f, df1, df2 = ms.people / ms.residual, n - 1, (n - 1) * (k - 1)
    v, upper = _satterthwaite(ms), (1 + level) / 2
    down = float(f_distribution.ppf(upper, df1, v))
    up = float(f_distribution.ppf(upper, v, df1))
    rest = k * ms.repeats + (k * n - k - n) * ms.residual
    low = n * (ms.people / down - ms.residual) / (rest + n * ms.people / down)
    high = n * (ms.people - ms.residual / up) / (rest / up + n * ms.people)
    p = float(f_distribution.sf(f, df1, df2))
    return Icc("ICC(2,1)", "ICC(A,1)", value, low, high, f, df1, df2, p)


def _satterthwaite(ms: MeanSquares) -> float:
    """Return the degrees of freedom of the mixed error term (McGraw & Wong 1996, table 7)."""
    n, k = ms.n, ms.k
    # r / (1 - r) of ICC(2,1), written so that an ICC of nearly 1 loses no digits.
    odds = (ms.people - ms.residual) / (k * (ms.residual + (ms.repeats - ms.residual) / n))
    a = k * odds / n * ms.repeats
    b = (1 + k * odds * (n - 1) / n) * ms.residual
    v = (a + b) ** 2 / (a**2 / (k - 1) + b**2 / ((n - 1) * (k - 1)))
    return float(np.clip(v, 1e-2, None))


_AVERAGE: dict[Form, tuple[Form, str]] = {
    "ICC(1,1)": ("ICC(1,k)", "ICC(k)"),
    "ICC(2,1)": ("ICC(2,k)", "ICC(A,k)"),
    "ICC(3,1)": ("ICC(3,k)", "ICC(C,k)"),
}


def _average(icc: Icc, ms: MeanSquares) -> Icc:
    """Return the form for the mean of all repeats: Spearman and Brown's step from a single one."""
    form, also = _AVERAGE[icc.form]
    value = _stepped(icc.value, ms.k)
    low = None if icc.low is None else _stepped(icc.low, ms.k)
    high = None if icc.high is None else _stepped(icc.high, ms.k)
    whole = math.nan if value is None else value
    return Icc(form, also, whole, low, high, icc.f, icc.df1, icc.df2, icc.p)


def _stepped(value: float, k: int) -> float | None:
    below = 1 + (k - 1) * value
    return k * value / below if below > 1e-12 else None
