"""What a trial comes to: repetitions, a set, a grade with reasons, and the certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from schemas.motion import Gap
from schemas.segments import Segment, Side

Grade = Literal["A", "B", "C", "X"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a number was withheld or a grade is not A: a stable code and a sentence."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Repetition:
    """One repetition: degrees, and seconds on the recording's own axis; None where withheld.

    `tot_deg`, `hip_deg`, `comp_deg` are plateau values (compensation positive, floor 0);
    the `_signed` pair keeps what the floor cut. `hip_at_c5_deg` is HIP where compensation first
    reaches the protocol's mark (5 degrees unless the protocol says otherwise). Slope, mark, early
    share and lag are those of the half that the protocol's `phase` names; `return_share_pct` is
    the compensation's share of the first quarter of the way back, in tests of the return only.
    """

    n: int
    start_s: float
    onset_s: float | None
    plateau_start_s: float | None
    plateau_end_s: float | None
    end_s: float
    tot_deg: float | None
    hip_deg: float | None
    comp_deg: float | None
    comp_signed_deg: float | None
    lum_deg: float | None
    share_pct: float | None
    slope: float | None
    slope_r: float | None
    hip_at_c5_deg: float | None
    early_pct: float | None
    lag_s: float | None
    lag_pct: float | None
    out_of_plane_deg: float | None
    drift_deg: float | None
    peak_rate_deg_s: float | None
    peak_only: bool
    grade: Grade
    reasons: tuple[Reason, ...]
    return_share_pct: float | None = None


@dataclass(frozen=True, slots=True)
class SetResult:
    """What the repetitions come to together (clinical rule version in `rule`).

    `consistent` is None with fewer than three usable repetitions. Mean, SD and the 95 %
    half-width are over `used` (the numbers of the repetitions). The rule has two readings,
    deviation from the mean and range; `other_used` are the three that agree by the one that does
    not decide (`other_rule`), empty where none do.
    """

    rule: str
    used: tuple[int, ...]
    consistent: bool | None
    tot_mean_deg: float | None = None
    tot_max_deg: float | None = None
    tot_sd_deg: float | None = None
    tot_ci95_deg: float | None = None
    hip_mean_deg: float | None = None
    hip_max_deg: float | None = None
    hip_sd_deg: float | None = None
    hip_ci95_deg: float | None = None
    comp_mean_deg: float | None = None
    share_mean_pct: float | None = None
    other_rule: str = ""
    other_used: tuple[int, ...] = ()
    other_consistent: bool | None = None


@dataclass(frozen=True, slots=True)
class SensorCertificate:
    """What came from one sensor. Counts are samples.

    `lost` is exact where the device counts, else an estimate good to `lost_uncertainty`;
    `expected` = received + lost. `gaps` are where samples are missing; `silences` where nothing
    arrived for over 0.2 s, whether or not anything was lost. `clock_bound_ms` bounds the time
    error against the others. `calibration_age_min` is how long before the recording's end the
    reference window ended (or, where that is more, how old a kept mounting was), None without one.
    `poses_deg` is the angle between standing and lying where two poses gave the axis (90 is best),
    `expected_off_deg` how far up was from where the site, or the kept mounting, has it.
    """

    profile: str
    profile_version: int
    firmware: str
    expected: int
    received: int
    lost: int
    lost_uncertainty: int
    duplicated: int
    out_of_order: int
    damaged: int
    skipped_bytes: int
    rate_hz: float | None
    clock: str
    clock_segments: int
    clock_bound_ms: float
    clock_residual_ms: float | None
    gaps: tuple[Gap, ...]
    stalls: int
    tilt_source: str
    filter: str | None
    axis_method: str
    axis_variance_ratio: float | None
    axis_to_vertical_deg: float | None
    reference_sd_deg: float | None
    acc_calibration_utc: str | None
    acc_residual_m_s2: float | None
    calibration_age_min: float | None = None
    silences: tuple[Gap, ...] = ()
    poses_deg: float | None = None
    expected_off_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """How good the numbers are, and from which bytes and which code they came."""

    sensors: Mapping[Segment, SensorCertificate]
    clock_bound_ms: float
    overlap_s: float
    zero: str
    lumbar_is_proxy: bool
    raw_sha256: str
    reasons: tuple[Reason, ...]
    redacted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Versions:
    """Which code and which tables made a result."""

    hipgonio: str
    algorithm: int
    protocol: int | None
    tilt: str
    filter: str | None


@dataclass(frozen=True, slots=True)
class TrialResult:
    """The whole outcome of one trial; `protocol` None means angles and no score.

    `pain_nrs` is the worst pain that was reported, 0 to 10, None where nobody asked; `end_point`
    the code of why the movement ended, empty where nobody said. Neither is merged into a score.
    """

    protocol: str | None
    side: Side | None
    grade: Grade
    reasons: tuple[Reason, ...]
    repetitions: tuple[Repetition, ...]
    set: SetResult | None
    certificate: Certificate
    versions: Versions
    extra: Mapping[str, float] = field(default_factory=dict)
    pain_nrs: float | None = None
    end_point: str = ""
