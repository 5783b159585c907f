"""The database as it is opened for work: upgraded and freed of what a crash left, and said so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from schemas.errors import HipgonioError, StoreError
from schemas.recording import SALVAGED
from schemas.units import US_PER_S

if TYPE_CHECKING:
    from collector.store import Store
    from schemas.recording import Recording
    from schemas.result import TrialResult

Say = Callable[[str], None]

_NOT_OURS: Final = ("locked", "trial_not_open")
"""Another program records or salvages: what is open is its business."""


@contextmanager
def opened_store(db: Path | None, say: Say, *, create: bool = True) -> Iterator[Store]:
    """Open the database; close, score and name every trial that a crash left open.

    A trial that another program records is left alone. One that cannot be salvaged (a database
    that may only be read, a damaged chunk) is named and keeps nobody from working.
    """
    from collector.store import open_store

    with open_store(db, create=create) as store:
        if store.backup:
            say(f"The database was upgraded; it was first copied to {store.backup}.")
        for sentence in salvaged(store, db):
            say(sentence)
        yield store


def salvaged(store: Store, db: Path | None) -> Iterator[str]:
    """Salvage one trial after the other; yield what to say about each."""
    try:
        left = store.open_trials()
    except StoreError as error:
        if error.reason != "not_writable":
            raise
        yield (
            "A trial was left open by a crash and cannot be closed: the database may only be "
            "read; open it once with write permission."
        )
        return
    for trial in left:
        try:
            yield _salvage(store, trial, db)
        except HipgonioError as error:
            if error.reason not in _NOT_OURS:
                yield (
                    f"Trial {trial} was left open by a crash and cannot be salvaged yet: "
                    f"{error.message}"
                )


def _salvage(store: Store, trial: int, db: Path | None) -> str:
    left = store.load_recording(trial)
    recording = replace(left, info=left.info.with_fault(SALVAGED))
    result, outcome = _scored(recording)
    store.salvage(trial, result)
    where = f" --db {db}" if db else ""
    look = (
        f"see it with `hipgonio trials show {trial}{where}`"
        if result
        else "take what there is out with `hipgonio trials export"
        f" {trial} --format trace --out trial-{trial}.jsonl.gz{where}`"
    )
    return (
        f"Trial {trial} was left open by a crash: its {_length_s(recording):.1f} s were saved and "
        f"{outcome}; {look}."
    )


def _scored(recording: Recording) -> tuple[TrialResult | None, str]:
    from collector.pipeline import process

    try:
        result = process(recording).result
    except HipgonioError as error:
        return None, f"cannot be scored ({error.message.rstrip('.')})"
    except Exception as error:  # a defect of ours must not keep the owner out of the database
        return None, f"could not be scored ({type(error).__name__}: {error})"
    return result, f"scored (grade {result.grade})"


def _length_s(recording: Recording) -> float:
    ends_us = [int(chunk.t_us[-1]) for chunk in recording.chunks if len(chunk)]
    return max(ends_us, default=0) / US_PER_S
