"""A sensor without a clock: the count of its samples is the clock, arrivals tell its rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from collector.motion.clock.beat import Link, hidden_delay_s, in_step, link_of, tooth_s
from collector.motion.clock.envelope import Line, line_with_slope, lower_line
from collector.motion.clock.loss import (
    Notifications,
    lost_before,
    notifications,
    surely_lost_before,
)
from collector.motion.clock.rates import RATE_SPAN, missing_from, windows_s
from collector.motion.clock.search import Answer, search, unbroken
from collector.motion.clock.steps import EDGE, blocks, core_line, robust_line
from collector.motion.clock.timeline import Timeline
from collector.statistics import median
from schemas.units import US_PER_S, FloatArray, IntArray

QUIET_S: Final = 4.0
"""Without a loss the arrivals come back to the envelope at least this often."""

BLOCK_S: Final = 0.5
"""The envelope is looked at in stretches of this length."""

SHORT_S: Final = 10.0
"""In less time single losses cannot be told from delays that scatter by more than they last."""

SHARP_S: Final = 0.001
"""No envelope is sharper than this."""

LATE_S: Final = 0.003
"""What the host may add to the delay of any arrival, rarely."""

SHARE_PCT: Final = 98.0
"""The bound holds for the other samples; of those in doubt a third are wrong."""

MANY: Final = 0.015
"""With more losses than this, retransmissions hide behind too many of them."""

SLOW_BEAT: Final = 0.003
"""A period this close to a whole part of the link's interval beats too slowly with it."""

PROOF_NATS: Final = 20.0
"""Losses are believed if they explain the arrivals better by so much."""

UNKNOWN_DELAY_S: Final = 0.1
"""The delay that must be allowed for where there is too little to fit."""


def fit_arrivals(arrival_us: IntArray, rates_hz: Sequence[float], allowance_s: float) -> Timeline:
    """Put samples on the session's time by their count; `arrival_us` (N,) as it came."""
    at, sizes = notifications(arrival_us)
    if len(at.n) < 2:
        rate_hz = rates_hz[0] if len(rates_hz) == 1 else None
        return _single(np.maximum.accumulate(arrival_us), rate_hz, allowance_s)
    fit = _envelope(at, rates_hz)
    line, before = fit.line, np.repeat(fit.lost, sizes)
    late = at.y_s - line.at(at.n + fit.lost)
    return Timeline(
        t_s=arrival_us[0] / US_PER_S
        + line.at((np.arange(len(arrival_us)) + before).astype(np.float64)),
        missing=np.diff(before, prepend=before[:1]),
        restart=np.zeros(len(arrival_us), dtype=np.bool_),
        period_s=line.slope,
        bound_s=allowance_s
        + max(
            fit.leaning_s,
            hidden_delay_s(at.y_s, at.quantum * line.slope)
            + max(fit.misplaced_s, _doubt_s(at, late, fit.certain)),
        ),
        residual_s=median(late),
        doubtful=fit.doubtful,
        unplaced=fit.unplaced,
    )


def _doubt_s(at: Notifications, late: FloatArray, certain: bool) -> float:
    """Return how far the envelope itself may be off: its blunt edge, and steps that do not fit."""
    few = min(len(late) - 1, EDGE - 1)
    blunt = float(np.partition(late, few)[few])
    if certain:
        return SHARP_S + blunt
    low = np.minimum.reduceat(late, blocks(at.y_s, 1.0))
    return SHARP_S + max(blunt, float(np.percentile(low, 90)))


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


