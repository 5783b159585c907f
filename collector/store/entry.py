"""Where the database is, and the way into it."""

from __future__ import annotations

import os
from pathlib import Path

from collector.store import opening
from collector.store.failures import store_error
from collector.store.site import new_salt
from collector.store.store import Store


def default_path() -> Path:
    """Return where the database lives: `HIPGONIO_DB`, else the user's data folder."""
    named = os.environ.get("HIPGONIO_DB")
    return Path(named) if named else _data_folder() / "hipgonio.db"


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("hipgonio", appauthor=False)


def open_store(
    path: Path | str | None = None, *, create: bool = True, wait_s: float = 5.0
) -> Store:
    """Open the database at `path`, or the user's own; create it there if there is none.

    An older database is upgraded after a copy of it was put beside (`Store.backup`). One that may
    only be read is opened for reading; the first attempt to write to it then says so.

    Raises
    ------
    StoreError
        `no_database`, `no_folder`, `not_a_database`, `foreign_database`, `newer_database`,
        `not_readable`, `not_writable`, `locked`: the file is then as it was.
    """
    where = default_path() if path is None else Path(path)
    if create and where.parent == _data_folder():
        try:
            where.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise store_error("SQLITE_CANTOPEN", where) from error
    opening.prepare(where, create=create)
    engine, copy = opening.opened(where, wait_s=wait_s)
    return Store(where, engine, wait_s, copy)


def site_salt(path: Path | str | None = None) -> bytes:
    """Return the salt of the database at `path`; a fresh one where there is none to read.

    A fresh one belongs to the database only after `Store.keep_salt`.
    """
    where = default_path() if path is None else Path(path)
    try:
        if not where.exists():
            return new_salt()
    except OSError as error:
        raise store_error("unreadable", where) from error
    with open_store(where, create=False) as store:
        return store.salt() or new_salt()
