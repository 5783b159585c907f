"""Where a sensor is strapped, and which of its axes then points where.

The sensor is worn with its face (+z) outward and its +y toward the head; on legs toward the hip.
Which axis points left follows by the right hand; docs/calibration.md says what is done with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, get_args

from schemas.segments import Side

Site = Literal[
    "sacrum",
    "iliac_crest",
    "t12_l1",
    "sternum",
    "lateral_thigh",
    "anterior_thigh",
    "lateral_shank",
    "anterior_shank",
]
SITES: Final[tuple[Site, ...]] = get_args(Site)

Facing = Literal["back", "front", "lateral"]

FACING: Final[Mapping[Site, Facing]] = MappingProxyType(
    {
        "sacrum": "back",
        "iliac_crest": "lateral",
        "t12_l1": "back",
        "sternum": "front",
        "lateral_thigh": "lateral",
        "anterior_thigh": "front",
        "lateral_shank": "lateral",
        "anterior_shank": "front",
    }
)
"""Where the face of a sensor at a site looks."""


def axis_to_left(site: Site, side: Side) -> str:
    """Return the sensor axis that points to the subject's left at a site of that side of the body.

    On the back +x points right, on the front left; on the side +z points outward.
    """
    match FACING[site]:
        case "back":
            return "-x"
        case "front":
            return "+x"
        case "lateral":
            return "+z" if side == "left" else "-z"
