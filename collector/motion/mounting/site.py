"""Where up must be in a sensor at a site in a test's position, and how else it may be worn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from collector.motion.anatomy import Body, Direction, up_is
from collector.motion.inclination import angle_between_rad
from collector.motion.mounting.cue import Cue, Worn
from collector.motion.mounting.named import axis_vector
from collector.motion.pose import vector
from collector.motion.rows import cross
from schemas.calibration import Vector
from schemas.segments import Role, Side
from schemas.sites import FACING, Site, axis_to_left
from schemas.units import DEG_PER_RAD, FloatArray

FITS_DEG: Final = 35.0
"""A sensor whose up is this near to where its site says sits as it should."""

POSTURES: Final = ("supine", "prone", "standing", "sitting", "side_lying")
IN_POSTURE: Final = {
    "supine": "lying on the back",
    "prone": "lying face down",
    "standing": "standing",
    "sitting": "sitting",
    "side_lying": "lying on the side",
}


def site_body(site: Site, side: Side) -> Body:
    """Return the segment's own directions in a sensor at a site of that side of the body."""
    superior, left = axis_vector("+y"), axis_vector(axis_to_left(site, side))
    return Body(cross(left, superior), left, superior)


def upward(role: Role, position: str, tested: Side, *, knee_bent: bool) -> tuple[Direction, float]:
    """Return which direction of a segment itself points up in a position, and its sign.

    `knee_bent`: the tested knee is at 90 degrees, for rotation about the femur.
    """
    if position == "side_lying":
        return up_is(position, tested)
    if role in ("thigh", "thigh_other") and position == "sitting":
        return "forward", 1.0
    if knee_bent and (role, position) in (("thigh", "supine"), ("shank", "prone")):
        return "superior", -1.0
    if knee_bent and (role, position) == ("shank", "standing"):
        return "forward", -1.0
    return up_is(position, tested)


def up_at_site(worn: Worn, cue: Cue, position: str) -> FloatArray | None:
    """Return where up must be in a sensor, (3,); None where its site is not known."""
    if worn.site is None:
        return None
    direction, sign = upward(cue.role, position, cue.tested, knee_bent=cue.knee_bent)
    return np.array(_up_along(worn.site, worn.side or cue.tested, direction, sign))


@lru_cache(maxsize=256)
def _up_along(site: Site, side: Side, direction: Direction, sign: float) -> Vector:
    return vector(sign * site_body(site, side).along(direction))


def sits_as_declared(worn: Worn, cue: Cue, position: str, up: Vector) -> bool:
    """Whether up lies where the site says, or no site is known; as cheap as most trials need."""
    if worn.site is None:
        return True
    direction, sign = upward(cue.role, position, cue.tested, knee_bent=cue.knee_bent)
    there = _up_along(worn.site, worn.side or cue.tested, direction, sign)
    along = up[0] * there[0] + up[1] * there[1] + up[2] * there[2]
    return along >= math.cos(FITS_DEG / DEG_PER_RAD)


@dataclass(frozen=True, slots=True)
class Fit:
    """How the measured up of a sensor lies to where its site says that it is.

    `off_deg` between the two; `upside_down`, `other_side`: what the sensor would measure then;
    `turned_deg`: turned about its own face, None where that does not explain it; `axis` the sensor
    axis nearest to up.
    """

    off_deg: float
    upside_down: bool
    other_side: bool
    turned_deg: float | None
    axis: str

    @property
    def explained(self) -> str:
        """What came, as the end of a sentence."""
        ways = []
        if self.upside_down:
            ways.append("upside-down")
        if self.other_side:
            ways.append("on the other side of the body")
        if ways:
            return "it is " + " or ".join(ways)
        if self.turned_deg is not None:
            return f"it is turned by {self.turned_deg:.0f} degrees about its face"
        return f"{self.off_deg:.0f} degrees from there"


def fit_at_site(worn: Worn, cue: Cue, position: str, up: FloatArray) -> Fit | None:
    """Hold the measured up-vector (3,) against the site; None where it is not known."""
    expected = up_at_site(worn, cue, position)
    if worn.site is None or expected is None:
        return None
    off_deg = apart_deg(up, expected)
    misfit = off_deg > FITS_DEG
    flipped = expected * np.array([-1.0, -1.0, 1.0])
    mirrored = expected * np.array([-1.0, 1.0, -1.0])
    lateral = FACING[worn.site] == "lateral"
    return Fit(
        off_deg=off_deg,
        upside_down=misfit and apart_deg(up, flipped) <= FITS_DEG,
        other_side=misfit and lateral and apart_deg(up, mirrored) <= FITS_DEG,
        turned_deg=_turned_deg(up, expected) if misfit else None,
        axis=nearest_axis(up),
    )


def apart_deg(a: FloatArray, b: FloatArray) -> float:
    """Return the angle between two unit vectors."""
    return float(angle_between_rad(a, b)) * DEG_PER_RAD


def nearest_axis(up: FloatArray) -> str:
    """Return the sensor axis, ``+x`` ... ``-z``, that is nearest to a vector."""
    largest = int(np.argmax(np.abs(up)))
    return ("-" if up[largest] < 0.0 else "+") + "xyz"[largest]


def _turned_deg(up: FloatArray, expected: FloatArray) -> float | None:
    """Return the turn about +z that takes one to the other; None where no such turn does."""
    flat, expected_flat = math.hypot(up[0], up[1]), math.hypot(expected[0], expected[1])
    rise = math.atan2(up[2], flat) - math.atan2(expected[2], expected_flat)
    if abs(rise) * DEG_PER_RAD > FITS_DEG or min(flat, expected_flat) < 0.5:
        return None
    turn = math.atan2(up[1], up[0]) - math.atan2(expected[1], expected[0])
    return abs(math.remainder(turn, 2.0 * math.pi)) * DEG_PER_RAD
