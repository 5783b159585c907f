"""A trial while it is being recorded: small rows at once, merged into larger ones as they age.

A row holds half a second. Every `MERGE_AFTER` commits these rows are replaced, in the same
transaction, by one that holds them all and takes half the room.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy.engine import Connection

from collector.store import chunks
from collector.store.failures import store_error
from schemas.chunk import Chunk
from schemas.errors import StoreError
from schemas.recording import SensorUse

MERGE_AFTER: Final = 16

FileId = tuple[int, int]
"""What tells a file from another that has taken its name."""


def file_id(path: Path) -> FileId | None:
    """Return the identity of the file that has this name now, None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


@dataclass(slots=True)
class OpenTrial:
    """What the next commit needs to know: rows so far, and those that are not merged yet."""

    trial: int
    uses: tuple[SensorUse, ...]
    seq: int = 0
    events: int = 0
    tail: list[dict[int, Chunk]] = field(default_factory=list)

    def write(self, connection: Connection, new: Mapping[int, Chunk], events: int) -> OpenTrial:
        """Insert or merge; return the state that holds once the transaction is committed."""
        tail = [*self.tail, dict(new)]
        if len(tail) < MERGE_AFTER:
            chunks.append(connection, self.trial, self.seq, new, self.uses)
        else:
            first = self.seq - len(self.tail)
            chunks.remove(connection, self.trial, first_seq=first)
            chunks.append(connection, self.trial, first, _merged(tail), self.uses)
            tail = []
        return OpenTrial(self.trial, self.uses, self.seq + 1, self.events + events, tail)


class RecordingLock:
    """Held while this process records, and released by the system if it dies.

    A transaction on an empty database beside ours, since SQLite locks files on every system: it
    tells a trial that is being recorded from one that a crash left open.
    """

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-recording")
        self._held: sqlite3.Connection | None = None

    def acquire(self) -> None:
        """Take the lock, or raise `StoreError` `locked`."""
        if self._held is None and not self._try():
            raise StoreError(
                f"Another program is recording into the database that {self._path} belongs to: "
                "expected to be the only one; end that recording first.",
                reason="locked",
            )

    def free(self) -> bool:
        """Tell whether no other process records."""
        if self._held is not None or not self._path.exists():
            return True
        taken = self._try()
        self.release()
        return taken

    def release(self) -> None:
        """Let go."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def _try(self) -> bool:
        try:
            os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
        except OSError as error:
            raise store_error("SQLITE_READONLY", self._path) from error
        held = sqlite3.connect(
            self._path, timeout=0.0, isolation_level=None, check_same_thread=False
        )
        try:
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            held.close()
            return False
        self._held = held
        return True


def _merged(tail: list[dict[int, Chunk]]) -> dict[int, Chunk]:
    sensors = sorted({sensor for new in tail for sensor in new})
    return {
        sensor: Chunk.joined([new[sensor] for new in tail if sensor in new]) for sensor in sensors
    }
