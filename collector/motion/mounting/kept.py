"""An earlier trial's calibration used again, unless the sensor has moved on its segment since."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np

from collector.motion.mounting.cue import Cue, Worn
from collector.motion.mounting.named import MIN_NAMED_AXIS_DEG, to_vertical_deg
from collector.motion.mounting.site import apart_deg
from collector.motion.pose import Reference, level, vector
from schemas.calibration import KeptMounting, SegmentCalibration
from schemas.errors import InputError

MOST_MOVED_DEG: Final = 5.0
"""Up in the same position may have moved so far since; more, and the strap has slipped."""


def kept_mounting(worn: Worn, cue: Cue, zero: Reference) -> SegmentCalibration:
    """Lay the kept axis level in this trial's reference pose.

    Raises
    ------
    InputError
        `nothing_kept` where no earlier calibration came along or it shows no level axis here,
        `calibration_expired` where up has moved in the same position.
    """
    kept = worn.kept
    if kept is None:
        raise InputError(
            f"The calibration of {worn.segment} was to be taken from an earlier trial, and none"
            f" was kept: measure it again, or name the axis with --axis {worn.segment}=+y.",
            reason="nothing_kept",
        )
    axis, then = np.array(kept.axis_left), np.array(kept.up_reference)
    moved_deg = apart_deg(zero.up, then) if kept.position == cue.position else None
    if moved_deg is not None and moved_deg > MOST_MOVED_DEG:
        raise _expired(worn, kept, moved_deg)
    beta_deg = to_vertical_deg(axis, zero.up)
    if beta_deg <= MIN_NAMED_AXIS_DEG:
        raise InputError(
            f"The kept axis of {worn.segment} stands upright in this position, where it says"
            " nothing about left: calibrate it anew, with a sweep or its site.",
            reason="nothing_kept",
        )
    return SegmentCalibration(
        up_reference=vector(zero.up),
        axis_left=vector(level(axis, zero.up)),
        method="kept",
        variance_ratio=None,
        axis_to_vertical_deg=beta_deg,
        reference_sd_deg=zero.sd_deg,
        expected_off_deg=moved_deg,
        age_min=_age_min(kept.utc, worn.utc),
    )


def _expired(worn: Worn, kept: KeptMounting, moved_deg: float) -> InputError:
    return InputError(
        f"The calibration of {worn.segment} kept from trial {kept.trial} has expired: in the same"
        f" position the sensor now lies {moved_deg:.0f} degrees off, more than"
        f" {MOST_MOVED_DEG:g}, so its strap has slipped or it was taken off; calibrate it anew.",
        reason="calibration_expired",
    )


def _age_min(then: str, now: str) -> float | None:
    """Return the minutes between two ISO 8601 times; None where one cannot be read."""
    try:
        passed = _read(now) - _read(then)
    except ValueError:
        return None
    return passed.total_seconds() / 60.0


def _read(utc: str) -> dt.datetime:
    stamp = dt.datetime.fromisoformat(utc)
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=dt.UTC)
