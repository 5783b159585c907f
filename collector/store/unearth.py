"""Rows out of a damaged file: what SQLite can still reach, past what it cannot."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

MAX_TRIES: Final = 100_000
"""Keys that are tried one after the other where a page cannot be read."""


@dataclass(slots=True)
class Unearthed:
    """Reads one table; `broken` tells afterwards whether something could not be reached."""

    connection: sqlite3.Connection
    table: str
    key: str
    broken: bool = field(default=False)

    def columns(self) -> tuple[str, ...]:
        """Return the table's columns as the file has them; none where that cannot be read."""
        try:
            found = self.connection.execute(f'PRAGMA table_info("{self.table}")').fetchall()
        except sqlite3.DatabaseError:
            return ()
        return tuple(name for _, name, *_ in found)

    def rows(self, columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows by rising key; where one fails, go on behind it."""
        if self.key == "alias" or not self._there():  # a name has no next one to try
            yield from self._from("", columns)
            return
        last, tries = -1, 0
        while tries < MAX_TRIES:
            reached = last
            for row in self._from(last, columns):
                yield row
                last = row[0]
            if not self._stopped:
                return
            tries = 0 if last > reached else tries + 1
            last += last == reached

    _stopped: bool = field(default=False, init=False)

    def _there(self) -> bool:
        try:
            self.connection.execute(f'SELECT * FROM "{self.table}" LIMIT 0')
        except sqlite3.DatabaseError:
            return False
        return True

    def _from(self, last: object, columns: str) -> Iterator[tuple[Any, ...]]:
        query = (
            f'SELECT {columns} FROM "{self.table}" NOT INDEXED WHERE "{self.key}" > ? '
            f'ORDER BY "{self.key}"'
        )
        self._stopped = False
        try:
            yield from self.connection.execute(query, (last,))
        except sqlite3.DatabaseError:
            self._stopped = self.broken = True
