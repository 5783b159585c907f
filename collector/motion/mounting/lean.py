"""Leaning forward before the test shows left, where the test itself hardly turns the pelvis."""

from __future__ import annotations

from typing import Final

import numpy as np

from collector.motion.inclination import angle_between_rad
from collector.motion.mounting.cue import Cue, Worn
from collector.motion.mounting.site import FITS_DEG, apart_deg, site_body
from collector.motion.pose import Reference, level, vector
from collector.motion.sweep import First, Sweep, swept_axis
from schemas.calibration import SegmentCalibration
from schemas.errors import InputError
from schemas.recording import Window
from schemas.segments import Segment
from schemas.units import DEG_PER_RAD, FloatArray

TOO_SMALL: Final = "lean_too_small"
NOT_STRAIGHT: Final = "lean_not_straight"
_ANTERIOR_FIRST: Final = First(1.0)


def is_lean(cue: Cue, sweep: Window | None, reference: Window | None) -> bool:
    """Whether a sweep window is that of leaning forward: over when the reference is."""
    if not cue.lean_first or sweep is None or reference is None:
        return False
    return is_before(sweep, reference)


def is_before(sweep: Window, reference: Window) -> bool:
    """Whether a sweep began before the reference and holds nothing that came after it."""
    return sweep.start_s < reference.start_s and sweep.end_s <= reference.end_s


def leaned(worn: Worn, cue: Cue, zero: Reference, lean: Sweep) -> SegmentCalibration:
    """Return the calibration of pelvis or trunk from leaning forward: the axis is left itself.

    Where the site is known it says which end is left, and that the lean went forward at all.

    Raises
    ------
    InputError
        `lean_too_small`, or `lean_not_straight` where it went about more than one axis or, by the
        site, aside.
    """
    segment = worn.segment
    try:
        found = swept_axis(lean, zero.up, segment, _ANTERIOR_FIRST)
    except InputError as refusal:
        if refusal.reason == "sweep_too_small":
            raise _too_small(segment, lean, zero) from None
        raise _not_straight(segment, "more than one axis") from None
    left = found.axis
    declared = _declared_left(worn, cue, zero)
    if declared is not None:
        left = left if float(left @ declared) >= 0.0 else -left
        if (off_deg := apart_deg(left, declared)) > FITS_DEG:
            raise _not_straight(segment, f"an axis {off_deg:.0f} degrees from where left is")
    return SegmentCalibration(
        up_reference=vector(zero.up),
        axis_left=vector(left),
        method="sweep",
        variance_ratio=found.variance_ratio,
        axis_to_vertical_deg=90.0,
        reference_sd_deg=zero.sd_deg,
    )


def _declared_left(worn: Worn, cue: Cue, zero: Reference) -> FloatArray | None:
    if worn.site is None:
        return None
    return level(site_body(worn.site, worn.side or cue.tested).left, zero.up)


def _too_small(segment: Segment, lean: Sweep, zero: Reference) -> InputError:
    came = angle_between_rad(lean.up, zero.up) if len(lean.up) else np.zeros(1)
    return InputError(
        f"Leaning forward turned {segment} too little to show its axis to the left"
        f" ({float(np.max(came)) * DEG_PER_RAD:.0f} degrees): lean further forward and come back,"
        f" twice, {_NAME_IT.format(segment)}.",
        reason=TOO_SMALL,
    )


def _not_straight(segment: Segment, axis: str) -> InputError:
    return InputError(
        f"Leaning forward turned {segment} about {axis}, which does not show left: lean straight"
        f" forward and come back, slowly, twice, {_NAME_IT.format(segment)}.",
        reason=NOT_STRAIGHT,
    )


_NAME_IT: Final = "or name its site (--site {0}=SITE) or its axis (--axis {0}=+y or another)"
