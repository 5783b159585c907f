"""A clinical test as data: what to strap on, what to do, what to compute, when to refuse it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from schemas.errors import UsageError
from schemas.motion import CHANNELS, ROLE_OF, SAGITTAL_SYMBOL
from schemas.protocol_scoring import GENERIC_WORDS, Pattern, Scoring, Words
from schemas.protocol_types import (
    Citation,
    Compensation,
    Condition,
    Consistency,
    EndPoint,
    Figure,
    Formulae,
    Gates,
    Guard,
    How,
    PelvisMovement,
    Phase,
    Position,
    Precaution,
    Reference,
    Repetitions,
    Sense,
)
from schemas.recording import RecordingInfo
from schemas.segments import Role, Side
from schemas.sites import Site

__all__ = [
    "Citation",
    "Compensation",
    "Condition",
    "Consistency",
    "EndPoint",
    "Figure",
    "Formulae",
    "Gates",
    "Guard",
    "How",
    "PelvisMovement",
    "Phase",
    "Position",
    "Protocol",
    "Reference",
    "Repetitions",
    "Sense",
    "load",
    "protocol_of",
]

OFF_PLANE: frozenset[str] = frozenset(CHANNELS[symbol] for symbol in ("O", "A", "Y", "R"))


@dataclass(frozen=True, slots=True)
class Protocol:
    """One clinical test. `docs/adding-a-protocol.md` says what every part means.

    `moving` is the segment that moves, `base` the one it moves against; `sided` whether left and
    right are tested apart; `sense` is `lack` where a smaller TOT means more mobility; `phase` is
    the half of a repetition that timing and slope are taken from; `sites` the site of every
    segment, where the file names one; `standing_first`: the person stands still before they get
    into position, which gives pelvis and trunk their axes (and `reference.zero` its zero);
    `lean_first`: before the reference they lean forward and come back, twice, which gives pelvis
    and trunk their axes where the test itself hardly turns them; `not_with`: limits on movement
    with which the test is left out until it is cleared.
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
    lean_first: bool = False
    words: Words = GENERIC_WORDS
    scoring: Scoring | None = None
    patterns: tuple[Pattern, ...] = ()
    not_with: tuple[Precaution, ...] = ()

    @property
    def adds_up(self) -> bool:
        """Whether TOT is HIP and COMP laid end to end, so that one bar can show both.

        Not where they are ranges of the same movement, a reversal, or angles of other joints.
        """
        f = self.formulae
        left = dict(f.tot.terms)
        for symbol, factor in f.hip.terms:
            left[symbol] = left.get(symbol, 0.0) - factor
        rest = {symbol: factor for symbol, factor in left.items() if factor}
        comp = dict(f.comp.terms)
        mirrored = {symbol: -factor for symbol, factor in comp.items()}
        return not f.how and (rest == comp or (f.comp.absolute and rest == mirrored))

    def side_of(self, side: Side | None) -> Side | None:
        """Return the side that a set is named by: none where both legs are tested at once.

        Which thigh is measured beside such a test is kept with the trial, and names nothing.
        """
        return side if self.sided else None

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
    def lender(self) -> str:
        """What moves in the hip's place, in words."""
        return "low back" if self.compensation == "lumbar_flexion" else "pelvis"

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
