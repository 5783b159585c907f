"""How a sensor sits on its segment: vertical and zero from a still pose, left from a sweep."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.motion.plane import plane_across, principal
from collector.motion.rows import mean
from collector.motion.sweep import FirstMovement, Sweep, rates_for_sweep, sweep_axis
from schemas.calibration import SegmentCalibration, Vector
from schemas.errors import InputError
from schemas.motion import ClockFit, Tilt
from schemas.recording import Window
from schemas.samples import Samples
from schemas.segments import Segment
from schemas.units import DEG_PER_RAD, FloatArray

MAX_REFERENCE_SD_DEG: Final = 0.5
MAX_REFERENCE_RATE_DEG_S: Final = 4.0
MIN_REFERENCE_SAMPLES: Final = 3
NO_TILT: Final = "no_valid_tilt"
NO_AXIS: Final = "axis_not_found"
VERTICAL: Final = "axis_vertical"
MIN_NAMED_AXIS_DEG: Final = 5.0
"""A named axis nearer to the vertical than this tells nothing about left."""
WINDOW_SLACK_S: Final = 0.1
"""How far a window may reach past the recording: windows are typed by hand."""


@dataclass(frozen=True, eq=False, slots=True)
class Reference:
    """The pose that is zero; `sd_deg` (about the worst axis) None without a window."""

    up: FloatArray
    gyr_bias_rad_s: FloatArray
    sd_deg: float | None


def calibrate_segment(  # noqa: PLR0913 - a stage: data, then keyword-only choices
    samples: Samples,
    clock: ClockFit,
    tilt: Tilt,
    *,
    segment: Segment,
    axis: str = "auto",
    reference: Window | None = None,
    sweep: Window | None = None,
    first_pelvis_movement: FirstMovement | None = None,
    must_find_axis: bool = True,
) -> SegmentCalibration:
    """Return the calibration of one sensor on its segment.

    Parameters
    ----------
    samples, clock, tilt
        One sensor's samples, their times and their tilt.
    segment
        Where it is worn.
    axis
        `+x` ... `-z`: that sensor axis points to the subject's left; `auto`: find it in the sweep.
    reference
        Still pose that is zero, session seconds; None: the first valid sample is zero.
    sweep
        Where to look for the axis, session seconds; None: in the whole recording.
    first_pelvis_movement
        Direction of the first movement of pelvis and trunk in the sweep; None: nobody said, then
        anterior is assumed, with the reason `axis_sign_assumed`.
    must_find_axis
        False: where no axis can be found, give none and say why instead of raising.

    Raises
    ------
    InputError
        `window_outside`, `reference_moving`, `reference_empty`, `sweep_not_planar`,
        `sweep_too_small`.
    """
    if not tilt.valid.any():
        return _none(None, (NO_TILT,))
    zero = reference_pose(samples, tilt, segment, reference)
    if zero is None:
        return _none(None, (NO_TILT,))
    if axis != "auto":
        return named_axis(axis, zero)
    rows = _rows(tilt, sweep, "sweep", segment) if sweep else slice(None)
    part = _sweep(samples, clock, tilt, rows, zero)
    try:
        found = sweep_axis(part, zero.up, segment, first_pelvis_movement)
    except InputError as refusal:
        if must_find_axis:
            raise
        return _none(zero, (NO_AXIS, refusal.reason))
    return SegmentCalibration(
        up_reference=_vector(zero.up),
        axis_left=_vector(found.axis_left),
        method="sweep",
        variance_ratio=found.variance_ratio,
        axis_to_vertical_deg=90.0,
        reference_sd_deg=zero.sd_deg,
        reasons=found.reasons,
    )


def _none(zero: Reference | None, reasons: tuple[str, ...]) -> SegmentCalibration:
    """No axis: the segment has no sagittal angle, and `reasons` say why."""
    up = _vector(zero.up) if zero else None
    sd_deg = zero.sd_deg if zero else None
    return SegmentCalibration(up, None, "none", None, float("nan"), sd_deg, reasons)


def named_axis(axis: str, zero: Reference) -> SegmentCalibration:
    """Lay the named axis level in the reference pose; how far it was from there is kept."""
    named = np.zeros(3)
    named["xyz".index(axis[1])] = -1.0 if axis[0] == "-" else 1.0
    rise = float(named @ zero.up)
    level = named - rise * zero.up
    beta_deg = float(np.arccos(min(1.0, abs(rise)))) * DEG_PER_RAD
    found = beta_deg > MIN_NAMED_AXIS_DEG
    return SegmentCalibration(
        up_reference=_vector(zero.up),
        axis_left=_vector(level / np.linalg.norm(level)) if found else None,
        method="axis" if found else "none",
        variance_ratio=None,
        axis_to_vertical_deg=beta_deg,
        reference_sd_deg=zero.sd_deg,
        reasons=() if found else (NO_AXIS, VERTICAL),
    )


def reference_pose(
    samples: Samples, tilt: Tilt, segment: Segment, window: Window | None
) -> Reference | None:
    """Return up-vector and rate at zero, over the window or at the first valid sample.

    None where samples came in the window, but none of them can be trusted.

    Raises
    ------
    InputError
        `window_outside`, `reference_empty` or `reference_moving`, naming the segment.
    """
    if window is None:
        return Reference(tilt.up[tilt.valid.argmax()], np.zeros(3), None)
    inside = _rows(tilt, window, "reference", segment)
    usable = tilt.valid[inside]
    if len(usable) >= MIN_REFERENCE_SAMPLES and not usable.any():
        return None
    up = tilt.up[inside][usable]
    if len(up) < MIN_REFERENCE_SAMPLES:
        raise InputError(
            f"The reference window {window.start_s:g} to {window.end_s:g} s holds "
            f"{len(up)} usable samples of {segment}, at least {MIN_REFERENCE_SAMPLES} are "
            "needed: choose another.",
            reason="reference_empty",
        )
    middle = mean(up)
    zero = middle / np.linalg.norm(middle)
    worst = principal(up @ plane_across(zero).T).most / len(up)
    sd_deg = math.sqrt(worst) * DEG_PER_RAD
    gyr = samples.gyr_rad_s
    bias = np.zeros(3) if gyr is None else mean(gyr[inside][usable])
    _refuse_motion(segment, window, sd_deg, float(np.linalg.norm(bias)) * DEG_PER_RAD)
    return Reference(zero, bias, sd_deg)


def _refuse_motion(segment: Segment, window: Window, sd_deg: float, rate_deg_s: float) -> None:
    if sd_deg <= MAX_REFERENCE_SD_DEG and rate_deg_s <= MAX_REFERENCE_RATE_DEG_S:
        return
    raise InputError(
        f"The reference window {window.start_s:g} to {window.end_s:g} s must be still, but "
        f"{segment} moves in it (SD {sd_deg:.1f} degrees where {MAX_REFERENCE_SD_DEG} are allowed, "
        f"turning at {rate_deg_s:.1f} degrees/s): choose a window in which nothing moves.",
        reason="reference_moving",
    )


def _rows(tilt: Tilt, window: Window, what: str, segment: Segment) -> slice:
    """Return the rows inside a window, or refuse one that the recording does not reach."""
    first, last = float(tilt.t_s[0]), float(tilt.t_s[-1])
    inside = first - WINDOW_SLACK_S <= window.start_s < window.end_s <= last + WINDOW_SLACK_S
    if not inside:
        raise InputError(
            f"The {what} window {window.start_s:g} to {window.end_s:g} s does not lie inside the "
            f"recording of {segment}, which runs from {first:.2f} to {last:.2f} s: give START:END "
            "in that range.",
            reason="window_outside",
        )
    a, b = np.searchsorted(tilt.t_s, (window.start_s, window.end_s + 1e-9)).tolist()
    return slice(a, b)


def _sweep(samples: Samples, clock: ClockFit, tilt: Tilt, rows: slice, zero: Reference) -> Sweep:
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


def _vector(v: FloatArray) -> Vector:
    return float(v[0]), float(v[1]), float(v[2])
