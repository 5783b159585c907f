"""What was read from a damaged database, made fit to be used: nothing refers to what is lost."""

from __future__ import annotations

import sqlite3

from sqlalchemy import delete, select
from sqlalchemy.engine import Connection

from collector.store import audit, packing, recordings, trials
from collector.store.codec import CODEC, decode_chunk
from collector.store.instants import now
from collector.store.rows import TrialRow
from schemas.errors import StoreError
from schemas.tables import Audit, Trial
from schemas.tables import Chunk as ChunkTable

LOST = "recovered from a damaged database"


def mend_references(connection: sqlite3.Connection) -> list[str]:
    """Give orphans a stand-in where one is possible, drop the others; return what was lost."""
    utc = now().strftime("%Y-%m-%d %H:%M:%S.%f")
    for statement, values in (
        (
            "INSERT INTO session (id, subject_id, utc, note) SELECT DISTINCT session_id, 0, ?, ? "
            "FROM trial WHERE session_id NOT IN (SELECT id FROM session)",
            (utc, LOST),
        ),
        (
            "INSERT INTO subject (id, code, created) SELECT DISTINCT subject_id, "
            "'RECOVERED-' || subject_id, ? FROM session "
            "WHERE subject_id NOT IN (SELECT id FROM subject)",
            (utc,),
        ),
        (
            "UPDATE sensor_use SET calibration_id = NULL WHERE calibration_id NOT IN "
            "(SELECT id FROM calibration)",
            (),
        ),
        ("UPDATE calibration SET trial_id = NULL WHERE trial_id NOT IN (SELECT id FROM trial)", ()),
    ):
        connection.execute(statement, values)
    lost = _nameless_dropped(connection)
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    children = [table for table in _CHILDREN if table in there]  # an older database has fewer
    return lost + [text for table in children for text in _orphans_dropped(connection, table)]


_CHILDREN = ("sensor_use", "chunk", "event", "remark", "result", "repetition")


def _orphans_dropped(connection: sqlite3.Connection, table: str) -> list[str]:
    parent = "result" if table == "repetition" else "trial"
    where = f"{parent}_id NOT IN (SELECT id FROM {parent})"
    found = connection.execute(
        f"SELECT {parent}_id, count(*) FROM {table} WHERE {where} GROUP BY 1"
    ).fetchall()
    connection.execute(f"DELETE FROM {table} WHERE {where}")
    return [
        f"{count} rows of {table}: the {parent} {number} that they belong to cannot be read."
        for number, count in found
    ]


def _nameless_dropped(connection: sqlite3.Connection) -> list[str]:
    """Where one sensor of several is missing, nobody knows which bytes are whose."""
    found = connection.execute(
        "SELECT trial_id FROM sensor_use GROUP BY trial_id HAVING max(n) + 1 != count(*)"
    ).fetchall()
    for table in ("chunk", "sensor_use"):
        connection.executemany(f"DELETE FROM {table} WHERE trial_id = ?", found)
    return [f"Trial {number}: which sensor was worn where cannot be read." for (number,) in found]


def mend_trials(connection: Connection) -> list[str]:
    """Mend every trial; return what is to be said."""
    said = []
    for number in connection.execute(select(Trial.id).order_by(Trial.id)).scalars().all():
        try:
            said.append(_mend_trial(connection, trials.row(connection, number)))
        except (ValueError, TypeError, KeyError, StoreError) as error:
            said.append(f"Trial {number}: its head cannot be read ({error}).")
    return [sentence for sentence in said if sentence]


def _mend_trial(connection: Connection, row: TrialRow) -> str | None:
    """Drop what cannot be unpacked, mark what is not whole; return what is to be said of it."""
    uses = len(row.segments)
    query = select(
        ChunkTable.id, ChunkTable.sensor, ChunkTable.codec, ChunkTable.count, ChunkTable.data
    ).where(ChunkTable.trial_id == row.id)
    bad = [
        number
        for number, sensor, codec, count, data in connection.execute(query).all()
        if sensor >= uses or not _unpacks(codec, count, data)
    ]
    for number in bad:
        connection.execute(delete(ChunkTable).where(ChunkTable.id == number))
    if row.state == "open":
        return f"Trial {row.id}: {len(bad)} chunks cannot be read." if bad else None
    if recordings.load(connection, row.id).sha256() == row.raw_sha256:
        return None
    packing.rewrite(connection, row.id)
    if row.state != "void":
        trials.set_state(connection, row.id, "salvaged", f"{LOST}: notifications are missing")
    return (
        f"Trial {row.id}: only a part of its notifications can be read; results that are kept "
        f"come from the whole, `hipgonio trials rescore {row.id}` makes one from the part."
    )


def _unpacks(codec: int, count: int, data: bytes) -> bool:
    try:
        return codec == CODEC and len(decode_chunk(data)) == count
    except (ValueError, TypeError):
        return False


def mend_audit(connection: Connection) -> str | None:
    """Hash the trail anew where entries are missing, and say so in it."""
    try:
        audit.verify(connection)
    except StoreError as error:
        entries = audit.entries(connection)
        connection.execute(delete(Audit))
        for entry in entries:
            audit.restore(connection, entry)
        return f"{error.message} {len(entries)} entries were kept and hashed anew."
    return None
