"""Samples that never came, found without a counter: the deficit that stays.

Every arrival lies above ``offset + period * (n + lost before n)``. A late burst comes back to that
line; after a loss nothing ever does. So the lower envelope of what is still to come rises by whole
notifications at a loss, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.motion.clock.beat import INTERVALS_S, JITTER_S, off_lattice_s
from collector.motion.clock.envelope import Line
from schemas.units import BoolArray, FloatArray, IntArray

BLOCKS: Final = 256
"""Earliest arrivals that stand for a recording while periods are tried."""

BLOCK_S: Final = 0.2
TOLERANCE: Final = 0.3
"""How far below a whole quantum a rise may stay and still be one."""

CONFIRM_S: Final = 0.5
"""A rise that lasts for less, at the end of a recording, may still be a late burst."""

STEP_COST: Final = 2.5
"""A loss must explain its quantum for at least this many stretches of time."""

RIVAL: Final = 1.3
"""An answer that costs at most this much more than the best may be the true one."""

LOCK_PPM: Final = 100e-6
SHIFTS: Final = (0.0, 0.25, 0.5, 0.75)
"""The first stretch may be late: offsets to try below it, in quanta."""


@dataclass(frozen=True, eq=False, slots=True)
class Notifications:
    """Arrivals as the fit sees them.

    `n` (M,) samples received up to each notification's last one, counted from zero; `y_s` (M,)
    its arrival since the first; `quantum` samples that get lost together.
    """

    n: FloatArray
    y_s: FloatArray
    quantum: int


def lost_before(at: Notifications, line: Line, tolerance: float = TOLERANCE) -> IntArray:
    """Return how many quanta were lost before each notification, never decreasing."""
    step = line.slope * at.quantum
    rest = at.y_s - line.at(at.n)
    sure = int(np.searchsorted(at.y_s, at.y_s[-1] - max(CONFIRM_S, 4 * step)))
    if sure < 1:
        return np.zeros(len(rest), dtype=np.int64)
    rest[sure:] = np.minimum(rest[sure:], rest[sure - 1 :].min())
    floor = np.minimum.accumulate(rest[::-1])[::-1]
    lost: IntArray = np.floor(floor / step + tolerance).astype(np.int64)
    return np.asarray(lost - lost[0], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found.

    `line` the envelope before the first loss; `doubtful` how many quanta more or fewer the
    answers come to that explain almost as much.
    """

    line: Line
    doubtful: int


def search(at: Notifications, periods_s: FloatArray, guess: Line) -> Answer:
    """Try every period, and `guess`; return the one that explains the arrivals best.

    Minimised is the mean delay above the stepped envelope (bursts capped) plus a price per step.
    Where the link's beat is slow, its saw-tooth of one quantum looks like losses at a period that
    is locked to the link. That answer is never early and late by less than an interval, so it is
    kept; but every loss in it is doubtful.
    """
    keep = _earliest(at, guess.slope)
    few = Notifications(at.n[keep], at.y_s[keep], at.quantum)
    rest, floor = _rest_and_floor(few, periods_s)
    step = periods_s[:, None] * at.quantum
    rows = [_cost(rest, floor, floor[:, :1] - shift * step, step) for shift in SHIFTS]
    cost, total = (np.array(part) for part in zip(*rows, strict=True))
    shift, row = np.unravel_index(int(np.argmin(cost)), cost.shape)
    best, lost = float(cost[shift, row]), int(total[shift, row])
    line = Line(float(floor[row, 0] - SHIFTS[shift] * step[row, 0]), float(periods_s[row]))
    rest, floor = _rest_and_floor(few, np.array([guess.slope]))
    own, none = _cost(rest, floor, np.array([[guess.offset]]), guess.slope * at.quantum)
    if own[0] <= best:
        best, lost, line = float(own[0]), int(none[0]), guess
    rivals = np.abs(total[cost <= RIVAL * best + 0.02] - lost)
    doubtful = int(rivals.max(initial=0))
    return Answer(line, max(doubtful, lost) if _locked(at, line.slope) else doubtful)


def _rest_and_floor(at: Notifications, periods_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return arrivals minus count times period, one row a period, and the least still to come."""
    rest = at.y_s - periods_s[:, None] * at.n
    return rest, np.minimum.accumulate(rest[:, ::-1], axis=1)[:, ::-1]


def _cost(
    rest: FloatArray,
    floor: FloatArray,
    offset: FloatArray,
    step: FloatArray | float,
) -> tuple[FloatArray, FloatArray]:
    """Return for every row the cost in quanta, and the quanta lost."""
    lost = np.floor((floor - offset) / step + TOLERANCE)
    excess = np.abs((rest - offset) / step - lost)
    steps = np.count_nonzero(np.diff(lost, axis=1), axis=1)
    price = STEP_COST / max(float(rest.shape[1]), STEP_COST)
    return np.minimum(excess, 1.5).mean(axis=1) + price * steps, lost[:, -1] - lost[:, 0]


def _locked(at: Notifications, period_s: float) -> bool:
    """Tell whether whole notifications fit a possible interval suspiciously well."""
    quantum_s = at.quantum * period_s
    turns = INTERVALS_S / quantum_s
    off = np.abs(turns / np.maximum(np.rint(turns), 1.0) - 1.0)
    interval = INTERVALS_S[off < LOCK_PPM + 0.3 * quantum_s / max(float(at.y_s[-1]), 1.0)]
    limit = np.minimum(JITTER_S, 0.15 * interval)
    return bool((off_lattice_s(at.y_s, interval) < limit).any())


def _earliest(at: Notifications, period_s: float) -> IntArray:
    """Keep the earliest notification of every stretch of time."""
    span = max(BLOCK_S, float(at.y_s[-1] - at.y_s[0]) / BLOCKS)
    block = ((at.n - at.n[0]) * period_s / span).astype(np.int64)
    order = np.lexsort((at.y_s - period_s * at.n, block))
    first: BoolArray = np.ones(len(order), dtype=np.bool_)
    first[1:] = np.diff(block[order]) != 0
    return np.sort(order[first])
