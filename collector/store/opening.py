"""A database file becomes an engine: created whole, or recognized before it is touched."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine

from collector.store import migrate
from collector.store.failures import failures, store_error
from collector.store.layout import check_layout
from schemas.errors import StoreError

APPLICATION_ID: Final = 0x48495047
"""`HIPG` in the SQLite header: tells our files from other programs' without opening them."""

PAGE_SIZE: Final = 512
"""Small pages, since a database holds many small tables and few large blobs (decision 0601)."""

CHECKPOINT_PAGES: Final = 8192
"""Pages in the write-ahead log before they move into the file: 4 MiB, as with larger pages."""

_HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\0"


def prepare(path: Path, *, create: bool) -> None:
    """Make sure that `path` is a database of ours, by its header alone; create it if allowed."""
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except FileNotFoundError:
        if not create:
            raise StoreError(
                f"There is no database at {path}: expected an existing one; check --db, or import "
                "or record a trial first.",
                reason="no_database",
            ) from None
        _create(path)
        return
    except IsADirectoryError as error:
        raise store_error("SQLITE_NOTADB", path) from error
    except OSError as error:
        raise store_error("unreadable", path) from error
    if not header and create:
        _create(path)
    else:
        _check_header(header, path)


def engine_of(path: Path, *, wait_s: float, as_it_is: bool = False) -> Engine:
    """Return an engine with our pragmas; a transaction that writes says so from its beginning.

    `as_it_is` reads the file without a lock or a log beside it, which a read-only folder needs.
    """
    url = URL.create("sqlite", database=str(path))
    if as_it_is:
        url = url.set(database=f"file:{quote(str(path.absolute()))}").update_query_dict(
            {"mode": "ro", "immutable": "1", "uri": "true"}
        )
    engine = create_engine(url, connect_args={"timeout": wait_s, "isolation_level": None})
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def opened(path: Path, *, wait_s: float) -> tuple[Engine, Path | None]:
    """Open a database that `prepare` has seen; return also the copy that an upgrade made.

    Where nothing can be written beside it, it is opened for reading, unless a log that lies there
    holds what the file does not.
    """
    try:
        return _up_to_date(engine_of(path, wait_s=wait_s), path, wait_s)
    except StoreError as error:
        if error.reason != "not_writable" or _has_log(path):
            raise
    return _up_to_date(engine_of(path, wait_s=wait_s, as_it_is=True), path, wait_s)


def _up_to_date(engine: Engine, path: Path, wait_s: float) -> tuple[Engine, Path | None]:
    try:
        with failures(path, wait_s):
            copy = bring_up_to_date(engine, path)
            with engine.connect() as connection:
                check_layout(connection, path)
            return engine, copy
    except BaseException:
        engine.dispose()
        raise


def _has_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def bring_up_to_date(engine: Engine, path: Path) -> Path | None:
    """Migrate an older database after copying it; return the copy, None if it was new enough."""
    with engine.connect() as connection:
        version = _version(connection, path)
    if not migrate.needs_upgrade(version, path):
        return None
    copy = migrate.back_up(path, version)
    with engine.execution_options(writes=True).begin() as connection:
        migrate.upgrade(connection)
    return copy


def _version(connection: Connection, path: Path) -> str:
    from sqlalchemy.exc import NoResultFound, OperationalError

    try:
        return migrate.version_of(connection)
    except (NoResultFound, OperationalError) as error:
        if isinstance(error, OperationalError) and "no such table" not in str(error):
            raise
        raise _foreign(path) from error


def _check_header(header: bytes, path: Path) -> None:
    if not header.startswith(_MAGIC):
        raise store_error("SQLITE_NOTADB", path)
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise _foreign(path)


def _foreign(path: Path) -> StoreError:
    return StoreError(
        f"The database {path} belongs to another program: expected one that hipgonio made; name "
        "another file with --db.",
        reason="foreign_database",
    )


def _create(path: Path) -> None:
    """Build the database aside and move it into place, so that nobody ever sees half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        try:
            with failures(path):
                fill(draft)
            _move(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    except FileNotFoundError as error:
        raise store_error("no folder", path) from error
    except OSError as error:
        raise store_error("SQLITE_CANTOPEN", path) from error


def fill(draft: Path, version: str = migrate.HEAD) -> None:
    """Lay out an empty database of ours in a file that nobody uses yet."""
    with closing(sqlite3.connect(draft)) as connection:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    engine = engine_of(draft, wait_s=5.0)
    try:
        with engine.execution_options(writes=True).begin() as connection:
            if version == migrate.HEAD:
                migrate.build(connection)
            else:
                migrate.upgrade(connection, version)
    finally:
        engine.dispose()
    with closing(sqlite3.connect(draft)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def _move(draft: Path, path: Path) -> None:
    """Put `draft` at `path` unless another process was faster; an empty file may be replaced."""
    if path.exists() and not path.stat().st_size:
        draft.replace(path)
        return
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        draft.rename(path)


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
