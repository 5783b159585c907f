"""The database as every verb opens it; what was mended on the way is said."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from collector import salvage
from collector.cli import output

if TYPE_CHECKING:
    from collector.store import Store


def opened_store(db: Path | None, *, create: bool = True) -> AbstractContextManager[Store]:
    """Open the database as `collector.salvage` does, and tell the user what that says."""
    return salvage.opened_store(db, output.say, create=create)


def salt_of(db: Path | None) -> bytes:
    """Return the salt of the database, fresh where there is none; an upgrade is said here too."""
    from collector.store import default_path, site_salt

    path = db or default_path()
    try:
        there = path.exists()
    except OSError:  # a folder that may not be read: the store says so
        there = False
    if there:
        with opened_store(path, create=False):
            pass
    return site_salt(path)
