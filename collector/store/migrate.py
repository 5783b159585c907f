"""The schema's versions: which one a database has, and how it gets to ours.

A database of ours is never migrated without a copy of it beside. Alembic itself is imported only
when there is something to migrate, so that opening stays fast.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, MetaData, String, Table, insert, select
from sqlalchemy.engine import Connection

from collector.store.failures import store_error
from collector.store.instants import now
from schemas.errors import StoreError
from schemas.tables import Base

if TYPE_CHECKING:
    from alembic.config import Config

HEAD: Final = "0004"
"""The newest revision in `migrations/versions` (a test holds the two together)."""

SCRIPTS: Final = "collector.store:migrations"

_VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))


def build(connection: Connection) -> None:
    """Lay out the newest schema in an empty database (a test compares it with the migrations)."""
    Base.metadata.create_all(connection, checkfirst=False)
    _VERSION.create(connection, checkfirst=False)
    connection.execute(insert(_VERSION), {"version_num": HEAD})


def version_of(connection: Connection) -> str:
    """Return the revision of an existing database."""
    return str(connection.execute(select(_VERSION.c.version_num)).scalar_one())


def needs_upgrade(version: str, path: Path) -> bool:
    """Tell whether `version` is older than ours; raise `StoreError` where it is newer."""
    if version == HEAD:
        return False
    if version in _known():
        return True
    raise StoreError(
        f"The database {path} was made by a newer hipgonio (schema {version}, this one knows up "
        f"to {HEAD}): upgrade hipgonio, or name another file with --db.",
        reason="newer_database",
    )


def back_up(path: Path, version: str) -> Path:
    """Copy the database beside itself, readable by its owner only; return where to."""
    target = path.with_name(f"{path.name}.{now():%Y%m%dT%H%M%S%f}Z.schema-{version}.backup")
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise store_error("SQLITE_CANTOPEN", path) from error
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    return target


def upgrade(connection: Connection, version: str = "head") -> None:
    """Run the migrations up to a version, by default the newest."""
    from alembic import command

    command.upgrade(_config(connection), version)


def _known() -> frozenset[str]:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(_config(None))
    return frozenset(script.revision for script in scripts.walk_revisions())


def _config(connection: Connection | None) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.attributes["connection"] = connection
    return config
