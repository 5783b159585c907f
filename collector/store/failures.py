"""What can go wrong with a database file, as one sentence each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError

from schemas.errors import StoreError

_SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "SQLITE_BUSY": (
        "locked",
        "The database {path} is in use by another program: expected to get at it within "
        "{wait:g} s; close the other program or try again.",
    ),
    "SQLITE_READONLY": (
        "not_writable",
        "The database {path} cannot be written: expected a file and folder with write "
        "permission; change the permission or name another file with --db.",
    ),
    "unreadable": (
        "not_readable",
        "The database {path} cannot be read: expected a file with read permission; change the "
        "permission or name another file with --db.",
    ),
    "no folder": (
        "no_folder",
        "There is no folder {path.parent} for the database {path.name}: make it, or name another "
        "file with --db.",
    ),
    "SQLITE_FULL": (
        "disk_full",
        "The disk that holds the database {path} is full: nothing was changed; free some space "
        "and try again.",
    ),
    "SQLITE_CORRUPT": (
        "damaged_database",
        "The database {path} is damaged: expected a sound SQLite file; restore a backup or try "
        "`hipgonio db recover`.",
    ),
    "beyond recovery": (
        "beyond_recovery",
        "Nothing can be read from the database {path}: expected at least its list of tables; "
        "restore a backup.",
    ),
    "other layout": (
        "other_layout",
        "The database {path} lacks a table or a column that this version of hipgonio expects: "
        "another version made it; save what it holds with `hipgonio db recover NEW --db {path}`, "
        "or move the file away and begin a new one.",
    ),
    "removed": (
        "database_removed",
        "The database {path} was removed, renamed or replaced while a trial was recorded into it: "
        "expected the same file until the end; put it back.",
    ),
    "SQLITE_IOERR": (
        "io_error",
        "Reading or writing the database {path} failed on the disk: nothing was changed; check "
        "the disk and try again.",
    ),
    "SQLITE_NOTADB": (
        "not_a_database",
        "The file {path} is not a database: expected one that hipgonio made; name another file "
        "with --db.",
    ),
}
_OTHER_LAYOUT: Final = ("no such table", "no such column", "has no column named")
"""What SQLite says of a file whose version is right and whose tables are not: a development's."""
_ALIKE: Final = {
    "SQLITE_LOCKED": "SQLITE_BUSY",
    "SQLITE_CANTOPEN": "SQLITE_READONLY",
    "SQLITE_PERM": "SQLITE_READONLY",
}


def store_error(kind: str, path: Path, wait_s: float = 0.0) -> StoreError:
    """Return the error for SQLite's `kind` (for example ``SQLITE_NOTADB``), or one of ours."""
    reason, sentence = _SENTENCES[_ALIKE.get(kind, kind)]
    return StoreError(sentence.format(path=path, wait=wait_s), reason=reason)


@contextmanager
def failures(path: Path, wait_s: float = 0.0) -> Iterator[None]:
    """Turn what SQLite reports about the file into a `StoreError`; let our own defects pass."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        kind = _kind(getattr(error, "orig", error))
        if _ALIKE.get(kind, kind) not in _SENTENCES:
            raise
        raise store_error(kind, path, wait_s) from error


def _kind(error: object) -> str:
    if any(words in str(error) for words in _OTHER_LAYOUT):
        return "other layout"
    return "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])
