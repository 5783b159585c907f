"""The line below all arrivals, kept up while they come: few points, little work, no history."""

from __future__ import annotations

import itertools
from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.motion.clock.envelope import Line, line_with_slope, lower_line
from schemas.units import FloatArray

BLOCK_S: Final = 0.25
"""Of every stretch this long the earliest arrival (for its place) is kept."""

WINDOW_S: Final = 30.0
"""What is older says nothing about the rate any more: rates drift."""

REFIT_S: Final = 0.5
SLOPE_FROM_S: Final = 2.0
"""In less time the delays' scatter says more about the slope than the rate does."""


@dataclass(slots=True)
class _Low:
    """The earliest arrival of one block: where it stands, and when it came."""

    block: int
    x: float
    y_s: float


class LiveEnvelope:
    """Arrivals `y_s` over places `x` (about seconds), of which none lies below the line.

    Parameters
    ----------
    slopes
        The least and the largest slope that is possible, in seconds per unit of `x`.

    Attributes
    ----------
    settled
        The slope was measured, not only guessed.
    """

    def __init__(self, slopes: tuple[float, float]) -> None:
        self._slopes = slopes
        self._lows: deque[_Low] = deque()
        self._refit_at_s = 0.0
        self.line: Line | None = None
        self.settled = False
        self.slope = min(max(1.0, slopes[0]), slopes[1])

    def add(self, x: FloatArray, y_s: FloatArray) -> Line:
        """Take arrivals in order, at least one, and return the line below all that count."""
        if self.line is None:
            self.line = line_with_slope(x, y_s, self.slope)
            self._refit_at_s = float(y_s[0]) + SLOPE_FROM_S
        late = y_s - self.line.at(x)
        for first, last in _blocks(y_s):
            row = first + int(late[first:last].argmin())
            low_s = float(y_s[row])
            self._keep(_Low(int(low_s / BLOCK_S), float(x[row]), low_s))
        if (below_s := float(late.min())) < 0.0:
            self.line = Line(self.line.offset + below_s, self.line.slope)
        if y_s[-1] >= self._refit_at_s:
            self._refit(float(y_s[-1]))
        return self.line

    def recent_s(self, since_s: float) -> tuple[float, float] | None:
        """Return how far above the line the last `since_s` lies at least, and at most.

        Judged block by block by its earliest; None before there is so much without a break in it.
        """
        wanted = round(since_s / BLOCK_S) + 1
        if self.line is None or len(self._lows) <= wanted:
            return None
        recent = [self._lows[i] for i in range(-wanted, 0)]
        if recent[-1].block - recent[0].block > wanted:
            return None
        above = [self._above_s(low) for low in recent]
        return min(above), max(above)

    def shift_since(self, since_s: float, by: float) -> None:
        """Move the arrivals of the last `since_s` to places further on."""
        first = self._lows[-1].block - round(since_s / BLOCK_S)
        for low in self._lows:
            if low.block >= first:
                low.x += by

    def forget_since(self, y_s: float) -> None:
        """Forget the arrivals behind `y_s`."""
        while self._lows and self._lows[-1].block >= int(y_s / BLOCK_S):
            self._lows.pop()

    def restart(self) -> None:
        """Begin a new line; what is known of the slope is kept."""
        self._lows.clear()
        self.line = None

    def _above_s(self, low: _Low) -> float:
        assert self.line is not None
        return low.y_s - self.line.offset - self.line.slope * low.x

    def _keep(self, low: _Low) -> None:
        last = self._lows[-1] if self._lows else None
        if last is None or last.block < low.block:
            self._lows.append(low)
        elif self._above_s(low) < self._above_s(last):
            self._lows[-1] = low
        while self._lows[0].y_s < low.y_s - WINDOW_S:
            self._lows.popleft()

    def _refit(self, now_s: float) -> None:
        self._refit_at_s = now_s + REFIT_S
        x = np.array([low.x for low in self._lows])
        y_s = np.array([low.y_s for low in self._lows])
        if len(x) < 2 or y_s[-1] - y_s[0] < SLOPE_FROM_S / 2 or bool((np.diff(x) <= 0).any()):
            return
        slope = min(max(lower_line(x, y_s).slope, self._slopes[0]), self._slopes[1])
        self.slope = slope
        self.settled = True
        self.line = line_with_slope(x, y_s, slope)


def _blocks(y_s: FloatArray) -> list[tuple[int, int]]:
    """Return where each block's arrivals begin and end; those of a tick are mostly in one."""
    if int(y_s[0] / BLOCK_S) == int(y_s[-1] / BLOCK_S):
        return [(0, len(y_s))]
    block = (y_s / BLOCK_S).astype(np.int64)
    edges = [0, *(np.flatnonzero(block[1:] != block[:-1]) + 1).tolist(), len(y_s)]
    return list(itertools.pairwise(edges))
