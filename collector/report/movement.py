"""The movement patterns of a trial, one short line for every measure that its test names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import fmean
from typing import Final

import numpy as np

from collector.scoring.patterns.circular import circular_mean_deg
from schemas.patterns import Band, Patterns, RepetitionPatterns
from schemas.quantities import brief

_Reps = Sequence[RepetitionPatterns]


def movement_lines(patterns: Patterns, lender: str) -> Iterator[str]:
    """Yield what the repetitions come to on average; `lender` is what moves in the hip's place."""
    for line in _LINES:
        if told := line(patterns.repetitions, lender):
            yield told
    if patterns.cav_deg is not None:
        yield f"coupling varies by {brief(patterns.cav_deg)} between repetitions"
    phase = patterns.relative_phase
    if phase is not None:
        yield (
            f"relative phase of {lender} and hip: {brief(phase.mean_deg)}, its size"
            f" {brief(phase.marp_deg)}, over {phase.cycles} cycles"
        )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _ratios(rows: Sequence[Sequence[Band]]) -> str:
    """Return the mean ratio of every band that has one, with where it lies."""
    shown = []
    for bands in zip(*(row for row in rows if row), strict=False):
        mean = _mean([band.ratio for band in bands])
        sign = "\u00b0" if bands[0].unit == "deg" else " %"
        if mean is not None:
            shown.append(f"{mean:z.2f} ({bands[0].low:.0f} to {bands[0].high:.0f}{sign})")
    return ", ".join(shown)


def _bands(reps: _Reps, lender: str) -> str:
    found = _ratios([rep.bands for rep in reps])
    return f"{lender} : hip by degrees of the reading: {found}" if found else ""


def _quarters(reps: _Reps, lender: str) -> str:
    ways = (
        ("on the way out", _ratios([rep.quarters_out for rep in reps])),
        ("on the way back", _ratios([rep.quarters_back for rep in reps])),
    )
    told = "; ".join(f"{way} {found}" for way, found in ways if found)
    return f"{lender} : hip by quarters: {told}" if told else ""


def _break_point(reps: _Reps, lender: str) -> str:
    found = [rep.break_point for rep in reps if rep.break_point is not None]
    if not found:
        return ""
    bend, count = Counter(point.bend for point in found).most_common(1)[0]
    of = f"in {count} of {len(found)} repetitions"
    if bend == "straight":
        return f"break point: none, the {lender} goes with the movement evenly {of}"
    at = fmean(point.at_deg for point in found if point.bend == bend)
    return f"break point: {bend}, near {at:.0f}\u00b0 {of}"


def _coupling(reps: _Reps, lender: str) -> str:
    found = [rep.coupling for rep in reps if rep.coupling is not None]
    if not found:
        return ""
    mean = circular_mean_deg(np.array([one.angle_deg for one in found]))
    shares = {name: fmean(one.chang_pct[name] for one in found) for name in found[0].chang_pct}
    most = max(shares, key=lambda name: shares[name])
    name = most.replace("_", " ")
    said = f"coupling angle of {lender} and hip {mean:.0f}\u00b0"
    return f"{said}; mostly {name} ({shares[most]:.0f} % of the movement)"


def _lag(reps: _Reps, lender: str) -> str:
    lag = _mean([rep.cross_lag.lag_s for rep in reps if rep.cross_lag is not None])
    if lag is None:
        return ""
    order = "after" if lag >= 0.0 else "before"
    return f"the {lender} moves {abs(lag):.2f} s {order} the hip (best fit of both curves)"


def _reversal(reps: _Reps, lender: str) -> str:
    found = [rep.reversal for rep in reps if rep.reversal is not None]
    if not found:
        return ""
    back, most = fmean(one.reversal_deg for one in found), fmean(one.most_deg for one in found)
    return f"the {lender} comes back by {brief(back)} from {brief(most)} before the end"


def _ranges(reps: _Reps, lender: str) -> str:  # noqa: ARG001 - all lines are asked alike
    rows: list[Mapping[str, float]] = [rep.ranges_deg for rep in reps if rep.ranges_deg]
    if not rows:
        return ""
    means = {name: fmean(row[name] for row in rows if name in row) for name in rows[0]}
    parts = (f"{_named(name)} {brief(mean)}" for name, mean in means.items())
    return f"range over a repetition: {', '.join(parts)}"


def _named(name: str) -> str:
    short = name.removesuffix("_deg")
    if short in ("tot", "hip", "comp", "lum"):
        return short.upper()
    return short.replace("_other", ", other leg").replace("_", " ")


_LINES: Final[tuple[Callable[[_Reps, str], str], ...]] = (
    _bands,
    _quarters,
    _break_point,
    _coupling,
    _lag,
    _reversal,
    _ranges,
)
