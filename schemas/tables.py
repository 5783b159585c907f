"""The tables that keep subjects, trials, raw chunks and results: SQLAlchemy 2 typed models.

Plain types only, so that the same models run on SQLite and on PostgreSQL. Raw rows never change;
every derived row names the versions that made it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from sqlalchemy import (
    BigInteger,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database, whatever the database knows of zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002  # the signature is SQLAlchemy's
    ) -> datetime | None:
        """Return the instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _float(unit: str) -> MappedColumn[float]:
    return mapped_column(Float(53), comment=unit)


Id = Annotated[int, mapped_column(Integer, primary_key=True)]
Code = Annotated[str, mapped_column(String(64))]
Prose = Annotated[str, mapped_column(Text)]
Utc = Annotated[datetime, mapped_column(UtcDateTime, comment="UTC")]
Seconds = Annotated[float, _float("seconds")]
Microseconds = Annotated[int, mapped_column(BigInteger, comment="microseconds since the origin")]
Degrees = Annotated[float, _float("degrees")]
DegreesPerSecond = Annotated[float, _float("degrees per second")]
Percent = Annotated[float, _float("percent")]
Ratio = Annotated[float, _float("ratio")]
Hertz = Annotated[float, _float("hertz")]
Meters = Annotated[float, _float("meters")]
Kilograms = Annotated[float, _float("kilograms")]
Figure = Annotated[float, _float("in the unit of the row")]


class Base(DeclarativeBase):
    """All models, with one rule for the names of constraints."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


CLUSTERED = {"sqlite_with_rowid": False}
"""Rows that are only ever read with their parent live inside its key: one tree, not two."""


class Site(Base):
    """The place that keeps this database: one row, with the salt of its sensors' aliases."""

    __tablename__ = "site"

    id: Mapped[Id]
    salt: Mapped[bytes] = mapped_column(LargeBinary)


class Subject(Base):
    """A person under a pseudonymous code; the list of names is kept elsewhere."""

    __tablename__ = "subject"

    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    birth_year: Mapped[int | None]
    sex: Mapped[Code | None]
    height_m: Mapped[Meters | None]
    mass_kg: Mapped[Kilograms | None]
    created: Mapped[Utc]


class Session(Base):
    """One visit of one subject."""

    __tablename__ = "session"

    id: Mapped[Id]
    subject_id: Mapped[int] = mapped_column(ForeignKey("subject.id"), index=True)
    utc: Mapped[Utc]
    note: Mapped[Prose]


class Trial(Base):
    """One recording: what `RecordingInfo` says, and what became of it."""

    __tablename__ = "trial"

    id: Mapped[Id]
    session_id: Mapped[int] = mapped_column(ForeignKey("session.id"), index=True)
    protocol: Mapped[Code | None]
    protocol_version: Mapped[int | None]
    protocol_text: Mapped[Prose]
    side: Mapped[Code | None]
    utc: Mapped[Utc]
    origin_s: Mapped[Seconds]
    reference_start_s: Mapped[Seconds | None]
    reference_end_s: Mapped[Seconds | None]
    sweep_start_s: Mapped[Seconds | None]
    sweep_end_s: Mapped[Seconds | None]
    note: Mapped[Prose]
    state: Mapped[Code]
    state_reason: Mapped[Prose]
    redacted: Mapped[Prose]
    faults: Mapped[Prose]
    raw_sha256: Mapped[Code | None]
    upright_start_s: Mapped[Seconds | None]
    upright_end_s: Mapped[Seconds | None]
    examiner: Mapped[Code | None]


