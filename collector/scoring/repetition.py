"""One repetition: its values at the end of range, its timing, its findings and its grade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.scoring.cyclic import is_cyclic
from collector.scoring.end_values import end_values, extra_values
from collector.scoring.events import REST_S, End, find_end
from collector.scoring.gates import movement_findings
from collector.scoring.halves import return_share_pct
from collector.scoring.reasons import Finding, finding, grade_of
from collector.scoring.scene import Scene
from collector.scoring.segmentation import Span
from collector.scoring.signals import Signals
from collector.scoring.timing import timing_of
from collector.statistics import median
from schemas.result import Repetition
from schemas.units import FloatArray

RETURN_MARGIN_PCT: Final = 5.0
"""By how much more the way back must begin with compensation before it is told [P]."""


def score_repetition(
    scene: Scene, span: Span, n: int, *, also: Sequence[Finding] = ()
) -> tuple[Repetition, Mapping[str, float]]:
    """Measure and grade repetition number `n`; the protocol's extra values stand beside it.

    `also` are findings of this repetition that were made elsewhere.
    """
    signals = scene.signals
    end = find_end(signals, span, scene.protocol.gates)
    values = end_values(scene, span, end)
    timing = timing_of(signals, span, end, scene.protocol, clock_bound_s=scene.clock_bound_s)
    start = span.start if timing.onset is None else min(span.start, timing.onset)
    path = _path(scene, span, start)
    back_pct = _return_share_pct(scene, span, end)
    findings = [*scene.findings, *also, *path.findings, *_end_findings(scene, end)]
    findings += [*values.findings, *timing.findings]
    findings += _return_findings(back_pct, values.share_pct)
    plateau = end if end and not end.peak_only else None
    repetition = Repetition(
        n=n,
        start_s=_time(signals, start),
        onset_s=None if timing.onset is None else _time(signals, timing.onset),
        plateau_start_s=_time(signals, plateau.first) if plateau else None,
        plateau_end_s=_time(signals, plateau.last) if plateau else None,
        end_s=_time(signals, span.end),
        tot_deg=values.tot,
        hip_deg=values.hip,
        comp_deg=values.comp,
        comp_signed_deg=values.comp_signed,
        lum_deg=values.lum,
        share_pct=values.share_pct,
        slope=timing.slope,
        slope_r=timing.slope_r,
        hip_at_c5_deg=timing.at_mark_deg,
        early_pct=timing.early_pct,
        lag_s=timing.lag_s,
        lag_pct=timing.lag_pct,
        out_of_plane_deg=path.out_of_plane_deg,
        drift_deg=path.drift_deg,
        peak_rate_deg_s=_worst(signals.of["drive"].rate, start, span.peak),
        peak_only=_peak_only(scene, end),
        grade=grade_of(findings),
        reasons=tuple(item.reason for item in findings),
        return_share_pct=back_pct,
    )
    return repetition, extra_values(scene, span, end)


@dataclass(frozen=True, slots=True)
class _Path:
    """How the movement went from beginning to end, whatever was reached."""

    drift_deg: float
    out_of_plane_deg: float | None
    findings: tuple[Finding, ...]


def _path(scene: Scene, span: Span, start: int) -> _Path:
    drift_deg = _drift_deg(scene.signals, span)
    tilted_deg = _worst(scene.out_of_plane_deg, start, span.end)
    found = movement_findings(
        drift_deg=drift_deg,
        out_of_plane_deg=tilted_deg,
        loss=scene.masks.within(start, span.end),
        gates=scene.protocol.gates,
    )
    return _Path(drift_deg, tilted_deg, tuple(found))


def _end_findings(scene: Scene, end: End | None) -> Iterator[Finding]:
    if end is None:
        yield finding("gap_in_plateau")
        return
    if _peak_only(scene, end):
        yield finding("peak_only", limit=scene.protocol.gates.plateau_s)
    for guard in scene.protocol.guards:
        value = scene.at_end(guard.formula, end)
        if value is not None and not guard.low_deg <= value <= guard.high_deg:
            yield finding("guard", what=guard.sentence)


def _peak_only(scene: Scene, end: End | None) -> bool:
    """Say whether values are those of a top: a range needs no end position that is held."""
    return end is not None and end.peak_only and not is_cyclic(scene.protocol)


def _return_share_pct(scene: Scene, span: Span, end: End | None) -> float | None:
    """Return the share of the compensation in the first quarter of the way back."""
    f, of = scene.protocol.formulae, scene.signals.of
    if scene.protocol.phase != "return" or end is None or end.peak_only:
        return None
    if f.share_of is not None and f.share_within is not None:
        part, whole = scene.beside.get(f.share_of), scene.beside.get(f.share_within)
    elif "hip" in of and "comp" in of:
        part, whole = of["comp"].smooth, of["hip"].smooth + of["comp"].smooth
    else:
        return None
    if part is None or whole is None:
        return None
    return return_share_pct(scene.signals, span, end, part=part, whole=whole)


def _return_findings(back_pct: float | None, out_pct: float | None) -> Iterator[Finding]:
    if back_pct is not None and out_pct is not None and back_pct > out_pct + RETURN_MARGIN_PCT:
        yield finding("return_before_hip", value=back_pct, limit=out_pct)


def _drift_deg(signals: Signals, span: Span) -> float:
    """How far TOT, HIP or COMP, whichever is worst, came back from where it began (signed)."""
    half = round(0.5 * REST_S * signals.rate_hz)
    before = slice(max(span.before, span.start - half), span.start + 1)
    after = slice(span.end, min(span.after, span.end + half) + 1)
    drifts = [
        _level(signals, name, after) - _level(signals, name, before)
        for name in ("tot", "hip", "comp")
        if name in signals.of
    ]
    return max(drifts, key=abs)


def _level(signals: Signals, name: str, rest: slice) -> float:
    return median(signals.came(signals.of[name].smooth, rest))


def _worst(series: FloatArray | None, first: int, last: int) -> float | None:
    if series is None:
        return None
    worst = float(np.fmax.reduce(np.abs(series[first : last + 1])))
    return worst if np.isfinite(worst) else None


def _time(signals: Signals, index: int) -> float:
    return float(signals.t_s[index])
