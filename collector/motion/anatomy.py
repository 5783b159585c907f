"""Where the body's directions lie in a sensor, and about which of them each angle turns.

`forward`, `left` and `superior` are the body's as it lies, sits or stands in the reference pose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from collector.motion.rows import cross
from schemas.segments import Role, Segment, Side
from schemas.units import FloatArray

Direction = Literal["forward", "left", "superior"]

_UP_IS: Final[dict[str, tuple[Direction, float]]] = {
    "supine": ("forward", 1.0),
    "prone": ("forward", -1.0),
    "standing": ("superior", 1.0),
    "sitting": ("superior", 1.0),
}


def up_is(position: str, tested: Side = "left") -> tuple[Direction, float]:
    """Return which direction of the body points up in a position, and its sign.

    On the side, the tested leg is the upper one.
    """
    if position == "side_lying":
        return "left", 1.0 if tested == "left" else -1.0
    return _UP_IS[position]


_FRONTAL: Final[tuple[Direction, float]] = ("forward", -1.0)
_AXIAL: Final[tuple[Direction, float]] = ("superior", 1.0)
_ABOUT: Final[dict[str, dict[str, tuple[Direction, float]]]] = {
    "O": dict.fromkeys(("supine", "prone", "standing", "sitting", "side_lying"), _FRONTAL),
    "Y": dict.fromkeys(("supine", "prone", "standing", "sitting", "side_lying"), _AXIAL),
    "A": dict.fromkeys(("supine", "prone", "standing", "side_lying"), _FRONTAL)
    | {"sitting": ("superior", -1.0)},
    "R": dict.fromkeys(("prone", "standing", "side_lying"), _AXIAL)
    | dict.fromkeys(("supine", "sitting"), _FRONTAL),
}
"""The direction that each symbol turns about, and its sign on the right side.

`R` turns about the femur: toward the head where the hip is straight (prone, on the side); in
sitting, and supine with the thigh upright, the femur's upper end points backward. A seated thigh
points forward, so its abduction turns about the vertical.
"""


def axis_of(symbol: str, position: str | None, tested: Side) -> tuple[Direction, float] | None:
    """Return the direction that an off-plane angle turns about, and its sign; None if unknown.

    Signs: hip hike of the tested side, abduction, and internal rotation are positive.
    """
    found = _ABOUT.get(symbol, {}).get(position or "")
    if found is None:
        return None
    direction, sign = found
    return direction, sign if tested == "right" else -sign


def is_upright(symbol: str, position: str | None, tested: Side) -> bool:
    """Whether gravity cannot show an angle: its axis is the vertical in this position."""
    if position is None:
        return False
    if symbol not in _ABOUT:
        return position == "side_lying"
    about = axis_of(symbol, position, tested)
    return about is not None and about[0] == up_is(position, tested)[0]


@dataclass(frozen=True, eq=False, slots=True)
class Body:
    """The body's directions in the reference pose, unit vectors (3,) in one sensor's frame."""

    forward: FloatArray
    left: FloatArray
    superior: FloatArray

    def along(self, direction: Direction) -> FloatArray:
        """Return one of the three."""
        match direction:
            case "forward":
                return self.forward
            case "left":
                return self.left
            case "superior":
                return self.superior


def body(
    position: str,
    tested: Side,
    *,
    up: FloatArray,
    left: FloatArray,
    forward: FloatArray | None = None,
) -> Body:
    """Return the body's directions from `up` in the reference pose and one level direction.

    That is `left`, and on the side, where `left` is upright, `forward`.
    """
    upright, sign = up_is(position, tested)
    signed = sign * up
    if upright == "left":
        ahead = cross(left, signed) if forward is None else forward
        return Body(ahead, signed, cross(ahead, signed))
    if upright == "superior":
        return Body(cross(left, signed), left, signed)
    return Body(signed, left, cross(signed, left))


def left_from(
    direction: Direction, axis: FloatArray, position: str, tested: Side, *, up: FloatArray
) -> FloatArray:
    """Return where left is if `direction`, which is level, is known to be `axis`."""
    upright, sign = up_is(position, tested)
    signed = sign * up
    if upright == "left":
        return signed
    if direction == "left":
        return axis
    first, last = (signed, axis) if upright == "superior" else (axis, signed)
    return cross(first, last)


def role_of(segment: Segment, tested: Side) -> Role:
    """Return the part that a segment plays when `tested` is the tested side."""
    match segment:
        case "pelvis" | "trunk":
            return segment
        case "thigh_left" | "thigh_right":
            return "thigh" if segment.endswith(tested) else "thigh_other"
        case "shank_left" | "shank_right":
            return "shank" if segment.endswith(tested) else "shank_other"
