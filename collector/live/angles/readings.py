"""Numbers of one moment: what a test's formulae come to, and how far a sensor has turned."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from collector.live.angles.guarded import not_held
from collector.motion.rows import cross
from schemas.formula import Formula
from schemas.protocol import Protocol
from schemas.units import DEG_PER_RAD, FloatArray

Deg = Mapping[str, FloatArray]
"""Every channel's values by its name; the last one is now."""


def scores(protocol: Protocol | None, deg: Deg) -> dict[str, float | None]:
    """Evaluate the test's formulae on the angles of this moment; without a test the hip alone."""
    if protocol is None:
        return {"hip_deg": number(deg.get("hip_deg"))}
    f = protocol.formulae
    tot, hip, comp = (_value(x, deg) for x in (f.tot, f.hip, f.comp))
    if comp is not None:
        comp = max(0.0, comp)
    share_pct = _share_pct(protocol, deg, hip, comp)
    return {"tot_deg": tot, "hip_deg": hip, "comp_deg": comp, "share_pct": share_pct}


def _share_pct(protocol: Protocol, deg: Deg, hip: float | None, comp: float | None) -> float | None:
    """Return the share as the score does, where it is more than noise."""
    if hip is None or comp is None:
        return None
    f = protocol.formulae
    part: float | None = comp
    whole: float | None = hip + comp
    if f.share_of is not None:
        part, whole = _value(f.share_of, deg), _value(f.share_within, deg)
    if part is None or whole is None:
        return None
    least = protocol.gates.share_from_deg
    return 100.0 * max(0.0, part) / whole if min(hip + comp, whole) >= least else None


def amiss(protocol: Protocol | None, deg: Deg) -> tuple[str, ...]:
    """Say what the test wants held and is not."""
    guards = protocol.guards if protocol else ()
    values = ((guard, _value(guard.formula, deg)) for guard in guards)
    return tuple(
        not_held(guard, value)
        for guard, value in values
        if value is not None and not guard.low_deg <= value <= guard.high_deg
    )


def number(values: FloatArray | None) -> float | None:
    """Return the newest value; None where it is not known."""
    if values is None or not len(values) or not np.isfinite(values[-1]):
        return None
    return float(values[-1])


def angle_deg(up: FloatArray, zero: FloatArray) -> float | None:
    """Return the angle between two directions; None where one is not known."""
    across = cross(up, zero)
    angle = math.atan2(math.sqrt(float(across @ across)), float(up @ zero))
    return DEG_PER_RAD * angle if math.isfinite(angle) else None


def _value(formula: Formula | None, deg: Deg) -> float | None:
    if formula is None or not all(name in deg for name in formula.channels):
        return None
    return number(formula(deg))
