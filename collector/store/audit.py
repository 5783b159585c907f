"""The audit trail: append-only, each entry hashed with the one before."""

from __future__ import annotations

import getpass
import hashlib
import json
from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from collector.store.instants import instant_of, now, text_of
from collector.store.rows import AuditRow
from schemas.errors import StoreError
from schemas.tables import Audit

_START = bytes(32)


def record(connection: Connection, action: str, target: str, detail: str = "") -> None:
    """Append one entry, in the transaction of the change that it tells of."""
    _append(connection, now(), AuditRow(0, "", _who(), action, target, detail))


def restore(connection: Connection, row: AuditRow) -> None:
    """Append an entry as it was, hashed with the one that is now before it."""
    _append(connection, instant_of(row.utc), row)


def _append(connection: Connection, utc: datetime, row: AuditRow) -> None:
    last = connection.execute(
        select(Audit.id, Audit.hash).order_by(Audit.id.desc()).limit(1)
    ).one_or_none()
    entry_id, before = (1, _START) if last is None else (last.id + 1, last.hash)
    row = AuditRow(entry_id, text_of(utc), row.who, row.action, row.target, row.detail)
    connection.execute(
        insert(Audit),
        {
            "id": entry_id,
            "utc": utc,
            "who": row.who,
            "action": row.action,
            "target": row.target,
            "detail": row.detail,
            "hash": _hash(before, row),
        },
    )


def entries(connection: Connection) -> tuple[AuditRow, ...]:
    """Return the trail from its beginning."""
    rows = connection.execute(select(Audit).order_by(Audit.id))
    return tuple(_row(r.id, r.utc, r.who, r.action, r.target, r.detail) for r in rows)


def verify(connection: Connection) -> int:
    """Return how many entries there are, or raise `StoreError` `audit_broken` naming the first."""
    before, count = _START, 0
    for r in connection.execute(select(Audit).order_by(Audit.id)):
        count += 1
        row = _row(r.id, r.utc, r.who, r.action, r.target, r.detail)
        if r.id != count or r.hash != _hash(before, row):
            raise StoreError(
                f"The audit trail is broken at entry {count}: expected an entry that follows from "
                "the one before; it was changed from outside, compare with a backup.",
                reason="audit_broken",
            )
        before = r.hash
    return count


def _who() -> str:
    try:
        return getpass.getuser()[:64]
    except (OSError, KeyError, ImportError):  # a system that knows no users
        return "unknown"


def _row(entry: int, utc: datetime, who: str, action: str, target: str, detail: str) -> AuditRow:
    return AuditRow(entry, text_of(utc.astimezone(UTC)), who, action, target, detail)


def _hash(before: bytes, row: AuditRow) -> bytes:
    fields = [row.id, row.utc, row.who, row.action, row.target, row.detail]
    return hashlib.sha256(before + json.dumps(fields).encode()).digest()