class SensorUse(Base):
    """One sensor in one trial; `n` is its place in the recording.

    `kept` is how it sat in an earlier trial, as JSON, where this one was measured with that.
    """

    __tablename__ = "sensor_use"
    __table_args__ = CLUSTERED

    trial_id: Mapped[int] = mapped_column(ForeignKey("trial.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    segment: Mapped[Code]
    profile: Mapped[Code]
    profile_version: Mapped[int]
    alias: Mapped[Code]
    clock: Mapped[Code]
    mode: Mapped[int | None]
    nominal_rate_hz: Mapped[Hertz | None]
    axis: Mapped[Code]
    placement: Mapped[Prose]
    firmware: Mapped[Prose]
    calibration_id: Mapped[int | None] = mapped_column(ForeignKey("calibration.id"))
    kept: Mapped[Prose | None]


class Calibration(Base):
    """What is known about a sensor (kind `accelerometer`) or how it sat (kind `segment`).

    `position` is that of the reference pose, of a segment only.
    """

    __tablename__ = "calibration"

    id: Mapped[Id]
    kind: Mapped[Code]
    alias: Mapped[Code]
    segment: Mapped[Code | None]
    trial_id: Mapped[int | None] = mapped_column(ForeignKey("trial.id"))
    utc: Mapped[Utc]
    content: Mapped[Prose]
    position: Mapped[Code | None]


class Assignment(Base):
    """Which sensor is worn on which segment at this site: one each, what was before is audited."""

    __tablename__ = "assignment"
    __table_args__ = CLUSTERED

    alias: Mapped[Code] = mapped_column(primary_key=True)
    segment: Mapped[Code] = mapped_column(unique=True)
    profile: Mapped[Code]
    name: Mapped[Prose]
    since: Mapped[Utc]
    seen: Mapped[Utc]


class Chunk(Base):
    """A block of notifications (or imported samples) of one sensor: immutable, never a row each."""

    __tablename__ = "chunk"
    __table_args__ = (Index(None, "trial_id"),)

    id: Mapped[Id]
    trial_id: Mapped[int] = mapped_column(ForeignKey("trial.id"))
    sensor: Mapped[int]
    seq: Mapped[int]
    kind: Mapped[Code]
    codec: Mapped[int]
    count: Mapped[int]
    start_us: Mapped[Microseconds]
    end_us: Mapped[Microseconds]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class Event(Base):
    """Something that happened during a trial."""

    __tablename__ = "event"
    __table_args__ = CLUSTERED

    trial_id: Mapped[int] = mapped_column(ForeignKey("trial.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    t_us: Mapped[Microseconds]
    kind: Mapped[Code]
    text: Mapped[Prose]


class Remark(Base):
    """What somebody said about a trial afterwards: the newest of a kind is shown, older ones stay.

    `kind` is `note`, `pain_nrs`, `examiner` or `end_point`.
    """

    __tablename__ = "remark"

    id: Mapped[Id]
    trial_id: Mapped[int] = mapped_column(ForeignKey("trial.id"), index=True)
    utc: Mapped[Utc]
    kind: Mapped[Code]
    text: Mapped[Prose]


class Result(Base):
    """One outcome of one trial and what made it; `body` is the whole of it as JSON."""

    __tablename__ = "result"

    id: Mapped[Id]
    trial_id: Mapped[int] = mapped_column(ForeignKey("trial.id"), index=True)
    kind: Mapped[Code]
    software: Mapped[Code]
    algorithm: Mapped[int]
    protocol_version: Mapped[int | None]
    calibration: Mapped[Prose]
    tilt: Mapped[Code]
    filter: Mapped[Code | None]
    grade: Mapped[Code]
    reasons: Mapped[Prose]
    created: Mapped[Utc]
    body: Mapped[Prose]


class Repetition(Base):
    """The main figures of one repetition of one result, for queries."""

    __tablename__ = "repetition"
    __table_args__ = CLUSTERED

    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    start_s: Mapped[Seconds]
    end_s: Mapped[Seconds]
    tot_deg: Mapped[Degrees | None]
    hip_deg: Mapped[Degrees | None]
    comp_deg: Mapped[Degrees | None]
    lum_deg: Mapped[Degrees | None]
    share_pct: Mapped[Percent | None]
    slope: Mapped[Ratio | None]
    hip_at_c5_deg: Mapped[Degrees | None]
    early_pct: Mapped[Percent | None]
    lag_s: Mapped[Seconds | None]
    out_of_plane_deg: Mapped[Degrees | None]
    drift_deg: Mapped[Degrees | None]
    peak_rate_deg_s: Mapped[DegreesPerSecond | None]
    grade: Mapped[Code]
    reasons: Mapped[Prose]


class ReliabilityStudy(Base):
    """A study of this site whose standard error of measurement was adopted.

    `value` is in `unit`; `body` is all that the study said, as JSON. The newest row of a protocol
    and measure is the one that counts; older ones stay.
    """

    __tablename__ = "reliability_study"

    id: Mapped[Id]
    protocol: Mapped[Code]
    measure: Mapped[Code]
    unit: Mapped[Code]
    value: Mapped[Figure]
    form: Mapped[Code]
    icc: Mapped[Ratio]
    people: Mapped[int]
    repeats: Mapped[int]
    design: Mapped[Prose]
    utc: Mapped[Utc]
    body: Mapped[Prose]


class Audit(Base):
    """Who changed what, when; `hash` covers the entry and the hash before it."""

    __tablename__ = "audit"

    id: Mapped[Id]
    utc: Mapped[Utc]
    who: Mapped[Code]
    action: Mapped[Code]
    target: Mapped[Code]
    detail: Mapped[Prose]
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
