"""What moves in each test, and how the rest of the body goes with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from collector.simulate.course import NOTHING, Coupling, Course, Part, Steps, Sway
from collector.simulate.person import Body, Channel, Person, Phase, Plane, zeroed
from collector.simulate.position import (
    LEAN_S,
    RAISE_S,
    READY_S,
    getting_down,
    leaning,
    pose_of_role,
    raised,
)
from collector.simulate.script import Drawn, Performance, Rows, Timeline, reach_and_return
from schemas.recording import Window
from schemas.segments import ROLES, Role, Side

Moves = dict[tuple[Role, Plane], tuple[float | Coupling, ...]]
"""What a segment's angle does with the driver: a share of it, or a curve over it."""

_LEG: Final[tuple[Role, ...]] = ("thigh", "shank")
_ASIDE: Final[Mapping[Role, float]] = {"pelvis": 0.35, "trunk": 0.35}
"""How far a segment leaves its plane, against the leg."""


@dataclass(frozen=True, eq=False, slots=True)
class Act:
    """A test on its way: when what moves, and the courses that came of it."""

    phases: tuple[Phase, ...]
    sagittal: dict[Role, Course] = field(default_factory=dict)
    aside: dict[Role, Course] = field(default_factory=dict)
    twist: dict[Role, Course] = field(default_factory=dict)
    body: Body | None = None


def _channels(
    drawn: Drawn, how: Performance, rng: np.random.Generator, act: Act, *, settle_s: float
) -> dict[Role, Channel]:
    traits = drawn.traits
    lies = traits.stands_first or drawn.protocol_id in ("ake", "pke")
    return {
        role: Channel(
            steps=Steps.of([]),
            sway=Sway.drawn(how.sway_deg / (3.0 if lies else 1.0), rng),
            pose=pose_of_role(drawn.protocol_id, traits, role, settle_s),
            also=act.sagittal.get(role, NOTHING),
            aside=act.aside.get(role, NOTHING),
            twist=act.twist.get(role, NOTHING),
        )
        for role in ROLES
    }


def acted(
    drawn: Drawn, how: Performance, rng: np.random.Generator, when: Timeline, side: Side
) -> Person:
    """Let a person do any test but the first four."""
    from collector.simulate.chair import sat
    from collector.simulate.walking import walked

    traits = drawn.traits
    body = getting_down(traits, rng, when.settle_s)
    lifts = drawn.protocol_id in ("ake", "pke")
    first_s = when.first_s + (RAISE_S + READY_S if lifts else 0.0)
    special = {"gait": walked, "sit": sat}.get(drawn.protocol_id, reached)
    act = special(drawn, how, rng, first_s)
    end_s = act.phases[-1].end_s + how.rest_s
    channels = _channels(drawn, how, rng, act, settle_s=when.settle_s)
    if lifts:
        channels = {
            role: replace(channel, also=channel.also.plus(raised(role, when.first_s, end_s)))
            for role, channel in channels.items()
        }
    lean = None
    if traits.leans_first:
        channels = leaning(channels, how, rng, when.settle_s)
        lean = Window(round(when.settle_s, 3), round(when.settle_s + LEAN_S, 3))
    stood = Window(when.settle_s - how.stand_s + 0.2, when.settle_s - 0.1)
    upright = stood if traits.stands_first else None
    zero = stood if drawn.protocol_id == "mtt" else when.reference
    begins_s = first_s - 0.5 if lifts else when.reference.end_s + 0.05
    if lean:
        begins_s = when.reference.start_s
    return Person(
        drawn.protocol_id,
        {role: zeroed(channel, zero, side) for role, channel in channels.items()},
        act.phases,
        when.reference,
        duration_s=end_s + (RAISE_S + how.rest_s if lifts else 0.0),
        planted_m=traits.planted_m if how.hip_moves else None,
        side=side,
        body=body or act.body,
        upright=upright,
        begins_s=begins_s if traits.stands_first or lifts or lean else None,
        zero=zero,
        lean=lean,
    )


def reached(drawn: Drawn, how: Performance, rng: np.random.Generator, first_s: float) -> Act:
    """Move one segment out and back, and let the others follow."""
    rows, phases = reach_and_return(drawn.reach, how, rng, first_s)
    moves = MOVES[drawn.protocol_id](drawn, how)
    wobble = how.out_of_plane_deg / drawn.reach
    planes: dict[Plane, dict[Role, Course]] = {"sagittal": {}, "frontal": {}, "axial": {}}
    for role in ROLES:
        for plane, courses in planes.items():
            stray = float(rng.uniform(-1.0, 1.0)) * wobble * _ASIDE.get(role, 1.0)
            followed = moves.get((role, plane))
            if followed is None:
                # what moves sagittally strays to the sides, what moves to a side strays from there
                strays = role in _moving(moves) and (role, "sagittal") != (role, plane)
                followed = (stray,) if strays or _is_off_plane(moves, role) else ()
            driver = _delayed(rows, phases, how) if role == "pelvis" else rows
            courses[role] = Course(parts=tuple(_part(x, driver, drawn, role) for x in followed))
    return Act(tuple(phases), planes["sagittal"], planes["frontal"], planes["axial"])


def _moving(moves: Moves) -> set[Role]:
    return {role for role, _ in moves}


def _is_off_plane(moves: Moves, role: Role) -> bool:
    return role in _moving(moves) and (role, "sagittal") not in moves


def _delayed(rows: Rows, phases: list[Phase], how: Performance) -> Rows:
    """Let the way back begin later."""
    ends = {phase.hold.end_s for phase in phases}
    return [(t + how.return_lag_s * (t in ends), length, by) for t, length, by in rows]


