"""Studies of the site's own error that were adopted: the newest of a test and measure counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection, Row

from collector.store.instants import instant_of, now, text_of
from schemas.progress import SiteSem
from schemas.tables import ReliabilityStudy


def add(connection: Connection, sem: SiteSem, body: Mapping[str, object]) -> int:
    """Insert a study; return its number. An empty `utc` is now."""
    values = {
        "protocol": sem.protocol,
        "measure": sem.measure,
        "unit": sem.unit,
        "value": sem.value,
        "form": sem.form,
        "icc": sem.icc,
        "people": sem.people,
        "repeats": sem.repeats,
        "design": sem.design,
        "utc": instant_of(sem.utc) if sem.utc else now(),
        "body": json.dumps(body, allow_nan=False),
    }
    return connection.execute(
        insert(ReliabilityStudy).values(values).returning(ReliabilityStudy.id)
    ).scalar_one()


def newest(connection: Connection) -> tuple[SiteSem, ...]:
    """Return the newest study of every test and measure, in their order."""
    found: dict[tuple[str, str], SiteSem] = {}
    for row in connection.execute(_STUDIES):
        sem = _sem(row)
        found[sem.protocol, sem.measure] = sem
    return tuple(found[key] for key in sorted(found))


_STUDIES = select(
    ReliabilityStudy.protocol,
    ReliabilityStudy.measure,
    ReliabilityStudy.unit,
    ReliabilityStudy.value,
    ReliabilityStudy.form,
    ReliabilityStudy.icc,
    ReliabilityStudy.people,
    ReliabilityStudy.repeats,
    ReliabilityStudy.design,
    ReliabilityStudy.utc,
    ReliabilityStudy.id,
).order_by(ReliabilityStudy.utc, ReliabilityStudy.id)


def _sem(row: Row[*tuple[Any, ...]]) -> SiteSem:
    *head, utc, number = row
    values: tuple[Any, ...] = (*head, text_of(utc), number)
    return SiteSem(*values)
