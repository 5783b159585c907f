"""Which sensor is worn on which segment at this site."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final, cast

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.engine import Connection, Row

from collector.store.instants import now, text_of
from collector.store.rows import AssignmentRow
from schemas.segments import Segment
from schemas.tables import Assignment

_ADDRESS: Final = re.compile(
    r"(?:[0-9a-f]{2}[:-]){2,}[0-9a-f]{2}"  # written in pairs
    r"|[0-9a-f]{4,}(?![0-9a-z])",  # a word, or the end of one, of hexadecimal digits
    re.IGNORECASE,
)


def name_to_keep(name: str) -> str:
    """Return an advertised name without what may be of an address or a serial number."""
    return " ".join(_ADDRESS.sub(" ", name).split()).strip(" -_:.")[:64]


def put(connection: Connection, row: AssignmentRow) -> tuple[AssignmentRow, ...]:
    """Assign a sensor (`since` and `seen` are ignored); return what had to give way."""
    same = or_(Assignment.alias == row.alias, Assignment.segment == row.segment)
    before = tuple(map(_row, connection.execute(_ROWS.where(same))))
    connection.execute(delete(Assignment).where(same))
    utc = now()
    values = {
        "alias": row.alias,
        "segment": row.segment,
        "profile": row.profile_id,
        "name": name_to_keep(row.name),
        "since": utc,
        "seen": utc,
    }
    connection.execute(insert(Assignment), values)
    return before


def remove(connection: Connection, segment: Segment) -> AssignmentRow | None:
    """Forget who is worn on a segment; return who was."""
    found = connection.execute(_ROWS.where(Assignment.segment == segment)).one_or_none()
    connection.execute(delete(Assignment).where(Assignment.segment == segment))
    return None if found is None else _row(found)


def every(connection: Connection) -> tuple[AssignmentRow, ...]:
    """Return all assignments in the order of their segments."""
    return tuple(map(_row, connection.execute(_ROWS.order_by(Assignment.segment))))


def saw(connection: Connection, aliases: Collection[str]) -> None:
    """Note that sensors were there just now."""
    connection.execute(update(Assignment).where(Assignment.alias.in_(aliases)).values(seen=now()))


_ROWS = select(
    Assignment.alias,
    Assignment.segment,
    Assignment.profile,
    Assignment.name,
    Assignment.since,
    Assignment.seen,
)


def _row(row: Row[*tuple[Any, ...]]) -> AssignmentRow:
    alias, segment, profile, name, since, seen = row
    return AssignmentRow(
        alias, cast("Segment", segment), profile, name, text_of(since), text_of(seen)
    )
