"""What is known about a sensor, and about how it sits on its segment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Vector = tuple[float, float, float]

AXES: tuple[str, ...] = ("auto", "preset", "kept", "+x", "-x", "+y", "-y", "+z", "-z")
"""How the axis that points to the subject's left is found: `auto` (two poses, else the sweep, else
the site's preset), `preset` (by the site that it is worn on), `kept` (as in an earlier trial), or
the sensor axis itself."""

AxisMethod = Literal["axis", "sweep", "preset", "two_poses", "kept", "none"]


@dataclass(frozen=True, slots=True)
class AccelerometerCalibration:
    """Bias and scale per axis, from still poses: ``corrected = (raw - bias) / scale``.

    `residual_m_s2` is the RMS of ``|corrected| - g`` over the poses, None where there were only as
    many poses as unknowns, which fit anything; `poses` how many there were; `utc` ISO 8601, when
    it was made. Applied to raw samples, never written into the sensor.
    """

    bias_m_s2: Vector
    scale: Vector
    residual_m_s2: float | None
    poses: int
    utc: str


@dataclass(frozen=True, slots=True)
class SegmentCalibration:
    """How a sensor sits on its segment, in the sensor frame.

    Attributes
    ----------
    up_reference
        Unit up-vector in the reference pose; None where no sample of the tilt can be trusted.
    axis_left
        Unit mediolateral axis that points to the subject's left, orthogonal to `up_reference`;
        None where it could not be found: the segment then has no sagittal angle.
    method
        `axis` (named by the user), `sweep` (principal component of the rates), `preset` (by the
        site), `two_poses` (standing and lying), `kept` (from an earlier trial), `none` (not found,
        `reasons` say why).
    variance_ratio
        Share of the sweep's variance along the axis, 0..1; None where no sweep was used.
    axis_to_vertical_deg
        Angle between axis and vertical in the reference pose, 0..90 (of a named axis: before it
        was laid level): noise gain is 1/sin of it. nan without an axis.
    reference_sd_deg
        Standard deviation of the inclination in the reference window; None without a window.
    reasons
        Codes of what is doubtful or was not found.
    axis_forward
        Unit axis that points forward, level; only where `axis_left` stands upright (on the side).
    up_zero
        Unit up-vector that is zero where that is not the reference pose: standing, laid down.
    up_upright
        Unit up-vector in standing, where there was such a pose.
    poses_deg
        Angle between standing and lying, of two poses: 90 is best.
    expected_off_deg
        Angle between up in the reference pose and where the site says that it is, of a preset; of
        a kept mounting, between up now and then, None where the positions differ.
    age_min
        How old a kept mounting was, minutes.
    """

    up_reference: Vector | None
    axis_left: Vector | None
    method: AxisMethod
    variance_ratio: float | None
    axis_to_vertical_deg: float
    reference_sd_deg: float | None
    reasons: tuple[str, ...] = ()
    axis_forward: Vector | None = None
    up_zero: Vector | None = None
    up_upright: Vector | None = None
    poses_deg: float | None = None
    expected_off_deg: float | None = None
    age_min: float | None = None


@dataclass(frozen=True, slots=True)
class KeptMounting:
    """How a sensor sat in an earlier trial: carried in the head of the trial that uses it again.

    `axis_left` and `up_reference` are unit vectors in the sensor frame, the latter in the reference
    pose of `position`; `method` is how the axis was found then, `utc` when (ISO 8601), `trial` the
    number of that trial in the database that it came from.
    """

    axis_left: Vector
    up_reference: Vector
    position: str
    method: AxisMethod
    utc: str
    trial: int
