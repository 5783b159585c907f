"""Whether a database is sound: pages, references, the audit trail, and every trial's raw bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from collector.store.rows import TrialRow
from collector.store.store import Store
from schemas.errors import StoreError

MAX_FAULTS: Final = 20
"""Faults of pages and references that are listed; more of them say nothing more."""

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what is wrong: one sentence each.

    `trials` with their `notifications` were read, unpacked and compared with their hash;
    `open_trials` have none yet.
    """

    trials: int
    notifications: int
    audit_entries: int
    open_trials: tuple[int, ...]
    faults: tuple[str, ...]


def check(store: Store, after_each: Callable[[], object] = lambda: None) -> Checked:
    """Read everything and list what is wrong; `after_each` is called once for every trial."""
    faults: list[str] = []
    nothing: tuple[str, ...] = ()
    no_trials: tuple[TrialRow, ...] = ()
    pages = _noted(store.check_pages, faults, nothing)
    references = _noted(store.check_references, faults, nothing)
    faults += [f"SQLite says: {fault}" for fault in (*pages, *references)[:MAX_FAULTS]]
    entries = _noted(store.verify_audit, faults, 0)
    rows = _noted(store.list_trials, faults, no_trials)
    notifications = 0
    for row in rows:
        notifications += _noted(partial(_check_trial, store, row), faults, 0)
        after_each()
    still_open = tuple(row.id for row in rows if row.state == "open")
    return Checked(len(rows), notifications, entries, still_open, tuple(faults))


def _check_trial(store: Store, row: TrialRow) -> int:
    recording = store.load_recording(row.id)
    if row.state != "open" and recording.sha256() != row.raw_sha256:
        raise StoreError(
            f"The raw bytes of trial {row.id} are not those that were recorded: expected the hash "
            f"{row.raw_sha256}; restore a backup.",
            reason="damaged_chunk",
        )
    return sum(map(len, recording.chunks))


def _noted(look: Callable[[], Made], faults: list[str], otherwise: Made) -> Made:
    try:
        return look()
    except StoreError as error:
        faults.append(error.message)
    except Exception as error:  # rows that were changed from outside fail in any way
        faults.append(f"A row cannot be read ({type(error).__name__}: {error}).")
    return otherwise
