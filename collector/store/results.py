"""Results: the whole outcome as JSON, its main figures as columns, old ones beside new ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.engine import Connection, Row

from collector.store.instants import now, text_of
from collector.store.rows import ResultKind, ResultRow
from collector.store.trials import check_exist
from schemas.errors import StoreError
from schemas.result import Reason, TrialResult
from schemas.result_json import result_from_json, result_to_json
from schemas.tables import Repetition, Result

_FIGURES = tuple(
    column.key
    for column in Repetition.__table__.columns
    if column.key not in ("result_id", "reasons")
)


def add(
    connection: Connection, outcomes: Mapping[int, TrialResult], kind: ResultKind
) -> tuple[int, ...]:
    """Insert one result per trial, all with their repetitions; return their numbers."""
    highest = connection.execute(select(func.max(Result.id))).scalar() or 0
    numbers = range(highest + 1, highest + 1 + len(outcomes))
    created = now()
    rows = [
        {"id": number, "trial_id": trial, "kind": kind, "created": created, **_columns(outcome)}
        for number, (trial, outcome) in zip(numbers, outcomes.items(), strict=True)
    ]
    repetitions = [
        {"result_id": number, "reasons": _codes(repetition.reasons)}
        | {name: getattr(repetition, name) for name in _FIGURES}
        for number, outcome in zip(numbers, outcomes.values(), strict=True)
        for repetition in outcome.repetitions
    ]
    if rows:
        connection.execute(insert(Result), rows)
    if repetitions:
        connection.execute(insert(Repetition), repetitions)
    return tuple(numbers)


def latest(connection: Connection, trial: int, kind: ResultKind) -> TrialResult:
    """Return the newest result of that kind, or raise `StoreError` `no_result`."""
    found = connection.execute(_LATEST, {"trial": trial, "kind": kind}).one_or_none()
    if found is None:
        check_exist(connection, (trial,))
        raise StoreError(
            f"Trial {trial} has no {kind} result: expected one; make it with "
            f"`hipgonio trials rescore {trial}`.",
            reason="no_result",
        )
    try:
        return result_from_json(found.body)
    except (ValueError, TypeError, AttributeError) as error:
        raise StoreError(
            f"Result {found.id} of trial {trial} cannot be read ({error}): expected one that this "
            f"version knows; make a new one with `hipgonio trials rescore {trial}`.",
            reason="damaged_result",
        ) from error


def rows(connection: Connection, trial: int) -> tuple[ResultRow, ...]:
    """Return all results of a trial, oldest first."""
    return tuple(map(_row, connection.execute(_ROWS, {"trial": trial})))


_LATEST = (
    select(Result.id, Result.body)
    .where(Result.trial_id == bindparam("trial"), Result.kind == bindparam("kind"))
    .order_by(Result.id.desc())
    .limit(1)
)

_ROWS = (
    select(
        Result.id,
        Result.trial_id,
        Result.kind,
        Result.software,
        Result.algorithm,
        Result.protocol_version,
        Result.calibration,
        Result.tilt,
        Result.filter,
        Result.grade,
        Result.reasons,
        Result.created,
    )
    .where(Result.trial_id == bindparam("trial"))
    .order_by(Result.id)
)


def _row(row: Row[*tuple[Any, ...]]) -> ResultRow:
    *known, reasons, created = row
    values: tuple[Any, ...] = (*known, tuple(reasons.split()), text_of(created))
    return ResultRow(*values)


def _columns(outcome: TrialResult) -> dict[str, Any]:
    versions = outcome.versions
    return {
        "software": versions.hipgonio,
        "algorithm": versions.algorithm,
        "protocol_version": versions.protocol,
        "calibration": _calibration(outcome),
        "tilt": versions.tilt,
        "filter": versions.filter,
        "grade": outcome.grade,
        "reasons": _codes(outcome.reasons),
        "body": result_to_json(outcome),
    }


def _calibration(outcome: TrialResult) -> str:
    """Return when the sensors were calibrated, which is what tells calibrations apart."""
    dates = {s.acc_calibration_utc for s in outcome.certificate.sensors.values()} - {None}
    return " ".join(sorted(filter(None, dates)))


def _codes(reasons: tuple[Reason, ...]) -> str:
    return " ".join(reason.code for reason in reasons)
