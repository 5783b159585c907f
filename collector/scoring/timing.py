"""How compensation goes along with the movement: slope, mark, early share, lag."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from collector.scoring.events import End, Onset, find_onset, first_reaching, value_at
from collector.scoring.reasons import Finding, finding
from collector.scoring.segmentation import Span
from collector.scoring.signals import Signals
from collector.statistics import line
from schemas.protocol import Protocol

FEWEST_FOR_SLOPE = 5


@dataclass(frozen=True, slots=True)
class Timing:
    """Measures of the outbound half; None where withheld, `findings` say why."""

    onset: int | None = None
    slope: float | None = None
    slope_r: float | None = None
    at_mark_deg: float | None = None
    early_pct: float | None = None
    lag_s: float | None = None
    lag_pct: float | None = None
    findings: tuple[Finding, ...] = field(default=())


def timing_of(
    signals: Signals, span: Span, end: End | None, protocol: Protocol, *, clock_bound_s: float
) -> Timing:
    """Measure from the rest before the movement to the end of range.

    `clock_bound_s` bounds the time error between the sensors: a lag within it is not reported.
    """
    until = span.peak if end is None or end.peak_only else end.first
    limb = find_onset(signals, signals.of["drive"], span, until, protocol.gates)
    if protocol.phase == "return":
        return Timing(limb.index, findings=(finding("return_phase"),))
    if end is None or "comp" not in signals.of:
        return Timing(limb.index)
    slope, r = _slope(signals, span, end, limb, until)
    comp = find_onset(signals, signals.of["comp"], span, until, protocol.gates)
    mark = _at_mark(signals, span, end, protocol.mark_deg)
    if comp.index is None:
        code = "onset_hidden" if comp.hidden else "no_compensation"
        return Timing(limb.index, slope, r, mark, findings=(finding(code),))
    lag_s, why = _lag(signals, span, until, comp, limb, protocol, clock_bound_s)
    duration_s = None if limb.index is None else (until - limb.index) / signals.rate_hz
    return Timing(
        onset=limb.index,
        slope=slope,
        slope_r=r,
        at_mark_deg=mark,
        early_pct=_early_pct(signals, span, end, comp),
        lag_s=lag_s,
        lag_pct=100.0 * lag_s / duration_s if lag_s is not None and duration_s else None,
        findings=tuple(why),
    )


def _lag(
    signals: Signals,
    span: Span,
    until: int,
    comp: Onset,
    limb: Onset,
    protocol: Protocol,
    clock_bound_s: float,
) -> tuple[float | None, list[Finding]]:
    """Return how much later than the limb the compensation sets in, if that can be told."""
    against = limb
    if protocol.formulae.lag_from != protocol.formulae.drive:
        if "lag_from" not in signals.of:
            return None, []
        against = find_onset(signals, signals.of["lag_from"], span, until, protocol.gates)
    if against.index is None or comp.index is None:
        return None, [finding("onset_hidden")] if against.hidden else []
    lag_s = float(signals.t_s[comp.index] - signals.t_s[against.index])
    doubt_s = 1.0 / signals.rate_hz + clock_bound_s + comp.doubt_s + against.doubt_s
    resolution_s = max(protocol.gates.lag_resolution_s, doubt_s)
    if abs(lag_s) < resolution_s:
        return None, [finding("lag_unresolved", limit=resolution_s)]
    return lag_s, []


def _slope(
    signals: Signals, span: Span, end: End, limb: Onset, until: int
) -> tuple[float | None, float | None]:
    """Least-squares slope of COMP on the drive over 10 to 90 % of its range, with r."""
    out = slice(span.start, until + 1)
    drive = signals.of["drive"].smooth
    top = end.read(drive)
    if top is None or top <= limb.level:
        return None, None
    part = (drive[out] - limb.level) / (top - limb.level)
    inside = ((part >= 0.1) & (part <= 0.9)).nonzero()[0]
    if len(inside) < FEWEST_FOR_SLOPE:
        return None, None
    return line(drive[out][inside], signals.of["comp"].smooth[out][inside])


def _at_mark(signals: Signals, span: Span, end: End, mark_deg: float) -> float | None:
    """Return the angle where the compensation first reaches the mark."""
    if "mark_of" not in signals.of:
        return None
    comp = signals.of["comp"].smooth
    where = first_reaching(signals, comp, mark_deg, start=span.start, until=end.last)
    return None if where is None else value_at(signals.of["mark_of"].smooth, where)


def _early_pct(signals: Signals, span: Span, end: End, comp: Onset) -> float | None:
    """Return the share of the compensation that came within half of the hip's own maximum."""
    if "hip" not in signals.of:
        return None
    x, y = signals.of["hip"].smooth, signals.of["comp"].smooth
    rest, total = float(x[span.start]), end.read(y)
    highest = float(np.fmax.reduce(x[span.start : end.last + 1]))
    half = rest + 0.5 * (highest - rest)
    where = first_reaching(signals, x, half, start=span.start, until=end.last)
    if where is None or total is None or total <= comp.level:
        return None
    return 100.0 * (value_at(y, where) - comp.level) / (total - comp.level)
