"""The movement patterns of a trial that was computed: one function, called on demand.

Scoring does not call it: a trial that is scored again costs what it did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from collector.scoring.cyclic import is_cyclic
from collector.scoring.patterns.bands import bands_of, quarters_of
from collector.scoring.patterns.break_point import break_point
from collector.scoring.patterns.coupling import cav_deg, coupling_angles, coupling_of
from collector.scoring.patterns.cut import Cut, Moved, cut, moved
from collector.scoring.patterns.lag import cross_lag
from collector.scoring.patterns.phase import relative_phase
from collector.scoring.patterns.reversal import reversal_of
from collector.scoring.signals import Signals, measured, signals_of
from schemas.motion import Angles
from schemas.patterns import (
    PATTERNS_VERSION,
    CrossLag,
    Patterns,
    RelativePhase,
    RepetitionPatterns,
    Reversal,
)
from schemas.protocol import Protocol
from schemas.result import Reason, Repetition, TrialResult
from schemas.units import FloatArray


def patterns_of(
    angles: Angles, protocol: Protocol, result: TrialResult, *, origin_s: float = 0.0
) -> Patterns:
    """Measure the patterns that the test asks for, in every repetition that was not refused.

    `origin_s` is the recording's own time at the session's zero, as in its head: the result's
    times are on the recording's own axis, those of `angles` on the session's.
    """
    signals = signals_of(angles, protocol)
    if not protocol.patterns or signals is None or not {"hip", "comp"} <= signals.of.keys():
        return Patterns(PATTERNS_VERSION, protocol.id, (), reasons=(_nothing(protocol),))
    usable = [rep for rep in result.repetitions if rep.grade != "X"]
    found = {rep.n: moved(signals, rep, origin_s) for rep in usable}
    beside = _beside(angles, protocol)
    cuts = {n: cut(signals, where, beside) for n, where in found.items()}
    whole = {n: one for n, one in cuts.items() if one is not None}
    return Patterns(
        version=PATTERNS_VERSION,
        protocol=protocol.id,
        repetitions=tuple(_one(n, one, protocol, angles.rate_hz) for n, one in whole.items()),
        cav_deg=_cav_deg(whole.values(), protocol),
        relative_phase=_relative_phase(signals, list(found.values()), protocol),
        reasons=tuple(_left_out(result.repetitions, cuts)),
    )


def _nothing(protocol: Protocol) -> Reason:
    if not protocol.patterns:
        return Reason("no_patterns", f"The test {protocol.id} asks for no movement patterns.")
    return Reason("not_measured", "No sensor was worn that shows hip and compensation.")


def _left_out(
    repetitions: Sequence[Repetition], cuts: Mapping[int, Cut | None]
) -> Iterable[Reason]:
    refused = [str(rep.n) for rep in repetitions if rep.n not in cuts]
    torn = [str(n) for n, one in cuts.items() if one is None]
    if refused:
        yield Reason("repetitions_refused", f"Refused repetitions: {', '.join(refused)}.")
    if torn:
        yield Reason("gap_in_pattern", f"Repetitions with a gap in them: {', '.join(torn)}.")


def _beside(angles: Angles, protocol: Protocol) -> dict[str, FloatArray]:
    """Return the series that only patterns read: the lumbar angle, and the extra values."""
    f = protocol.formulae
    named = dict(f.extra) if f.lum is None else {"lum": f.lum, **f.extra}
    return {name: x(angles.deg) for name, x in named.items() if measured(x, angles)}


def _one(n: int, one: Cut, protocol: Protocol, rate_hz: float) -> RepetitionPatterns:
    asked = protocol.patterns
    tot, hip, comp, drive = (one.out(name) for name in ("tot", "hip", "comp", "drive"))
    ratios = "band_ratio" in asked and len(tot) > 1
    back = ratios and len(one.back("tot")) > 1
    return RepetitionPatterns(
        n=n,
        bands=bands_of(tot, comp, hip) if ratios else (),
        quarters_out=quarters_of(tot, comp, hip) if ratios else (),
        quarters_back=quarters_of(*map(one.back, ("tot", "comp", "hip"))) if back else (),
        break_point=break_point(drive, comp) if "break_point" in asked else None,
        coupling=coupling_of(_coupling(one, protocol)) if "vector_coding" in asked else None,
        cross_lag=_lag(one, protocol, rate_hz) if "cross_lag" in asked else None,
        reversal=_reversal(one) if "reversal" in asked else None,
        ranges_deg=_ranges(one, protocol) if "ranges" in asked else {},
    )


def _half(one: Cut, protocol: Protocol, name: str) -> FloatArray:
    """Return the half that the test is about; a test of ranges has whole strides, no halves."""
    if is_cyclic(protocol):
        return one.of[name]
    return one.back(name) if protocol.phase == "return" else one.out(name)


def _coupling(one: Cut, protocol: Protocol) -> FloatArray:
    return coupling_angles(_half(one, protocol, "comp"), _half(one, protocol, "hip"))


def _cav_deg(cuts: Iterable[Cut], protocol: Protocol) -> float | None:
    if "vector_coding" not in protocol.patterns:
        return None
    return cav_deg([_coupling(one, protocol) for one in cuts])


def _lag(one: Cut, protocol: Protocol, rate_hz: float) -> CrossLag | None:
    return cross_lag(_half(one, protocol, "comp"), _half(one, protocol, "hip"), rate_hz)


def _reversal(one: Cut) -> Reversal:
    rows = slice(0, one.left + 1)
    return reversal_of(
        one.of["comp"][rows],
        slice(one.held, one.left + 1),
        drive=one.of["drive"][rows],
        hip=one.of["hip"][rows],
        lum=one.of["lum"][rows] if "lum" in one.of else None,
    )


def _ranges(one: Cut, protocol: Protocol) -> dict[str, float]:
    """Return the range of TOT, HIP, COMP and the extra values over the whole repetition."""
    names = ("tot", "hip", "comp", *protocol.formulae.extra)
    known = {name: one.of[name] for name in names if name in one.of}
    return {f"{name}_deg": float(np.ptp(x)) for name, x in known.items() if np.isfinite(x).all()}


def _relative_phase(
    signals: Signals, found: Sequence[Moved], protocol: Protocol
) -> RelativePhase | None:
    """Measure from the first repetition's start to the last one's end: whole cycles."""
    if "relative_phase" not in protocol.patterns or not found:
        return None
    first, last = found[0].first, found[-1].last
    rows = slice(first, last + 1)
    comp, hip = signals.of["comp"].smooth[rows], signals.of["hip"].smooth[rows]
    if not (np.isfinite(comp).all() and np.isfinite(hip).all()):
        return None
    cycles = [(one.first - first, one.last - first) for one in found]
    return relative_phase(comp, hip, cycles)
