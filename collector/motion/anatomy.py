"""Which other axes of a segment gravity can show, and where they lie in the sensor."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from schemas.segments import Role, Side
from schemas.units import FloatArray

Direction = Literal["forward", "superior"]

UP_IS: Final[dict[str, tuple[Direction, float]]] = {
    "supine": ("forward", 1.0),
    "prone": ("forward", -1.0),
    "standing": ("superior", 1.0),
    "sitting": ("superior", 1.0),
}
"""Which direction of the body points up in a position, and its sign."""

_ROLE: Final[dict[str, Role]] = {"O": "pelvis", "A": "thigh", "Y": "pelvis", "R": "shank"}
_SHOWN: Final[dict[str, dict[str, Direction]]] = {
    "O": {"standing": "forward", "sitting": "forward"},
    "A": {"standing": "forward"},
    "Y": {"prone": "superior", "supine": "superior"},
    "R": {"prone": "superior", "sitting": "forward"},
}
"""The axis that each symbol turns about, where it lies level and gravity shows the turn.

`R` turns about the femur: level in prone (toward the head), and in sitting, where the femur's
upper end points backward.
"""


def body_axis(
    direction: Direction, position: str, *, up: FloatArray, left: FloatArray
) -> FloatArray:
    """Return `forward` or `superior` of the lying, sitting or standing body, in the sensor frame.

    `up` and `left` are unit vectors across each other, in the reference pose of `position`.
    """
    vertical, sign = UP_IS[position]
    if direction == vertical:
        return sign * np.asarray(up)
    if vertical == "superior":
        return np.cross(left, up)
    return np.cross(sign * np.asarray(up), left)


def observable_axis(
    symbol: str,
    role: Role,
    position: str | None,
    side: Side,
    *,
    up: FloatArray,
    left: FloatArray,
) -> FloatArray | None:
    """Return the axis whose right-handed turn is the channel `symbol`; None where it is not shown.

    Signs: hip hike of the tested side, abduction, and internal rotation are positive.
    """
    direction = _SHOWN.get(symbol, {}).get(position or "")
    if direction is None or _ROLE[symbol] != role:
        return None
    axis = body_axis(direction, position or "", up=np.asarray(up), left=np.asarray(left))
    right = 1.0 if side == "right" else -1.0
    return right * axis if direction == "superior" else -right * axis
