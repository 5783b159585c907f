"""The smoothed series of one repetition that patterns are measured in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from collector.scoring.signals import Signals
from schemas.result import Repetition
from schemas.units import FloatArray


@dataclass(frozen=True, slots=True)
class Moved:
    """First and last sample of a repetition, and of its end of range, as indices."""

    first: int
    held: int
    left: int
    last: int


@dataclass(frozen=True, eq=False, slots=True)
class Cut:
    """One repetition's series, each (N,), and where in them the end of range begins and ends."""

    of: Mapping[str, FloatArray]
    held: int
    left: int

    def out(self, name: str) -> FloatArray:
        """Return a series on the way out, up to where the end is held."""
        return self.of[name][: self.held + 1]

    def back(self, name: str) -> FloatArray:
        """Return a series on the way back."""
        return self.of[name][self.left :]


def moved(signals: Signals, rep: Repetition, origin_s: float) -> Moved:
    """Find a repetition's samples again; a repetition without a plateau turns at its top."""
    first = _index(signals, (rep.start_s if rep.onset_s is None else rep.onset_s) - origin_s)
    last = _index(signals, rep.end_s - origin_s)
    if rep.plateau_start_s is not None and rep.plateau_end_s is not None:
        held, left = rep.plateau_start_s - origin_s, rep.plateau_end_s - origin_s
        return Moved(first, _index(signals, held), _index(signals, left), last)
    extreme = signals.of["extreme"].smooth[first : last + 1]
    top = first + (int(np.nanargmax(extreme)) if np.isfinite(extreme).any() else 0)
    return Moved(first, top, top, last)


def _index(signals: Signals, time_s: float) -> int:
    return min(max(signals.row(time_s), 0), len(signals.t_s) - 1)


def cut(signals: Signals, where: Moved, beside: Mapping[str, FloatArray]) -> Cut | None:
    """Return a repetition's series; None where a gap touches it.

    `beside` are further series (M,) of the trial.
    """
    rows = slice(where.first, where.last + 1)
    series = {name: signal.smooth[rows] for name, signal in signals.of.items()}
    series |= {name: x[rows] for name, x in beside.items()}
    needed = [series[name] for name in ("tot", "hip", "comp", "drive") if name in series]
    if not all(np.isfinite(x).all() for x in needed):
        return None
    return Cut(series, where.held - where.first, where.left - where.first)
