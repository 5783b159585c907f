"""Mobility: a value against its norm, and what it lacks to the norm's mean."""

from __future__ import annotations

import math
from typing import Final

from collector.scoring.visit.norms import NormMatch
from collector.scoring.visit.rules import MobilityRules
from collector.scoring.visit.sense import norm_sign_of
from schemas.norm import Norm
from schemas.protocol import Protocol
from schemas.protocol_scoring import NormMotion
from schemas.visit import Angle, Mobility, MobilityClass

_NO_PERCENTAGE: Final[frozenset[NormMotion]] = frozenset({"hip_extension", "knee_extension_lack"})


def percentile(z: float) -> float:
    """Return the percentage of a normal distribution that lies below `z`."""
    return 50.0 * (1.0 + math.erf(z / math.sqrt(2.0)))


def class_of(z: float, rules: MobilityRules) -> MobilityClass:
    """Return the class of a z: typical down to -1, borderline down to -2, restricted below."""
    if z > rules.hypermobile_above_z:
        return "hypermobile"
    if z >= rules.borderline_below_z:
        return "typical"
    return "borderline" if z >= rules.restricted_below_z else "restricted"


def z_of(value_deg: float, norm: Norm) -> float:
    """Return how many SD a value in the norm's sense lies on the mobile side of its mean."""
    if norm.mean_deg is None or not norm.sd_deg:
        raise ValueError(f"norm {norm.id} has no mean with a spread")
    z = (value_deg - norm.mean_deg) / norm.sd_deg
    return -z if norm.motion == "knee_extension_lack" else z


def mobility_of(
    measure: Angle, value: float, match: NormMatch, rules: MobilityRules
) -> Mobility | None:
    """Score a value that is already in the norm's sense, degrees; None without a norm."""
    norm = match.norm
    if norm is None:
        return None
    z = z_of(value, norm)
    percent = _percent(value, norm, rules)
    return Mobility(
        measure,
        norm,
        z,
        percentile(z),
        percent,
        class_of(z, rules),
        value_deg=value,
        others=match.others,
    )


def _percent(value: float, norm: Norm, rules: MobilityRules) -> float | None:
    mean = norm.mean_deg
    if norm.motion in _NO_PERCENTAGE or mean is None:
        return None
    if min(abs(mean), abs(value)) < rules.percent_from_deg:
        return None
    return 100.0 * value / mean


def deficit_of(mobility: Mobility | None) -> float | None:
    """Return what is lacking to the norm's mean, at least 0; of a lack, what is too much of it."""
    if mobility is None or mobility.norm.mean_deg is None:
        return None
    lacking = mobility.norm.mean_deg - mobility.value_deg
    if mobility.norm.motion == "knee_extension_lack":
        lacking = -lacking
    return max(0.0, lacking)


def in_norm_sense(value: float, protocol: Protocol) -> float:
    """Return TOT or HIP in the norm's sense (extension and lack positive), degrees."""
    return norm_sign_of(protocol) * value
