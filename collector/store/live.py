"""Trials while they are recorded: begun, committed bit by bit, closed, or found after a crash."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.engine import Engine

from collector.store import audit, packing, subjects, trials
from collector.store.database import Database
from collector.store.instants import instant_of
from collector.store.recorder import OpenTrial, RecordingLock
from collector.store.rows import TrialState
from schemas.chunk import Chunk
from schemas.errors import StoreError
from schemas.recording import Event, RecordingInfo


class LiveTrials(Database):
    """The part of a store that records."""

    def __init__(
        self, path: Path, engine: Engine, wait_s: float, backup: Path | None = None
    ) -> None:
        super().__init__(path, engine, wait_s, backup)
        self._recording: dict[int, OpenTrial] = {}
        self._lock = RecordingLock(path)

    def close(self) -> None:
        """Let go of the file; a trial that is still open stays so, to be salvaged."""
        self._recording.clear()
        self._lock.release()
        super().close()

    def begin_trial(
        self, info: RecordingInfo, *, subject: str | None = None, note: str = ""
    ) -> int:
        """Start a trial that is being recorded; one program at a time may record."""
        self._lock.acquire()
        try:
            with self._writing() as connection:
                utc = instant_of(info.utc)
                session = subjects.session_for(connection, subject, utc, note=note)
                trial = trials.insert_trial(
                    connection, session, info, state="open", protocol_version=None
                )
                audit.record(connection, "trial.begin", f"trial {trial}")
        except BaseException:
            self._release_when_idle()
            raise
        self._recording[trial] = OpenTrial(trial, info.sensors)
        return trial

    def append_chunks(
        self, trial: int, new: Mapping[int, Chunk], events: tuple[Event, ...] = ()
    ) -> None:
        """Commit what came since the last call: chunks by sensor number, and events."""
        before = self._recording_of(trial)
        with self._writing() as connection:
            after = before.write(connection, new, len(events))
            trials.insert_events(connection, trial, events, before.events)
        self._recording[trial] = after

    def close_trial(self, trial: int, *, info: RecordingInfo | None = None) -> None:
        """End a recording: repack its chunks, read them back and compare the hash.

        `info` replaces the head where more is known at the end (windows, redactions, firmware).
        """
        self._recording_of(trial)
        self._close(trial, "closed", "", info)
        del self._recording[trial]
        self._release_when_idle()

    def open_trials(self) -> tuple[int, ...]:
        """Return the trials that a crash left open: nobody records them any more."""
        if not self._lock.free():
            return ()
        with self._reading() as connection:
            found = trials.rows(connection, state="open")
        return tuple(row.id for row in found if row.id not in self._recording)

    def salvage(self, trial: int) -> None:
        """Close a trial that a crash left open, and mark it."""
        with self._reading() as connection:
            state = trials.row(connection, trial).state
        if state != "open" or trial not in self.open_trials():
            raise StoreError(
                f"Trial {trial} cannot be salvaged: expected one that a crash left open.",
                reason="trial_not_open",
            )
        self._close(trial, "salvaged", "left open by a crash", None)

    def _recording_of(self, trial: int) -> OpenTrial:
        try:
            return self._recording[trial]
        except KeyError:
            raise StoreError(
                f"Trial {trial} is not being recorded here: expected one that this program began "
                "and has not closed.",
                reason="trial_not_open",
            ) from None

    def _release_when_idle(self) -> None:
        if not self._recording:
            self._lock.release()

    def _close(
        self, trial: int, state: TrialState, reason: str, info: RecordingInfo | None
    ) -> None:
        with self._writing() as connection:
            if info is not None:
                trials.update_head(connection, trial, info)
            sha256 = packing.rewrite(connection, trial)
            trials.set_state(connection, trial, state, reason)
            audit.record(connection, f"trial.{state}", f"trial {trial}", sha256)
