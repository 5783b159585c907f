"""Where each sensor is strapped: its axes on the segment, and its arm from the hip centre."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.simulate.body import Posture
from schemas.segments import Role, Side
from schemas.sites import Site
from schemas.units import FloatArray

_X, _Y, _Z = np.eye(3)


@dataclass(frozen=True, eq=False, slots=True)
class Placement:
    """One sensor site: `name` is that of `schemas.sites`.

    `axes` (3, 3) sensor to segment before any strap error; `arms` the way from the hip centre to
    the sensor, metres, one piece per segment it goes along.
    """

    name: Site
    axes: FloatArray
    arms: tuple[tuple[Role, FloatArray], ...]


_BACK: Final = np.column_stack([_Z, _Y, -_X])
_FRONT: Final = np.column_stack([-_Z, _Y, _X])
_LATERAL: Final[dict[Side, FloatArray]] = {
    "right": np.column_stack([_X, _Y, _Z]),
    "left": np.column_stack([-_X, _Y, -_Z]),
}


def placement_of(role: Role, side: Side, posture: Posture) -> Placement:
    """Return the site of a role: the sacrum, or the iliac crest where that is lain on."""
    lateral = _LATERAL[side]
    mirrored = _LATERAL["left" if side == "right" else "right"]
    lying = posture == "supine"
    thigh_m, knee_m, shank_m = (_Y * -length for length in (0.25, 0.42, 0.15))
    match role:
        case "pelvis" if lying:
            return Placement("iliac_crest", lateral, (("pelvis", 0.08 * _Y),))
        case "pelvis":
            return Placement("sacrum", _BACK, (("pelvis", 0.064 * _Y - 0.048 * _X),))
        case "trunk":
            lumbosacral = 0.12 * _Y - 0.03 * _X
            if lying:
                sternum = 0.25 * _Y + 0.10 * _X
                return Placement("sternum", _FRONT, (("pelvis", lumbosacral), ("trunk", sternum)))
            t12 = 0.12 * _Y - 0.06 * _X
            return Placement("t12_l1", _BACK, (("pelvis", lumbosacral), ("trunk", t12)))
        case "thigh" | "thigh_other":
            own = lateral if role == "thigh" else mirrored
            return Placement("lateral_thigh", own, ((role, thigh_m),))
        case "shank" | "shank_other":
            own = lateral if role == "shank" else mirrored
            above: Role = "thigh" if role == "shank" else "thigh_other"
            return Placement("lateral_shank", own, ((above, knee_m), (role, shank_m)))
