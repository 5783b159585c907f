"""Trend over the visits: Theil-Sen slope with its interval, Mann-Kendall test, plateau."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate, combinations
from statistics import fmean
from typing import Literal

from schemas.progress import Trend


def trend_of(weeks: Sequence[float], values: Sequence[float], least: int = 4) -> Trend | None:
    """Return slope per week, its 95 % interval (Sen 1968) and p; None with too few visits.

    Both are (n,), in the order of time. None too where fewer than two times differ.
    """
    if len(values) < least or len(set(weeks)) < 2:
        return None
    from scipy.stats import theilslopes

    found = theilslopes(values, weeks, alpha=0.95)
    p, method = mann_kendall(values)
    return Trend(
        slope_per_week=float(found.slope),
        low=float(found.low_slope),
        high=float(found.high_slope),
        p=p,
        n=len(values),
        p_method=method,
    )


def mann_kendall(values: Sequence[float]) -> tuple[float, Literal["exact", "normal"]]:
    """Return the two-sided p of no monotone trend in values in the order of time.

    Exact (all orders equally likely) where no two values are equal, else the normal
    approximation with its variance corrected for ties, and for continuity (Mann 1945,
    Kendall 1975).
    """
    n = len(values)
    s = sum(_sign(later - earlier) for earlier, later in combinations(values, 2))
    ties = [count for count in Counter(values).values() if count > 1]
    if not ties:
        return _exact(s, n), "exact"
    tied = sum(t * (t - 1) * (2 * t + 5) for t in ties)
    variance = (n * (n - 1) * (2 * n + 5) - tied) / 18.0
    if s == 0 or variance <= 0.0:
        return 1.0, "normal"
    z = (abs(s) - 1) / math.sqrt(variance)
    return math.erfc(z / math.sqrt(2.0)), "normal"


def _sign(difference: float) -> int:
    return int(difference > 0.0) - int(difference < 0.0)


def _exact(s: int, n: int) -> float:
    """Return P(|S| >= |s|): the share of all orders of n values with as few inversions or fewer."""
    counts = [1]  # how many orders of k values have 0, 1, 2, ... inversions
    for k in range(2, n + 1):
        below = [0] * k + list(accumulate(counts + [0] * (k - 1)))
        counts = [below[i + k] - below[i] for i in range(len(counts) + k - 1)]
    fewest = (n * (n - 1) // 2 - abs(s)) // 2
    tail = sum(counts[: fewest + 1])
    return min(1.0, 2.0 * tail / sum(counts))


def plateau_of(values: Sequence[float], sem: float | None, last: int = 3) -> bool | None:
    """Say whether the last visits lie within one SEM of their mean; None where that is unknown."""
    if sem is None or len(values) < last:
        return None
    tail = values[-last:]
    mean = fmean(tail)
    return max(abs(value - mean) for value in tail) <= sem
