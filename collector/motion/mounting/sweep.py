"""A movement shows the axis: of the plane that the segment moves in, and left follows."""

from __future__ import annotations

from typing import Final

import numpy as np

from collector.motion.anatomy import axis_of, is_upright, left_from, up_is
from collector.motion.mounting.cue import Cue, Seen, Worn
from collector.motion.mounting.site import site_body
from collector.motion.pose import vector
from collector.motion.rows import cross
from collector.motion.sweep import FIRST_MOVEMENT_RAD, SMALL, First, swept_axis
from schemas.calibration import SegmentCalibration
from schemas.errors import InputError
from schemas.units import FloatArray

CLEAR: Final = 0.5
"""Cosine of 60 degrees: farther from both ends, what is known does not tell the sign."""


def may_sweep(cue: Cue) -> bool:
    """Whether the test's own movement shows the axis to the left.

    Pelvis and trunk hardly turn in an off-plane test, and a turn about the vertical shows the
    vertical alone.
    """
    if cue.sagittal:
        return cue.position != "side_lying"
    return not cue.trunk_like and not is_upright(cue.symbol, cue.position, cue.tested)


def swept(worn: Worn, cue: Cue, seen: Seen) -> SegmentCalibration:
    """Return the calibration from a sweep about the axis of the segment's plane.

    Raises
    ------
    InputError
        `sweep_not_planar` or `sweep_too_small`; `axis_not_found` where the test holds no movement
        that shows the axis.
    """
    segment = worn.segment
    if not may_sweep(cue):
        lying = cue.position in ("supine", "prone")
        shown = (
            "the still seconds of standing (--upright START:END)"
            if lying
            else "the seconds before it in which the person leans forward (--sweep START:END)"
        )
        raise InputError(
            f"{segment} makes no movement in this test that shows its axis to the left: name the"
            f" site that it is strapped to (--site {segment}=sacrum or another), its axis (--axis"
            f" {segment}=+y or another), or {shown}.",
            reason="axis_not_found",
        )
    up = seen.zero.up
    found = swept_axis(seen.sweep(), up, segment, expected_first(cue))
    left, forward, reasons = found.axis, None, found.reasons
    if cue.sagittal and not cue.trunk_like and (cue.first_turn is None or SMALL in reasons):
        along = _along_what_is_known(left, worn, cue, seen)
        left = -left if along < -CLEAR else left
        if abs(along) > CLEAR:
            reasons = tuple(code for code in reasons if code != SMALL)
    about = None if cue.sagittal else axis_of(cue.symbol, cue.position, cue.tested)
    if about is not None:
        direction, sign = about
        toward = sign * found.axis
        left = left_from(direction, toward, cue.position or "", cue.tested, up=up)
        forward = vector(toward) if cue.position == "side_lying" else None
        left = left / np.linalg.norm(left)
    return SegmentCalibration(
        up_reference=vector(up),
        axis_left=vector(left),
        method="sweep",
        variance_ratio=found.variance_ratio,
        axis_to_vertical_deg=90.0,
        reference_sd_deg=seen.zero.sd_deg,
        reasons=reasons,
        axis_forward=forward,
    )


def _along_what_is_known(axis: FloatArray, worn: Worn, cue: Cue, seen: Seen) -> float:
    """Return the cosine between a limb's axis and left, as far as it is known without a movement.

    From the way from standing to lying, else from the site; 0 where neither is known.
    """
    if seen.upright is not None and cue.position in ("supine", "prone"):
        _, sign = up_is(cue.position, cue.tested)
        return sign * float(axis @ cross(seen.upright.up, seen.zero.up))
    if worn.site is None:
        return 0.0
    return float(axis @ site_body(worn.site, worn.side or cue.tested).left)


def expected_first(cue: Cue) -> First:
    """Return the sign of the first movement about the axis that is looked for.

    That is left for the sagittal plane, else the axis of the angle itself.
    """
    turn = float(cue.first_turn or 1)
    if not cue.sagittal:
        return First(turn, None, assumed=cue.first_turn is None)
    if cue.trunk_like:
        return First(turn, None, assumed=cue.first_turn is None)
    return First(-turn, FIRST_MOVEMENT_RAD)
