"""The salt of a database: what turns a sensor's identity into an alias, the same at every visit."""

from __future__ import annotations

import secrets
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection

from schemas.tables import Site

SALT_BYTES: Final = 16


def new_salt() -> bytes:
    """Return a salt for a database that is still to be made."""
    return secrets.token_bytes(SALT_BYTES)


def salt_of(connection: Connection) -> bytes | None:
    """Return the database's salt, None before anybody gave it one."""
    return connection.execute(select(Site.salt)).scalar()


def give_salt(connection: Connection, salt: bytes) -> None:
    """Keep `salt` for good."""
    connection.execute(insert(Site), {"id": 1, "salt": salt})
