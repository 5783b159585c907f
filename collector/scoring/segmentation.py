"""Cutting a recording into repetitions: rest, rise, end of range, return, rest."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.signal import find_peaks

from collector.scoring.signals import Signals
from collector.statistics import median
from schemas.protocol import Gates
from schemas.units import BoolArray, FloatArray, IntArray

REST_BAND = 0.1
"""Part of a repetition's range within which the segment counts as back at the start."""

REST_BAND_DEG = 3.0
"""The same, at the least."""


@dataclass(frozen=True, slots=True)
class Span:
    """One repetition as indices: last rest before, peak, first rest after.

    `before` and `after` bound the rest on either side: the end of the repetition before and the
    start of the next, or the ends of the recording.
    """

    before: int
    start: int
    peak: int
    end: int
    after: int


def find_spans(signals: Signals, gates: Gates, *, begin_s: float | None = None) -> list[Span]:
    """Find the repetitions in the drive signal; those that begin before `begin_s` are left out.

    Samples in gaps are left out of the search, neither filled nor bridged: what is found are
    samples that came. So is all that came before `begin_s`: getting into position is often a
    larger movement than the repetitions, and no rest of theirs.
    """
    drive = signals.of["drive"]
    came = signals.valid.nonzero()[0]
    if begin_s is not None:
        came = came[signals.t_s[came] >= begin_s]
    x, rate = drive.smooth[came], drive.rate[came]
    peaks = _peaks(x, gates)
    if not peaks:
        return []
    valleys = _valleys(x, peaks)
    still = np.abs(rate) < gates.plateau_rate_deg_s
    starts = [_last_rest(x, still, v, p) for v, p in zip(valleys, peaks, strict=False)]
    ends = [_first_rest(x, still, p, v) for p, v in zip(peaks, valleys[1:], strict=True)]
    before = came[[0, *ends[:-1]]].tolist()
    after = came[[*starts[1:], len(came) - 1]].tolist()
    columns = (before, came[starts].tolist(), came[peaks].tolist(), came[ends].tolist(), after)
    spans = [Span(*row) for row in zip(*columns, strict=True)]
    under_way = begin_s is not None and starts[0] == 0 and not still[0]
    return spans[1:] if under_way else spans


def _peaks(x: FloatArray, gates: Gates) -> list[int]:
    if not len(x):
        return []
    high = float(x.min()) + gates.prominence_deg  # no lower peak can stand out by that much
    found, properties = find_peaks(x, height=high, prominence=gates.prominence_deg)
    if not len(found):
        return []
    height = properties["prominences"]
    least = max(gates.prominence_deg, gates.prominence_fraction * median(height))
    return _apart(x, found[height >= least].tolist(), least)


def _apart(x: FloatArray, peaks: list[int], least: float) -> list[int]:
    """Join peaks of one top: two of equal height both count as prominent, however near."""
    kept = peaks[:1]
    for peak in peaks[1:]:
        lower = min(x[kept[-1]], x[peak])
        if lower - x[kept[-1] : peak].min() >= least:
            kept.append(peak)
        elif x[peak] > x[kept[-1]]:
            kept[-1] = peak
    return kept


def _valleys(x: FloatArray, peaks: list[int]) -> list[int]:
    bounds = [0, *peaks, len(x) - 1]
    return [a + int(x[a : b + 1].argmin()) for a, b in pairwise(bounds)]


def _at_rest(x: FloatArray, still: BoolArray, level: float, top: float) -> IntArray:
    band = max(REST_BAND_DEG, REST_BAND * (top - level))
    return (still & (x <= level + band)).nonzero()[0]


def _last_rest(x: FloatArray, still: BoolArray, valley: int, peak: int) -> int:
    rest = _at_rest(x[valley:peak], still[valley:peak], float(x[valley]), float(x[peak]))
    return valley + (int(rest[-1]) if len(rest) else 0)


def _first_rest(x: FloatArray, still: BoolArray, peak: int, valley: int) -> int:
    rest = _at_rest(
        x[peak : valley + 1], still[peak : valley + 1], float(x[valley]), float(x[peak])
    )
    return peak + int(rest[0]) if len(rest) else valley
