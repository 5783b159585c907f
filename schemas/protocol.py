"""A clinical test as data: what to strap on, what to do, what to compute, when to refuse it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from schemas.errors import UsageError
from schemas.formula import Formula
from schemas.motion import CHANNELS, ROLE_OF, SAGITTAL_SYMBOL
from schemas.protocol_scoring import GENERIC_WORDS, Pattern, Scoring, Tag, Unit, Words
from schemas.recording import RecordingInfo
from schemas.segments import Role
from schemas.sites import Site

Position = Literal["supine", "prone", "sitting", "standing", "side_lying"]
Condition = Literal["active", "passive"]
Sense = Literal["range", "lack"]
Phase = Literal["out", "return"]
PelvisMovement = Literal["anterior", "posterior"]
Compensation = Literal[
    "posterior_tilt", "anterior_tilt", "pelvic_rotation", "pelvic_hike", "lumbar_flexion"
]
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

OFF_PLANE: frozenset[str] = frozenset(CHANNELS[symbol] for symbol in ("O", "A", "Y", "R"))


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
        return any(tag is not None and tag.startswith("K") for tag in (self.tag, self.sd_tag))


@dataclass(frozen=True, slots=True)
class Citation:
    """A source, and whether its text was seen."""

    text: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class Protocol:
    """One clinical test. `docs/adding-a-protocol.md` says what every part means.

    `moving` is the segment that moves, `base` the one it moves against; `sided` whether left and
    right are tested apart; `sense` is `lack` where a smaller TOT means more mobility; `phase` is
    the half of a repetition that timing and slope are taken from; `sites` the site of every
    segment, where the file names one; `standing_first`: the person stands still before they get
    into position, which gives pelvis and trunk their axes (and `reference.zero` its zero).
    """

    id: str
    version: int
    title: str
    target: str
    position: Position
    sided: bool
    condition: Condition
    sense: Sense
    phase: Phase
    compensation: Compensation
    procedure: tuple[str, ...]
    required: tuple[Role, ...]
    optional: tuple[Role, ...]
    moving: Role
    base: Role
    placement: Mapping[Role, str]
    first_pelvis_movement: PelvisMovement
    reference: Reference
    formulae: Formulae
    mark_deg: float
    repetitions: Repetitions
    consistency: Consistency
    gates: Gates
    end_points: tuple[EndPoint, ...]
    guards: tuple[Guard, ...]
    cutoffs: tuple[Figure, ...]
    references: tuple[Figure, ...]
    citations: tuple[Citation, ...]
    safety: tuple[str, ...]
    sites: Mapping[Role, Site] = field(default_factory=lambda: MappingProxyType({}))
    standing_first: bool = False
    words: Words = GENERIC_WORDS
    scoring: Scoring | None = None
    patterns: tuple[Pattern, ...] = ()

    def plane(self, role: Role) -> str:
        """Return the symbol of the angle that a segment moves in: sagittal unless the test says.

        It is the first off-plane or sagittal symbol of that segment in drive, TOT, COMP and HIP.
        """
        f = self.formulae
        named = (symbol for x in (f.drive, f.tot, f.comp, f.hip) for symbol, _ in x.terms)
        return next((s for s in named if ROLE_OF.get(s) == role), SAGITTAL_SYMBOL[role])

    def first_turn(self, role: Role) -> int | None:
        """Return the sign of a segment's first movement in its plane; None where nobody knows.

        A repetition begins with a rising drive; pelvis and trunk go as `first_pelvis_movement`
        says.
        """
        symbol = self.plane(role)
        for named, factor in self.formulae.drive.terms:
            if named == symbol:
                return 1 if factor > 0.0 else -1
        if symbol in ("P", "T"):
            return 1 if self.first_pelvis_movement == "anterior" else -1
        return None

    @property
    def extra_channels(self) -> tuple[str, ...]:
        """Off-plane channels that the formulae read, besides the sagittal ones."""
        f = self.formulae
        read = [f.tot, f.hip, f.comp, f.lum, f.drive, f.extreme, *f.extra.values()]
        read += [f.mark_of, f.lag_from, *(guard.formula for guard in self.guards)]
        names = {name for formula in read if formula for name in formula.channels}
        return tuple(name for name in CHANNELS.values() if name in names & OFF_PLANE)


def load(id_or_path: str | Path) -> Protocol:
    """Read a protocol: one that ships, by its id, or a user's own, by its file.

    Raises
    ------
    UsageError
        ``unknown_protocol``: no such id.
    InputError
        ``file_missing``, or ``bad_protocol`` naming file and key.
    """
    from schemas.protocol_file import read_protocol

    return read_protocol(id_or_path)


def protocol_of(info: RecordingInfo) -> Protocol | None:
    """Return the test of a recording: the one whose text it keeps, else the one that ships.

    No file is read, so a recording means the same wherever it is scored.

    Raises
    ------
    UsageError
        ``unknown_protocol``: an id that does not ship, and no text.
    InputError
        ``bad_protocol``: a text that is not a protocol.
    """
    from schemas.protocol_file import kept_protocol, packaged_protocol

    if info.protocol is None:
        return None
    if info.protocol_text:
        return kept_protocol(info.protocol, info.protocol_text)
    try:
        return packaged_protocol(info.protocol)
    except UsageError as error:
        raise UsageError(
            f"The recording names the test {info.protocol!r}, which does not ship and whose text"
            " it does not keep: import it with --protocol ID or FILE.",
            reason=error.reason,
        ) from None
