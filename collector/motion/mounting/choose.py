"""Which way a sensor's axis is found: as it was named, else the best that the recording allows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from collector.motion.anatomy import up_is
from collector.motion.mounting.cue import LYING, Cue, Seen, Worn
from collector.motion.mounting.kept import kept_mounting
from collector.motion.mounting.lean import leaned
from collector.motion.mounting.named import NO_AXIS, named_axis
from collector.motion.mounting.preset import preset
from collector.motion.mounting.site import site_body
from collector.motion.mounting.sweep import swept
from collector.motion.mounting.two_poses import two_poses
from collector.motion.pose import Reference, vector
from collector.motion.rows import cross
from collector.motion.sweep import Sweep
from schemas.calibration import SegmentCalibration
from schemas.errors import InputError


def mount(worn: Worn, cue: Cue, seen: Seen, *, must_find_axis: bool = True) -> SegmentCalibration:
    """Return how one sensor sits on its segment, from what the test says and the sensor showed.

    `auto` takes, for pelvis and trunk, two poses where there are a standing and a lying one, and
    leaning forward where the person did; else the sweep, else the preset of the declared site.

    Raises
    ------
    InputError
        What the chosen way raises; never where `must_find_axis` is false.
    """
    try:
        found = _way(worn, cue, seen)
    except InputError as refusal:
        if must_find_axis:
            raise
        found = no_axis(seen.zero, tuple(dict.fromkeys((NO_AXIS, refusal.reason))))
    if seen.upright is None:
        return found
    return _with_standing(found, cue, seen.upright)


def _way(worn: Worn, cue: Cue, seen: Seen) -> SegmentCalibration:
    if cue.position == "side_lying" and worn.axis not in ("auto", "preset"):
        raise InputError(
            f"Lying on the side, the axis of {worn.segment} to the subject's left stands upright,"
            f" where gravity shows no turn about it: name the site (--site {worn.segment}=sacrum or"
            f" another) instead of --axis {worn.segment}={worn.axis}.",
            reason="axis_upright",
        )
    match worn.axis:
        case "auto":
            return _best(worn, cue, seen)
        case "preset":
            return preset(worn, cue, seen)
        case "kept":
            return kept_mounting(worn, cue, seen.zero)
        case axis:
            return named_axis(axis, seen.zero)


def _best(worn: Worn, cue: Cue, seen: Seen) -> SegmentCalibration:
    if cue.trunk_like and seen.upright is not None and cue.position in LYING:
        return two_poses(worn.segment, cue, seen.zero, seen.upright)
    if cue.trunk_like and seen.lean is not None:
        return _leaned(worn, cue, seen, seen.lean())
    try:
        return _pointing_left(swept(worn, cue, seen), worn, cue)
    except InputError:
        if worn.site is None or cue.position is None:
            raise
    return preset(worn, cue, seen)


def _leaned(worn: Worn, cue: Cue, seen: Seen, lean: Sweep) -> SegmentCalibration:
    """Take left from leaning forward; where that shows nothing, the site, and say why."""
    try:
        return leaned(worn, cue, seen.zero, lean)
    except InputError as refusal:
        if worn.site is None or cue.position is None:
            raise
        found = preset(worn, cue, seen)
        return replace(found, reasons=(*found.reasons, refusal.reason))


def _pointing_left(found: SegmentCalibration, worn: Worn, cue: Cue) -> SegmentCalibration:
    """Let the site say which end of a pelvis' or trunk's swept axis is left.

    They need not go first where the test expects them to.
    """
    if worn.site is None or found.axis_left is None or not cue.trunk_like:
        return found
    if float(site_body(worn.site, worn.side or cue.tested).left @ np.array(found.axis_left)) >= 0.0:
        return found
    return replace(found, axis_left=vector(-np.array(found.axis_left)))


def no_axis(zero: Reference | None, reasons: tuple[str, ...]) -> SegmentCalibration:
    """No axis: the segment has no angle, and `reasons` say why."""
    up = vector(zero.up) if zero else None
    sd_deg = zero.sd_deg if zero else None
    return SegmentCalibration(up, None, "none", None, float("nan"), sd_deg, reasons)


def _with_standing(found: SegmentCalibration, cue: Cue, upright: Reference) -> SegmentCalibration:
    """Keep the standing pose, and lay it down as the test lies: there is zero, where asked for."""
    found = replace(found, up_upright=vector(upright.up))
    wanted = cue.standing_zero and cue.position is not None and cue.position != "side_lying"
    if not wanted or found.axis_left is None:
        return found
    left = np.array(found.axis_left)
    across = upright.up - float(upright.up @ left) * left
    superior = across / np.linalg.norm(across)
    direction, sign = up_is(cue.position or "", cue.tested)
    zero = superior if direction == "superior" else cross(left, superior)
    return replace(found, up_zero=vector(sign * zero))
