"""A person wearing sensors: what every sensor truly feels at its own sample times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from collector.simulate.body import Posture, arm_acceleration
from collector.simulate.person import Person
from collector.simulate.placement import Placement
from schemas.segments import Role
from schemas.units import G_M_S2, FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Felt:
    """What an ideal sensor measures at N times, in its own frame.

    `rotation` (N, 3, 3) sensor to earth, `force_m_s2` (N, 3) specific force, `rate_rad_s` (N, 3).
    """

    t_s: FloatArray
    rotation: FloatArray
    force_m_s2: FloatArray
    rate_rad_s: FloatArray


def felt_by(
    person: Person,
    role: Role,
    placement: Placement,
    posture: Posture,
    *,
    mounting: FloatArray,
    t_s: FloatArray,
) -> Felt:
    """Work out what a sensor feels that sits at `placement`, turned by `mounting`, at `t_s`."""
    legs: set[Role] = {"thigh"} if person.planted_m else set()
    roles = {role, *(name for name, _ in placement.arms), *legs}
    poses = {name: person.pose(name, posture, t_s) for name in roles}
    acceleration = np.zeros((len(t_s), 3))
    if person.body is not None:
        acceleration += person.body.acceleration_m_s2(t_s)
    if person.planted_m:
        planted = np.array((0.0, person.planted_m, 0.0))
        acceleration += arm_acceleration(poses["thigh"], planted)
    for name, arm_m in placement.arms:
        acceleration += arm_acceleration(poses[name], arm_m)
    axes = placement.axes @ mounting
    rotation = poses[role].rotation @ axes
    force = felt_force(rotation, acceleration)
    return Felt(t_s, rotation, force, poses[role].rate @ axes)


def felt_force(rotation: FloatArray, acceleration_m_s2: FloatArray) -> FloatArray:
    """Return the specific force (N, 3) in the sensor frame: +g upward at rest."""
    upward = acceleration_m_s2 + np.array((0.0, 0.0, G_M_S2))
    force: FloatArray = np.einsum("nji,nj->ni", rotation, upward)
    return force