def _part(follow: float | Coupling, rows: Rows, drawn: Drawn, role: Role) -> Part:
    if isinstance(follow, Coupling):
        lag_s = drawn.lag_s if role in ("pelvis", "trunk") else 0.0
        return Part(Steps.of(rows), coupling=follow, lag_s=lag_s)
    return Part(Steps.of(rows), gain=follow)


def _raise(drawn: Drawn, how: Performance) -> Moves:
    knee = 1.0 - how.knee_bend_deg / drawn.reach
    return {
        ("thigh", "sagittal"): (1.0,),
        ("shank", "sagittal"): (knee,),
        ("pelvis", "sagittal"): (drawn.coupling(-drawn.share * drawn.reach),),
    }


def _extend_knee(drawn: Drawn, how: Performance) -> Moves:
    sunk = 0.015 - how.thigh_leaves_deg / drawn.reach
    return {
        ("thigh", "sagittal"): (sunk,),
        ("shank", "sagittal"): (1.0,),
        ("pelvis", "sagittal"): (drawn.coupling(-drawn.share * drawn.reach),),
    }


def _lower(drawn: Drawn, _how: Performance) -> Moves:
    aside = Coupling.reaching(40.0, 20.0, driver=drawn.reach, follower=7.0)
    return {
        ("thigh", "sagittal"): (-1.0,),
        ("shank", "sagittal"): (-55.0 / drawn.reach,),
        ("pelvis", "sagittal"): (drawn.coupling(10.0 + drawn.share * drawn.reach),),
        ("thigh", "frontal"): (aside,),
        ("shank", "frontal"): (aside,),
    }


def _bend_knee(drawn: Drawn, _how: Performance) -> Moves:
    return {
        ("shank", "sagittal"): (-1.0,),
        ("thigh", "sagittal"): (0.015,),
        ("pelvis", "sagittal"): (drawn.coupling(drawn.share * drawn.reach),),
        ("pelvis", "axial"): (drawn.coupling(0.4 * drawn.share * drawn.reach),),
    }


def _roll(inward: float, base: Plane) -> Callable[[Drawn, Performance], Moves]:
    def moves(drawn: Drawn, _how: Performance) -> Moves:
        along = drawn.coupling(inward * drawn.share * drawn.reach)
        leaning: Moves = {} if base == "axial" else {("trunk", "frontal"): (along,)}
        return leaning | {
            ("shank", "frontal"): (inward,),
            ("thigh", "axial"): (inward,),
            ("pelvis", base): (along,),
        }

    return moves


def _extend_hip(drawn: Drawn, _how: Performance) -> Moves:
    return {
        ("thigh", "sagittal"): (-1.0,),
        ("shank", "sagittal"): (-1.0,),
        ("pelvis", "sagittal"): (drawn.coupling(drawn.share * drawn.reach),),
        ("pelvis", "axial"): (drawn.coupling(0.4 * drawn.share * drawn.reach),),
    }


def _bend(drawn: Drawn, _how: Performance) -> Moves:
    both: Moves = {(role, "sagittal"): (-0.03,) for role in ("thigh", "thigh_other")}
    return both | {
        ("trunk", "sagittal"): (1.0,),
        ("pelvis", "sagittal"): (drawn.coupling((1.0 - drawn.share) * drawn.reach),),
    }


def _squat(drawn: Drawn, how: Performance) -> Moves:
    forward = drawn.coupling(20.0)
    turns = (0.8 if how.variant == "late" else 0.6) * drawn.reach
    gone = forward.gain * (turns - forward.onset) ** 3
    gone /= (turns - forward.onset) ** 2 + forward.blend**2
    back = 20.0 - gone + drawn.share * drawn.reach
    reversal = Coupling.reaching(turns, 6.0, driver=drawn.reach, follower=-back)
    return {
        ("thigh", "sagittal"): (1.0,),
        ("thigh_other", "sagittal"): (1.0,),
        ("shank", "sagittal"): (-0.27,),
        ("shank_other", "sagittal"): (-0.27,),
        ("trunk", "sagittal"): (0.4,),
        ("pelvis", "sagittal"): (forward, reversal) if drawn.share else (forward,),
    }


def _march(drawn: Drawn, _how: Performance) -> Moves:
    return {
        ("thigh", "sagittal"): (1.0,),
        ("shank", "sagittal"): (0.0,),
        ("pelvis", "sagittal"): (drawn.coupling(-drawn.share * drawn.reach),),
        ("pelvis", "frontal"): (drawn.coupling(3.0 if drawn.share else 0.0),),
    }


def _abduct(drawn: Drawn, _how: Performance) -> Moves:
    hike = drawn.share * drawn.reach
    leg: Moves = {(role, "frontal"): (1.0,) for role in _LEG}
    return leg | {
        ("pelvis", "frontal"): (drawn.coupling(hike),),
        ("trunk", "frontal"): (drawn.coupling(-0.3 * hike),),
    }


MOVES: Final[Mapping[str, Callable[[Drawn, Performance], Moves]]] = {
    "aslr": _raise,
    "ake": _extend_knee,
    "pke": _extend_knee,
    "mtt": _lower,
    "ely": _bend_knee,
    "pir": _roll(1.0, "axial"),
    "per": _roll(-1.0, "axial"),
    "sir": _roll(1.0, "frontal"),
    "ser": _roll(-1.0, "frontal"),
    "phe": _extend_hip,
    "ret": _bend,
    "squat": _squat,
    "march": _march,
    "abd": _abduct,
}
"""How a test is done, by its id."""
