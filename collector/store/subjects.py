"""Subjects and sessions: who was measured (by code only), and in which visit."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection, Row

from collector.store import audit
from collector.store.instants import now, text_of
from collector.store.rows import SessionRow, SubjectRow
from schemas.errors import StoreError, UsageError
from schemas.tables import Session, Subject, Trial

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


def check_code(code: str, whose: Literal["subject", "examiner"] = "subject") -> str:
    """Return `code` if it can be a person's: short, no spaces, nothing like an e-mail address."""
    if _CODE.fullmatch(code):
        return code
    example = "S-0007" if whose == "subject" else "EX-2"
    raise UsageError(
        f"The {whose} code {code!r} cannot be used: expected up to 32 letters, digits, dots, "
        f"dashes or underscores such as {example}, never a name or an e-mail address.",
        reason=f"bad_{whose}_code",
    )


def add(connection: Connection, row: SubjectRow) -> str:
    """Insert a subject (its `id` and `created` are ignored); an empty code is generated."""
    code = check_code(row.code) if row.code else _new_code(connection)
    if _id(connection, code) is not None:
        raise StoreError(
            f"There is a subject {code} already: expected a new code; choose another.",
            reason="subject_exists",
        )
    values = {
        "code": code,
        "birth_year": row.birth_year,
        "sex": row.sex,
        "height_m": row.height_m,
        "mass_kg": row.mass_kg,
        "created": now(),
    }
    connection.execute(insert(Subject), values)
    return code


def get(connection: Connection, code: str) -> SubjectRow:
    """Return the subject of that code, or raise `StoreError` `no_such_subject`."""
    found = connection.execute(_SUBJECTS.where(Subject.code == code)).one_or_none()
    if found is None:
        raise StoreError(
            f"There is no subject {code!r}: expected one that `hipgonio subjects list` shows.",
            reason="no_such_subject",
        )
    return _subject(found)


def change(connection: Connection, asked: SubjectRow) -> str:
    """Give the subject of that code the year of birth and sex of `asked`; return what changed."""
    before = get(connection, asked.code)
    values = {"birth_year": asked.birth_year, "sex": asked.sex}
    changed = {name: new for name, new in values.items() if getattr(before, name) != new}
    if changed:
        connection.execute(update(Subject).where(Subject.code == asked.code).values(**changed))
    return "; ".join(f"{name} {getattr(before, name)} -> {new}" for name, new in changed.items())


def every(connection: Connection) -> tuple[SubjectRow, ...]:
    """Return all subjects in the order of their codes."""
    return tuple(map(_subject, connection.execute(_SUBJECTS.order_by(Subject.code))))


def sessions(connection: Connection, code: str | None) -> tuple[SessionRow, ...]:
    """Return the sessions of one subject, or of all, oldest first."""
    query = (
        select(Session.id, Subject.code, Session.utc, Session.note, func.count(Trial.id))
        .join(Subject, Subject.id == Session.subject_id)
        .outerjoin(Trial, Trial.session_id == Session.id)
        .group_by(Session.id, Subject.code, Session.utc, Session.note)
        .order_by(Session.utc, Session.id)
    )
    if code is not None:
        query = query.where(Subject.code == get(connection, code).code)
    return tuple(
        SessionRow(i, subject, text_of(utc), note, trials)
        for i, subject, utc, note, trials in connection.execute(query)
    )


def session_for(connection: Connection, code: str | None, utc: datetime, *, note: str) -> int:
    """Return the subject's session of that day; what is missing is made, and audited."""
    subject_id = None if code is None else _id(connection, check_code(code))
    if subject_id is None:
        code = add(connection, SubjectRow(0, code or "", None, None, None, None, ""))
        audit.record(connection, "subject.add", f"subject {code}")
        subject_id = _id(connection, code)
    rows = connection.execute(
        select(Session.id, Session.utc).where(Session.subject_id == subject_id)
    )
    for session, began in rows:
        if began.date() == utc.date():
            return session
    values = {"subject_id": subject_id, "utc": utc, "note": note}
    session = connection.execute(insert(Session).values(values).returning(Session.id)).scalar_one()
    audit.record(connection, "session.add", f"session {session}")
    return session


_SUBJECTS = select(
    Subject.id,
    Subject.code,
    Subject.birth_year,
    Subject.sex,
    Subject.height_m,
    Subject.mass_kg,
    Subject.created,
)


def _subject(row: Row[*tuple[Any, ...]]) -> SubjectRow:
    values: tuple[Any, ...] = (*row[:-1], text_of(row[-1]))
    return SubjectRow(*values)


def _id(connection: Connection, code: str) -> int | None:
    return connection.execute(select(Subject.id).where(Subject.code == code)).scalar_one_or_none()


def _new_code(connection: Connection) -> str:
    number = (connection.execute(select(func.max(Subject.id))).scalar() or 0) + 1
    while _id(connection, f"S-{number:04d}") is not None:
        number += 1
    return f"S-{number:04d}"
