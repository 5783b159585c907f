"""Has a sensor moved on its segment? The same pose must show the same angles again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from collector.scoring.reasons import Finding, finding
from collector.scoring.segmentation import Span
from schemas.motion import CHANNELS, ROLE_OF, Angles
from schemas.protocol import Protocol
from schemas.segments import Role, Segment, Side, segment_of
from schemas.units import FloatArray

WINDOW_S: Final = 1.0
"""How much of the rest before a repetition the pose is taken from, at most."""
LEAST_S: Final = 0.5
"""And at the least: where one movement follows on another there is no pose to compare."""


def slips(
    angles: Angles, protocol: Protocol, spans: Sequence[Span], side: Side | None
) -> list[tuple[Finding, ...]]:
    """Return for every repetition the sensor that sat elsewhere before it, if one did.

    Compared are the angles at rest, in the plane of movement and out of it, with the reference
    pose; where the test does not come back to that pose, with the rest before the first
    repetition. Gravity cannot tell a sensor that slipped from a body that lies otherwise: either
    way zero is no longer zero. Angles that need a heading drift by themselves and are left out.
    """
    named = _channels(angles, protocol, side)
    if not named:
        return [() for _ in spans]
    series = [x for _, x in named]
    levels = np.array([_levels(series, span, angles.rate_hz) for span in spans])
    returns = protocol.reference.returns and protocol.reference.zero == "reference"
    off = np.abs(levels if returns and angles.zero == "reference" else levels - _first(levels))
    limit = protocol.gates.slip_x_deg
    return [_finding(row, [name for name, _ in named], limit) for row in off]


def _channels(
    angles: Angles, protocol: Protocol, side: Side | None
) -> list[tuple[Segment, FloatArray]]:
    """Return the angles that each needed segment has of its own; joints have none."""
    by_role: dict[Role, list[FloatArray]] = {role: [] for role in protocol.required}
    for symbol, role in ROLE_OF.items():
        name = CHANNELS[symbol]
        if role in by_role and name in angles.deg and name not in angles.by_orientation:
            by_role[role].append(angles.deg[name])
    for role, found in by_role.items():
        if role in angles.out_of_plane_deg:
            found.append(angles.out_of_plane_deg[role])
    return [(segment_of(role, side or "left"), x) for role, found in by_role.items() for x in found]


def _levels(series: Sequence[FloatArray], span: Span, rate_hz: float) -> list[float]:
    """Return the mean of each series in the rest before a repetition; NaN without a rest."""
    first = max(span.before, span.start - round(WINDOW_S * rate_hz))
    if span.start - first < LEAST_S * rate_hz:
        return [np.nan] * len(series)
    return [_mean(x[first : span.start + 1]) for x in series]


def _mean(x: FloatArray) -> float:
    mean = float(np.add.reduce(x)) / len(x)
    if math.isfinite(mean):
        return mean
    came = x[np.isfinite(x)]
    return float(np.add.reduce(came)) / len(came) if len(came) else np.nan


def _first(levels: FloatArray) -> FloatArray:
    """Return the levels before the first repetition that had a rest before it."""
    known = np.flatnonzero(np.isfinite(levels).all(axis=1))
    return np.asarray(levels[known[0]] if len(known) else np.full(levels.shape[1], np.nan))


def _finding(off_deg: FloatArray, names: Sequence[Segment], limit: float) -> tuple[Finding, ...]:
    worst = float(np.fmax.reduce(off_deg))
    if not worst > limit:
        return ()
    where = int(np.argmax(np.where(np.isnan(off_deg), -1.0, off_deg)))
    return (finding("placement_changed", value=worst, limit=limit, what=names[where]),)
