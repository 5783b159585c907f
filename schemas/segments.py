"""Body segments, sides, and the roles that a protocol gives them.

A protocol speaks of roles (`thigh` is the tested side's); a recording speaks of segments
(`thigh_left`). The names are fixed: scripts rely on them.
"""

from __future__ import annotations

from typing import Final, Literal, cast, get_args

from schemas.errors import UsageError

Segment = Literal["pelvis", "trunk", "thigh_left", "thigh_right", "shank_left", "shank_right"]
Side = Literal["left", "right"]
Role = Literal["pelvis", "trunk", "thigh", "shank", "thigh_other", "shank_other"]

SEGMENTS: Final[tuple[Segment, ...]] = get_args(Segment)
SIDES: Final[tuple[Side, ...]] = get_args(Side)
ROLES: Final[tuple[Role, ...]] = get_args(Role)


def parse_segment(text: str) -> Segment:
    """Return `text` as a segment, or raise `UsageError` naming those that exist."""
    if text in SEGMENTS:
        return text
    raise UsageError(
        f"Unknown segment {text!r}: expected one of {', '.join(SEGMENTS)}.",
        reason="unknown_segment",
    )


def segment_of(role: Role, side: Side) -> Segment:
    """Return the segment that plays `role` when `side` is tested."""
    if role in ("pelvis", "trunk"):
        return cast(Segment, role)
    limb, _, other = role.partition("_")
    if other:
        side = "right" if side == "left" else "left"
    return cast(Segment, f"{limb}_{side}")