def fit_held(arrival_us: IntArray, period_s: float, allowance_s: float) -> Timeline:
    """Put samples on the session's time at a rate that is known from elsewhere.

    For parts that are too short to show their own: no losses are looked for in them.
    """
    at, _ = notifications(arrival_us)
    if period_s <= 0.0 or len(at.n) < 2:
        rate_hz = 1.0 / period_s if period_s > 0.0 else None
        return _single(np.maximum.accumulate(arrival_us), rate_hz, allowance_s)
    line = line_with_slope(at.n, at.y_s, period_s)
    late = at.y_s - line.at(at.n)
    n = len(arrival_us)
    hidden_s = hidden_delay_s(at.y_s, at.quantum * period_s)
    return Timeline(
        t_s=arrival_us[0] / US_PER_S + line.at(np.arange(n, dtype=np.float64)),
        missing=np.zeros(n, dtype=np.int64),
        restart=np.zeros(n, dtype=np.bool_),
        period_s=period_s,
        bound_s=allowance_s + hidden_s + _doubt_s(at, late, certain=False),
        residual_s=median(late),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Envelope:
    """The line before the first loss, samples lost before each notification, and the doubt.

    `certain` where no loss had to be looked for; `doubtful` how many of the lost may not be;
    `unplaced` how many more must be, nobody knows where; `misplaced_s` how far off samples beside a
    loss may be; `leaning_s` the ends of the line.
    """

    line: Line
    lost: IntArray
    doubtful: int
    certain: bool
    unplaced: int = 0
    misplaced_s: float = 0.0
    leaning_s: float = 0.0


def _envelope(at: Notifications, rates_hz: Sequence[float]) -> _Envelope:
    """Fit the envelope; look for losses only if the arrivals do not come back to one line."""
    line = lower_line(at.n, at.y_s)
    if _comes_back(at, line):
        return _whole(at, line, rates_hz, None)
    if at.y_s[-1] < SHORT_S:
        at = _coarser(at, line)
    link = link_of(at.y_s)
    answer, own = search(at, windows_s(at, rates_hz), link), unbroken(at, line, link)
    if own.nats <= answer.nats + PROOF_NATS:
        near = answer.rivals if answer.nats <= own.nats + PROOF_NATS else own.rivals
        return replace(_whole(at, line, rates_hz, near), leaning_s=_leaning_s(at, line, link))
    line = answer.line
    for _ in range(2):
        line = robust_line(at, lost_before(at, line, 0.15), line)
    lost = lost_before(at, line, min(0.2, max(0.1, 0.003 / (at.quantum * line.slope))))
    line = core_line(at, lost, line)
    return _Envelope(
        line,
        at.quantum * lost,
        at.quantum * _doubtful(at, answer, link, lost),
        certain=False,
        misplaced_s=_misplaced_s(at, line, lost, link),
        leaning_s=_leaning_s(at, line, link),
    )


def _whole(
    at: Notifications, line: Line, rates_hz: Sequence[float], rivals: FloatArray | None
) -> _Envelope:
    """Take it that nothing was lost; `rivals` are the quanta lost in answers nearly as good."""
    return _Envelope(
        line,
        np.zeros(len(at.n), dtype=np.int64),
        doubtful=0 if rivals is None else at.quantum * int(rivals.max(initial=0.0)),
        certain=rivals is None,
        unplaced=missing_from(at, line.slope, rates_hz),
    )


def _misplaced_s(at: Notifications, line: Line, lost: IntArray, link: Link) -> float:
    """Return how far samples beside a loss may be off, on whose other side they may belong."""
    step_s = at.quantum * line.slope
    shift = lost - surely_lost_before(at, line, lost, link.interval_s + link.jitter_s + LATE_S)
    steps = float(np.percentile(shift, SHARE_PCT))
    if lost[-1] > MANY * (at.n[-1] / at.quantum + lost[-1]):
        steps = max(steps, 1.0)
    return steps * step_s


def _leaning_s(at: Notifications, line: Line, link: Link) -> float:
    """Return how far the ends of the line may be off, one early, one late.

    That is where the beat with the link is so slow that it looks like a loss, or a loss like it.
    """
    step_s = at.quantum * line.slope
    turns = link.interval_s / step_s
    slow = round(turns) > 0 and abs(turns / round(turns) - 1.0) < SLOW_BEAT
    return 2.0 * step_s if slow else 0.0


def _coarser(at: Notifications, line: Line) -> Notifications:
    """Take a larger quantum where delays of one scatter more than it lasts: less cannot be seen."""
    late = at.y_s - line.at(at.n)
    starts = blocks(at.y_s, BLOCK_S)
    low = np.repeat(np.minimum.reduceat(late, starts), np.diff(np.append(starts, len(late))))
    scatter_s = median(late - low)
    times = int(np.ceil(scatter_s / (at.quantum * line.slope)))
    return Notifications(at.n, at.y_s, at.quantum * max(1, times))


def _doubtful(at: Notifications, answer: Answer, link: Link, lost: IntArray) -> int:
    """Return how many quanta more or fewer may have been lost."""
    off = int(np.abs(answer.rivals - lost[-1]).max(initial=0.0))
    step_s = at.quantum * answer.line.slope
    off = max(off, 1 + round((link.interval_s + link.jitter_s) / step_s - 0.4))
    if not in_step(at.y_s, step_s):
        return off
    return max(off, round(RATE_SPAN * float(at.n[-1] / at.quantum + lost[-1])))


def _comes_back(at: Notifications, line: Line) -> bool:
    """Tell whether the arrivals keep returning to one line: then nothing was lost."""
    late = at.y_s - line.at(at.n)
    high = np.minimum.reduceat(late, blocks(at.y_s, BLOCK_S)) > 0.3 * at.quantum * line.slope
    low = np.flatnonzero(np.concatenate([[True], ~high, [True]]))
    away = (int(np.diff(low).max()) - 1) * BLOCK_S
    span_s = float(at.y_s[-1])
    if int(lost_before(at, line, 0.1)[-1]) > 0 or away > 0.4 * span_s:
        return False
    if away <= min(QUIET_S, 0.12 * span_s):
        return True
    return away <= 1.2 * tooth_s(at.y_s, at.quantum * line.slope) <= 0.5 * span_s
