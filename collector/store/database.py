"""An open database file: one transaction at a time, and what goes wrong said in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy.engine import Connection, Engine

from collector.store.failures import failures


class Database:
    """The file under a store.

    Attributes
    ----------
    path
        The database file.
    backup
        The copy that was made because opening upgraded the schema, else None.
    """

    def __init__(
        self, path: Path, engine: Engine, wait_s: float, backup: Path | None = None
    ) -> None:
        self.path = path
        self.backup = backup
        self._engine = engine
        self._wait_s = wait_s

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def check_pages(self) -> tuple[str, ...]:
        """Return what SQLite finds wrong with the file itself."""
        with self._reading() as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
            return tuple(text for text in found if text != "ok")

    def check_references(self) -> tuple[str, ...]:
        """Return rows that refer to rows that are not there."""
        with self._reading() as connection:
            found = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return tuple(f"row {row} of {table} refers to no {other}" for table, row, other, _ in found)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with failures(self.path, self._wait_s), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        writer = self._engine.execution_options(writes=True)
        with failures(self.path, self._wait_s), writer.begin() as connection:
            yield connection
