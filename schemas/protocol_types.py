"""The parts of a clinical test: its words, its formulae, its limits, its published figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schemas.confidence import is_recalled
from schemas.formula import Formula
from schemas.protocol_scoring import Tag, Unit

Position = Literal["supine", "prone", "sitting", "standing", "side_lying"]
Condition = Literal["active", "passive"]
Sense = Literal["range", "lack"]
Phase = Literal["out", "return"]
PelvisMovement = Literal["anterior", "posterior"]
Compensation = Literal[
    "posterior_tilt", "anterior_tilt", "pelvic_rotation", "pelvic_hike", "lumbar_flexion"
]
Precaution = Literal["hip_precautions"]
"""Limits on movement with which a test is left out until somebody clears it: `hip_precautions` are
those after a hip replacement or hip arthroscopy."""

EndPoint = Literal[
    "firm_resistance",
    "pelvis_moves",
    "pain",
    "knee_bends",
    "max_active",
    "apprehension",
    "fixed_target",
]

How = Literal["plateau", "range", "reversal"]
"""How a quantity is read from a repetition: its value on the plateau, its range over the whole
repetition, or how far it came back from its maximum to the plateau."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The pose that is zero, and how still it must be held.

    `zero` is `standing` where the zero of standing is carried to the table: `pose` is then only
    where the repetitions begin. `returns`: the body comes back to this pose between repetitions;
    where it does not, it is held against where the first repetition began.
    """

    pose: str
    still_s: float
    still_sd_deg: float
    zero: Literal["reference", "standing"] = "reference"
    returns: bool = True


@dataclass(frozen=True, slots=True)
class Formulae:
    """What is computed from the angles.

    `tot`, `hip`, `comp` and `lum` are the scores; `drive` cuts the recording into repetitions and
    its start is the movement's onset; `extreme` is what the end of range is looked for in;
    `lag_from` is what the compensation's onset is compared with; `mark_of` is read where the
    compensation reaches the mark; the share is `share_of` / `share_within`, None meaning
    COMP / (COMP + HIP). `extra` are reported beside. `how` says how a quantity is read where it
    is not on the plateau.
    """

    tot: Formula
    hip: Formula
    comp: Formula
    lum: Formula | None
    drive: Formula
    extreme: Formula
    lag_from: Formula
    mark_of: Formula
    share_of: Formula | None
    share_within: Formula | None
    extra: Mapping[str, Formula]
    how: Mapping[str, How]


@dataclass(frozen=True, slots=True)
class Consistency:
    """When three repetitions agree: deviation from their mean, or range, within the limit."""

    floor_deg: float = 5.0
    fraction: float = 0.10
    mode: Literal["deviation", "range"] = "deviation"

    @property
    def rule(self) -> str:
        """The rule in words, version first; it is stored with every result."""
        measure = "max-min" if self.mode == "range" else "max|x-mean|"
        return f"ama-1: {measure} <= max({self.floor_deg:g} deg, {100 * self.fraction:g} % of mean)"


@dataclass(frozen=True, slots=True)
class Repetitions:
    """How many, how paced, how long held and rested (seconds, from and to)."""

    least: int
    most: int
    rest_s: tuple[float, float]
    hold_s: float
    pace: str


@dataclass(frozen=True, slots=True)
class Gates:
    """Every threshold of segmentation, plateau, onset and grade; a file may override any.

    `_b` begins grade B's finding, `_c` is the limit above which it is C, `_x` above which (for
    the axis: below which) the repetition is refused.
    """

    plateau_rate_deg_s: float
    prominence_deg: float = 10.0
    prominence_fraction: float = 0.3
    lowpass_hz: float = 5.0
    onset_deg: float = 1.5
    onset_rest_sd: float = 3.0
    onset_rate_fraction: float = 0.05
    lag_resolution_s: float = 0.1
    plateau_band_deg: float = 5.0
    plateau_s: float = 0.5
    share_from_deg: float = 20.0
    loss_b_pct: float = 1.0
    loss_x_pct: float = 5.0
    gap_x_s: float = 0.2
    clock_b_ms: float = 20.0
    calibration_b_min: float = 60.0
    axis_b_deg: float = 45.0
    axis_x_deg: float = 30.0
    out_of_plane_c_deg: float = 10.0
    out_of_plane_x_deg: float = 20.0
    drift_c_deg: float = 3.0
    drift_x_deg: float = 5.0
    slip_x_deg: float = 5.0


@dataclass(frozen=True, slots=True)
class Guard:
    """What must hold at the end of range (a straight knee, a vertical thigh), else `sentence`."""

    formula: Formula
    low_deg: float
    high_deg: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A published or proposed number about one quantity, with its source and confidence.

    A reference value has `mean` (and `sd`) or a range `low`..`high`; a cut-off has `below` or
    `above` and says what lies beyond it in `meaning`. `between_sides` marks a figure about the
    difference of left and right. `sd_tag` differs from `tag` where mean and
    spread have different standing.
    """

    of: str
    source: str
    tag: Tag
    group: str = ""
    unit: Unit = "deg"
    between_sides: bool = False
    mean: float | None = None
    sd: float | None = None
    sd_tag: Tag | None = None
    low: float | None = None
    high: float | None = None
    below: float | None = None
    above: float | None = None
    meaning: str = ""

    @property
    def recalled(self) -> bool:
        """True where digits come from memory and have not been seen in the source."""
        return is_recalled(self.tag, self.sd_tag)


@dataclass(frozen=True, slots=True)
class Citation:
    """A source, and whether its text was seen."""

    text: str
    tag: Tag
