"""What is said about a trial after it was recorded: appended, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from collector.store.instants import now, text_of
from collector.store.rows import RemarkKind, RemarkRow
from collector.store.subjects import check_code
from schemas.errors import UsageError
from schemas.tables import Remark, Session, Subject, Trial

LONGEST_NOTE: Final = 2000
"""Characters of one remark."""
WORST_PAIN: Final = 10.0


def add(connection: Connection, trial: int, said: Mapping[RemarkKind, str]) -> None:
    """Append one remark of every kind that is named; raise `UsageError` for a text it cannot be."""
    for kind, text in said.items():
        _check(kind, text)
    utc = now()
    rows = [{"trial_id": trial, "utc": utc, "kind": k, "text": text} for k, text in said.items()]
    connection.execute(insert(Remark), rows)


def rows(
    connection: Connection, *, trial: int | None = None, subject: str | None = None
) -> tuple[RemarkRow, ...]:
    """Return the remarks of one trial, of one subject's trials, or all, oldest first."""
    query = select(Remark.id, Remark.trial_id, Remark.utc, Remark.kind, Remark.text)
    if trial is not None:
        query = query.where(Remark.trial_id == trial)
    if subject is not None:
        query = query.join(Trial, Trial.id == Remark.trial_id)
        query = query.join(Session, Session.id == Trial.session_id)
        query = query.join(Subject, Subject.id == Session.subject_id).where(Subject.code == subject)
    found: Iterable[Any] = connection.execute(query.order_by(Remark.id))
    return tuple(
        RemarkRow(number, of, text_of(utc), cast("RemarkKind", kind), text)
        for number, of, utc, kind, text in found
    )


def _check(kind: RemarkKind, text: str) -> None:
    if kind == "examiner":
        check_code(text, "examiner")
    if len(text) > LONGEST_NOTE:
        raise UsageError(
            f"A remark has at most {LONGEST_NOTE} characters and this one has {len(text)}:"
            " shorten it.",
            reason="remark_too_long",
        )
    if kind == "pain_nrs" and not _is_pain(text):
        raise UsageError(
            f"Pain is a number from 0 to 10 in steps of 0.5, got {text!r}: correct it.",
            reason="bad_pain",
        )


def _is_pain(text: str) -> bool:
    try:
        value = float(text)
    except ValueError:
        return False
    return 0.0 <= value <= WORST_PAIN and (2.0 * value).is_integer()
