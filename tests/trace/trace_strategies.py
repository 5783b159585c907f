"""Recordings of any kind for property tests, and one small awkward one."""

from __future__ import annotations

from hypothesis import strategies as st

from schemas.calibration import AXES, AccelerometerCalibration, KeptMounting
from schemas.chunk import Chunk, Notification
from schemas.recording import Event, Recording, RecordingInfo, SensorUse, Window
from schemas.segments import SEGMENTS

numbers = st.floats(allow_nan=False, allow_infinity=False)
windows = st.none() | st.builds(Window, numbers, numbers)
vectors = st.tuples(numbers, numbers, numbers)
times_us = st.integers(min_value=-(10**13), max_value=10**14)
calibrations = st.builds(
    AccelerometerCalibration,
    vectors,
    vectors,
    st.none() | numbers,
    st.integers(0, 99),
    st.text(max_size=9),
)
mountings = st.builds(
    KeptMounting,
    vectors,
    vectors,
    st.text(max_size=9),
    st.sampled_from(["axis", "sweep", "preset", "two_poses", "kept", "none"]),
    st.text(max_size=9),
    st.integers(0, 10**6),
)
sensors = st.builds(
    SensorUse,
    segment=st.sampled_from(SEGMENTS),
    profile_id=st.text(max_size=9),
    profile_version=st.integers(0, 10**6),
    alias=st.text(max_size=9),
    clock=st.sampled_from(["arrival", "device", "shared"]),
    mode=st.none() | st.integers(0, 255),
    nominal_rate_hz=st.none() | numbers,
    axis=st.sampled_from(AXES),
    placement=st.text(max_size=9),
    firmware=st.text(max_size=9),
    acc_calibration=st.none() | calibrations,
    kept=st.none() | mountings,
)
rows = st.builds(Notification, times_us, st.booleans(), st.text(max_size=6), st.binary(max_size=30))
chunks = st.lists(rows, max_size=12).map(
    lambda some: Chunk.of(sorted(some, key=lambda row: row.t_us))
)
events = st.builds(Event, times_us, st.text(max_size=9), st.text(max_size=9))


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    used = draw(st.lists(sensors, max_size=3))
    info = RecordingInfo(
        sensors=tuple(used),
        utc=draw(st.text(max_size=30)),
        protocol=draw(st.none() | st.text(max_size=9)),
        side=draw(st.sampled_from([None, "left", "right"])),
        reference=draw(windows),
        sweep=draw(windows),
        origin_s=draw(numbers),
        note=draw(st.text(max_size=30)),
        redacted=tuple(draw(st.lists(st.text(max_size=9), max_size=2))),
        protocol_text=draw(st.text(max_size=30)),
        faults=tuple(draw(st.lists(st.text(max_size=9), max_size=2))),
        upright=draw(windows),
        examiner=draw(st.text(max_size=9)),
    )
    some = tuple(draw(chunks) for _ in used)
    return Recording(info, some, tuple(draw(st.lists(events, max_size=4))))


def small_recording() -> Recording:
    """Two sensors, both directions, an empty payload, equal times, events at the edges."""
    pelvis = SensorUse("pelvis", "witmotion", 1, "ab12", "arrival", nominal_rate_hz=100.0)
    thigh = SensorUse("thigh_left", "movella_dot", 1, "cd34", "device", mode=5, axis="+y")
    info = RecordingInfo(
        (pelvis, thigh),
        "2026-11-22T08:00:00+00:00",
        protocol="pslr",
        side="left",
        reference=Window(0.5, 3.5),
        origin_s=12.0,
        note='quotes ", a newline\nand \u2028 é',
        redacted=("register 0x66",),
    )
    first = Chunk.of(
        [
            Notification(0, True, "ffe9", bytes.fromhex("ffaa6988b5")),
            Notification(29_811, False, "ffe4", bytes.fromhex("5561")),
            Notification(29_811, False, "ffe4", b""),
        ]
    )
    second = Chunk.of([Notification(29_811, False, "2004", bytes(20))])
    return Recording(info, (first, second), (Event(-1, "start"), Event(40_000, "pain", "6/10")))
