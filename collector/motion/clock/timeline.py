"""What the three kinds of clock have in common once samples lie on the session's time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.statistics import median
from schemas.motion import ClockFit, Gap
from schemas.units import US_PER_S, BoolArray, FloatArray, IntArray

SMALLEST_STEP_S: Final = 1e-6
"""Samples never share a time: what would, is moved by this."""

SILENCE_S: Final = 0.2
"""A link that says nothing for longer is flagged, whether or not samples were lost."""

STALL_S: Final = 0.1
"""The shortest silence that counts as a stall, if it is also three times the usual."""


@dataclass(frozen=True, eq=False, slots=True)
class Timeline:
    """Samples on the session's time, and what was found on the way.

    `missing` (N,) samples lost just before each one; `restart` (N,) true where the device's clock
    or its connection began anew; `doubtful` how many of the lost may not be; `unplaced` how many
    more were lost, nobody knows where.
    """

    t_s: FloatArray
    missing: IntArray
    restart: BoolArray
    period_s: float
    bound_s: float
    residual_s: float
    doubtful: int = 0
    unplaced: int = 0


def clock_fit(line: Timeline, arrival_us: IntArray) -> ClockFit:
    """Describe a timeline: segments, gaps, stalls and silences."""
    t_s = _increasing(line.t_s)
    broken = (line.missing > 0) | line.restart
    before = np.maximum(np.flatnonzero(broken) - 1, 0)
    quiet = _silences(arrival_us, line.missing)
    return ClockFit(
        t_s=t_s,
        segment=np.cumsum(broken).astype(np.int64),
        rate_hz=1.0 / line.period_s if line.period_s > 0 else float("nan"),
        lost=int(line.missing.sum()) + line.unplaced,
        lost_uncertainty=line.doubtful + line.unplaced,
        gaps=tuple(
            Gap(float(t_s[i]), float(t_s[i + 1]), int(line.missing[i + 1])) for i in before.tolist()
        ),
        stalls=sum(1 for gap in quiet if not gap.samples),
        bound_s=line.bound_s,
        residual_s=line.residual_s,
        silences=tuple(gap for gap in quiet if gap.end_s - gap.start_s > SILENCE_S),
    )


def _increasing(t_s: FloatArray) -> FloatArray:
    """Move samples that would share a time, or go back, just behind the one before."""
    if len(t_s) < 2 or bool((t_s[1:] > t_s[:-1]).all()):
        return t_s
    ramp = np.arange(len(t_s)) * SMALLEST_STEP_S
    return np.asarray(np.maximum.accumulate(t_s - ramp) + ramp, dtype=np.float64)


def _silences(arrival_us: IntArray, missing: IntArray) -> tuple[Gap, ...]:
    """Find the silences of the link; what was lost within 0.2 s of their end is theirs."""
    wait = arrival_us[1:] - arrival_us[:-1]
    long = np.flatnonzero(wait > STALL_S * US_PER_S)
    if not len(long):
        return ()
    usual_us = median(wait[wait > 0].astype(np.float64))
    ends = long[wait[long] > 3.0 * usual_us] + 1
    lost = np.concatenate([[0], np.cumsum(missing)])
    until = np.searchsorted(arrival_us, arrival_us[ends] + int(SILENCE_S * US_PER_S))
    return tuple(
        Gap(
            float(arrival_us[i - 1]) / US_PER_S,
            float(arrival_us[i]) / US_PER_S,
            int(lost[j] - lost[i]),
        )
        for i, j in zip(ends.tolist(), until.tolist(), strict=True)
    )


def passed_before(t_s: FloatArray, first: int, period_s: float) -> int:
    """Return how many samples the time before `first` would have held."""
    if period_s <= 0.0:
        return 0
    return max(0, round(float(t_s[first] - t_s[first - 1]) / period_s) - 1)


def doubt(doubt_s: float, period_s: float) -> int:
    """Return how many samples more or fewer that may be, where both times are so far off."""
    return 1 + math.ceil(max(doubt_s, 0.0) / period_s) if period_s > 0.0 else 1
