"""What leaves the store: frozen values, never an ORM object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from schemas.calibration import AccelerometerCalibration, SegmentCalibration
from schemas.result import Grade
from schemas.segments import Segment, Side

TrialState = Literal["open", "closed", "interrupted", "salvaged", "void"]
ResultKind = Literal["live", "stored"]
RemarkKind = Literal["note", "pain_nrs", "examiner", "end_point"]


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """A person under a pseudonymous code. `created` is ISO 8601, UTC."""

    id: int
    code: str
    birth_year: int | None
    sex: str | None
    height_m: float | None
    mass_kg: float | None
    created: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One visit; `trials` is how many trials it holds."""

    id: int
    subject: str
    utc: str
    note: str
    trials: int


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One trial as a list shows it; `grade` is that of its latest stored result.

    `examiner` is a pseudonymous code, empty where nobody said who measured; `note` and `examiner`
    are those of the newest remark, where there is one.
    """

    id: int
    session: int
    subject: str
    utc: str
    protocol: str | None
    protocol_version: int | None
    side: Side | None
    segments: tuple[Segment, ...]
    note: str
    state: TrialState
    state_reason: str
    raw_sha256: str | None
    grade: Grade | None
    examiner: str = ""


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """What somebody said about a trial afterwards; the newest of a kind is what is shown.

    The text of `pain_nrs` is a number from 0 to 10, that of `end_point` one of the test's codes.
    """

    id: int
    trial: int
    utc: str
    kind: RemarkKind
    text: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One outcome of a trial and what made it; `reasons` are codes."""

    id: int
    trial: int
    kind: ResultKind
    software: str
    algorithm: int
    protocol_version: int | None
    calibration: str
    tilt: str
    filter: str | None
    grade: Grade
    reasons: tuple[str, ...]
    created: str


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """One calibration of one sensor, by its alias; of a segment in a trial, or of the sensor."""

    id: int
    alias: str
    utc: str
    segment: Segment | None
    trial: int | None
    content: AccelerometerCalibration | SegmentCalibration


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """A sensor, by its alias, and the segment it is worn on here; `seen` when it last was."""

    alias: str
    segment: Segment
    profile_id: str
    name: str
    since: str
    seen: str


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One change: when, who, what, on what."""

    id: int
    utc: str
    who: str
    action: str
    target: str
    detail: str
