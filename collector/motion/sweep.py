"""Find the axis that a segment turns about in a functional sweep."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from scipy.signal import butter, lfilter

from collector.motion.inclination import inclination_rad
from collector.motion.plane import plane_across, principal
from collector.motion.quaternion import rates_of_quat
from collector.motion.rows import block_means, dot, scaled
from schemas.errors import InputError
from schemas.segments import Segment
from schemas.units import DEG_PER_RAD, RAD_PER_DEG, FloatArray

LOWPASS_HZ: Final = 3.0
SLOW_HZ: Final = 25.0
"""What is averaged down to this before the low-pass loses nothing below 3 Hz."""
MIN_RATIO: Final = 0.85
MIN_SWEEP_RAD: Final = 10.0 * RAD_PER_DEG
MIN_SWEEP_UP_RAD: Final = 40.0 * RAD_PER_DEG
"""Without rates, from up-vectors alone."""
FIRST_MOVEMENT_RAD: Final = 20.0 * RAD_PER_DEG
SMALL: Final = "axis_sign_from_small_movement"
ASSUMED: Final = "axis_sign_assumed"


@dataclass(frozen=True, eq=False, slots=True)
class Sweep:
    """What was measured during the sweep: N samples of one sensor.

    `rate_rad_s` (N, 3) or None where the sensor sends neither rate nor quaternion; `up` (N, 3).
    """

    up: FloatArray
    rate_rad_s: FloatArray | None
    rate_hz: float

    @classmethod
    def slowed(cls, up: FloatArray, rate_rad_s: FloatArray | None, rate_hz: float) -> Sweep:
        """Average the rates down to about 25 Hz, and thin the up-vectors out to match."""
        block = max(1, int(rate_hz / SLOW_HZ)) if rate_hz > 0.0 else 1
        n = len(up) // block
        middle = up[block // 2 : n * block : block]
        if rate_rad_s is None:
            return cls(middle, None, rate_hz / block)
        return cls(middle, block_means(rate_rad_s, block), rate_hz / block)


@dataclass(frozen=True, eq=False, slots=True)
class SweepAxis:
    """The level axis that was swept about, its sign by the first movement, and how clear it was."""

    axis: FloatArray
    variance_ratio: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class First:
    """What is known of the first movement: its `sign` about the axis that is looked for.

    A movement counts from `enough_rad` on; None: from half of the largest one. `assumed`: nobody
    said which sign it has.
    """

    sign: float
    enough_rad: float | None = None
    assumed: bool = False


def swept_axis(
    sweep: Sweep, up_reference: FloatArray, segment: Segment, expected: First
) -> SweepAxis:
    """Return the level axis that `segment` swept about, right-handed as `expected` says.

    Raises
    ------
    InputError
        `sweep_not_planar` or `sweep_too_small`, naming the segment and the figure.
    """
    if len(sweep.up) < 3:
        raise _too_small(segment, 0.0, MIN_SWEEP_RAD)
    plane = plane_across(up_reference)
    seen = sweep.up if sweep.rate_rad_s is None else _level_rates(sweep)
    main = principal(seen @ plane.T)
    ratio = main.most / max(main.total, 1e-30)
    angle = main.angle_rad + math.pi / 2.0 if sweep.rate_rad_s is None else main.angle_rad
    axis = math.cos(angle) * plane[0] + math.sin(angle) * plane[1]
    turn = inclination_rad(sweep.up, up_reference, axis)
    turn = turn - turn[0]
    _check(sweep, segment, turn, ratio)
    sign, reasons = _sign(turn, expected)
    return SweepAxis(sign * axis, ratio, reasons)


def rates_for_sweep(
    gyr_rad_s: FloatArray | None, quat_wxyz: FloatArray | None, t_s: FloatArray
) -> FloatArray | None:
    """Rates as measured, else from the sensor's own quaternion, else None."""
    if gyr_rad_s is not None:
        return gyr_rad_s
    if quat_wxyz is None or len(quat_wxyz) < 3:
        return None
    return rates_of_quat(quat_wxyz, t_s)


def _level_rates(sweep: Sweep) -> FloatArray:
    """Low-passed rates without turning about the vertical of the moment."""
    assert sweep.rate_rad_s is not None
    rates = _lowpassed(sweep.rate_rad_s, sweep.rate_hz)
    return rates - scaled(sweep.up, dot(rates, sweep.up))


def _lowpassed(rates: FloatArray, rate_hz: float) -> FloatArray:
    if not rate_hz > 2.5 * LOWPASS_HZ:
        return rates
    return np.asarray(lfilter(*_butterworth(round(rate_hz, 1)), rates, axis=0))


@lru_cache(maxsize=64)
def _butterworth(rate_hz: float) -> tuple[FloatArray, FloatArray]:
    """Kept by rounded rate: fitted rates differ from trial to trial, the filter need not."""
    b, a = butter(2, LOWPASS_HZ, fs=rate_hz)
    return b, a


def _check(sweep: Sweep, segment: Segment, turn: FloatArray, ratio: float) -> None:
    size = float(np.ptp(turn))
    needed = MIN_SWEEP_UP_RAD if sweep.rate_rad_s is None else MIN_SWEEP_RAD
    if size < needed:
        raise _too_small(segment, size, needed)
    if ratio < MIN_RATIO:
        raise InputError(
            f"The sweep of {segment} is not planar enough to find its axis: {ratio:.2f} of the "
            f"turning is about one axis and {MIN_RATIO} is needed; repeat it slowly in one plane, "
            f"or {_NAME_IT.format(segment)}.",
            reason="sweep_not_planar",
        )


_NAME_IT: Final = (
    "name the axis that points to the subject's left (for example --axis {0}=+y) or the site that"
    " it is strapped to (--site {0}=SITE)"
)


def _too_small(segment: Segment, size: float, needed: float) -> InputError:
    return InputError(
        f"The sweep of {segment} is too small to find its axis: {size * DEG_PER_RAD:.1f} degrees "
        f"came and {needed * DEG_PER_RAD:.0f} are needed; make it larger, or "
        f"{_NAME_IT.format(segment)}.",
        reason="sweep_too_small",
    )


def _sign(turn: FloatArray, expected: First) -> tuple[float, tuple[str, ...]]:
    """Sign of the axis from the first movement, whose direction the caller knows."""
    largest = int(np.argmax(np.abs(turn)))
    enough = expected.enough_rad or 0.5 * abs(float(turn[largest]))
    reached = np.flatnonzero(np.abs(turn) >= enough)
    first = int(reached[0]) if reached.size else largest
    sign = 1.0 if (turn[first] > 0.0) == (expected.sign > 0.0) else -1.0
    return sign, ((ASSUMED,) if expected.assumed else ()) + (() if reached.size else (SMALL,))
