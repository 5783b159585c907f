"""The numbers of one set with their standard errors, by measure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import fmean
from typing import Final

from collector.scoring.sets import T_975_2, WINDOW, sd_of_row
from schemas.protocol import Protocol
from schemas.quantities import unit_of
from schemas.result import Repetition, TrialResult
from schemas.visit import Value

_READ: Final[Mapping[str, Callable[[Repetition], float | None]]] = {
    "tot": lambda r: r.tot_deg,
    "hip": lambda r: r.hip_deg,
    "comp": lambda r: r.comp_deg,
    "share": lambda r: r.share_pct,
    "lum": lambda r: r.lum_deg,
    "mark": lambda r: r.hip_at_c5_deg,
    "lag_s": lambda r: r.lag_s,
    "slope_r": lambda r: r.slope_r,
}
MEASURES: Final = tuple(_READ)
"""What a set of any test can have a mean of, where its repetitions have it."""


def values_of(result: TrialResult, protocol: Protocol) -> dict[str, Value]:
    """Return each measure's mean over the set, its spread only where three repetitions agreed.

    A lumbar angle that is only the pelvis turned round (no trunk sensor) is left out.
    """
    used = set(result.set.used) if result.set else set()
    agreed = bool(result.set and result.set.consistent)
    rows = [r for r in result.repetitions if r.n in used]
    found: dict[str, Value] = {}
    for measure, read in _READ.items():
        known = [x for x in map(read, rows) if x is not None]
        if known and not (measure == "lum" and result.certificate.lumbar_is_proxy):
            found[measure] = _value(measure, known, agreed=agreed)
    for name in protocol.formulae.extra:
        mean = result.extra.get(f"{name}_deg")
        if mean is not None:
            found[name] = Value(name, unit_of(name), mean)
    return found


def _value(measure: str, known: list[float], *, agreed: bool) -> Value:
    unit, mean, most = unit_of(measure), fmean(known), max(known)
    if not agreed or len(known) != WINDOW:
        return Value(measure, unit, mean, most)
    sd = sd_of_row(known)
    se = sd / math.sqrt(WINDOW)
    return Value(measure, unit, mean, most, sd, se, T_975_2 * se)
