"""Samples that never came, found without a counter: the deficit that stays.

Every arrival lies above ``offset + period * (n + lost before n)``. A late burst comes back to that
line; after a loss nothing ever does. So the lower envelope of what is still to come rises by whole
notifications at a loss, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.motion.clock.beat import BURST_S
from collector.motion.clock.envelope import Line
from schemas.units import US_PER_S, FloatArray, IntArray

CONFIRM_S: Final = 0.5
"""A rise that lasts for less, at the end of a recording, may still be a late burst."""


@dataclass(frozen=True, eq=False, slots=True)
class Notifications:
    """Arrivals as the fit sees them.

    `n` (M,) samples received up to each notification's last one, counted from zero; `y_s` (M,)
    its arrival since the first; `quantum` samples that get lost together.
    """

    n: FloatArray
    y_s: FloatArray
    quantum: int

    def until(self, end_s: float) -> Notifications:
        """Return those that came up to `end_s`."""
        count = int(np.searchsorted(self.y_s, end_s, side="right"))
        return Notifications(self.n[:count], self.y_s[:count], self.quantum)

    def events(self, apart_s: float) -> Notifications:
        """Return the last one of those that follow each other within `apart_s`."""
        ends = np.append(np.flatnonzero(np.diff(self.y_s) > apart_s), len(self.y_s) - 1)
        return Notifications(self.n[ends], self.y_s[ends], self.quantum)


def notifications(arrival_us: IntArray) -> tuple[Notifications, IntArray]:
    """Reduce samples to the last one of every arrival; also return how many share each.

    An arrival before one that was already there is the host's error: it proves nothing.
    """
    sound = np.flatnonzero(arrival_us >= np.maximum.accumulate(arrival_us))
    arrival_us, n = arrival_us[sound], len(arrival_us)
    ends = np.append(
        (arrival_us[1:] - arrival_us[:-1] > BURST_S * US_PER_S).nonzero()[0], len(arrival_us) - 1
    )
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


def lost_before(at: Notifications, line: Line, tolerance: float) -> IntArray:
    """Return how many quanta were lost before each notification, never decreasing.

    `tolerance` is how far below a whole quantum a rise may stay and still be one.
    """
    step = line.slope * at.quantum
    rest = at.y_s - line.at(at.n)
    sure = int(np.searchsorted(at.y_s, at.y_s[-1] - max(CONFIRM_S, 4 * step)))
    if sure < 1:
        return np.zeros(len(rest), dtype=np.int64)
    if rest[sure - 1 :].min() < step:
        rest[sure:] = np.minimum(rest[sure:], rest[sure - 1 :].min())
    floor = np.minimum.accumulate(rest[::-1])[::-1]
    lost: IntArray = np.floor(floor / step + tolerance).astype(np.int64)
    return np.asarray(lost - lost[0], dtype=np.int64)


def surely_lost_before(at: Notifications, line: Line, lost: IntArray, longest_s: float) -> IntArray:
    """Return how many quanta were lost before each notification at the least.

    No notification is taken to be later than `longest_s`, unless it is by every account (a stall):
    such a one only shows what was received before it.
    """
    step = line.slope * at.quantum
    least = np.ceil((at.y_s - line.at(at.n) - longest_s) / step)
    least = np.where(least <= lost, least, 0.0)
    least[-1] = lost[-1]
    return np.minimum(np.maximum.accumulate(np.maximum(least, 0.0)).astype(np.int64), lost)
