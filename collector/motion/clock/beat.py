"""What arrivals cannot show: how much of the connection interval the beat has left unswept.

A notification waits up to one connection interval for the link. Seen from the link, the moments
at which notifications become ready are points on a circle of one interval. While rate and
interval beat, the points go round, some wait is almost zero, and the envelope is right. Where they
stand still (or step between few places), every wait may hide the same constant, up to the widest
empty arc.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from schemas.units import BoolArray, FloatArray

INTERVALS_S: Final = np.arange(7.5, 100.1, 1.25) * 1e-3
"""Connection intervals a link may have: multiples of 1.25 ms, 7.5 to 100 ms."""

ARCS: Final = np.arange(1, 13)
HOST_PPM: Final = 50e-6
"""How far the link's clock may be from the host's: a beat slower than this proves nothing."""

NEAR: Final = 0.02
JITTER_S: Final = 0.0025
"""Half of the times between events are this near to whole intervals, if the interval is true."""

EVENT_S: Final = 0.004
"""Arrivals closer than this may have come with one connection event."""

BURST_S: Final = 0.003
"""Arrivals that follow each other faster came with one connection event."""

ENOUGH: Final = 400
JITTERS: Final = 2.5
"""So many mean delays of the host hold nine in ten of its delays."""

LONGEST_JITTER_S: Final = 0.01
LOCK_PPM: Final = 100e-6


@dataclass(frozen=True, slots=True)
class Link:
    """What arrivals say about their link.

    `interval_s` the longest interval that whole numbers of lie between events; `jitter_s` what
    the host adds, nine times in ten; `apart_s` how far apart arrivals of two events are at least.
    """

    interval_s: float
    jitter_s: float
    apart_s: float


def link_of(arrival_s: FloatArray) -> Link:
    """Read the link's interval off the comb that arrivals make."""
    turns = arrival_s[:ENOUGH] / INTERVALS_S[:, None]
    angle = (2.0 * np.pi * (turns - np.rint(turns))).astype(np.float32)
    sharp = np.hypot(np.cos(angle).mean(axis=1), np.sin(angle).mean(axis=1))
    sharpest = np.flatnonzero(sharp >= 0.75 * sharp.max())
    at = int(sharpest[-1])
    times = INTERVALS_S[at] / INTERVALS_S[sharpest]
    other = sharpest[np.abs(times - np.rint(times)) > 0.02]
    if len(other):  # no part of it: the longer one is the comb of the notifications themselves
        at = int(other[-1])
    interval_s = float(INTERVALS_S[at])
    mean_s = interval_s / (2.0 * np.pi) * float(np.sqrt(1.0 / sharp[at] ** 2 - 1.0))
    return Link(
        interval_s=interval_s,
        jitter_s=min(JITTERS * mean_s, LONGEST_JITTER_S),
        apart_s=max(BURST_S, min(interval_s / 3.0, 5.0 * BURST_S)),
    )


def unswept_s(period_s: float, span_s: float) -> FloatArray:
    """Return, for every interval, the widest arc that notifications every `period_s` left empty.

    After p notifications the phase has moved by a little; over the whole span the p places become
    p arcs, and what is left between two of them was never seen.
    """
    turns = period_s / INTERVALS_S[:, None] * ARCS
    creep = np.abs(turns - np.rint(turns)) * INTERVALS_S[:, None]
    travel = creep * span_s / (period_s * ARCS) - HOST_PPM * span_s
    empty = INTERVALS_S[:, None] / ARCS - np.maximum(travel, 0.0)
    return np.asarray(np.maximum(empty.max(axis=1), 0.0), dtype=np.float64)


def off_lattice_s(arrival_s: FloatArray, intervals_s: FloatArray) -> FloatArray:
    """Return how far the times between events are from whole intervals (the median), for each.

    Under the true interval that is the host's jitter; nan with too few events.
    """
    steps = arrival_s[1:] - arrival_s[:-1]
    steps = steps[steps > EVENT_S]
    if len(steps) < 8:
        return np.full(len(intervals_s), np.nan)
    off = steps / intervals_s[:, None]
    off = np.abs(off - np.rint(off)) * intervals_s[:, None]
    return np.asarray(np.median(off, axis=1), dtype=np.float64)


def possible(arrival_s: FloatArray, intervals_s: FloatArray) -> BoolArray:
    """Tell which intervals the arrivals do not contradict, even if the host is slow to look."""
    off = off_lattice_s(arrival_s, intervals_s)
    return np.asarray(~(off > np.maximum(0.15 * intervals_s, 0.004)), dtype=np.bool_)


def tooth_s(arrival_s: FloatArray, period_s: float) -> float:
    """Return how long the slowest beat near one notification an event takes; 0 if there is none.

    Over that time the envelope's residuals climb, or fall, by up to one notification.
    """
    turns = INTERVALS_S / period_s
    off = np.abs(turns - np.rint(turns))
    near = (turns > 0.5) & (off < NEAR * np.rint(turns))
    jitter_s = off_lattice_s(arrival_s, INTERVALS_S[near])
    fits = jitter_s < np.minimum(JITTER_S, 0.15 * INTERVALS_S[near])
    return float(max(INTERVALS_S[near][fits] / np.maximum(off[near][fits], 1e-9), default=0.0))


def hidden_delay_s(arrival_s: FloatArray, period_s: float) -> float:
    """Return the longest constant delay that the arrivals could hide."""
    if period_s <= 0 or len(arrival_s) < 3:
        return float(INTERVALS_S[-1])
    empty = unswept_s(period_s, float(arrival_s[-1] - arrival_s[0]))
    order = np.argsort(empty)[::-1]
    worth = order[empty[order] > EVENT_S]
    if len(worth):
        kept = worth[possible(arrival_s, INTERVALS_S[worth])]
        if len(kept):
            return float(empty[kept[0]])
    return float(min(empty.max(), EVENT_S))


def in_step(arrival_s: FloatArray, period_s: float) -> bool:
    """Tell whether a possible interval holds whole notifications, suspiciously well."""
    turns = INTERVALS_S / period_s
    off = np.abs(turns / np.maximum(np.rint(turns), 1.0) - 1.0)
    near = off < LOCK_PPM + 0.3 * period_s / max(float(arrival_s[-1]), 1.0)
    interval = INTERVALS_S[near]
    limit = np.minimum(JITTER_S, 0.15 * interval)
    return bool((off_lattice_s(arrival_s, interval) < limit).any())
