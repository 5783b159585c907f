"""All segments on one even grid. What was not measured is masked, never bridged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.motion.quaternion import normalized
from collector.motion.rows import dot, scaled
from schemas.errors import InputError
from schemas.motion import ClockFit, Streams, Tilt
from schemas.segments import Segment
from schemas.units import BoolArray, FloatArray, IntArray

SAME_RATE: Final = 0.98
"""Sensors this close to the fastest count as equally fast."""
EVEN: Final = 0.2
"""Largest deviation from the even step, in periods, of a sensor whose own times are the grid."""
SNAP_S: Final = 1e-6
"""A grid time this close to a sample is that sample: stamps are whole microseconds."""


@dataclass(frozen=True, eq=False, slots=True)
class _Own:
    """These rows of a sensor are the grid."""

    rows: slice
    mask: BoolArray


@dataclass(frozen=True, eq=False, slots=True)
class _Between:
    """Every grid time lies at `weight` of the step from `row` to `after`, (M,) each."""

    row: IntArray
    after: IntArray
    weight: FloatArray
    mask: BoolArray


def align(
    tilts: Mapping[Segment, Tilt],
    clocks: Mapping[Segment, ClockFit],
    *,
    orientation: bool = True,
) -> Streams:
    """Put all segments on one grid over the time that all of them were recorded.

    The grid is the fastest sensor's own times where they are even and without a hole, so that its
    values pass through unchanged; else it has that sensor's rate. A grid time between two samples
    is masked unless they follow each other in one clock segment and both can be trusted.
    `orientation` False leaves the quaternions out: angles do not need them.

    Raises
    ------
    InputError
        `no_overlap`, naming the two sensors; `no_samples` where one sent nothing usable in time.
    """
    start_s, end_s = _overlap(clocks)
    rate_hz, grid = _grid(clocks, start_s, end_s)
    places = {name: _place(grid, clocks[name], tilt.valid) for name, tilt in tilts.items()}
    return Streams(
        t_s=grid,
        rate_hz=rate_hz,
        up={name: _placed(tilt.up, places[name]) for name, tilt in tilts.items()},
        quat_wxyz={
            name: _placed(_continuous(tilt.quat_wxyz), places[name])
            for name, tilt in tilts.items()
            if orientation and tilt.quat_wxyz is not None
        },
        mask={name: place.mask for name, place in places.items()},
    )


def _overlap(clocks: Mapping[Segment, ClockFit]) -> tuple[float, float]:
    for name, clock in clocks.items():
        if not len(clock.t_s):
            raise InputError(
                f"The sensor on {name} sent no samples: check its file, or leave it out.",
                reason="no_samples",
            )
    late = max(clocks, key=lambda name: clocks[name].t_s[0])
    early = min(clocks, key=lambda name: clocks[name].t_s[-1])
    start_s, end_s = float(clocks[late].t_s[0]), float(clocks[early].t_s[-1])
    if start_s > end_s:
        raise InputError(
            f"All sensors must have been recorded at the same time, but {late} begins at "
            f"{start_s:.2f} s and {early} ends at {end_s:.2f} s: check that the files belong "
            "together and share one clock.",
            reason="no_overlap",
        )
    return start_s, end_s


def _grid(
    clocks: Mapping[Segment, ClockFit], start_s: float, end_s: float
) -> tuple[float, FloatArray]:
    rates = {name: clock.rate_hz for name, clock in clocks.items() if clock.rate_hz > 0.0}
    if not rates:
        return 1.0, np.array([start_s])
    fastest = max(rates.values())
    for name in sorted(rates, key=lambda name: -rates[name]):
        t = clocks[name].t_s
        a, b = np.searchsorted(t, (start_s - SNAP_S, end_s + SNAP_S)).tolist()
        even = _is_even(t[a:b], clocks[name].segment[a:b], rates[name])
        if rates[name] >= SAME_RATE * fastest and even:
            return rates[name], t[a:b]
    count = int(np.floor((end_s - start_s) * fastest + 1e-6)) + 1
    return fastest, start_s + np.arange(count) / fastest


def _is_even(t_s: FloatArray, segment: IntArray, rate_hz: float) -> bool:
    if not len(t_s) or segment[0] != segment[-1]:
        return False
    return bool(np.abs(np.diff(t_s) * rate_hz - 1.0).max(initial=0.0) < EVEN)


def _place(grid: FloatArray, clock: ClockFit, valid: BoolArray) -> _Own | _Between:
    t = clock.t_s
    first = int(np.searchsorted(t, grid[0] - SNAP_S))
    own = slice(first, first + len(grid))
    if len(t[own]) == len(grid) and float(np.abs(t[own] - grid).max()) < SNAP_S:
        return _Own(own, valid[own])
    row = np.interp(grid, t, np.arange(len(t))).astype(np.int64)
    after = np.minimum(row + 1, len(t) - 1)
    behind_s, ahead_s = grid - t[row], t[after] - grid
    on, on_next = np.abs(behind_s) < SNAP_S, np.abs(ahead_s) < SNAP_S
    joined = clock.segment[row] == clock.segment[after]
    weight = behind_s / np.maximum(behind_s + ahead_s, 1e-12)
    after = np.where(on, row, after)
    row = np.where(on_next, after, row)
    mask = valid[row] & valid[after] & (joined | on | on_next)
    return _Between(row, after, weight, mask)


def _placed(rows: FloatArray, place: _Own | _Between) -> FloatArray:
    """Return rows on the grid, straight between neighbors and of unit length; NaN where masked."""
    if isinstance(place, _Own):
        out = rows[place.rows]
    else:  # `take` copies whole rows, three times as fast as an index does
        out, after = rows.take(place.row, axis=0), rows.take(place.after, axis=0)
        out = normalized(out + scaled(after - out, place.weight))
    return out if place.mask.all() else np.where(place.mask[:, None], out, np.nan)


def _continuous(quat: FloatArray) -> FloatArray:
    """Flip signs so that neighbors lie in one half of the sphere."""
    flips = dot(quat[1:], quat[:-1]) < 0.0
    if not flips.any():
        return quat
    sign = np.concatenate(([1.0], np.cumprod(np.where(flips, -1.0, 1.0))))
    return scaled(quat, sign)
