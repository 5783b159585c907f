"""Trials: what a recording's head says and what became of it, written and listed."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any, cast

from sqlalchemy import ScalarSelect, func, insert, select, update
from sqlalchemy.engine import Connection, Row

from collector.store import calibrations
from collector.store.instants import instant_of, text_of
from collector.store.rows import RemarkKind, TrialRow, TrialState
from collector.store.subjects import check_code
from schemas.errors import StoreError
from schemas.recording import Event, RecordingInfo, SensorUse
from schemas.segments import Segment
from schemas.tables import Event as EventTable
from schemas.tables import Remark, Result, Session, Subject, Trial
from schemas.tables import SensorUse as SensorUseTable


def insert_trial(
    connection: Connection,
    session: int,
    info: RecordingInfo,
    *,
    state: TrialState,
    protocol_version: int | None,
) -> int:
    """Insert the head of a recording and its sensors; return the trial's number."""
    if info.examiner:
        check_code(info.examiner, "examiner")
    values = {
        "session_id": session,
        "protocol_version": protocol_version,
        "state": state,
        "state_reason": "",
        **_head(info),
    }
    trial = connection.execute(insert(Trial).values(values).returning(Trial.id)).scalar_one()
    insert_sensors(connection, trial, info.sensors)
    return trial


def insert_sensors(connection: Connection, trial: int, uses: Sequence[SensorUse]) -> None:
    """Insert the sensors of a trial, in the recording's order."""
    rows = [
        {
            "trial_id": trial,
            "n": n,
            "segment": use.segment,
            "profile": use.profile_id,
            "profile_version": use.profile_version,
            "alias": use.alias,
            "clock": use.clock,
            "mode": use.mode,
            "nominal_rate_hz": use.nominal_rate_hz,
            "axis": use.axis,
            "placement": use.placement,
            "firmware": use.firmware,
            "calibration_id": calibrations.id_of(connection, use),
            "kept": calibrations.kept_to_text(use.kept),
        }
        for n, use in enumerate(uses)
    ]
    if rows:
        connection.execute(insert(SensorUseTable), rows)


def update_head(connection: Connection, trial: int, info: RecordingInfo) -> None:
    """Replace what is known better at the end of a recording: windows, note, redactions."""
    connection.execute(update(Trial).where(Trial.id == trial).values(_head(info)))
    for n, use in enumerate(info.sensors):
        connection.execute(
            update(SensorUseTable)
            .where(SensorUseTable.trial_id == trial, SensorUseTable.n == n)
            .values(
                firmware=use.firmware,
                axis=use.axis,
                placement=use.placement,
                calibration_id=calibrations.id_of(connection, use),
                kept=calibrations.kept_to_text(use.kept),
            )
        )


def insert_events(
    connection: Connection, trial: int, events: Sequence[Event], first: int = 0
) -> None:
    """Append events to a trial, numbered from `first`."""
    rows = [
        {"trial_id": trial, "n": n, "t_us": event.t_us, "kind": event.kind, "text": event.text}
        for n, event in enumerate(events, first)
    ]
    if rows:
        connection.execute(insert(EventTable), rows)


def set_state(connection: Connection, trial: int, state: TrialState, reason: str = "") -> None:
    """Say what became of a trial."""
    connection.execute(
        update(Trial).where(Trial.id == trial).values(state=state, state_reason=reason)
    )


def set_hash(connection: Connection, trial: int, sha256: str) -> None:
    """Keep the hash of the raw bytes of a closed trial."""
    connection.execute(update(Trial).where(Trial.id == trial).values(raw_sha256=sha256))


def rows(
    connection: Connection,
    *,
    subject: str | None = None,
    protocol: str | None = None,
    state: TrialState | None = None,
    trial: int | None = None,
) -> tuple[TrialRow, ...]:
    """Return the trials that match, oldest first."""
    wanted = {Subject.code: subject, Trial.protocol: protocol, Trial.state: state, Trial.id: trial}
    conditions = [column == value for column, value in wanted.items() if value is not None]
    found = connection.execute(_LIST.where(*conditions)).all()
    numbers = [row.id for row in found]
    segments: dict[int, list[Segment]] = {number: [] for number in numbers}
    uses = select(SensorUseTable.trial_id, SensorUseTable.segment)
    if trial is not None:
        uses = uses.where(SensorUseTable.trial_id == trial)
    for number, segment in connection.execute(uses.order_by(SensorUseTable.n)):
        if number in segments:
            segments[number].append(cast("Segment", segment))
    return tuple(_trial_row(row, segments[row.id]) for row in found)


