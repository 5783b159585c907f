"""From angles to what a protocol computes: formulae evaluated, smoothed, and their rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.signal import butter, lfilter, lfilter_zi

from schemas.formula import Formula
from schemas.motion import Angles
from schemas.protocol import Protocol
from schemas.units import BoolArray, FloatArray, IntArray

SHORTEST_RUN = 9
"""Samples between two gaps below which there is nothing to smooth."""


@dataclass(frozen=True, eq=False, slots=True)
class Signal:
    """One formula over time, each (M,): as measured, low-passed, and the rate of that (per s)."""

    raw: FloatArray
    smooth: FloatArray
    rate: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Signals:
    """The formulae of a protocol on one grid.

    `of` holds `tot hip comp drive extreme lag_from mark_of`, those whose sensors are there; `valid`
    (M,) is true where all of them are; NaN elsewhere. `gap_free` says that it is true throughout.
    """

    t_s: FloatArray
    rate_hz: float
    valid: BoolArray
    gap_free: bool
    of: Mapping[str, Signal]

    def row(self, t_s: float) -> int:
        """Return the sample nearest to a time, session seconds; it may lie outside the grid."""
        return round((t_s - float(self.t_s[0])) * self.rate_hz)

    def came(self, series: FloatArray, window: slice) -> FloatArray:
        """Return the samples of a window that came, those in gaps left out."""
        return series[window] if self.gap_free else series[window][self.valid[window]]


def signals_of(angles: Angles, protocol: Protocol) -> Signals | None:
    """Evaluate and smooth the protocol's formulae; None if TOT cannot be computed at all."""
    f = protocol.formulae
    core = {"tot": f.tot, "drive": f.drive, "extreme": f.extreme}
    beside = {"hip": f.hip, "comp": f.comp, "lag_from": f.lag_from, "mark_of": f.mark_of}
    if not all(measured(formula, angles) for formula in core.values()):
        return None
    wanted = core | {name: x for name, x in beside.items() if measured(x, angles)}
    channels = sorted({name for formula in wanted.values() for name in formula.channels})
    raw = {name: angles.deg[name] for name in channels}
    valid = np.isfinite(sum(raw.values()))
    edges = _edges(valid)
    smooth = _smooth(raw, valid, edges, angles.rate_hz, protocol.gates.lowpass_hz)
    made: dict[Formula, Signal] = {}
    for formula in wanted.values():
        if formula not in made:
            level = formula(smooth)
            made[formula] = Signal(formula(raw), level, _rate(level, edges, angles.rate_hz))
    return Signals(
        t_s=angles.t_s,
        rate_hz=angles.rate_hz,
        valid=valid,
        gap_free=bool(valid.all()),
        of={name: made[formula] for name, formula in wanted.items()},
    )


def measured(formula: Formula, angles: Angles) -> bool:
    """Say whether every channel of the formula exists."""
    return all(name in angles.deg for name in formula.channels)


def _edges(valid: BoolArray) -> IntArray:
    """First and one-past-last index of every run of true, (K, 2)."""
    if valid.all():
        return np.array([[0, len(valid)]] * bool(len(valid)), dtype=np.int64).reshape(-1, 2)
    steps = np.flatnonzero(valid[1:] != valid[:-1]) + 1
    bounds = np.concatenate(([0], steps, [len(valid)]))
    runs = np.column_stack((bounds[:-1], bounds[1:]))
    return np.asarray(runs[valid[runs[:, 0]]])


def _smooth(
    raw: Mapping[str, FloatArray],
    valid: BoolArray,
    edges: IntArray,
    rate_hz: float,
    lowpass_hz: float,
) -> dict[str, FloatArray]:
    """Low-pass every channel forwards and backwards, each run between gaps by itself."""
    block = np.array(list(raw.values()))
    lowpass = _lowpass(round(rate_hz, 0 if rate_hz > 30.0 else 1), lowpass_hz)
    if not valid.all():
        block[:, ~valid] = np.nan
    for first, last in edges.tolist():
        if last - first >= SHORTEST_RUN:
            block[:, first:last] = lowpass(block[:, first:last])
    return dict(zip(raw, block, strict=True))


@dataclass(frozen=True, eq=False, slots=True)
class _LowPass:
    """Butterworth of second order run forwards and backwards: fourth order and no phase.

    What `scipy.signal.filtfilt` does, with the start state computed once, not at every call.
    """

    b: FloatArray
    a: FloatArray
    state: FloatArray
    padding: int

    def __call__(self, x: FloatArray) -> FloatArray:
        """Filter (C, N) along N, continued at both ends by its own point reflection."""
        n = min(self.padding, x.shape[1] - 1)
        head = 2.0 * x[:, :1] - x[:, n:0:-1]
        tail = 2.0 * x[:, -1:] - x[:, -2 : -n - 2 : -1]
        wide = np.concatenate((head, x, tail), axis=1)
        return self._once(self._once(wide)[:, ::-1])[:, ::-1][:, n : n + x.shape[1]]

    def _once(self, x: FloatArray) -> FloatArray:
        y, _ = lfilter(self.b, self.a, x, axis=1, zi=self.state * x[:, :1])
        return np.asarray(y)


@cache
def _lowpass(rate_hz: float, lowpass_hz: float) -> _LowPass:
    cutoff_hz = min(lowpass_hz, 0.4 * rate_hz)
    b, a = butter(2, cutoff_hz, fs=rate_hz)
    return _LowPass(b, a, lfilter_zi(b, a), round(rate_hz / cutoff_hz))


def _rate(x: FloatArray, edges: IntArray, rate_hz: float) -> FloatArray:
    """Central differences inside a run, one-sided ones at its ends."""
    rate = np.empty(len(x))
    rate[:1] = rate[-1:] = np.nan
    rate[1:-1] = (x[2:] - x[:-2]) * (0.5 * rate_hz)
    runs = edges[edges[:, 1] - edges[:, 0] >= 2]
    first, last = runs[:, 0], runs[:, 1] - 1
    rate[first] = (x[first + 1] - x[first]) * rate_hz
    rate[last] = (x[last] - x[last - 1]) * rate_hz
    return rate
