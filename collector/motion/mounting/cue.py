"""What a test says beforehand of one segment, and what is known of its sensor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from collector.motion.anatomy import role_of
from collector.motion.pose import Reference
from collector.motion.sweep import Sweep
from schemas.calibration import KeptMounting
from schemas.motion import SAGITTAL_SYMBOL
from schemas.protocol import Protocol
from schemas.recording import SensorUse
from schemas.segments import SIDES, Role, Segment, Side
from schemas.sites import SITES, Site

LYING: Final = ("supine", "prone", "side_lying")


@dataclass(frozen=True, slots=True)
class Cue:
    """What the test says of one segment before anything has moved.

    Attributes
    ----------
    role, tested
        The part that the segment plays, and the tested side.
    position
        Of the test; None: nobody said.
    symbol
        The angle that the segment moves in.
    first_turn
        Sign of that angle's first movement; None: nobody said.
    knee_bent
        The reference pose has the knee at 90 degrees (rotation about the femur).
    standing_zero
        Zero is the upright pose, not the reference.
    lean_first
        Before the reference the person leans forward, for the axes of pelvis and trunk.
    """

    role: Role
    tested: Side = "left"
    position: str | None = None
    symbol: str = ""
    first_turn: int | None = None
    knee_bent: bool = False
    standing_zero: bool = False
    lean_first: bool = False

    @property
    def sagittal(self) -> bool:
        """Whether the segment moves in the sagittal plane."""
        return self.symbol in ("", SAGITTAL_SYMBOL[self.role])

    @property
    def trunk_like(self) -> bool:
        """Whether it is the pelvis or the trunk."""
        return self.role in ("pelvis", "trunk")


def cue_of(protocol: Protocol | None, segment: Segment, tested: Side | None) -> Cue:
    """Return what a test says of a segment; without a test, only its role."""
    side = tested or "left"
    role = role_of(segment, side)
    if protocol is None:
        return Cue(role, side)
    first = protocol.first_turn(role)
    symbol = protocol.plane(role)
    if first is None and symbol in ("S", "S2") and protocol.position in ("standing", "sitting"):
        first = -1  # over a foot that stays on the floor the shank can only lean forward
    return Cue(
        role=role,
        tested=side,
        position=protocol.position,
        symbol=symbol,
        first_turn=first,
        knee_bent=protocol.plane("shank") == "R",
        standing_zero=protocol.reference.zero == "standing",
        lean_first=protocol.lean_first,
    )


@dataclass(frozen=True, slots=True)
class Worn:
    """One sensor on its segment: which axis was named, where it is strapped, how it once sat.

    `axis` is one of `schemas.calibration.AXES`; `site` None where it is not known; `utc` is when
    this recording was made.
    """

    segment: Segment
    axis: str = "auto"
    site: Site | None = None
    kept: KeptMounting | None = None
    utc: str = ""

    @property
    def side(self) -> Side | None:
        """The side of the body that the segment belongs to; None for pelvis and trunk."""
        return next((side for side in SIDES if self.segment.endswith(f"_{side}")), None)


def worn_of(use: SensorUse, utc: str = "") -> Worn:
    """Return what a recording's head says of one sensor."""
    site = next((site for site in SITES if site == use.placement), None)
    return Worn(use.segment, use.axis, site, use.kept, utc)


@dataclass(frozen=True, eq=False, slots=True)
class Seen:
    """What a sensor showed: its pose at zero, standing upright (if there was that), its sweep.

    `sweep` and `lean` are called only where they are needed; `lean` is how it leaned forward before
    the reference, None where nobody did.
    """

    zero: Reference
    upright: Reference | None
    sweep: Callable[[], Sweep]
    lean: Callable[[], Sweep] | None = None