def numbers_open(connection: Connection) -> tuple[int, ...]:
    """Return the trials that are being recorded or that a crash left open."""
    query = select(Trial.id).where(Trial.state == "open").order_by(Trial.id)
    return tuple(connection.execute(query).scalars())


def count(connection: Connection) -> int:
    """Return how many trials there are."""
    return connection.execute(select(func.count(Trial.id))).scalar_one()


def row(connection: Connection, trial: int) -> TrialRow:
    """Return one trial, or raise `StoreError` `no_such_trial` naming those that exist."""
    found = rows(connection, trial=trial)
    if not found:
        raise no_such_trial(connection, trial)
    return found[0]


def check_exist(connection: Connection, numbers: Collection[int]) -> None:
    """Raise `StoreError` `no_such_trial` for the first number that no trial has."""
    low, high = min(numbers), max(numbers)
    there = connection.execute(select(Trial.id).where(Trial.id.between(low, high))).scalars()
    missing = sorted(set(numbers) - set(there))
    if missing:
        raise no_such_trial(connection, missing[0])


def no_such_trial(connection: Connection, trial: int) -> StoreError:
    """Return the error that names the trials there are."""
    low, high = connection.execute(select(func.min(Trial.id), func.max(Trial.id))).one()
    there = "there are none yet" if low is None else f"expected {low} to {high}"
    return StoreError(
        f"There is no trial {trial}: {there}; `hipgonio trials list` shows them.",
        reason="no_such_trial",
    )


def _newest(kind: RemarkKind) -> ScalarSelect[str]:
    """Return what was said of a trial last, as a part of a query."""
    return (
        select(Remark.text)
        .where(Remark.trial_id == Trial.id, Remark.kind == kind)
        .order_by(Remark.id.desc())
        .limit(1)
        .scalar_subquery()
    )


_LIST = (
    select(
        Trial.id,
        Trial.session_id,
        Subject.code,
        Trial.utc,
        Trial.protocol,
        Trial.protocol_version,
        Trial.side,
        func.coalesce(_newest("note"), Trial.note).label("note"),
        Trial.state,
        Trial.state_reason,
        Trial.raw_sha256,
        func.coalesce(_newest("examiner"), Trial.examiner).label("examiner"),
        select(Result.grade)
        .where(Result.trial_id == Trial.id, Result.kind == "stored")
        .order_by(Result.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("grade"),
    )
    .join(Session, Session.id == Trial.session_id)
    .join(Subject, Subject.id == Session.subject_id)
    .order_by(Trial.id)
)


def _head(info: RecordingInfo) -> dict[str, Any]:
    reference, sweep, upright = info.reference, info.sweep, info.upright
    return {
        "utc": instant_of(info.utc),
        "protocol": info.protocol,
        "side": info.side,
        "origin_s": info.origin_s,
        "reference_start_s": reference.start_s if reference else None,
        "reference_end_s": reference.end_s if reference else None,
        "sweep_start_s": sweep.start_s if sweep else None,
        "sweep_end_s": sweep.end_s if sweep else None,
        "note": info.note,
        "redacted": json.dumps(info.redacted),
        "protocol_text": info.protocol_text,
        "faults": json.dumps(info.faults),
        "upright_start_s": upright.start_s if upright else None,
        "upright_end_s": upright.end_s if upright else None,
        "examiner": info.examiner or None,
    }


def _trial_row(row: Row[*tuple[Any, ...]], segments: list[Segment]) -> TrialRow:
    return TrialRow(
        id=row.id,
        session=row.session_id,
        subject=row.code,
        utc=text_of(row.utc),
        protocol=row.protocol,
        protocol_version=row.protocol_version,
        side=row.side,
        segments=tuple(segments),
        note=row.note,
        state=row.state,
        state_reason=row.state_reason,
        raw_sha256=row.raw_sha256,
        grade=row.grade,
        examiner=row.examiner or "",
    )
