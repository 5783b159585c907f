"""Stages between samples and scores: one segment's tilt, all on one grid, named angles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from schemas.segments import Role, Segment
from schemas.units import BoolArray, FloatArray, IntArray

TiltSource = Literal["vqf", "vendor_quaternion", "vendor_euler", "acceleration"]
TiltChoice = Literal["auto", "vqf", "vendor", "acc"]
FilterChoice = Literal["live", "offline"]
Zero = Literal["reference", "standing", "first_sample"]


@dataclass(frozen=True, slots=True)
class Gap:
    """Samples missing on the sensor's clock, between two that came; `samples` how many."""

    start_s: float
    end_s: float
    samples: int


@dataclass(frozen=True, eq=False, slots=True)
class ClockFit:
    """The same samples on the session's time axis, with the bound on the error.

    Attributes
    ----------
    t_s : (N,) float64
        Time of every sample, session seconds, strictly increasing.
    segment : (N,) int64
        Clock segment of every sample; a new one begins where samples are missing or the device
        clock was reset.
    rate_hz
        Effective sampling rate; nan with fewer than two samples.
    lost
        Samples that the clock says were sent and did not come.
    lost_uncertainty
        How far `lost` may be off: 0 where the device counts, else from the residual.
    gaps
        Where samples are missing.
    stalls
        How many late bursts cost nothing.
    bound_s
        Bound on the error of `t_s` against the other sensors' for 98 % of the time (constant delay
        included; the rest are samples beside a loss);
        0 for a shared clock.
    residual_s
        Median delay of arrivals above the fitted envelope; nan for a shared clock.
    silences
        Where nothing arrived for more than 0.2 s (arrival time, so the data may be complete);
        `samples` how many were lost there, 0 for a stall.
    """

    t_s: FloatArray
    segment: IntArray
    rate_hz: float
    lost: int
    lost_uncertainty: int
    gaps: tuple[Gap, ...]
    stalls: int
    bound_s: float
    residual_s: float
    silences: tuple[Gap, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Tilt:
    """Inclination of one segment's sensor at its own sample times.

    `up` (N, 3) unit up-vector in the sensor frame; `quat_wxyz` (N, 4) sensor to earth or None;
    `valid` (N,) false where the source cannot be trusted; `reasons` codes of what was refused.
    """

    t_s: FloatArray
    up: FloatArray
    quat_wxyz: FloatArray | None
    valid: BoolArray
    source: TiltSource
    filter: FilterChoice | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Streams:
    """All segments on one grid of M times. `mask` is true where the segment has data."""

    t_s: FloatArray
    rate_hz: float
    up: Mapping[Segment, FloatArray]
    quat_wxyz: Mapping[Segment, FloatArray]
    mask: Mapping[Segment, BoolArray]


@dataclass(frozen=True, eq=False, slots=True)
class Angles:
    """Named channels in degrees on one grid, NaN where masked (never bridged).

    Attributes
    ----------
    t_s : (M,) float64
        Session seconds, evenly spaced at `rate_hz`.
    deg : mapping name -> (M,) float64
        `pelvis_deg trunk_deg thigh_deg shank_deg thigh_other_deg shank_other_deg hip_deg
        lumbar_deg knee_deg` and off-plane channels, those that exist; signs as
        `docs/units-and-signs.md`.
    out_of_plane_deg : mapping role -> (M,) float64
        Tilt of the segment out of its sagittal plane since the reference.
    gaps : mapping role -> tuple of Gap
        Where a segment has no data, in session seconds.
    zero
        What zero means: `reference` (mean of the reference window), `standing` (the upright pose,
        laid down where the test is done lying) or `first_sample`.
    by_orientation
        Channels that gravity cannot show, taken from whole orientations whose heading is zero in
        the reference pose.
    lumbar_is_proxy
        True when `lumbar_deg` is -pelvis because there is no trunk sensor.
    """

    t_s: FloatArray
    rate_hz: float
    deg: Mapping[str, FloatArray]
    out_of_plane_deg: Mapping[Role, FloatArray]
    zero: Zero
    lumbar_is_proxy: bool = False
    gaps: Mapping[Role, tuple[Gap, ...]] = field(default_factory=dict)
    by_orientation: tuple[str, ...] = ()


CHANNELS: dict[str, str] = {
    "P": "pelvis_deg",
    "T": "trunk_deg",
    "F": "thigh_deg",
    "S": "shank_deg",
    "F2": "thigh_other_deg",
    "S2": "shank_other_deg",
    "O": "pelvis_frontal_deg",
    "A": "thigh_frontal_deg",
    "Y": "pelvis_axial_deg",
    "R": "shank_roll_deg",
    "H": "hip_deg",
    "L": "lumbar_deg",
    "K": "knee_deg",
}
"""The symbol that formulae use, and the channel it stands for."""

ROLE_OF: dict[str, Role] = {
    "P": "pelvis",
    "T": "trunk",
    "F": "thigh",
    "S": "shank",
    "F2": "thigh_other",
    "S2": "shank_other",
    "O": "pelvis",
    "A": "thigh",
    "Y": "pelvis",
    "R": "shank",
}
"""The segment that turns in the angle of a symbol; joints have none of their own."""

SAGITTAL_SYMBOL: dict[Role, str] = {
    "pelvis": "P",
    "trunk": "T",
    "thigh": "F",
    "shank": "S",
    "thigh_other": "F2",
    "shank_other": "S2",
}
