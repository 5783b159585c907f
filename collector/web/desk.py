"""What every request may use: where the data are, and what this server is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collector.store import Store

Mode = Literal["radio", "virtual", "replay"]


@dataclass(frozen=True, slots=True)
class Desk:
    """The therapist's desk: its database, and what stands behind the sensors.

    `db` None is the user's own database; `scenario` is that of virtual sensors, `replay` the trace
    whose sensors are here instead of real ones.
    """

    db: Path | None
    mode: Mode = "radio"
    scenario: str = ""
    replay: Path | None = None

    def store(self) -> Store:
        """Open the database, to be used as a context; raises `StoreError`."""
        from collector.store import open_store

        return open_store(self.db)
