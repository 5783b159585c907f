"""A copy of a database while it is in use, compared with it before it gets its name."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from collector.store import opening
from collector.store.failures import failures
from collector.store.newfile import new_file
from schemas.errors import StoreError

PAGES_AT_ONCE: Final = 2048


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup: its size, how many rows each table has, and a hash of all of them."""

    path: Path
    size_bytes: int
    rows: dict[str, int]
    sha256: str


def back_up(
    source: Path, target: Path, after_each: Callable[[], object] = lambda: None
) -> BackedUp:
    """Copy `source` as it is at this moment to the new file `target`.

    Others may read and record meanwhile. The copy has gone through SQLite's integrity check and
    holds the same rows. `after_each` is called for every hundredth that is done.

    Raises
    ------
    UsageError
        `file_exists`: a backup is never overwritten.
    StoreError
        As opening does; `not_verified` where the copy differs, which is then removed.
    """
    opening.prepare(source, create=False)
    with new_file(target) as draft:
        with failures(source), _snapshot(source) as database:
            with failures(target), closing(sqlite3.connect(draft)) as copy:
                progress = _Hundredths(after_each)
                database.backup(copy, pages=PAGES_AT_ONCE, progress=progress, sleep=0.0)
            rows, sha256 = contents(database)
        with failures(target), closing(sqlite3.connect(draft)) as copy:
            _check_same(copy, rows, sha256, target)
        return BackedUp(target, draft.stat().st_size, rows, sha256)


class _Hundredths:
    def __init__(self, after_each: Callable[[], object]) -> None:
        self._after_each = after_each
        self._done = 0

    def __call__(self, _status: int, left: int, total: int) -> None:
        done = 100 * (total - left) // max(total, 1)
        for _ in range(self._done, done):
            self._after_each()
        self._done = done


def contents(connection: sqlite3.Connection) -> tuple[dict[str, int], str]:
    """Return how many rows each table has, and one hash over every value of every row."""
    digest, counts = hashlib.sha256(), {}
    names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    for (name,) in names.fetchall():
        digest.update(name.encode())
        counts[name] = 0
        for row in connection.execute(f'SELECT * FROM "{name}"'):
            counts[name] += 1
            for value in row:
                part = value if isinstance(value, bytes) else repr(value).encode()
                digest.update(len(part).to_bytes(8, "little") + part)
    return counts, digest.hexdigest()


@contextmanager
def _snapshot(path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection that sees one moment of the database, whoever writes meanwhile."""
    with closing(sqlite3.connect(path, timeout=5.0, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname not in ("SQLITE_CANTOPEN", "SQLITE_READONLY_DIRECTORY"):
                raise
        else:
            yield connection
            return
    with closing(_as_it_is(path)) as connection:
        yield connection


def _as_it_is(path: Path) -> sqlite3.Connection:
    """Open a file in a folder that may only be read, where nobody else can write either."""
    name = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    return sqlite3.connect(name, uri=True)


def _check_same(copy: sqlite3.Connection, rows: dict[str, int], sha256: str, target: Path) -> None:
    (sound,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if sound != "ok" or contents(copy) != (rows, sha256):
        raise StoreError(
            f"The backup {target} did not come out like the database ({sound}): it was removed; "
            "check the database with `hipgonio db check` and the disk.",
            reason="not_verified",
        )
