"""What the repetitions of one test come to together: the repetition rule of the AMA Guides."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from schemas.protocol import Consistency
from schemas.result import Repetition, SetResult

WINDOW: Final = 3
T_975_2: Final = 4.302652729911275
"""Student's t for 97.5 % and two degrees of freedom: three repetitions."""


def set_of(repetitions: Sequence[Repetition], consistency: Consistency, most: int) -> SetResult:
    """Take the first three usable repetitions in a row that agree on TOT and HIP.

    Repetitions of grade X are left out before the row is formed; only the first `most` count.
    Without such a row the means are over all usable ones, with neither SD nor interval. What the
    rule's other reading would take is said beside.
    """
    usable = [r for r in repetitions[:most] if r.grade != "X" and r.tot_deg is not None]
    other = replace(consistency, mode="range" if consistency.mode == "deviation" else "deviation")
    window, others = _row(usable, consistency), _row(usable, other)
    enough = len(usable) >= WINDOW
    return replace(
        _summary(window or usable, consistency, agreed=bool(window) if enough else None),
        other_rule=other.rule,
        other_used=tuple(r.n for r in others),
        other_consistent=bool(others) if enough else None,
    )


def _row(usable: Sequence[Repetition], consistency: Consistency) -> Sequence[Repetition]:
    """Return the first three in a row that agree; none where none do."""
    rows = (usable[first : first + WINDOW] for first in range(len(usable) - WINDOW + 1))
    return next((row for row in rows if _agree(row, consistency)), ())


def _agree(window: Sequence[Repetition], consistency: Consistency) -> bool:
    tot, hip = _known(r.tot_deg for r in window), _known(r.hip_deg for r in window)
    return agrees(tot, consistency) and (len(hip) < WINDOW or agrees(hip, consistency))


def agrees(values: Sequence[float], consistency: Consistency) -> bool:
    """Say whether values lie within the limit of their mean, or of each other."""
    mean = math.fsum(values) / len(values)
    limit = max(consistency.floor_deg, consistency.fraction * abs(mean))
    if consistency.mode == "range":
        return max(values) - min(values) <= limit
    return max(abs(value - mean) for value in values) <= limit


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _summary(
    used: Sequence[Repetition], consistency: Consistency, *, agreed: bool | None
) -> SetResult:
    tot, hip = _known(r.tot_deg for r in used), _known(r.hip_deg for r in used)
    tot_sd, tot_ci = _spread(tot, agreed)
    hip_sd, hip_ci = _spread(hip, agreed)
    return SetResult(
        rule=consistency.rule,
        used=tuple(r.n for r in used),
        consistent=agreed,
        tot_mean_deg=_mean(tot),
        tot_max_deg=max(tot, default=None),
        tot_sd_deg=tot_sd,
        tot_ci95_deg=tot_ci,
        hip_mean_deg=_mean(hip),
        hip_max_deg=max(hip, default=None),
        hip_sd_deg=hip_sd,
        hip_ci95_deg=hip_ci,
        comp_mean_deg=_mean(_known(r.comp_deg for r in used)),
        share_mean_pct=_mean(_known(r.share_pct for r in used)),
    )


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None


def _spread(values: Sequence[float], agreed: bool | None) -> tuple[float | None, float | None]:
    """Return SD and 95 % half-width of a row of three that agreed."""
    if not agreed or len(values) != WINDOW:
        return None, None
    sd = sd_of_row(values)
    return sd, T_975_2 * sd / math.sqrt(WINDOW)


def sd_of_row(values: Sequence[float]) -> float:
    """Return the standard deviation of three values, divisor 2."""
    mean = math.fsum(values) / WINDOW
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (WINDOW - 1))
