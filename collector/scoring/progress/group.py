"""What a group changed between two visits, for researchers: size and interval before any p."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, stdev

from schemas.errors import UsageError
from schemas.progress import GroupChange


def group_change(before: Sequence[float], after: Sequence[float]) -> GroupChange:
    """Return the paired mean change with its 95 % interval (t), and its effect sizes.

    Parameters
    ----------
    before, after
        One value per person, (n,), in the same order of people and the same unit.

    Raises
    ------
    UsageError
        Of unequal length, or fewer than two people.
    """
    if len(before) != len(after) or len(before) < 2:
        raise UsageError(
            "Paired change needs one value before and one after of at least two people:"
            f" {len(before)} before and {len(after)} after came.",
            reason="bad_pairs",
        )
    from scipy.stats import t

    changes = [b - a for a, b in zip(before, after, strict=True)]
    n, mean, sd = len(changes), fmean(changes), stdev(changes)
    half = float(t.ppf(0.975, n - 1)) * sd / math.sqrt(n)
    average_sd = (stdev(before) + stdev(after)) / 2.0
    return GroupChange(
        n=n,
        mean=mean,
        sd=sd,
        low=mean - half,
        high=mean + half,
        srm=mean / sd if sd else None,
        d_av=mean / average_sd if average_sd else None,
        p=float(2.0 * t.sf(abs(mean) * math.sqrt(n) / sd, n - 1)) if sd else None,
    )
