"""Standing and lying: two still poses give all three directions of pelvis and trunk."""

from __future__ import annotations

from typing import Final

from collector.motion.anatomy import up_is
from collector.motion.inclination import angle_between_rad
from collector.motion.mounting.cue import LYING, Cue
from collector.motion.pose import Reference, level, vector
from collector.motion.rows import cross
from schemas.calibration import SegmentCalibration
from schemas.errors import InputError
from schemas.segments import Segment
from schemas.units import DEG_PER_RAD

MOST_FROM_ACROSS_DEG: Final = 30.0


def two_poses(
    segment: Segment, cue: Cue, zero: Reference, upright: Reference | None
) -> SegmentCalibration:
    """Return the frame of a segment whose `superior` was up in standing, and lies level now.

    Raises
    ------
    InputError
        `no_upright` where a pose is missing, `poses_not_across` where the two are not about 90
        degrees apart.
    """
    if upright is None or cue.position not in LYING:
        raise InputError(
            f"The axis of {segment} was to be found from two poses, standing and lying, and"
            f" {'no standing pose is known' if upright is None else 'this test is not done lying'}:"
            " name the still seconds of standing with --upright START:END, or name the axis with"
            f" --axis {segment}=+y (or another).",
            reason="no_upright",
        )
    apart_deg = float(angle_between_rad(upright.up, zero.up)) * DEG_PER_RAD
    if abs(apart_deg - 90.0) > MOST_FROM_ACROSS_DEG:
        raise InputError(
            f"Standing and lying must turn {segment} by about 90 degrees to show its axis to the"
            f" left, and {apart_deg:.0f} degrees came: name the still seconds of standing with"
            f" --upright and of lying with --reference, or name the axis with --axis {segment}=+y"
            " (or another).",
            reason="poses_not_across",
        )
    direction, sign = up_is(cue.position, cue.tested)
    superior = level(upright.up, zero.up)
    lying = sign * zero.up
    on_side = direction == "left"
    left = lying if on_side else cross(superior, lying)
    return SegmentCalibration(
        up_reference=vector(zero.up),
        axis_left=vector(left),
        method="two_poses",
        variance_ratio=None,
        axis_to_vertical_deg=90.0,
        reference_sd_deg=zero.sd_deg,
        poses_deg=apart_deg,
        axis_forward=vector(cross(left, superior)) if on_side else None,
    )
