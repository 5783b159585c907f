"""A recording: all that is needed to compute a trial again, and nothing that was computed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from schemas.calibration import AccelerometerCalibration, KeptMounting
from schemas.chunk import Chunk
from schemas.segments import Segment, Side

ClockKind = Literal["arrival", "device", "shared"]
"""Where time comes from: `arrival` (no device clock: sample count against arrivals), `device`
(the sensor's ticks against arrivals), `shared` (device time is the session's time already)."""

BEGINS: Final = "test_begins"
"""The kind of event at which the repetitions begin; what was moved before it is not scored."""
PAIN: Final = "pain"
"""The kind of event that keeps pain at the end of range, 0 to 10, as its text."""
END_POINT: Final = "end_point"
"""The kind of event that keeps why the movement ended: one of the test's end-point codes."""

SALVAGED: Final = "salvaged"
"""The fault of a recording that a crash cut off."""


@dataclass(frozen=True, slots=True)
class Window:
    """From `start_s` to `end_s`, seconds on the recording's own axis."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: a mark, a pain report, an end-point. `t_us` as in `Notification`."""

    t_us: int
    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class SensorUse:
    """One sensor in one recording.

    `profile_id` names the device profile; `mode` what it was set to send, where a family has
    modes; `alias` is a salted hash, never an address; `axis` one of `AXES`;
    `nominal_rate_hz` what it was asked for, None if unknown; `placement` the site that it is worn
    on (one of `schemas.sites.SITES`), free text or empty where that is not known; `kept` how it sat
    in an earlier trial, used where `axis` is `kept`.
    """

    segment: Segment
    profile_id: str
    profile_version: int
    alias: str
    clock: ClockKind
    mode: int | None = None
    nominal_rate_hz: float | None = None
    axis: str = "auto"
    placement: str = ""
    firmware: str = ""
    acc_calibration: AccelerometerCalibration | None = None
    kept: KeptMounting | None = None


@dataclass(frozen=True, slots=True)
class RecordingInfo:
    """The head of a recording: what a trace's header line and a trial's row say.

    `origin_s` is what the recording's own time axis shows at the session's microsecond zero, so
    that windows are named in the recording's own times (a table that begins at 12.0 s keeps 12.0).
    `protocol_text` is the TOML text of a test that does not ship; `protocol` is then its id.
    `upright` is a still window in which the person stood: it gives two-pose calibration its first
    pose and carries the zero of standing to the table; `examiner` is a pseudonymous code.
    `faults` are codes of what was wrong with the file that it came from (`trace_cut`,
    `trace_changed`; `salvaged`: a crash cut the recording off; a newer version may know more).
    """

    sensors: tuple[SensorUse, ...]
    utc: str
    protocol: str | None = None
    side: Side | None = None
    reference: Window | None = None
    sweep: Window | None = None
    origin_s: float = 0.0
    note: str = ""
    redacted: tuple[str, ...] = ()
    protocol_text: str = ""
    faults: tuple[str, ...] = ()
    upright: Window | None = None
    examiner: str = ""

    def with_fault(self, code: str) -> RecordingInfo:
        """Return the head with one fault more, named once."""
        return replace(self, faults=tuple(dict.fromkeys((*self.faults, code))))


@dataclass(frozen=True, eq=False, slots=True)
class Recording:
    """Head, one chunk per sensor (same order as `info.sensors`), and events."""

    info: RecordingInfo
    chunks: tuple[Chunk, ...]
    events: tuple[Event, ...] = field(default=())

    def __post_init__(self) -> None:
        if len(self.chunks) != len(self.info.sensors):
            raise ValueError("a recording holds one chunk for every sensor")

    def sha256(self) -> str:
        """Hash of all sensors' notifications, in the order of the head."""
        digest = hashlib.sha256()
        for chunk in self.chunks:
            digest.update(chunk.sha256().encode())
        return digest.hexdigest()
