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
    "remark": "id",
    "result": "id",
    "repetition": "result_id",
    "reliability_study": "id",
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
            counts[table] = _copied_table(damaged, whole, table, lost)
        after_each()
    return counts


def _copied_table(
    damaged: sqlite3.Connection, whole: sqlite3.Connection, table: str, lost: list[str]
) -> int:
    """Copy what can be read, say what cannot; return how many rows."""
    source = Unearthed(damaged, table, TABLES[table])
    ours = whole.execute(f"PRAGMA table_info({table})").fetchall()
    theirs = source.columns() or tuple(name for _, name, *_ in ours)
    lost += _differences(table, {name for _, name, *_ in ours}, set(theirs))
    wanted = ", ".join(
        f'"{name}"' if name in theirs else _stand_in(kind, needed=bool(needed))
        for _, name, kind, needed, *_ in ours
    )
    marks = ", ".join("?" * len(ours))
    count = refused = 0
    whole.execute("BEGIN")
    for row in source.rows(wanted):
        try:
            whole.execute(f"INSERT INTO {table} VALUES ({marks})", row)
            count += 1
        except sqlite3.IntegrityError:
            refused += 1
    whole.execute("COMMIT")
    if refused or source.broken:
        lost.append(f"A part of the table {table} cannot be read.")
    return count


def _differences(table: str, ours: set[str], theirs: set[str]) -> list[str]:
    """Say which columns had nothing to copy from, or nowhere to go: SQLite itself would not."""
    return [
        *(
            f"The table {table} has no column {name}: it was left empty."
            for name in sorted(ours - theirs)
        ),
        *(
            f"The column {name} of the table {table} was not copied."
            for name in sorted(theirs - ours)
        ),
    ]


def _stand_in(kind: str, *, needed: bool) -> str:
    """Return what stands in a column that the damaged file does not have, as SQL."""
    if not needed:
        return "NULL"
    return "''" if "CHAR" in kind or "TEXT" in kind else "0"


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
