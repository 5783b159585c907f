"""A sensor without a clock: the count of its samples is the clock, arrivals tell its rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.motion.clock.beat import hidden_delay_s, tooth_s
from collector.motion.clock.envelope import Line, lower_line
from collector.motion.clock.loss import Notifications, lost_before, search
from collector.motion.clock.timeline import Timeline
from schemas.units import US_PER_S, BoolArray, FloatArray, IntArray

RATE_SPAN: Final = 0.015
"""How far the true rate may be from the nominal one: about 1 % is seen."""

QUIET_S: Final = 4.0
"""Without a loss the arrivals come back to the envelope at least this often."""

MOST_PERIODS: Final = 4096
BLOCK_S: Final = 0.5
"""The envelope is looked at in stretches of this length."""

BURST_US: Final = 3_000
"""Samples that follow each other faster came with one connection event: the last one counts."""

SHARP_S: Final = 0.001
"""No envelope is sharper than this."""

EDGE: Final = 6
"""Notifications behind a step that may belong before it."""

UNKNOWN_DELAY_S: Final = 0.1
"""The delay that must be allowed for where there is too little to fit."""


def fit_arrivals(
    arrival_us: IntArray, nominal_rate_hz: float | None, allowance_s: float
) -> Timeline:
    """Put samples on the session's time by their count; `arrival_us` (N,) as it came."""
    at, sizes = notifications(arrival_us)
    if len(at.n) < 2:
        return _single(np.maximum.accumulate(arrival_us), nominal_rate_hz, allowance_s)
    fit = _envelope(at, nominal_rate_hz)
    line, before = fit.line, np.repeat(fit.lost, sizes)
    late = at.y_s - line.at(at.n + fit.lost)
    return Timeline(
        t_s=arrival_us[0] / US_PER_S
        + line.at((np.arange(len(arrival_us)) + before).astype(np.float64)),
        missing=np.diff(before, prepend=before[:1]),
        restart=np.zeros(len(arrival_us), dtype=np.bool_),
        period_s=line.slope,
        bound_s=allowance_s
        + hidden_delay_s(at.y_s, at.quantum * line.slope)
        + _doubt_s(at, late, fit.certain),
        residual_s=float(np.median(late)),
        doubtful=fit.doubtful,
    )


def _doubt_s(at: Notifications, late: FloatArray, certain: bool) -> float:
    """Return how far the envelope itself may be off: its blunt edge, and steps that do not fit."""
    few = min(len(late) - 1, EDGE - 1)
    blunt = float(np.partition(late, few)[few])
    if certain:
        return SHARP_S + blunt
    low = np.minimum.reduceat(late, _blocks(at.y_s, 1.0))
    return SHARP_S + max(blunt, float(np.percentile(low, 90)))


def notifications(arrival_us: IntArray) -> tuple[Notifications, IntArray]:
    """Reduce samples to the last one of every arrival; also return how many share each.

    An arrival before one that was already there is the host's error: it proves nothing.
    """
    sound = np.flatnonzero(arrival_us >= np.maximum.accumulate(arrival_us))
    arrival_us, n = arrival_us[sound], len(arrival_us)
    ends = np.append(np.flatnonzero(np.diff(arrival_us) > BURST_US), len(arrival_us) - 1)
    y_s = (arrival_us[ends] - arrival_us[0]) / US_PER_S
    ends = sound[ends]
    sizes = np.diff(ends, prepend=-1)
    at = Notifications(ends.astype(np.float64), y_s, _quantum(sizes))
    sizes[-1] += n - 1 - ends[-1]
    return at, sizes


def _quantum(sizes: IntArray) -> int:
    """Return the batch that nearly all arrivals are multiples of: it is lost as a whole."""
    if len(sizes) < 4:
        return 1
    counts = np.bincount(sizes)
    for batch in range(int(counts.argmax()), 1, -1):
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


@dataclass(frozen=True, eq=False, slots=True)
class _Envelope:
    """The line before the first loss, samples lost before each notification, and the doubt.

    `certain` where no loss had to be looked for; `doubtful` how many of the lost may not be.
    """

    line: Line
    lost: IntArray
    doubtful: int
    certain: bool


