"""The envelope of arrivals whose losses are known: one line, once the steps are taken out."""

from __future__ import annotations

from typing import Final

import numpy as np

from collector.motion.clock.envelope import Line, lower_line
from collector.motion.clock.loss import Notifications
from schemas.units import BoolArray, FloatArray, IntArray

EDGE: Final = 6
"""Notifications behind a step that may belong before it."""


def blocks(y_s: FloatArray, length_s: float) -> IntArray:
    """Return where each stretch of `length_s` begins."""
    block = (y_s / length_s).astype(np.int64)
    return np.flatnonzero(np.diff(block, prepend=-1) > 0)


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


def core_line(at: Notifications, lost: IntArray, line: Line) -> Line:
    """Fit the envelope to the core."""
    core = _core(at, lost, line)
    return lower_line((at.n + at.quantum * lost)[core], at.y_s[core])


def robust_line(at: Notifications, lost: IntArray, line: Line) -> Line:
    """Fit the low edge by the earliest of every second, whole quanta off left out."""
    core, period_s = _core(at, lost, line), line.slope
    x, y_s = (at.n + at.quantum * lost)[core], at.y_s[core]
    rest = y_s - period_s * x
    starts = blocks(y_s, 1.0)
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
