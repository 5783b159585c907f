"""A person as lines, seen from the side: where every segment lies in a test's position."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from schemas.protocol import Position, Protocol
from schemas.segments import Role
from schemas.sites import FACING, Site

Xy = tuple[float, float]
"""Pixels, x to the right, y downward."""

TRUNK: Final = 96.0
THIGH: Final = 84.0
SHANK: Final = 78.0
PELVIS: Final = 26.0
FOOT: Final = 20.0

Directions = Mapping[str, float]

_STANDING: Final[Directions] = {"trunk": 0.0, "thigh": 180.0, "shank": 180.0, "foot": 90.0}
DIRECTIONS: Final[Mapping[Position, Directions]] = {
    "standing": _STANDING,
    "sitting": {"trunk": 0.0, "thigh": 90.0, "shank": 180.0, "foot": 90.0},
    "supine": {"trunk": 270.0, "thigh": 90.0, "shank": 90.0, "foot": 0.0},
    "prone": {"trunk": 270.0, "thigh": 90.0, "shank": 90.0, "foot": 120.0},
    "side_lying": {"trunk": 270.0, "thigh": 90.0, "shank": 90.0, "foot": 180.0},
}
"""Where each segment points (the trunk: from the hip), degrees clockwise from up."""

FORWARD: Final[Mapping[Position, float]] = {
    "standing": 90.0,
    "sitting": 90.0,
    "supine": 0.0,
    "prone": 180.0,
    "side_lying": 180.0,
}
"""Where the belly looks; of a person on the side, the drawing looks down from above."""


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of the body from one joint to the next."""

    start: Xy
    end: Xy


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a sensor sits: its middle, and how its case is turned (degrees clockwise from up)."""

    at: Xy
    turned: float


def directions_of(protocol: Protocol) -> dict[str, float]:
    """Return the directions in the position of a test; a shank that rolls is bent up by 90."""
    found = dict(DIRECTIONS[protocol.position])
    if protocol.position == "prone" and protocol.plane("shank") == "R":
        found |= {"shank": 0.0, "foot": 270.0}
    return found


def step(start: Xy, direction: float, length: float) -> Xy:
    """Return the point so far in that direction (degrees clockwise from up)."""
    angle = math.radians(direction)
    return start[0] + length * math.sin(angle), start[1] - length * math.cos(angle)


def body(hip: Xy, directions: Directions) -> dict[str, Line]:
    """Return the lines of trunk, pelvis, thigh, shank and foot."""
    waist = step(hip, directions["trunk"], PELVIS)
    knee = step(hip, directions["thigh"], THIGH)
    ankle = step(knee, directions["shank"], SHANK)
    return {
        "pelvis": Line(hip, waist),
        "trunk": Line(waist, step(waist, directions["trunk"], TRUNK)),
        "thigh": Line(hip, knee),
        "shank": Line(knee, ankle),
        "foot": Line(ankle, step(ankle, directions["foot"], FOOT)),
    }


_ALONG: Final[Mapping[Site, float]] = {
    "sacrum": 0.5,
    "iliac_crest": 0.8,
    "t12_l1": 0.3,
    "sternum": 0.75,
    "lateral_thigh": 0.65,
    "anterior_thigh": 0.65,
    "lateral_shank": 0.5,
    "anterior_shank": 0.5,
}
"""How far along its segment a site lies, from the upper end (of the trunk: from the waist)."""

OUTWARD: Final = 11.0


def spot_of(site: Site, role: Role, lines: Mapping[str, Line], forward: float) -> Spot:
    """Return where the sensor of a site is drawn; those on the near side lie on the line itself."""
    line = lines[role.partition("_")[0]]
    share = _ALONG[site]
    dx, dy = line.end[0] - line.start[0], line.end[1] - line.start[1]
    at = line.start[0] + share * dx, line.start[1] + share * dy
    turned = math.degrees(math.atan2(dx, -dy))
    if FACING[site] == "lateral":
        return Spot(at, turned)
    outward = _across(turned, forward, front=FACING[site] == "front")
    return Spot(step(at, outward, OUTWARD), turned)


def _across(along: float, forward: float, *, front: bool) -> float:
    """Return the direction across a segment that looks forward, or backward."""
    sides = (along + 90.0, along - 90.0)
    ahead = max(sides, key=lambda angle: math.cos(math.radians(angle - forward)))
    return ahead if front else ahead + 180.0
