"""Acceleration and rate to orientation with VQF, on an even grid, never blindly across a hole.

The filter wants one sampling time. A straight line stands in for missing samples, for the filter's
sake only: nothing is given out at their times. After a hole too long for that it starts anew, and
its heading with it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from vqf import VQF, offlineVQF

from schemas.units import BoolArray, FloatArray, IntArray

RESTART_S: Final = 1.0
"""Longest hole that is stood in for: shorter than the 1.5 s in which VQF would take it for rest."""


LIVE_REST_SIGMA_DEG_S: Final = 0.07
"""How much a rest may say about the gyroscope bias, live (vqf's own is 0.03): a standing person
sways, and without what comes later a slow turn looks like bias. See decision 0405."""


@dataclass(frozen=True, eq=False, slots=True)
class Orientation:
    """`quat_wxyz` (N, 4) sensor to earth, NaN where nothing usable was measured.

    `first_heading` (N,) is true up to the first restart: behind it inclination holds, heading
    does not.
    """

    quat_wxyz: FloatArray
    first_heading: BoolArray


@dataclass(frozen=True, eq=False, slots=True)
class _Block:
    """N samples as they came: times, clock segments, rates beside accelerations (N, 6)."""

    t_s: FloatArray
    segment: IntArray
    motion: FloatArray

    def __getitem__(self, rows: slice) -> _Block:
        return _Block(self.t_s[rows], self.segment[rows], self.motion[rows])

    def behind(self, other: _Block) -> _Block:
        """Put this block behind `other`."""
        return _Block(
            np.concatenate((other.t_s, self.t_s)),
            np.concatenate((other.segment, self.segment)),
            np.concatenate((other.motion, self.motion)),
        )


@dataclass(frozen=True, eq=False, slots=True)
class _Run:
    """Samples without a long hole, and where they lie, in sample periods."""

    motion: FloatArray
    position: IntArray

    def evened(self) -> FloatArray:
        """Return rows at every position; those that are missing lie on a straight line."""
        at = self.position
        if int(at[-1] - at[0]) + 1 == len(at):
            return self.motion
        every, known = np.arange(at[0], at[-1] + 1, dtype=np.float64), at.astype(np.float64)
        return np.stack([np.interp(every, known, column) for column in self.motion.T], axis=1)

    def measured(self, even: FloatArray) -> FloatArray:
        """Return the rows of `even` at which something was measured."""
        return np.asarray(even[self.position - self.position[0]])


class LiveTilt:
    """VQF that can be fed blocks: any way of cutting the samples gives the same orientations."""

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._vqf = VQF(1.0 / rate_hz, biasSigmaRest=LIVE_REST_SIGMA_DEG_S)
        self._tail: _Block | None = None
        self._started = False
        self._restarted = False

    def feed(
        self, t_s: FloatArray, segment: IntArray, acc_m_s2: FloatArray, gyr_rad_s: FloatArray
    ) -> Orientation:
        """Return the orientation of every sample of the block.

        Parameters
        ----------
        t_s, segment : (N,)
            Times and clock segments, as in `ClockFit`.
        acc_m_s2, gyr_rad_s : (N, 3)
            Corrected acceleration and rate, sensor frame.
        """
        if self._joins(segment, acc_m_s2, gyr_rad_s):
            quat = self._vqf.updateBatch(*_contiguous(gyr_rad_s, acc_m_s2))["quat6D"]
            self._started = True
            self._tail = _block(t_s[-1:], segment[-1:], acc_m_s2[-1:], gyr_rad_s[-1:])
            return Orientation(quat, np.full(len(t_s), not self._restarted))
        return self._feed_broken(_block(t_s, segment, acc_m_s2, gyr_rad_s))

    def _joins(self, segment: IntArray, acc: FloatArray, gyr: FloatArray) -> bool:
        """Whether the block has no hole in it, nor before it."""
        if not _is_whole(segment, acc, gyr):
            return False
        tail = self._tail
        return tail is None or (
            len(tail.t_s) == 1
            and int(tail.segment[0]) == int(segment[0])
            and bool(np.isfinite(tail.motion).all())
        )

    def _feed_broken(self, block: _Block) -> Orientation:
        known = len(self._tail.t_s) if self._tail else 0
        whole = block.behind(self._tail) if self._tail else block
        quat = np.full((len(whole.t_s), 4), np.nan)
        first = np.zeros(len(whole.t_s), dtype=np.bool_)
        seen = known > 0 and bool(np.isfinite(whole.motion[0]).all())
        for rows, position in _runs(whole, self._rate_hz):
            continued = seen and rows[0] == 0
            quat[rows] = self._run(_Run(whole.motion[rows], position), continued=continued)
            first[rows] = not self._restarted
        self._tail = _tail(whole, max_rows=int(RESTART_S * self._rate_hz) + 2)
        return Orientation(quat[known:], first[known:])

    def _run(self, run: _Run, *, continued: bool) -> FloatArray:
        """Feed one run; a continued one begins with a row that was fed before."""
        even = run.evened()[int(continued) :]
        if not continued and self._started:
            self._vqf.resetState()
            self._restarted = True
        self._started = True
        out = np.full((len(even) + int(continued), 4), np.nan)
        if len(even):
            gyr, acc = _contiguous(even[:, :3], even[:, 3:])
            out[int(continued) :] = self._vqf.updateBatch(gyr, acc)["quat6D"]
        return run.measured(out)


def offline_orientation(
    t_s: FloatArray,
    segment: IntArray,
    acc_m_s2: FloatArray,
    gyr_rad_s: FloatArray,
    rate_hz: float,
) -> Orientation:
    """Return the orientation of every sample from all of them (acausal), as `LiveTilt.feed`."""
    if _is_whole(segment, acc_m_s2, gyr_rad_s):
        gyr, acc = _contiguous(gyr_rad_s, acc_m_s2)
        quat = offlineVQF(gyr, acc, None, 1.0 / rate_hz)["quat6D"]
        return Orientation(quat, np.ones(len(t_s), dtype=np.bool_))
    whole = _block(t_s, segment, acc_m_s2, gyr_rad_s)
    quat = np.full((len(t_s), 4), np.nan)
    first = np.zeros(len(t_s), dtype=np.bool_)
    for n, (rows, position) in enumerate(_runs(whole, rate_hz)):
        run = _Run(whole.motion[rows], position)
        even = run.evened()
        gyr, acc = _contiguous(even[:, :3], even[:, 3:])
        quat[rows] = run.measured(offlineVQF(gyr, acc, None, 1.0 / rate_hz)["quat6D"])
        first[rows] = n == 0
    return Orientation(quat, first)


def _contiguous(gyr: FloatArray, acc: FloatArray) -> tuple[FloatArray, FloatArray]:
    """VQF takes C-contiguous arrays only."""
    return np.ascontiguousarray(gyr), np.ascontiguousarray(acc)


def _is_whole(segment: IntArray, acc: FloatArray, gyr: FloatArray) -> bool:
    """Whether there is something, all of it usable, and no hole in it."""
    if not len(segment) or int(segment[0]) != int(segment[-1]):  # they only rise
        return False
    return math.isfinite(float(acc.sum())) and math.isfinite(float(gyr.sum()))


def _block(t_s: FloatArray, segment: IntArray, acc: FloatArray, gyr: FloatArray) -> _Block:
    return _Block(t_s, segment, np.concatenate((gyr, acc), axis=1))


def _runs(block: _Block, rate_hz: float) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield rows and positions (in sample periods) of the runs without a hole over `RESTART_S`."""
    position = _positions(block, rate_hz)
    rows = np.flatnonzero(np.isfinite(block.motion).all(axis=1))
    if not rows.size:
        return
    restarts = np.flatnonzero(np.diff(position[rows]) > RESTART_S * rate_hz) + 1
    for run in np.split(rows, restarts):
        yield run, position[run]


def _positions(block: _Block, rate_hz: float) -> IntArray:
    """Sample periods since the first; only the clock says where samples are missing."""
    steps = np.ones(len(block.t_s), dtype=np.int64)
    steps[:1] = 0
    broken = np.flatnonzero(np.diff(block.segment)) + 1
    missing = np.rint((block.t_s[broken] - block.t_s[broken - 1]) * rate_hz).astype(np.int64)
    steps[broken] = np.maximum(missing, 1)
    return np.asarray(np.cumsum(steps))


def _tail(block: _Block, max_rows: int) -> _Block:
    """Keep the last usable sample and what came after it: the next block may continue from it."""
    usable = np.flatnonzero(np.isfinite(block.motion).all(axis=1))
    first = int(usable[-1]) if usable.size else 0
    return block[slice(max(first, len(block.t_s) - max_rows), None)]
