"""How compensation goes along with the movement: slope, mark, early share, lag."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from collector.scoring.cyclic import is_cyclic
from collector.scoring.events import End, Onset, find_onset, first_reaching, value_at
from collector.scoring.halves import Half, way_back
from collector.scoring.reasons import Finding, finding
from collector.scoring.segmentation import Span
from collector.scoring.signals import Signals
from collector.statistics import line
from schemas.protocol import Protocol

FEWEST_FOR_SLOPE = 5


@dataclass(frozen=True, slots=True)
class Timing:
    """Measures of one half of a repetition; None where withheld, `findings` say why.

    `onset` is where the limb set out, whichever half is measured.
    """

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
    """Measure the half that the protocol's `phase` names: rest to end of range, or back to rest.

    `clock_bound_s` bounds the time error between the sensors: a lag within it is not reported.
    """
    until = span.peak if end is None or end.peak_only else end.first
    limb = find_onset(signals, signals.of["drive"], span, until, protocol.gates)
    if end is None or "comp" not in signals.of or is_cyclic(protocol):
        return Timing(limb.index)
    if protocol.phase == "out":
        half = Half(span, until, end, 1)
        return _measured(signals, half, limb, limb.index, protocol, clock_bound_s)
    if end.peak_only:
        return Timing(limb.index, findings=(finding("return_not_held"),))
    half = way_back(signals, span, end)
    back = find_onset(signals, signals.of["drive"], half.span, half.until, protocol.gates)
    return _measured(signals, half, back, limb.index, protocol, clock_bound_s)


def _measured(
    signals: Signals,
    half: Half,
    limb: Onset,
    onset: int | None,
    protocol: Protocol,
    clock_bound_s: float,
) -> Timing:
    slope, r = _slope(signals, half, limb)
    comp = find_onset(signals, signals.of["comp"], half.span, half.until, protocol.gates)
    mark = _at_mark(signals, half, comp, protocol.mark_deg)
    if comp.index is None:
        code = "onset_hidden" if comp.hidden else "no_compensation"
        return Timing(onset, slope, r, mark, findings=(finding(code),))
    turns_back = protocol.formulae.how.get("comp", "plateau") != "plateau"
    lag_s, why = _lag(signals, half, comp, limb, protocol, clock_bound_s)
    duration_s = None if limb.index is None else (half.until - limb.index) / signals.rate_hz
    return Timing(
        onset=onset,
        slope=slope,
        slope_r=r,
        at_mark_deg=mark,
        early_pct=None if turns_back else _early_pct(signals, half, comp),
        lag_s=lag_s,
        lag_pct=100.0 * lag_s / duration_s if lag_s is not None and duration_s else None,
        findings=tuple(why),
    )


def _lag(
    signals: Signals,
    half: Half,
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
        signal = signals.of["lag_from"]
        against = find_onset(signals, signal, half.span, half.until, protocol.gates)
    if against.index is None or comp.index is None:
        return None, [finding("onset_hidden")] if against.hidden else []
    lag_s = float(signals.t_s[comp.index] - signals.t_s[against.index])
    doubt_s = 1.0 / signals.rate_hz + clock_bound_s + comp.doubt_s + against.doubt_s
    resolution_s = max(protocol.gates.lag_resolution_s, doubt_s)
    if abs(lag_s) < resolution_s:
        return None, [finding("lag_unresolved", limit=resolution_s)]
    return lag_s, []


def _slope(signals: Signals, half: Half, limb: Onset) -> tuple[float | None, float | None]:
    """Least-squares slope of COMP on the drive over 10 to 90 % of its range, with r."""
    way = slice(half.span.start, half.until + 1)
    drive = signals.of["drive"].smooth
    top = half.arrived.read(drive)
    if top is None or half.sign * (top - limb.level) <= 0.0:
        return None, None
    part = (drive[way] - limb.level) / (top - limb.level)
    inside = ((part >= 0.1) & (part <= 0.9)).nonzero()[0]
    if len(inside) < FEWEST_FOR_SLOPE:
        return None, None
    return line(drive[way][inside], signals.of["comp"].smooth[way][inside])


def _at_mark(signals: Signals, half: Half, comp: Onset, mark_deg: float) -> float | None:
    """Return the angle where the compensation first reaches the mark, or has given it back."""
    if "mark_of" not in signals.of:
        return None
    series, level = signals.of["comp"].smooth, mark_deg
    if half.sign < 0:
        series, level = -series, mark_deg - comp.level
    where = first_reaching(signals, series, level, start=half.span.start, until=half.arrived.last)
    return None if where is None else value_at(signals.of["mark_of"].smooth, where)


def _early_pct(signals: Signals, half: Half, comp: Onset) -> float | None:
    """Return the share of the compensation that came within half of the hip's own movement."""
    if "hip" not in signals.of:
        return None
    start, last = half.span.start, half.arrived.last
    x, y = signals.of["hip"].smooth, signals.of["comp"].smooth
    total = half.arrived.read(y)
    if total is None or half.sign * (total - comp.level) <= 0.0:
        return None
    rising = x if half.sign > 0 else -x
    rest = float(rising[start])
    middle = rest + 0.5 * (float(np.fmax.reduce(rising[start : last + 1])) - rest)
    where = first_reaching(signals, rising, middle, start=start, until=last)
    if where is None:
        return None
    return 100.0 * (value_at(y, where) - comp.level) / (total - comp.level)
