"""Which period, and so which losses, explain the arrivals best.

For a given period and offset the losses follow at once. What remains is how much there is to
explain: delays that are spread wide, and steps that had to be taken. Both are counted in one
currency, nats of a description: a delay costs the logarithm of the range it may lie in, a loss
the logarithm of how rare losses are. A wrong period either bends the delays out of that range or
needs losses that come as regularly as a clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from collector.motion.clock.beat import Link
from collector.motion.clock.envelope import Line
from collector.motion.clock.loss import Notifications
from schemas.units import FloatArray, IntArray

BINS: Final = 16
"""Bins of a delay, per quantum."""

OFFSETS: Final = 32
"""Places of an offset, per quantum."""

FIRST_S: Final = 8.0
"""The search begins with about this much of a recording, and doubles it."""

FEWEST: Final = 48
"""Notifications that the beginning must hold."""

EARLY: Final = 0.06
"""How far below its slot an arrival may seem to lie, in quanta: the grid is that coarse."""

SLACK: Final = (0.06, 0.2)
"""How much delay costs nothing: at last, and while the grid is coarser still."""

CACHED: Final = 8_192
"""Numbers to work on at a time."""

KEEP: Final = (3, 3, 5, 8, 12)
"""Periods to go on with: fewer, the more of the recording was looked at."""

RIVAL_NATS: Final = 25.0
"""An answer that costs at most this much more than the best may be the true one."""

LOCKED_NATS: Final = 30.0
"""An answer in step with the link that costs so little more is kept: it is never early."""


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """What a search found.

    `line` the envelope before the first loss; `nats` its cost; `lost` quanta, in all; `rivals`
    the quanta lost in the answers that cost little more.
    """

    line: Line
    nats: float
    lost: int
    rivals: FloatArray


def search(at: Notifications, windows_s: Sequence[tuple[float, float]], link: Link) -> Answer:
    """Return the cheapest answer with a period inside one of the windows (at least one)."""
    events = at.events(link.apart_s)
    answers = [_searched(events, low_s, high_s, link) for low_s, high_s in windows_s]
    best = min(answers, key=lambda answer: answer.nats)
    locked = _locked(events, windows_s, link)
    if locked is None or locked.nats > best.nats + LOCKED_NATS:
        return best
    return replace(locked, rivals=np.append(best.rivals, locked.rivals))


def _locked(
    at: Notifications, windows_s: Sequence[tuple[float, float]], link: Link
) -> Answer | None:
    """Return the best answer whose period goes into the link's interval in whole notifications."""
    periods = link.interval_s / at.quantum / np.arange(1.0, 13.0)
    periods = np.array([p for p in periods for low, high in windows_s if low <= p <= high])
    if not len(periods):
        return None
    rows = _grid(np.arange(len(periods)), np.arange(0, OFFSETS, 4))
    period, offset = periods[rows[0]], rows[1] / OFFSETS
    nats, lost, first = _cost(at, period, offset, link, SLACK[0])
    best = int(np.argmin(nats))
    offset_s = float(offset[best] + first[best]) * at.quantum * float(period[best])
    line = Line(offset_s, float(period[best]))
    return Answer(line, float(nats[best]), int(lost[best]), lost[best : best + 1])


def unbroken(at: Notifications, line: Line, link: Link) -> Answer:
    """Return what it costs to say that nothing was lost, and all is delay above `line`."""
    events = at.events(link.apart_s)
    step_s = at.quantum * line.slope
    delay = (events.y_s - line.at(events.n))[None, :] / step_s - SLACK[0]
    nats = _delay_nats(delay, *_ranges(np.array([step_s]), link))
    return Answer(line, float(nats[0]), 0, np.zeros(1))


def _searched(at: Notifications, low_s: float, high_s: float, link: Link) -> Answer:
    """Close in on the best period and offset: a coarse look at the beginning, then ever closer."""
    middle_s = 0.5 * (low_s + high_s)
    span_s = max(float(at.y_s[-1]), middle_s)
    fine = 0.125 * at.quantum * middle_s / span_s
    levels = _levels(at, span_s)
    edge = int(np.ceil((high_s / middle_s - 1.0) / fine))
    rows = _grid(np.arange(-edge, edge + 1, 2 ** (levels + 2)), np.arange(0, OFFSETS, 4))
    nats, lost, first, rivals = np.zeros(0), np.zeros(0), np.zeros(0), []
    for until_s, stride, turn, keep in _stages(span_s, levels):
        period, offset = middle_s * (1.0 + fine * rows[0]), rows[1] / OFFSETS
        slack = SLACK[stride > 1]
        nats, lost, first = _cost(at.until(until_s), period, offset, link, slack)
        if until_s == span_s:
            rivals.append(lost[nats <= nats.min() + RIVAL_NATS])
        if not stride:
            break
        rows = _children(_best(rows, nats, keep), stride, turn)
    best = int(np.argmin(nats))
    slope = middle_s * (1.0 + fine * float(rows[0, best]))
    offset_s = (float(rows[1, best]) / OFFSETS + float(first[best])) * at.quantum * slope
    return Answer(Line(offset_s, slope), float(nats[best]), int(lost[best]), np.concatenate(rivals))


