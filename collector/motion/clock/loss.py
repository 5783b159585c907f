"""Samples that never came, found without a counter: the deficit that stays.

Every arrival lies above ``offset + period * (n + lost before n)``. A late burst comes back to that
line; after a loss nothing ever does. So the lower envelope of what is still to come rises by whole
notifications at a loss, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.motion.clock.envelope import Line
from schemas.units import BoolArray, FloatArray, IntArray

BLOCKS: Final = 256
"""Earliest arrivals that stand for a recording while periods are tried."""

BLOCK_S: Final = 0.2
TOLERANCE: Final = 0.3
"""How far below a whole quantum a rise may stay and still be one."""

CONFIRM_S: Final = 0.5
"""A rise that lasts for less, at the end of a recording, may still be a late burst."""

STEP_COST_S: Final = 0.6
"""A loss must explain its quantum for at least this long."""


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


def search(at: Notifications, periods_s: FloatArray) -> Line:
    """Try every period; return the one that explains the arrivals best with the fewest losses.

    The cost is the mean delay above the stepped envelope (late bursts capped) plus a price for
    every step.
    """
    keep = _earliest(at, float(np.median(periods_s)))
    x, y = at.n[keep], at.y_s[keep]
    step = periods_s[:, None] * at.quantum
    rest = y - periods_s[:, None] * x
    floor = np.minimum.accumulate(rest[:, ::-1], axis=1)[:, ::-1]
    price = STEP_COST_S / max(float(y[-1] - y[0]), 2 * STEP_COST_S)
    tried: list[tuple[float, float, float]] = []
    for shift in (0.0, 0.25, 0.5, 0.75):
        offset = floor[:, :1] - shift * step
        lost = np.floor((floor - offset) / step + TOLERANCE)
        excess = np.minimum(np.abs(rest - offset - lost * step), 1.5 * step).mean(axis=1)
        steps = np.count_nonzero(np.diff(lost, axis=1), axis=1)
        cost = excess + price * steps * step[:, 0]
        i = int(np.argmin(cost))
        tried.append((float(cost[i]), float(offset[i, 0]), float(periods_s[i])))
    _, best_offset, best_period = min(tried)
    return Line(best_offset, best_period)


def _earliest(at: Notifications, period_s: float) -> IntArray:
    """Keep the earliest notification of every stretch of time."""
    span = max(BLOCK_S, float(at.y_s[-1] - at.y_s[0]) / BLOCKS)
    block = ((at.n - at.n[0]) * period_s / span).astype(np.int64)
    order = np.lexsort((at.y_s - period_s * at.n, block))
    first: BoolArray = np.ones(len(order), dtype=np.bool_)
    first[1:] = np.diff(block[order]) != 0
    return np.sort(order[first])
