"""Trials of a body whose every angle is prescribed, as exact rows of a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files

import numpy as np
from scipy.spatial.transform import Rotation

from collector.pipeline import Processed, process
from devices.registry import profile
from devices.table import chunk_of
from schemas.recording import BEGINS, Event, Recording, RecordingInfo, SensorUse, Window
from schemas.samples import Samples
from schemas.units import G_M_S2, FloatArray

RATE_HZ = 50.0
UP = np.array([0.0, 0.0, 1.0])
FORWARD, LEFT, SUPERIOR = np.eye(3)
STILL = Window(0.2, 2.5)
LIES = {"standing": 0.0, "sitting": 0.0, "supine": -90.0, "prone": 90.0}
"""Turn about left from upright, degrees."""

BACK = Rotation.from_matrix(np.column_stack((-LEFT, SUPERIOR, -FORWARD)))
ON_LEFT = Rotation.from_matrix(np.column_stack((-FORWARD, SUPERIOR, LEFT)))
UPSIDE_DOWN = Rotation.from_rotvec([0.0, 0.0, np.pi])
ODD = Rotation.from_rotvec(np.radians([20.0, -35.0, 60.0]))
"""Sensor to segment: on the back and on the left side as they should be, and anyhow."""


def times(seconds: float) -> FloatArray:
    return np.arange(round(seconds * RATE_HZ)) / RATE_HZ


def about(axis: FloatArray, deg: FloatArray | float, like: FloatArray | None = None) -> Rotation:
    """Turn about one of the body's directions, for every instant of `like`."""
    every = np.atleast_1d(deg) if like is None else np.broadcast_to(deg, like.shape)
    return Rotation.from_rotvec(np.radians(every)[:, None] * axis)


def lifts(t_s: FloatArray, peak: float, *, start_s: float = 3.0, n: int = 3) -> FloatArray:
    """Rise in 2 s, hold 1.5 s, return in 2 s, rest 1.5 s; `n` times."""
    out = np.zeros(len(t_s))
    for i in range(n):
        begin = start_s + 7.0 * i
        corners = [begin, begin + 2.0, begin + 3.5, begin + 5.5]
        ramp = np.interp(t_s, corners, [0.0, 1.0, 1.0, 0.0])
        out += peak * 0.5 * (1.0 - np.cos(np.pi * ramp))
    return out


def felt(t_s: FloatArray, segment: Rotation, sits: Rotation) -> Samples:
    """Return gravity and rate of turn of a sensor on a segment that lies so in the room."""
    sensor = segment * sits
    step = (sensor[:-1].inv() * sensor[1:]).as_rotvec() * RATE_HZ
    return Samples(
        arrival_us=np.rint(t_s * 1e6).astype(np.int64),
        device_time_s=t_s,
        acc_m_s2=sensor.inv().apply(UP) * G_M_S2,
        gyr_rad_s=np.concatenate((step[:1], step)),
    )


def recording_of(
    t_s: FloatArray,
    segments: Mapping[str, tuple[Rotation, Rotation]],
    test: str,
    side: str = "left",
    *,
    sites: Mapping[str, str] | None = None,
    axes: Mapping[str, str] | None = None,
    reference: Window = STILL,
    upright: Window | None = None,
    begins_s: float | None = None,
    text: str = "",
) -> Recording:
    """Return the recording of segments (orientation in the room, and how the sensor sits)."""
    uses = tuple(
        SensorUse(
            segment=segment,
            profile_id="table",
            profile_version=profile("table").version,
            alias="",
            clock="shared",
            nominal_rate_hz=RATE_HZ,
            placement=(sites or {}).get(segment, ""),
            axis=(axes or {}).get(segment, "auto"),
        )
        for segment in segments
    )
    info = RecordingInfo(
        uses,
        "2026-05-01T10:00:00+00:00",
        test,
        side,
        reference,
        upright=upright,
        protocol_text=text,
    )
    chunks = tuple(chunk_of(felt(t_s, *how)) for how in segments.values())
    events = () if begins_s is None else (Event(round(begins_s * 1e6), BEGINS),)
    return Recording(info, chunks, events)


def scored(*args, **choices) -> Processed:
    return process(recording_of(*args, **choices))


def codes(processed: Processed) -> set[str]:
    return {reason.code for reason in processed.result.certificate.reasons}


def with_kept(recording: Recording, segment: str, kept) -> Recording:
    uses = tuple(
        replace(use, axis="kept", kept=kept) if use.segment == segment else use
        for use in recording.info.sensors
    )
    return replace(recording, info=replace(recording.info, sensors=uses))


def own_test(test: str, own_id: str, position: str) -> str:
    """Return a user's own test: one that ships, done in another position."""
    text = (files("schemas") / "protocols" / f"{test}.toml").read_text(encoding="utf-8")
    text = text.replace(f'id = "{test}"', f'id = "{own_id}"', 1).replace("lean_first = true\n", "")
    before = next(line for line in text.splitlines() if line.startswith("position = "))
    return text.replace(before, f'position = "{position}"', 1)