def _envelope(at: Notifications, nominal_rate_hz: float | None) -> _Envelope:
    """Fit the envelope; look for losses only if the arrivals do not come back to one line."""
    line = lower_line(at.n, at.y_s)
    lost = np.zeros(len(at.n), dtype=np.int64)
    if _comes_back(at, line):
        return _Envelope(line, lost, 0, certain=True)
    at = _coarser(at, line)
    answer = search(at, _periods(at, nominal_rate_hz), line)
    line = answer.line
    for tolerance in (0.3, 0.3, 0.2):
        lost = lost_before(at, line, tolerance)
        line = _robust_line(at, lost, line)
    lost = lost_before(at, line, min(0.2, max(0.1, 0.003 / (at.quantum * line.slope))))
    doubtful = at.quantum * max(answer.doubtful, int(lost[-1] > 0))
    return _Envelope(_core_line(at, lost, line), at.quantum * lost, doubtful, certain=False)


def _coarser(at: Notifications, line: Line) -> Notifications:
    """Take a larger quantum where delays of one scatter more than it lasts: less cannot be seen."""
    late = at.y_s - line.at(at.n)
    starts = _blocks(at.y_s, BLOCK_S)
    low = np.repeat(np.minimum.reduceat(late, starts), np.diff(np.append(starts, len(late))))
    scatter_s = float(np.median(late - low))
    times = int(np.ceil(scatter_s / (at.quantum * line.slope)))
    return Notifications(at.n, at.y_s, at.quantum * max(1, times))


def _core(at: Notifications, lost: IntArray, line: Line) -> BoolArray:
    """Leave out the few notifications that may stand on the wrong step."""
    late = at.y_s - line.at(at.n + at.quantum * lost)
    sound: BoolArray = late > -0.3 * at.quantum * line.slope
    edge = np.flatnonzero(np.diff(lost))[:, None] + 1 + np.arange(EDGE)
    core = sound.copy()
    core[np.minimum(edge, len(core) - 1)] = False
    for some in (core, sound):
        if np.count_nonzero(some) > 0.5 * len(core):
            return some
    return np.ones(len(core), dtype=np.bool_)


def _core_line(at: Notifications, lost: IntArray, line: Line) -> Line:
    """Fit the envelope to the core."""
    core = _core(at, lost, line)
    return lower_line((at.n + at.quantum * lost)[core], at.y_s[core])


def _comes_back(at: Notifications, line: Line) -> bool:
    """Tell whether the arrivals keep returning to one line: then nothing was lost."""
    late = at.y_s - line.at(at.n)
    high = np.minimum.reduceat(late, _blocks(at.y_s, BLOCK_S)) > 0.3 * at.quantum * line.slope
    low = np.flatnonzero(np.concatenate([[True], ~high, [True]]))
    away = (int(np.diff(low).max()) - 1) * BLOCK_S
    span_s = float(at.y_s[-1])
    if int(lost_before(at, line, 0.1)[-1]) > 0 or away > 0.4 * span_s:
        return False
    if away <= min(QUIET_S, 0.25 * span_s):
        return True
    return away <= 1.2 * tooth_s(at.y_s, at.quantum * line.slope) <= 0.5 * span_s


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
    step = max(min(0.25 * at.quantum * centre / span_s, 0.002), (high - low) / MOST_PERIODS)
    return np.asarray(centre * (1.0 + np.arange(low, high, step)), dtype=np.float64)


def _robust_line(at: Notifications, lost: IntArray, line: Line) -> Line:
    """Fit the low edge by the earliest of every second, whole quanta off left out."""
    core, period_s = _core(at, lost, line), line.slope
    x, y_s = (at.n + at.quantum * lost)[core], at.y_s[core]
    rest = y_s - period_s * x
    starts = _blocks(y_s, 1.0)
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
        slope, offset = _least_squares(x[near], rest[near])
        if abs(slope) > 0.003 * period_s:
            slope, offset = 0.0, float(np.median(rest[near]))
    off = rest - offset - slope * x
    near = np.abs(off) < limit
    drop = float(np.percentile(off[near], 10)) if near.any() else 0.0
    return Line(offset + drop, period_s + slope)


def _least_squares(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Return slope and offset; `x` has at least two values."""
    middle, level = float(x.mean()), float(y.mean())
    slope = float(np.dot(x - middle, y - level) / np.dot(x - middle, x - middle))
    return slope, level - slope * middle
