"""How somebody gets from standing into the position of a test, and how they then lie or sit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from collector.simulate.body import BODY_TURN_DEG
from collector.simulate.course import Course, Part, Steps
from collector.simulate.people import Traits
from collector.simulate.person import Body, Channel
from schemas.segments import Role

if TYPE_CHECKING:
    from collector.simulate.script import Performance

POSES_DEG: Final[Mapping[str, Mapping[Role, float]]] = {
    "mtt": {"pelvis": -10.0, "thigh": 110.0, "shank": -5.0, "thigh_other": 118.0},
    "pir": {"shank": -90.0},
    "per": {"shank": -90.0},
    "sir": {"pelvis": -12.0, "thigh": 90.0, "thigh_other": 90.0},
    "ser": {"pelvis": -12.0, "thigh": 90.0, "thigh_other": 90.0},
}
"""Sagittal angles of the segments in the reference pose, against a straight body.

Modified Thomas: both knees held; prone rotation: the shank upright; sitting: thighs level.
"""

RAISED_DEG: Final[Mapping[Role, float]] = {"thigh": 90.0, "pelvis": -10.0}
"""How the leg is raised between reference and repetitions, where the knee is extended at 90."""
RAISE_S: Final = 3.5
READY_S: Final = 1.0
"""How long raising takes, and how long they then wait."""

LEAN_S: Final = 10.0
"""How long leaning forward and coming back takes, twice."""
_LEANS_S: Final = (0.4, 5.0)
_LEAN_MOVE_S: Final = 1.8
_LEAN_HOLD_S: Final = 0.6
_LEANS: Final[Mapping[Role, float]] = {"pelvis": 1.0, "trunk": 1.15}
_LEAN_ASIDE: Final = 0.35
"""How far a lean strays to a side, against what a leg strays."""

_SWAY_FREE: Final = Course()


def pose_of_role(protocol_id: str, traits: Traits, role: Role, settle_s: float) -> Course:
    """Return how a segment is held in position: from the beginning, or once it is taken up."""
    angle = POSES_DEG.get(protocol_id, {}).get(role, 0.0)
    if not angle:
        return _SWAY_FREE
    if not traits.stands_first:
        return Course(angle)
    return _course((settle_s + 0.8, 4.0, angle))


def leaning(
    channels: Mapping[Role, Channel], how: Performance, rng: np.random.Generator, from_s: float
) -> dict[Role, Channel]:
    """Let pelvis and trunk lean forward by 25 to 30 degrees and come back, twice, from `from_s` on.

    Nobody leans quite straight; what strays to a side comes back as well.
    """
    forward = rng.uniform(25.0, 30.0, len(_LEANS_S)).tolist()
    aside = _LEAN_ASIDE * how.out_of_plane_deg * float(rng.uniform(-1.0, 1.0))
    rows: list[tuple[float, float, float]] = []
    for start_s, deg in zip(_LEANS_S, forward, strict=True):
        back_s = from_s + start_s + _LEAN_MOVE_S + _LEAN_HOLD_S
        rows += [(from_s + start_s, _LEAN_MOVE_S, deg), (back_s, _LEAN_MOVE_S, -deg)]
    strays = Course(parts=(Part(Steps.of(rows), gain=aside / max(forward)),))
    out = dict(channels)
    for role, gain in _LEANS.items():
        lean = Course(parts=(Part(Steps.of(rows), gain=gain),))
        was = out[role]
        out[role] = replace(was, pose=was.pose.plus(lean), aside=was.aside.plus(strays))
    return out


def raised(role: Role, up_s: float, down_s: float) -> Course:
    """Return how a segment goes along when the leg is raised at `up_s` and laid down later."""
    angle = RAISED_DEG.get(role, 0.0)
    if not angle:
        return _SWAY_FREE
    return _course((up_s, RAISE_S, angle), (down_s, RAISE_S, -angle))


def getting_down(traits: Traits, rng: np.random.Generator, settle_s: float) -> Body | None:
    """Turn to the table, sit, lie down leaning to one side; None where nobody does.

    Nobody lies quite straight: up to a degree and a half of roll stays.
    """
    heading, roll, askew = rng.uniform((-90.0, 15.0, -1.5), (90.0, 25.0, 1.5)).tolist()
    if not traits.stands_first:
        return None
    turn = BODY_TURN_DEG[traits.posture]
    return Body(
        heading=_course((settle_s, 2.5, heading)),
        turn=_course((settle_s + 1.5, 3.2, turn)),
        roll=_course((settle_s + 1.2, 1.4, roll), (settle_s + 3.4, 1.6, askew - roll)),
        rise_m=_course((settle_s + 0.6, 2.4, -0.15)),
        ahead_m=_course((settle_s + 0.4, 3.0, 0.4)),
    )


def _course(*rows: tuple[float, float, float]) -> Course:
    return Course(parts=(Part(Steps.of(list(rows))),))
