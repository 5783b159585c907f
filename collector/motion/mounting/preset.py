"""The site says which sensor axis points left; gravity in a known pose says whether that is so."""

from __future__ import annotations

from collector.motion.mounting.cue import Cue, Seen, Worn
from collector.motion.mounting.named import to_vertical_deg
from collector.motion.mounting.site import (
    FITS_DEG,
    IN_POSTURE,
    fit_at_site,
    nearest_axis,
    site_body,
    up_at_site,
)
from collector.motion.pose import Reference, level, vector
from schemas.calibration import SegmentCalibration
from schemas.errors import InputError


def preset(worn: Worn, cue: Cue, seen: Seen) -> SegmentCalibration:
    """Return the calibration of a sensor that sits as its site says.

    Raises
    ------
    InputError
        `no_site` where it or the position is not known, `preset_refused` where gravity contradicts
        it: what was expected, what came, what to do.
    """
    if worn.site is None or cue.position is None:
        raise InputError(
            f"The preset of {worn.segment} needs to know where the sensor is strapped and how the"
            f" person lies or stands: name the site with --site {worn.segment}=sacrum (or another)"
            f" and the test with --protocol, or the axis with --axis {worn.segment}=+y.",
            reason="no_site",
        )
    pose, position = _known_pose(cue, seen)
    fit = fit_at_site(worn, cue, position, pose.up)
    if fit is None or fit.off_deg > FITS_DEG:
        raise _refused(worn, cue, pose, position)
    body = site_body(worn.site, worn.side or cue.tested)
    up = seen.zero.up
    on_side = cue.position == "side_lying"
    declared = body.forward if on_side else body.left
    laid = level(declared, up)
    left = (up if cue.tested == "left" else -up) if on_side else laid
    return SegmentCalibration(
        up_reference=vector(up),
        axis_left=vector(left),
        method="preset",
        variance_ratio=None,
        axis_to_vertical_deg=to_vertical_deg(declared, up),
        reference_sd_deg=seen.zero.sd_deg,
        axis_forward=vector(laid) if on_side else None,
        expected_off_deg=fit.off_deg,
    )


def _known_pose(cue: Cue, seen: Seen) -> tuple[Reference, str]:
    """Return a pose whose direction is known: where standing is zero, that is standing."""
    if cue.standing_zero and seen.upright is not None:
        return seen.upright, "standing"
    return seen.zero, cue.position or ""


def _refused(worn: Worn, cue: Cue, pose: Reference, position: str) -> InputError:
    fit, expected = fit_at_site(worn, cue, position, pose.up), up_at_site(worn, cue, position)
    assert fit is not None
    assert expected is not None
    return InputError(
        f"{worn.segment}: a sensor at {worn.site} must have its {nearest_axis(expected)} up when"
        f" {IN_POSTURE[position]}, and {fit.axis} is up ({fit.explained}): strap it with its face"
        " outward and its +y toward the head, correct the site with --site, or name the axis with"
        f" --axis {worn.segment}=+y (or another).",
        reason="preset_refused",
    )
