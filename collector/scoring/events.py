"""Where a movement begins and where it ends: onset, plateau, crossings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from collector.scoring.segmentation import Span
from collector.scoring.signals import Signal, Signals
from collector.statistics import median, spread
from schemas.protocol import Gates
from schemas.units import FloatArray, IntArray

REST_S = 2.0
"""How much of the rest before a movement its level and noise are taken from, at most."""

DOUBT = 3.0
"""Up to this many times the usual rate at rest, sway and movement cannot be told apart."""

MEDIAN_TO_SD = 1.4826

PEAK_S = 0.2
PEAK_PERCENTILE = 95.0


@dataclass(frozen=True, slots=True)
class Onset:
    """Where a signal sets in, and the rest level it left.

    `index` is None where it does not, or where a gap hides it. For `doubt_s` from there on the
    movement was still as slow as the sway before it, so it may have begun that much later.
    """

    index: int | None
    level: float
    doubt_s: float = 0.0
    hidden: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class End:
    """The end of range: samples `first` to `last`, both included.

    With `peak_only` they are the 200 ms around the top, `pair` the two of them between which the
    95th percentile lies and `weight` that of the second.
    """

    first: int
    last: int
    peak_only: bool
    pair: tuple[int, int] = (0, 0)
    weight: float = 0.0

    def read(self, x: FloatArray) -> float | None:
        """Return the value of `x` (M,) at the end of range; None where it has a gap there."""
        if self.peak_only:
            low, high = self.pair
            value = float((1.0 - self.weight) * x[low] + self.weight * x[high])
        else:
            value = median(x[self.first : self.last + 1])
        return value if np.isfinite(value) else None


def find_onset(signals: Signals, signal: Signal, span: Span, until: int, gates: Gates) -> Onset:
    """Find where `signal` sets in: beyond the threshold and moving, traced back to rate zero."""
    rest = _rest_window(signals, span)
    calm = signals.came(signal.smooth, rest)
    level = median(calm)
    threshold = max(gates.onset_deg, gates.onset_rest_sd * spread(calm))
    x = signal.smooth[rest.start : until + 1]
    rate = signal.rate[rest.start : until + 1]
    speed = np.abs(rate)
    fast = gates.onset_rate_fraction * float(np.fmax.reduce(speed))
    moving = (np.abs(x - level) > threshold) & (speed > fast)
    first = int(moving.argmax())
    if not moving[first]:
        return Onset(None, level)
    way = rate[:first] if rate[first] > 0.0 else -rate[:first]
    turned = (way <= 0.0).nonzero()[0]
    back = int(turned[-1]) if len(turned) else 0
    if not (signals.gap_free or signals.valid[rest.start + back : rest.start + first + 1].all()):
        return Onset(None, level, hidden=True)
    usual = MEDIAN_TO_SD * median(np.abs(signals.came(signal.rate, rest)))
    clear = speed[back:first] > DOUBT * usual
    doubtful = int(clear.argmax()) if clear.any() else first - back
    return Onset(rest.start + back, level, doubtful / signals.rate_hz)


def _rest_window(signals: Signals, span: Span) -> slice:
    first = max(span.before, span.start - round(REST_S * signals.rate_hz))
    return slice(first, span.start + 1)


def find_end(signals: Signals, span: Span, gates: Gates) -> End | None:
    """Find the plateau, else the peak; None where a gap touches it."""
    extreme = signals.of["extreme"]
    x = extreme.smooth[span.start : span.end + 1]
    top = int(np.argmax(x) if signals.gap_free else np.nanargmax(x))
    near = x >= x[top] - gates.plateau_band_deg
    slow = np.abs(extreme.rate[span.start : span.end + 1]) < gates.plateau_rate_deg_s
    first, length = _longest_run((near & slow).nonzero()[0])
    if length and _touches_gap(signals, span.start + first, span.start + first + length - 1):
        return None
    if length >= gates.plateau_s * signals.rate_hz:
        return End(span.start + first, span.start + first + length - 1, peak_only=False)
    return _peak(signals, span, span.start + top)


def _longest_run(index: IntArray) -> tuple[int, int]:
    if not len(index):
        return 0, 0
    if index[-1] - index[0] == len(index) - 1:
        return int(index[0]), len(index)
    breaks = (index[1:] - index[:-1] > 1).nonzero()[0] + 1
    bounds = np.concatenate(([0], breaks, [len(index)]))
    longest = int(np.argmax(np.diff(bounds)))
    return int(index[bounds[longest]]), int(bounds[longest + 1] - bounds[longest])


def _touches_gap(signals: Signals, first: int, last: int) -> bool:
    return not (signals.gap_free or bool(signals.valid[max(0, first - 1) : last + 2].all()))


def _peak(signals: Signals, span: Span, top: int) -> End | None:
    half = round(PEAK_S * signals.rate_hz / 2.0)
    first, last = max(span.start, top - half), min(span.end, top + half)
    if _touches_gap(signals, first, last):
        return None
    order = first + np.argsort(signals.of["extreme"].raw[first : last + 1], kind="stable")
    rank = PEAK_PERCENTILE / 100.0 * (len(order) - 1)
    low = int(rank)
    pair = (int(order[low]), int(order[min(low + 1, len(order) - 1)]))
    return End(first, last, peak_only=True, pair=pair, weight=rank - low)


def first_reaching(
    signals: Signals, x: FloatArray, level: float, *, start: int, until: int
) -> float | None:
    """Return where `x` first rises to `level`, as a fractional index; None if it never does.

    None also where it begins above the level or where a gap may hide an earlier crossing.
    """
    above = x[start : until + 1] >= level
    i = int(above.argmax())
    if i == 0 or not signals.valid[start : start + i + 1].all():
        return None
    low, high = x[start + i - 1], x[start + i]
    return start + i - 1 + float((level - low) / (high - low))


def value_at(x: FloatArray, index: float) -> float:
    """Return `x` at a fractional index, on the straight line between its neighbors."""
    low = int(index)
    part = index - low
    return float(x[low] if part == 0.0 else (1.0 - part) * x[low] + part * x[low + 1])
