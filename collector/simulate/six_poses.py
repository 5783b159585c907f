"""Sensors laid still on every side, as a host-side accelerometer calibration asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from collector.simulate.course import Steps
from collector.simulate.sensor import Sensor, rotation_of
from collector.simulate.wire import (
    Stream,
    TrialConfig,
    rate_of,
    sensor_of,
    sent_by,
    stream_of,
    use_of,
    utc_of,
)
from collector.simulate.worn import Felt, felt_force
from schemas.recording import Recording, RecordingInfo
from schemas.segments import Role, Segment, Side, segment_of
from schemas.units import RAD_PER_DEG, FloatArray

_SLANT_DEG = 12.0
TURN_S = 1.5
"""How long it takes to turn a sensor onto its next side."""
_UPS = np.array(
    [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, -1], [-1, 0, 0], [0, -1, 0]], dtype=np.float64
)


@dataclass(frozen=True, eq=False, slots=True)
class SixPoses:
    """A recording of still poses, and the sensors whose errors it should reveal."""

    recording: Recording
    sensors: dict[Segment, Sensor]


def simulate_six_poses(
    seed: int,
    config: TrialConfig | None = None,
    *,
    roles: Sequence[Role] = ("pelvis", "thigh"),
    side: Side = "right",
    poses: int = 6,
    hold_s: float = 3.0,
) -> SixPoses:
    """Lay the sensors of a trial's seed on `poses` sides, `hold_s` each, turning in between.

    The sides follow +z, +x, +y, -z, -x, -y up and then round again, each up to 12 degrees askew.
    """
    config = config or TrialConfig()
    uses, chunks, sensors = [], [], {}
    for role in roles:
        segment, sensor = segment_of(role, side), sensor_of(seed, role, config)
        end_s = sensor.start_s + poses * (hold_s + TURN_S)
        t_s = sensor.sample_times_s(rate_of(config), end_s)
        felt = _felt(t_s, poses, hold_s, sensor.start_s, stream_of(seed, Stream.POSES, role))
        uses.append(use_of(segment, "on the table", seed, config))
        chunks.append(sent_by(sensor, felt, role, seed, config))
        sensors[segment] = sensor
    info = RecordingInfo(
        sensors=tuple(uses), utc=utc_of(seed), note=f"simulated still poses, seed {seed}"
    )
    return SixPoses(Recording(info, tuple(chunks)), sensors)


def _felt(
    t_s: FloatArray, poses: int, hold_s: float, start_s: float, rng: np.random.Generator
) -> Felt:
    """Turn about one axis after the other; at rest in between."""
    ups = upward(poses, rng)
    first = rotation_of(between(ups[0], np.array((0.0, 0.0, 1.0))))
    rotation: FloatArray = np.broadcast_to(first, (len(t_s), 3, 3))
    rate = np.zeros((len(t_s), 3))
    for n in range(1, poses):
        vector = -between(ups[n - 1], ups[n])
        leave_s = start_s + n * hold_s + (n - 1) * TURN_S
        turn = Steps.of([(leave_s, TURN_S, 1.0)]).at(t_s)
        rotation = rotation @ rotation_of(np.outer(turn.value, vector))
        rate += np.outer(turn.rate, vector)
    return Felt(t_s, rotation, felt_force(rotation, np.zeros((len(t_s), 3))), rate)


def upward(poses: int, rng: np.random.Generator) -> FloatArray:
    """Return which way is up in the sensor (poses, 3), for each still pose."""
    ups = _UPS[np.arange(poses) % len(_UPS)]
    slants = rotation_of(rng.uniform(-1.0, 1.0, (poses, 3)) * _SLANT_DEG * RAD_PER_DEG)
    up: FloatArray = np.einsum("nij,nj->ni", slants, ups)
    return up


def between(start: FloatArray, end: FloatArray) -> FloatArray:
    """Return the rotation vector (3,) that turns one unit vector into another, the short way."""
    axis = np.cross(start, end)
    length = float(np.linalg.norm(axis))
    return axis / length * float(np.arctan2(length, start @ end))
