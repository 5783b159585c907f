"""Limits of agreement between two columns, plain and with several values per person.

Bland & Altman 1986, Lancet 1:307; 1999, Statistical Methods in Medical Research 8:135; 2007,
Journal of Biopharmaceutical Statistics 17:571.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from collector.reliability.ratings import Floats
from schemas.progress import Z95


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float

    def without_zero(self) -> bool:
        """Tell whether zero lies outside."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two columns against each other: `first` minus `second`, in the unit of the values.

    `slope` is that of the differences over the means: how the bias grows with the value; None for
    two people, whose means lie on any line. `typical_error` is `sd` / sqrt 2.
    """

    first: str
    second: str
    people: int
    bias: Interval
    sd: float
    lower: Interval
    upper: Interval
    typical_error: float
    slope: Interval | None


@dataclass(frozen=True, slots=True)
class RepeatedLimits:
    """Limits of agreement where people have several values under each of two columns.

    `constant`: a person's true value stays the same meanwhile, values need not be paired.
    `varying`: it may move from pair to pair; the i-th values of both columns are a pair.
    """

    true_value: Literal["constant", "varying"]
    people: int
    values: int
    bias: float
    sd: float
    lower: float
    upper: float


def agreement(first: str, second: str, pairs: Floats) -> Agreement:
    """Compare two columns of shape (people, 2)."""
    difference = pairs[:, 0] - pairs[:, 1]
    n, sd = len(difference), float(difference.std(ddof=1))
    bias, lower, upper = limits(n, float(difference.mean()), sd)
    slope = _slope(pairs.mean(axis=1), difference) if n > 2 else None
    return Agreement(first, second, n, bias, sd, lower, upper, sd / math.sqrt(2), slope)


def limits(n: int, bias: float, sd: float) -> tuple[Interval, Interval, Interval]:
    """Return bias, lower and upper limit of `n` differences, each with its interval."""
    from scipy.stats import t

    quantile = float(t.ppf(0.975, n - 1))
    of_bias = quantile * sd / math.sqrt(n)
    of_limit = quantile * sd * math.sqrt(1 / n + Z95**2 / (2 * (n - 1)))
    return (
        _around(bias, of_bias),
        _around(bias - Z95 * sd, of_limit),
        _around(bias + Z95 * sd, of_limit),
    )


def limits_constant(first: Sequence[Floats], second: Sequence[Floats]) -> RepeatedLimits:
    """Return the limits for a true value that stays: one array per person and column (1999)."""
    means = np.array([a.mean() - b.mean() for a, b in zip(first, second, strict=True)])
    variance = float(means.var(ddof=1))
    for column in (first, second):
        counts = np.array([len(values) for values in column])
        variance += (1 - float((1 / counts).mean())) * _within(column)
    values = sum(len(v) for v in (*first, *second))
    return _repeated("constant", len(means), values, float(means.mean()), variance)


def limits_varying(differences: Sequence[Floats]) -> RepeatedLimits | None:
    """Return the limits for a true value that moves: one array of differences per person (2007).

    None where no person has two pairs.
    """
    counts = np.array([len(d) for d in differences])
    n, total = len(counts), int(counts.sum())
    if total == n:
        return None
    every = np.concatenate(differences)
    bias = float(every.mean())
    within = _within(differences)
    between = sum(len(d) * float(d.mean() - bias) ** 2 for d in differences) / (n - 1)
    divisor = (total**2 - float((counts**2).sum())) / ((n - 1) * total)
    variance = within + max(0.0, (between - within) / divisor)
    return _repeated("varying", n, total, bias, variance)


def _repeated(
    true_value: Literal["constant", "varying"], people: int, values: int, bias: float, var: float
) -> RepeatedLimits:
    sd = math.sqrt(var)
    return RepeatedLimits(true_value, people, values, bias, sd, bias - Z95 * sd, bias + Z95 * sd)


def _within(column: Sequence[Floats]) -> float:
    """Return the variance within people, pooled; 0 where nobody has two values."""
    df = sum(len(values) - 1 for values in column)
    squares = sum(float(((values - values.mean()) ** 2).sum()) for values in column)
    return squares / df if df else 0.0


def _slope(means: Floats, differences: Floats) -> Interval | None:
    from scipy.stats import linregress, t

    if float(np.ptp(means)) == 0.0:
        return None
    line = linregress(means, differences)
    return _around(float(line.slope), float(t.ppf(0.975, len(means) - 2)) * float(line.stderr))


def _around(value: float, half: float) -> Interval:
    return Interval(value, value - half, value + half)
