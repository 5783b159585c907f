"""Every constant of progress, with the version that is stored beside it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProgressRules:
    """All rules of progress. A changed number is a new version.

    `double_baseline`: the baseline is the mean of the first two visits that count, as research
    recommends, not the first alone.
    """

    version: str = "progress-1"
    double_baseline: bool = False
    trend_from: int = 4
    plateau_of: int = 3
    recovered_most_pct: float = 150.0
