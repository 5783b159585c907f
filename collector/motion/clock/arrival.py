"""A sensor without a clock: the count of its samples is the clock, arrivals tell its rate."""

from __future__ import annotations

from typing import Final

import numpy as np

from collector.motion.clock.beat import hidden_delay_s
from collector.motion.clock.envelope import Line, lower_line
from collector.motion.clock.loss import Notifications, lost_before, search
from collector.motion.clock.timeline import Timeline
from schemas.units import US_PER_S, FloatArray, IntArray

RATE_SPAN: Final = 0.015
"""How far the true rate may be from the nominal one: about 1 % is seen."""

QUIET_S: Final = 4.0
"""Without a loss the arrivals come back to the envelope at least this often."""

BLOCK_S: Final = 0.5
BURST_US: Final = 3_000
"""Samples that follow each other faster came with one connection event: the last one counts."""

UNKNOWN_DELAY_S: Final = 0.1
"""The delay that must be allowed for where there is too little to fit."""


def fit_arrivals(
    arrival_us: IntArray, nominal_rate_hz: float | None, allowance_s: float
) -> Timeline:
    """Put samples on the session's time by their count; `arrival_us` (N,) never decreases."""
    at, sizes = notifications(arrival_us)
    if len(at.n) < 2:
        return _single(arrival_us, nominal_rate_hz, allowance_s)
    line, lost = _envelope(at, nominal_rate_hz)
    late = at.y_s - line.at(at.n + at.quantum * lost)
    before = np.repeat(lost, sizes) * at.quantum
    return Timeline(
        t_s=arrival_us[0] / US_PER_S
        + line.at((np.arange(len(arrival_us)) + before).astype(np.float64)),
        missing=np.diff(before, prepend=before[:1]),
        restart=np.zeros(len(arrival_us), dtype=np.bool_),
        period_s=line.slope,
        bound_s=allowance_s + hidden_delay_s(at.y_s, at.quantum * line.slope),
        residual_s=float(np.median(late)),
    )


def notifications(arrival_us: IntArray) -> tuple[Notifications, IntArray]:
    """Reduce samples to the last one of every arrival; also return how many share each."""
    ends = np.flatnonzero(np.append(np.diff(arrival_us) > BURST_US, True))
    sizes = np.diff(ends, prepend=-1)
    y_s = (arrival_us[ends] - arrival_us[0]) / US_PER_S
    return Notifications(ends.astype(np.float64), y_s, _quantum(sizes)), sizes


def _quantum(sizes: IntArray) -> int:
    """Return the batch that nearly all arrivals are multiples of: it is lost as a whole."""
    if len(sizes) < 4:
        return 1
    counts = np.bincount(sizes)
    for batch in range(len(counts) - 1, 1, -1):
        if counts[::batch].sum() >= 0.97 * len(sizes):
            return batch
    return 1


def _single(arrival_us: IntArray, nominal_rate_hz: float | None, allowance_s: float) -> Timeline:
    """Spread one arrival's samples backwards at the nominal rate: nothing else is known."""
    n = len(arrival_us)
    period_s = 1.0 / nominal_rate_hz if nominal_rate_hz else 0.0
    back = np.arange(n - 1, -1, -1) * period_s
    return Timeline(
        t_s=arrival_us / US_PER_S - back,
        missing=np.zeros(n, dtype=np.int64),
        restart=np.zeros(n, dtype=np.bool_),
        period_s=period_s if n > 1 else 0.0,
        bound_s=allowance_s + UNKNOWN_DELAY_S,
        residual_s=0.0,
    )


def _envelope(at: Notifications, nominal_rate_hz: float | None) -> tuple[Line, IntArray]:
    """Fit the envelope, and the quanta lost before each notification."""
    line = lower_line(at.n, at.y_s)
    lost = np.zeros(len(at.n), dtype=np.int64)
    if _comes_back(at, line):
        return line, lost
    line = search(at, _periods(at, nominal_rate_hz))
    for _ in range(3):
        lost = lost_before(at, line)
        line = _robust_line(at, lost, line.slope)
    lost = lost_before(at, line, min(0.3, 0.003 / (at.quantum * line.slope)))
    x = at.n + at.quantum * lost
    sound = at.y_s - line.at(x) > -0.3 * at.quantum * line.slope
    return lower_line(x[sound], at.y_s[sound]), lost


def _comes_back(at: Notifications, line: Line) -> bool:
    """Tell whether the arrivals keep returning to one line: then nothing was lost."""
    late = at.y_s - line.at(at.n)
    high = np.minimum.reduceat(late, _blocks(at.y_s, BLOCK_S)) > 0.3 * at.quantum * line.slope
    low = np.flatnonzero(np.concatenate([[True], ~high, [True]]))
    away = (int(np.diff(low).max()) - 1) * BLOCK_S
    return away <= min(QUIET_S, 0.25 * at.y_s[-1]) and int(lost_before(at, line)[-1]) == 0


def _blocks(y_s: FloatArray, length_s: float) -> IntArray:
    """Return where each stretch of `length_s` begins."""
    block = (y_s / length_s).astype(np.int64)
    return np.flatnonzero(np.diff(block, prepend=-1) > 0)


def _periods(at: Notifications, nominal_rate_hz: float | None) -> FloatArray:
    """List the periods to try: close enough that over the recording no loss hides between two."""
    span_s = max(float(at.y_s[-1]), 1.0)
    lag = max(1, min(int(len(at.n) / span_s), len(at.n) // 2))
    seen = float(np.median((at.y_s[lag:] - at.y_s[:-lag]) / (at.n[lag:] - at.n[:-lag])))
    centre, low, high = (seen, -0.06, 0.015)
    if nominal_rate_hz and 0.97 < seen * nominal_rate_hz < 1.5:
        centre, low, high = (1.0 / nominal_rate_hz, -RATE_SPAN, RATE_SPAN)
    step = min(0.25 * at.quantum * centre / span_s, 0.002)
    return np.asarray(centre * (1.0 + np.arange(low, high, step)), dtype=np.float64)


def _robust_line(at: Notifications, lost: IntArray, period_s: float) -> Line:
    """Fit the low edge by the earliest of every second, whole quanta off left out."""
    x = at.n + at.quantum * lost
    rest = at.y_s - period_s * x
    starts = _blocks(at.y_s, 1.0)
    low = np.minimum.reduceat(rest, starts)
    pick = np.flatnonzero(rest == np.repeat(low, np.diff(np.append(starts, len(rest)))))
    x, rest = x[pick], rest[pick]
    limit = 0.4 * at.quantum * period_s
    slope, offset = 0.0, float(np.median(rest))
    for _ in range(4):
        off = rest - offset - slope * x
        near = np.abs(off) < limit
        if np.count_nonzero(near) < 3:
            break
        slope, offset = (float(v) for v in np.polyfit(x[near], rest[near], 1))
        if abs(slope) > 0.003 * period_s:
            slope, offset = 0.0, float(np.median(rest[near]))
    off = rest - offset - slope * x
    near = np.abs(off) < limit
    drop = float(np.percentile(off[near], 10)) if near.any() else 0.0
    return Line(offset + drop, period_s + slope)
