"""Segments in space: orientation, rate of turn and acceleration from three angles.

Earth: x where the subject faces (upright) or where the head is (lying), z up.
Segments: ISB, x forward, y up along the segment, z to the subject's right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from collector.simulate.course import Motion
from schemas.units import RAD_PER_DEG, FloatArray

Posture = Literal["standing", "supine", "prone", "sitting", "side_lying"]

_UPRIGHT: Final = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])

POSTURES: Final[dict[Posture, FloatArray]] = {
    "standing": _UPRIGHT,
    "sitting": _UPRIGHT,
    "supine": np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]),
    "prone": np.array([[0.0, 1.0, 0.0], [0.0, 0.0, -1.0], [-1.0, 0.0, 0.0]]),
    "side_lying": np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
}
"""A straight body to earth: columns are x, y, z of its segments (on the side: right side up).

Who sits has thighs that are bent by 90 degrees against it.
"""

BODY_TURN_DEG: Final[dict[Posture, float]] = {
    "standing": 0.0,
    "sitting": 0.0,
    "supine": 90.0,
    "prone": -90.0,
}
"""How far a standing body turns about its right axis to be in a position."""


@dataclass(frozen=True, eq=False, slots=True)
class Pose:
    """One segment at N times.

    `rotation` (N, 3, 3) segment to earth; `rate` and `accel` (N, 3), rad/s and rad/s2, in the
    segment's own frame.
    """

    rotation: FloatArray
    rate: FloatArray
    accel: FloatArray


def pose_of(
    sagittal_deg: Motion, frontal_deg: Motion, axial_deg: Motion, posture: Posture | None
) -> Pose:
    """Turn a segment about its z, then x, then y axis (degrees), from a straight body's pose.

    `posture` None: against the body that the segment belongs to.
    """
    a, b, c = (m.times(RAD_PER_DEG) for m in (sagittal_deg, frontal_deg, axial_deg))
    sa, ca, sb, cb, sc, cc = (f(m.value) for m in (a, b, c) for f in (np.sin, np.cos))
    rotation = np.stack(
        [
            ca * cc - sa * sb * sc, -sa * cb, ca * sc + sa * sb * cc,
            sa * cc + ca * sb * sc, ca * cb, sa * sc - ca * sb * cc,
            -cb * sc, sb, cb * cc,
        ],
        axis=-1,
    ).reshape(-1, 3, 3)  # fmt: skip
    rate = np.stack(
        [
            b.rate * cc - a.rate * cb * sc,
            c.rate + a.rate * sb,
            b.rate * sc + a.rate * cb * cc,
        ],
        axis=-1,
    )
    ab, ac, bc = a.rate * b.rate, a.rate * c.rate, b.rate * c.rate
    accel = np.stack(
        [
            b.accel * cc - bc * sc - a.accel * cb * sc + ab * sb * sc - ac * cb * cc,
            c.accel + a.accel * sb + ab * cb,
            b.accel * sc + bc * cc + a.accel * cb * cc - ab * sb * cc - ac * cb * sc,
        ],
        axis=-1,
    )
    if posture is None:
        return Pose(rotation, rate, accel)
    return Pose(POSTURES[posture] @ rotation, rate, accel)


def composed(outer: Pose, inner: Pose) -> Pose:
    """Return the pose of a part that is posed `inner` against a body that is posed `outer`."""
    rate = np.einsum("nji,nj->ni", inner.rotation, outer.rate)
    accel = np.einsum("nji,nj->ni", inner.rotation, outer.accel)
    return Pose(
        outer.rotation @ inner.rotation,
        inner.rate + rate,
        inner.accel + accel - np.cross(inner.rate, rate),
    )


def arm_acceleration(pose: Pose, arm_m: FloatArray) -> FloatArray:
    """Return the acceleration (N, 3), m/s2, earth frame, of an arm's tip against its root."""
    centripetal = np.cross(pose.rate, np.cross(pose.rate, arm_m))
    inside = np.cross(pose.accel, arm_m) + centripetal
    outside: FloatArray = np.einsum("nij,nj->ni", pose.rotation, inside)
    return outside
