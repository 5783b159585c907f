"""/api/subjects: who is measured here, by pseudonymous code, and their visits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Final

from fastapi import APIRouter

from collector.store import Store
from collector.store.rows import SubjectRow
from collector.web.api.bodies.common import errors
from collector.web.api.bodies.subjects import (
    HistoryBody,
    SubjectAsked,
    SubjectBody,
    SubjectChange,
    SubjectLine,
    SubjectList,
    SubjectPart,
    VisitPart,
)
from collector.web.api.briefs import briefs
from collector.web.api.here import AtDesk, SubjectCode

routes: Final = APIRouter(prefix="/api/subjects", tags=["subjects"])


@routes.get("", summary="List the people", operation_id="listSubjects", responses=errors())
def list_subjects(desk: AtDesk) -> SubjectList:
    """Return everybody who is kept, in the order of their codes."""
    with desk.store() as store:
        subjects, trials = store.list_subjects(), store.list_trials()
        visits = Counter(session.subject for session in store.list_sessions())
    measured: dict[str, list[str]] = {}
    for trial in trials:
        measured.setdefault(trial.subject, []).append(trial.utc)
    return SubjectList(
        subjects=[_line(row, visits[row.code], measured.get(row.code, [])) for row in subjects]
    )


@routes.post(
    "",
    status_code=201,
    summary="Add a person",
    operation_id="addSubject",
    responses=errors(409),
)
def add_subject(asked: SubjectAsked, desk: AtDesk) -> SubjectBody:
    """Add a person under a code; without one the next free number is taken."""
    with desk.store() as store:
        row = store.add_subject(asked.code or None, birth_year=asked.birth_year, sex=asked.sex)
    return SubjectBody(subject=_part(row))


@routes.get(
    "/{code}", summary="Show a person's visits", operation_id="showSubject", responses=errors(404)
)
def show_subject(code: SubjectCode, desk: AtDesk) -> HistoryBody:
    """Return all visits and trials of one person, the newest first."""
    with desk.store() as store:
        row = store.subject(code)
        return HistoryBody(subject=_part(row), visits=_visits(store, row.code))


@routes.patch(
    "/{code}", summary="Correct a person", operation_id="changeSubject", responses=errors(404)
)
def change_subject(code: SubjectCode, asked: SubjectChange, desk: AtDesk) -> SubjectBody:
    """Correct sex or year of birth; what was before stays in the audit trail."""
    given = asked.model_fields_set
    with desk.store() as store:
        row = store.subject(code)
        row = store.change_subject(
            code,
            birth_year=asked.birth_year if "birth_year" in given else row.birth_year,
            sex=asked.sex if "sex" in given else row.sex,
        )
    return SubjectBody(subject=_part(row))


def _part(row: SubjectRow) -> SubjectPart:
    return SubjectPart(code=row.code, sex=row.sex, birth_year=row.birth_year, created=row.created)


def _line(row: SubjectRow, visits: int, measured: Collection[str]) -> SubjectLine:
    return SubjectLine(
        code=row.code,
        sex=row.sex,
        birth_year=row.birth_year,
        created=row.created,
        visits=visits,
        trials=len(measured),
        last_utc=max(measured, default=None),
    )


def _visits(store: Store, code: str) -> list[VisitPart]:
    trials = sorted(store.list_trials(subject=code), key=lambda t: (t.utc, t.id), reverse=True)
    remarks = store.remarks(subject=code)
    return [
        VisitPart(
            session=session.id,
            utc=session.utc,
            note=session.note,
            trials=briefs(store, (t for t in trials if t.session == session.id), remarks),
        )
        for session in reversed(store.list_sessions(code))
    ]
