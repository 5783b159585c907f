"""As much of a damaged database as can be read, in a new one; the damaged one stays as it is."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from collector.store import audit, mending, migrate, opening
from collector.store.failures import failures, store_error
from collector.store.newfile import new_file
from collector.store.recorder import RecordingLock
from collector.store.store import Store
from collector.store.unearth import Unearthed
from schemas.errors import StoreError

TABLES: Final = {
    "site": "id",
    "subject": "id",
    "session": "id",
    "trial": "id",
    "calibration": "id",
    "sensor_use": "trial_id",
    "assignment": "alias",
    "chunk": "id",
    "event": "trial_id",
    "result": "id",
    "repetition": "result_id",
    "audit": "id",
}
"""What is read, in this order, and by which key."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """How many rows of each table were read, and one sentence for everything that was not."""

    path: Path
    rows: dict[str, int]
    lost: tuple[str, ...]


def recover(
    source: Path, target: Path, after_each: Callable[[], object] = lambda: None
) -> Recovered:
    """Read `source` row by row into the new database `target`.

    Trials of which something is missing are marked; `after_each` is called once for every table.

    Raises
    ------
    UsageError
        `file_exists`: nothing is overwritten.
    StoreError
        `not_a_database`, `foreign_database`, `beyond_recovery` where nothing can be read; `locked`
        while another program records into it.
    """
    opening.prepare(source, create=False)
    _check_idle(source)
    with new_file(target) as draft, failures(source), _aside(source, target) as damaged:
        version = _version(damaged, source)
        opening.fill(draft, version)
        lost: list[str] = []
        with closing(sqlite3.connect(draft, isolation_level=None)) as whole:
            rows = _copied(damaged, whole, lost, after_each)
            if not any(rows.values()):
                raise store_error("beyond recovery", source)
            lost += mending.mend_references(whole)
        _mend(draft, source, lost)
        return Recovered(target, rows, tuple(lost))


def _check_idle(source: Path) -> None:
    try:
        idle = RecordingLock(source).free()
    except StoreError:  # where nobody may write, nobody records
        return
    if not idle:
        raise store_error("SQLITE_BUSY", source)


@contextmanager
def _aside(source: Path, target: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection to a copy with its log: opening the file itself might change it."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
        copy = Path(folder) / "damaged.db"
        for ending in ("", "-wal"):
            part = source.with_name(source.name + ending)
            if part.exists():
                shutil.copyfile(part, copy.with_name(copy.name + ending))
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            yield connection


def _version(damaged: sqlite3.Connection, source: Path) -> str:
    """Return the version of the schema; where that cannot be read, ours is tried."""
    try:
        (version,) = damaged.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.DatabaseError, TypeError):
        return migrate.HEAD
    migrate.needs_upgrade(str(version), source)
    return str(version)


def _copied(
    damaged: sqlite3.Connection,
    whole: sqlite3.Connection,
    lost: list[str],
    after_each: Callable[[], object],
) -> dict[str, int]:
    there = {name for (name,) in whole.execute("SELECT name FROM sqlite_schema")}
    counts = {}
    for table in TABLES:
        if table in there:
            counts[table], refused, broken = _copied_table(damaged, whole, table)
            if refused or broken:
                lost.append(f"A part of the table {table} cannot be read.")
        after_each()
    return counts


def _copied_table(
    damaged: sqlite3.Connection, whole: sqlite3.Connection, table: str
) -> tuple[int, int, bool]:
    """Copy what can be read; return how many rows, how many did not fit, and whether it broke."""
    columns = [column[1] for column in whole.execute(f"PRAGMA table_info({table})")]
    source = Unearthed(damaged, table, TABLES[table])
    marks = ", ".join("?" * len(columns))
    count = refused = 0
    whole.execute("BEGIN")
    for row in source.rows(", ".join(f'"{column}"' for column in columns)):
        try:
            whole.execute(f"INSERT INTO {table} VALUES ({marks})", row)
            count += 1
        except sqlite3.IntegrityError:
            refused += 1
    whole.execute("COMMIT")
    return count, refused, source.broken


def _mend(draft: Path, source: Path, lost: list[str]) -> None:
    """Bring the new database to our version, and every trial and the trail in order."""
    engine = opening.engine_of(draft, wait_s=0.0)
    with Store(draft, engine, 0.0) as store:
        with store._writing() as connection:
            if migrate.version_of(connection) != migrate.HEAD:
                migrate.upgrade(connection)
        with store._writing() as connection:
            lost += mending.mend_trials(connection)
            broken = mending.mend_audit(connection)
            lost += [broken] if broken else []
            audit.record(connection, "db.recover", "database", "\n".join(lost) or source.name)