def _levels(at: Notifications, span_s: float) -> int:
    """Return how often the recording can be halved and still say something."""
    levels = 0
    while span_s / 2**levels > FIRST_S:
        if len(at.until(span_s / 2 ** (levels + 1)).n) < FEWEST:
            break
        levels += 1
    return levels


def _stages(span_s: float, levels: int) -> Iterator[tuple[float, int, int, int]]:
    """Yield how much to look at, the steps to the next rows (0: the last), and how many to keep."""
    for level in range(levels, 0, -1):
        yield span_s / 2**level, 2 ** (level + 1), 4, KEEP[min(level + 1, len(KEEP) - 1)]
    yield span_s, 2, 2, KEEP[1]
    yield span_s, 1, 1, KEEP[0]
    yield span_s, 0, 0, 0


def _grid(periods: IntArray, offsets: IntArray) -> IntArray:
    """Return all pairs, (2, P * O)."""
    return np.stack([np.repeat(periods, len(offsets)), np.tile(offsets, len(periods))])


def _best(rows: IntArray, nats: FloatArray, keep: int) -> IntArray:
    """Return the best offset of each of the best periods."""
    order = np.argsort(nats, kind="stable")
    first = np.sort(np.unique(rows[0, order], return_index=True)[1])
    return np.asarray(rows[:, order[first[:keep]]], dtype=np.int64)


def _children(rows: IntArray, stride: int, turn: int) -> IntArray:
    """Return the rows and those beside them, each once."""
    around = _grid(np.array([-stride, 0, stride]), np.array([-turn, 0, turn]))
    every = (rows[:, :, None] + around[:, None, :]).reshape(2, -1)
    key = every[0] * (8 * OFFSETS) + every[1]
    return np.asarray(every[:, np.unique(key, return_index=True)[1]], dtype=np.int64)


def _cost(
    at: Notifications, period_s: FloatArray, offset: FloatArray, link: Link, slack: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return for every period and offset (in quanta) the nats, quanta lost, and those before all.

    Some rows at a time: what does not fit a cache takes several times as long.
    """
    some = max(1, CACHED // len(at.n))
    parts = [
        _cost_of_some(at, period_s[i : i + some], offset[i : i + some], link, slack)
        for i in range(0, len(period_s), some)
    ]
    nats, total, first = (np.concatenate(part) for part in zip(*parts, strict=True))
    return nats, total, first


def _cost_of_some(
    at: Notifications, period_s: FloatArray, offset: FloatArray, link: Link, slack: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return what `_cost` does.

    Delays count as spread evenly over a range from zero, the best one for each row, but never a
    narrower one than the link's interval: a period in step with the link would squeeze them into
    a point, and prove nothing by it.
    """
    step_s = at.quantum * period_s
    delay = np.multiply.outer(1.0 / step_s, at.y_s[::-1])  # the last first: what is to come leads
    delay -= at.n[::-1] / at.quantum
    delay -= offset[:, None]
    lost = np.minimum.accumulate(delay, axis=1)
    lost += EARLY
    np.floor(lost, out=lost)
    delay -= lost
    delay -= slack
    nats = _delay_nats(delay, *_ranges(step_s, link))
    steps = np.count_nonzero(lost[:, 1:] != lost[:, :-1], axis=1)
    total = lost[:, 0] - lost[:, -1]
    nats += len(at.n) * _entropy(steps / len(at.n))
    nats += total * _entropy(steps / np.maximum(total, 1.0))
    return nats, total, lost[:, -1]


def _ranges(step_s: FloatArray, link: Link) -> tuple[float, float]:
    """Return the narrowest range that delays may have, and the widest to tell apart, in quanta."""
    mean_s = float(step_s.mean())
    least = (min(mean_s, link.interval_s) + link.jitter_s) / mean_s
    return least, max(3.0, 2.0 + float(np.ceil(least)))


def _delay_nats(delay: FloatArray, least: float, most: float) -> FloatArray:
    """Return what the delays of every row cost, inside the best range or beyond; use them up."""
    rows, count = delay.shape
    bins = int(most * BINS) + 1
    tail = np.log(np.maximum(delay.max(axis=1), most))[:, None]
    delay *= BINS
    np.maximum(delay, 0.0, out=delay)
    np.minimum(delay, bins - 1.0, out=delay)
    place = delay.astype(np.intp)
    place += np.arange(rows)[:, None] * bins
    inside = np.bincount(place.ravel(), minlength=rows * bins).reshape(rows, bins).cumsum(axis=1)
    first = min(max(int(np.ceil(least * BINS)) - 1, 0), bins - 2)
    inside = inside[:, first:-1]
    width = np.arange(first + 1, bins) / BINS
    nats = inside * np.log(width) + (count - inside) * tail + count * _entropy(inside / count)
    return np.asarray(nats.min(axis=1), dtype=np.float64)


def _entropy(share: FloatArray) -> FloatArray:
    """Return the entropy of a yes or no, nats."""
    share = np.clip(share, 1e-12, 1.0 - 1e-12)
    return np.asarray(-(share * np.log(share) + (1.0 - share) * np.log1p(-share)))
