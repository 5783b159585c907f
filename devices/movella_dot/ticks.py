"""The Movella DOT clock: u32 microseconds that wrap every 71.6 minutes."""

from __future__ import annotations

from typing import Final

import numpy as np

from schemas.units import BoolArray, IntArray

WRAP: Final = 2**32
LATE_US: Final = 1_000_000
"""A step back by less is a late or repeated sample; by more, the sensor was restarted."""


class Unwrapper:
    """Ticks to microseconds that keep rising over wraps, and which samples to drop."""

    __slots__ = ("_now", "duplicated", "out_of_order")

    def __init__(self) -> None:
        self._now: int | None = None
        self.duplicated = 0
        self.out_of_order = 0

    def unwrap(self, ticks: IntArray) -> tuple[IntArray, BoolArray]:
        """Return time in microseconds for (N,) `ticks`, and which of them are new."""
        if not len(ticks):
            return ticks, np.ones(0, dtype=np.bool_)
        before = int(ticks[0]) if self._now is None else self._now
        steps = _signed(np.diff(ticks, prepend=before % WRAP))
        time = before + np.cumsum(steps)
        rising = steps > 0
        rising[0] |= self._now is None
        if not rising.all():
            rising = self._sieve(time)
        if rising.any():
            self._now = int(time[rising][-1])
        return time, rising

    def _sieve(self, time: IntArray) -> BoolArray:
        """Walk sample by sample where not every one is new."""
        keep = np.ones(len(time), dtype=np.bool_)
        now = self._now
        for i, t in enumerate(time.tolist()):
            if now is not None and now - LATE_US < t <= now:
                keep[i] = False
                self.duplicated += t == now
                self.out_of_order += t < now
            else:
                now = t
        return keep


def _signed(steps: IntArray) -> IntArray:
    return (steps + WRAP // 2) % WRAP - WRAP // 2
