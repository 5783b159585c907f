"""What the database does not take goes into a trace file: nothing is lost in silence."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from collector.export.trace import write_trace
from collector.live.recording.pending import Pending
from collector.store import Store, default_path
from schemas.chunk import Chunk
from schemas.errors import HipgonioError, StoreError
from schemas.recording import Recording

RESCUE_VARIABLE = "HIPGONIO_RESCUE"
"""Environment variable: the folder that is tried first."""


def rescue(store: Store, trial: int, pending: Pending) -> StoreError:
    """Write a trial with what could not be committed as a trace; return the sentence about it."""
    recording = whole(store, trial, pending)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    name = f"{store.path.stem}-trial-{trial}-{stamp}.jsonl.gz"
    for folder in _folders(store.path):
        try:
            write_trace(recording, folder / name)
        except (HipgonioError, OSError):
            continue
        return StoreError(
            f"The end of trial {trial} could not be stored in {store.path}: the recording was "
            f"written to {folder / name} instead; when the database works again, keep it with "
            f"`hipgonio import trace {folder / name}`.",
            reason="not_recorded",
        )
    count = sum(map(len, pending.chunks.values()))
    return StoreError(
        f"The end of trial {trial} is lost ({count} notifications): neither the database "
        f"{store.path} nor any folder took it; name one with {RESCUE_VARIABLE}.",
        reason="not_recorded",
    )


def whole(store: Store, trial: int, pending: Pending) -> Recording:
    """Return what was committed, where that can still be read, and what was not, in one."""
    info, events = pending.info, tuple(pending.events)
    new = [pending.chunks.get(n, Chunk.of(())) for n in range(len(info.sensors))]
    try:
        kept = store.load_recording(trial)
    except Exception:  # whatever ails the file: the rest must get out
        note = f"{info.note} (the end of trial {trial} alone)".strip()
        return Recording(replace(info, note=note), tuple(new), events)
    both = zip(kept.chunks, new, strict=True)
    return Recording(info, tuple(map(Chunk.joined, both)), (*kept.events, *events))


def _folders(database: Path) -> Iterator[Path]:
    named = os.environ.get(RESCUE_VARIABLE)
    if named:
        yield Path(named)
    yield from (database.parent, default_path().parent, Path.home(), Path(tempfile.gettempdir()))
