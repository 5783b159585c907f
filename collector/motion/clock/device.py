"""A sensor with a clock of its own: ticks against arrivals, or no arrivals needed at all."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

import numpy as np

from collector.motion.clock.arrival import UNKNOWN_DELAY_S
from collector.motion.clock.beat import hidden_delay_s
from collector.motion.clock.envelope import line_with_slope, lower_line
from collector.motion.clock.timeline import SMALLEST_STEP_S, Timeline, doubt, passed_before
from schemas.units import US_PER_S, BoolArray, FloatArray, IntArray

PLAUSIBLE_PPM: Final = 200e-6
"""No crystal is further off than this."""

JUMP_S: Final = 1.0
"""A device clock that ran this much further than the host's was set, it did not lose samples."""

MOST_MISSING: Final = 10**9


def fit_shared(
    device_s: FloatArray, nominal_rate_hz: float | None, breaks: Sequence[int] = ()
) -> Timeline:
    """Take device time as the session's time; what is missing shows in its own steps."""
    steps = np.diff(device_s, prepend=device_s[:1])
    period_s = _period(steps[1:], nominal_rate_hz)
    return Timeline(
        t_s=device_s,
        missing=_missing(steps, period_s),
        restart=_at(breaks, len(device_s)),
        period_s=period_s,
        bound_s=0.0,
        residual_s=float("nan"),
    )


def fit_ticks(
    device_s: FloatArray,
    arrival_us: IntArray,
    nominal_rate_hz: float | None,
    allowance_s: float,
    tick_s: float,
    *,
    breaks: Sequence[int] = (),
) -> Timeline:
    """Lay device time under the arrivals, clock segment by clock segment.

    A clock that ran on through a lost connection counts what was lost there; where it began anew,
    the time that passed does.
    """
    sound = arrival_us >= np.maximum.accumulate(arrival_us)
    arrival_s = np.maximum.accumulate(arrival_us) / US_PER_S
    steps = np.diff(device_s, prepend=device_s[:1])
    passed = np.diff(arrival_s, prepend=arrival_s[:1])
    restart: BoolArray = (steps < 0) | (steps > np.maximum(passed, 0) + JUMP_S)
    connection = _at(breaks, len(steps))
    restart |= connection & (steps < passed - JUMP_S)
    period_s = _period(steps[1:][~restart[1:]], nominal_rate_hz)
    device_s = device_s + _stitch(steps, passed, restart)
    edges = [0, *np.flatnonzero(restart).tolist(), len(device_s)]
    parts = [
        _segment(device_s[i:j], arrival_s[i:j], sound[i:j])
        for i, j in itertools.pairwise(edges)
        if j > i
    ]
    t_s = np.concatenate([part for part, _ in parts])
    late = arrival_s - t_s
    span = float(device_s[-1] - device_s[0])
    hidden = hidden_delay_s(arrival_s, period_s) if span > SMALLEST_STEP_S else UNKNOWN_DELAY_S
    bound_s = allowance_s + hidden + tick_s + max(extra for _, extra in parts)
    missing = np.where(restart, 0, _missing(steps, period_s))
    anew = np.flatnonzero(connection & restart).tolist()
    for first in anew:
        missing[first] = passed_before(t_s, first, period_s)
    return Timeline(
        t_s=t_s,
        missing=missing,
        restart=restart | connection,
        period_s=period_s,
        bound_s=bound_s,
        residual_s=float(np.median(late)),
        doubtful=len(anew) * doubt(2.0 * (bound_s - allowance_s), period_s),
    )


def _at(breaks: Sequence[int], count: int) -> BoolArray:
    marked = np.zeros(count, dtype=np.bool_)
    marked[list(breaks)] = True
    return marked


def _stitch(steps: FloatArray, passed: FloatArray, restart: BoolArray) -> FloatArray:
    """Shift each segment so that its device time goes on about where the last one ended."""
    return np.cumsum(np.where(restart, passed - steps, 0.0))


def _segment(
    device_s: FloatArray, arrival_s: FloatArray, sound: BoolArray
) -> tuple[FloatArray, float]:
    """Return session times of one clock segment, and how much the slope's doubt adds."""
    x = device_s - device_s[0]
    span = float(x[-1])
    if span <= SMALLEST_STEP_S:
        return np.full(len(x), float(arrival_s.min())), 0.0
    if np.count_nonzero(sound) < 2 or np.ptp(x[sound]) <= SMALLEST_STEP_S:
        sound = np.ones(len(x), dtype=np.bool_)
    line = lower_line(x[sound], arrival_s[sound])
    slope = min(max(line.slope, 1.0 - PLAUSIBLE_PPM), 1.0 + PLAUSIBLE_PPM)
    doubt = 0.0
    if slope != line.slope:
        doubt = min(abs(line.slope - slope) * span / 2.0, UNKNOWN_DELAY_S)
        line = line_with_slope(x[sound], arrival_s[sound], slope)
    return line.at(x), doubt


def _period(steps: FloatArray, nominal_rate_hz: float | None) -> float:
    """Return the sampling period: the common step that the others are whole multiples of."""
    steps = steps[steps > SMALLEST_STEP_S]
    if not len(steps):
        return 1.0 / nominal_rate_hz if nominal_rate_hz else 0.0
    guess = 1.0 / nominal_rate_hz if nominal_rate_hz else _smallest_common(steps)
    whole = np.rint(steps / guess)
    fits = (whole >= 1) & (np.abs(steps / guess - whole) < 0.25)
    if np.count_nonzero(fits) < 0.5 * len(steps):
        return float(np.median(steps))
    return float(np.median(steps[fits] / whole[fits]))


def _smallest_common(steps: FloatArray) -> float:
    """Return the smallest step that at least one in twenty takes."""
    short = np.sort(steps)[max(0, len(steps) // 20 - 1)]
    return float(np.median(steps[steps <= 1.25 * short]))


def _missing(steps: FloatArray, period_s: float) -> IntArray:
    """Count the samples missing before each one; a step of less than 1.5 periods misses none."""
    if period_s <= 0:
        return np.zeros(len(steps), dtype=np.int64)
    whole = np.clip(np.rint(steps / period_s), 1, MOST_MISSING)
    return whole.astype(np.int64) - 1
