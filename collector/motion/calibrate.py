"""How a sensor sits on its segment: its poses and its movement taken out of one recording."""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from collector.motion.mounting.choose import mount, no_axis
from collector.motion.mounting.cue import Cue, Seen, Worn
from collector.motion.mounting.lean import is_lean
from collector.motion.pose import Reference, reference_pose, rows_in
from collector.motion.sweep import Sweep, rates_for_sweep
from schemas.calibration import SegmentCalibration
from schemas.motion import ClockFit, Tilt
from schemas.recording import Window
from schemas.samples import Samples

NO_TILT: Final = "no_valid_tilt"


def calibrate_segment(  # noqa: PLR0913 - a stage: data, then keyword-only choices
    samples: Samples,
    clock: ClockFit,
    tilt: Tilt,
    *,
    worn: Worn,
    cue: Cue,
    reference: Window | None = None,
    upright: Window | None = None,
    sweep: Window | None = None,
    must_find_axis: bool = True,
) -> SegmentCalibration:
    """Return the calibration of one sensor on its segment.

    Parameters
    ----------
    samples, clock, tilt
        One sensor's samples, their times and their tilt.
    worn, cue
        What is known of the sensor, and what the test says of its segment.
    reference
        Still pose that is zero, session seconds; None: the first valid sample is zero.
    upright
        Still pose of standing, session seconds.
    sweep
        Where to look for the axis, session seconds; None: in the whole recording, or, where the
        person stood first, from the reference on (getting into position is no sweep). In a test
        that is leaned forward for, a sweep before the reference is that of pelvis and trunk, and
        legs are swept from the reference on.
    must_find_axis
        False: where no axis can be found, give none and say why instead of raising.

    Raises
    ------
    InputError
        `window_outside`, `reference_moving`, `reference_empty`, and what the way to the axis
        raises: see `collector.motion.mounting.choose.mount`.
    """
    if not tilt.valid.any():
        return no_axis(None, (NO_TILT,))
    zero = reference_pose(samples, tilt, worn.segment, reference)
    if zero is None:
        return no_axis(None, (NO_TILT,))
    moved = partial(_sweep, samples, clock, tilt, worn=worn, zero=zero)
    lean = None
    if sweep is not None and reference is not None and is_lean(cue, sweep, reference):
        lean = partial(moved, window=sweep)
        sweep = Window(reference.start_s, float(tilt.t_s[-1]))
    standing = None
    if upright is not None:
        standing = reference_pose(samples, tilt, worn.segment, upright, what="upright")
        if sweep is None and reference is not None and upright.end_s <= reference.start_s:
            sweep = Window(reference.start_s, float(tilt.t_s[-1]))
    seen = Seen(zero, standing, partial(moved, window=sweep), lean)
    return mount(worn, cue, seen, must_find_axis=must_find_axis)


def _sweep(
    samples: Samples,
    clock: ClockFit,
    tilt: Tilt,
    *,
    worn: Worn,
    window: Window | None,
    zero: Reference,
) -> Sweep:
    rows = rows_in(tilt, window, "sweep", worn.segment) if window else slice(None)
    quat = tilt.quat_wxyz if tilt.source == "vendor_quaternion" else None
    rates = rates_for_sweep(samples.gyr_rad_s, quat, tilt.t_s)
    up, valid = tilt.up[rows], tilt.valid[rows]
    if rates is not None:
        rates = rates[rows]
        valid = valid & np.isfinite(rates @ np.ones(3))
    if not valid.all():
        up, rates = up[valid], None if rates is None else rates[valid]
    slow = Sweep.slowed(up, rates, clock.rate_hz)
    if slow.rate_rad_s is None:
        return slow
    return Sweep(slow.up, slow.rate_rad_s - zero.gyr_bias_rad_s, slow.rate_hz)
