"""A still pose: where up was in it, how still it was, and which samples a window holds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.motion.plane import plane_across, principal
from collector.motion.rows import mean
from schemas.calibration import Vector
from schemas.errors import InputError
from schemas.motion import Tilt
from schemas.recording import Window
from schemas.samples import Samples
from schemas.segments import Segment
from schemas.units import DEG_PER_RAD, FloatArray

MAX_REFERENCE_SD_DEG: Final = 0.5
MAX_REFERENCE_RATE_DEG_S: Final = 4.0
MIN_REFERENCE_SAMPLES: Final = 3
WINDOW_SLACK_S: Final = 0.1
"""How far a window may reach past the recording: windows are typed by hand."""


@dataclass(frozen=True, eq=False, slots=True)
class Reference:
    """The pose that is zero; `sd_deg` (about the worst axis) None without a window."""

    up: FloatArray
    gyr_bias_rad_s: FloatArray
    sd_deg: float | None


def reference_pose(
    samples: Samples,
    tilt: Tilt,
    segment: Segment,
    window: Window | None,
    *,
    what: str = "reference",
) -> Reference | None:
    """Return up-vector and rate at zero, over the window or at the first valid sample.

    None where samples came in the window, but none of them can be trusted. `what` is the option
    that named the window.

    Raises
    ------
    InputError
        `window_outside`, `reference_empty` or `reference_moving`, naming the segment.
    """
    if window is None:
        return Reference(tilt.up[tilt.valid.argmax()], np.zeros(3), None)
    inside = rows_in(tilt, window, what, segment)
    usable = tilt.valid[inside]
    if len(usable) >= MIN_REFERENCE_SAMPLES and not usable.any():
        return None
    up = tilt.up[inside][usable]
    if len(up) < MIN_REFERENCE_SAMPLES:
        raise InputError(
            f"The {what} window {window.start_s:g} to {window.end_s:g} s holds "
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
    rate_deg_s = float(np.linalg.norm(bias)) * DEG_PER_RAD
    if sd_deg > MAX_REFERENCE_SD_DEG or rate_deg_s > MAX_REFERENCE_RATE_DEG_S:
        raise _moving(what, segment, window, sd_deg, rate_deg_s)
    return Reference(zero, bias, sd_deg)


def _moving(
    what: str, segment: Segment, window: Window, sd_deg: float, rate_deg_s: float
) -> InputError:
    return InputError(
        f"The {what} window {window.start_s:g} to {window.end_s:g} s must be still, but "
        f"{segment} moves in it (SD {sd_deg:.1f} degrees where {MAX_REFERENCE_SD_DEG} are allowed, "
        f"turning at {rate_deg_s:.1f} degrees/s): choose a window in which nothing moves.",
        reason="reference_moving",
    )


def rows_in(tilt: Tilt, window: Window, what: str, segment: Segment) -> slice:
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


def vector(v: FloatArray) -> Vector:
    """Return three plain numbers."""
    return float(v[0]), float(v[1]), float(v[2])


def level(axis: FloatArray, up: FloatArray) -> FloatArray:
    """Return the unit part of `axis` across `up`, both (3,)."""
    flat = axis - float(axis @ up) * up
    return np.asarray(flat / np.linalg.norm(flat))
