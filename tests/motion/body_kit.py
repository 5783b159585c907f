"""A body in a room, and sensors strapped to it: x forward, y left, z up when it stands."""

from __future__ import annotations

import numpy as np
from motion_kit import UP, clock
from scipy.spatial.transform import Rotation

from collector.motion.align import align
from schemas.motion import Streams, Tilt
from schemas.units import FloatArray

LIES = {
    "standing": Rotation.identity(),
    "sitting": Rotation.identity(),
    "supine": Rotation.from_rotvec([0.0, -np.pi / 2.0, 0.0]),
    "prone": Rotation.from_rotvec([0.0, np.pi / 2.0, 0.0]),
    "left_up": Rotation.from_rotvec([np.pi / 2.0, 0.0, 0.0]),
    "right_up": Rotation.from_rotvec([-np.pi / 2.0, 0.0, 0.0]),
}
"""Body to room: on the back the face looks up, on the front down; on the side one hip is up."""

FORWARD, LEFT, SUPERIOR = np.eye(3)
"""The body's directions in its own frame."""

BACK = Rotation.from_matrix(np.column_stack((-LEFT, SUPERIOR, -FORWARD)))
FRONT = Rotation.from_matrix(np.column_stack((LEFT, SUPERIOR, FORWARD)))
ON_LEFT = Rotation.from_matrix(np.column_stack((-FORWARD, SUPERIOR, LEFT)))
ON_RIGHT = Rotation.from_matrix(np.column_stack((FORWARD, SUPERIOR, -LEFT)))
"""Sensor to segment: +y toward the head, the face (+z) outward, columns are x, y, z."""

AT = {
    ("sacrum", "left"): BACK,
    ("t12_l1", "left"): BACK,
    ("sternum", "left"): FRONT,
    ("anterior_thigh", "left"): FRONT,
    ("anterior_thigh", "right"): FRONT,
    ("anterior_shank", "right"): FRONT,
    ("iliac_crest", "left"): ON_LEFT,
    ("iliac_crest", "right"): ON_RIGHT,
    ("lateral_thigh", "left"): ON_LEFT,
    ("lateral_thigh", "right"): ON_RIGHT,
    ("lateral_shank", "left"): ON_LEFT,
    ("lateral_shank", "right"): ON_RIGHT,
}


def up_in(sits: Rotation, segment: Rotation) -> FloatArray:
    """Return where up is in a sensor on a segment that lies so in the room."""
    return np.asarray((segment * sits).inv().apply(UP))


def about(direction: FloatArray, deg: FloatArray | float) -> Rotation:
    """Turn about one of the body's directions."""
    return Rotation.from_rotvec(np.radians(np.atleast_1d(deg))[:, None] * direction)


def tilt_of_sensor(room: Rotation, sits: Rotation, t_s: FloatArray, heading_deg: float) -> Tilt:
    """Return a perfect tilt whose earth is turned by a heading of the sensor's own."""
    spun = Rotation.from_rotvec(np.radians(heading_deg) * UP)
    quat = np.roll((spun * room * sits).as_quat(), 1, axis=1)
    up = up_in(sits, room)
    return Tilt(t_s, up, quat, np.ones(len(t_s), np.bool_), "vqf", "offline")


def streams_of(t_s: FloatArray, **tilts: Tilt) -> Streams:
    return align(tilts, {name: clock(t_s) for name in tilts})
