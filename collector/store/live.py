"""Trials while they are recorded: begun, committed bit by bit, closed, or found after a crash."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from sqlalchemy.engine import Engine

from collector.store import assignments, audit, packing, recordings, results, subjects, trials
from collector.store.database import Database
from collector.store.failures import store_error
from collector.store.instants import instant_of
from collector.store.recorder import FileId, OpenTrial, RecordingLock, file_id
from collector.store.rows import TrialState
from schemas.chunk import Chunk
from schemas.errors import StoreError
from schemas.recording import SALVAGED, Event, RecordingInfo
from schemas.result import TrialResult


class LiveTrials(Database):
    """The part of a store that records."""

    def __init__(
        self, path: Path, engine: Engine, wait_s: float, backup: Path | None = None
    ) -> None:
        super().__init__(path, engine, wait_s, backup)
        self._recording: dict[int, OpenTrial] = {}
        self._file: FileId | None = None
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
        self._file = file_id(self.path)
        try:
            with self._writing() as connection:
                utc = instant_of(info.utc)
                session = subjects.session_for(connection, subject, utc, note=note)
                trial = trials.insert_trial(
                    connection, session, info, state="open", protocol_version=None
                )
                assignments.saw(connection, [use.alias for use in info.sensors])
                audit.record(connection, "trial.begin", f"trial {trial}")
        except BaseException:
            self._release_when_idle()
            raise
        self._recording[trial] = OpenTrial(trial, info.sensors)
        return trial

    def append_chunks(
        self,
        trial: int,
        new: Mapping[int, Chunk],
        events: tuple[Event, ...] = (),
        *,
        info: RecordingInfo | None = None,
    ) -> None:
        """Commit what came since the last call: chunks by sensor number, and events.

        `info` replaces the head where more is known by now, so that a crash finds it there.
        """
        before = self._recording_of(trial)
        self._check_in_place()
        with self._writing() as connection:
            after = before.write(connection, new, len(events))
            trials.insert_events(connection, trial, events, before.events)
            if info is not None:
                trials.update_head(connection, trial, info)
        self._recording[trial] = after

    def close_trial(
        self, trial: int, *, info: RecordingInfo | None = None, interrupted: str = ""
    ) -> None:
        """End a recording: repack its chunks, read them back and compare the hash.

        `info` replaces the head where more is known at the end (windows, redactions, firmware);
        `interrupted` says why the trial ended before its end, and marks it.
        """
        self._recording_of(trial)
        self._check_in_place()
        state: TrialState = "interrupted" if interrupted else "closed"
        self._close(trial, state, interrupted, info)
        del self._recording[trial]
        self._release_when_idle()

    def open_trials(self) -> tuple[int, ...]:
        """Return the trials that a crash left open: nobody records them any more."""
        with self._reading() as connection:
            found = trials.numbers_open(connection)
        left = tuple(number for number in found if number not in self._recording)
        return left if left and self._lock.free() else ()

    def salvage(self, trial: int, result: TrialResult | None = None) -> None:
        """Close a trial that a crash left open, mark it, and keep its result if there is one.

        Nobody can begin a recording meanwhile: what is salvaged is nobody's.
        """
        if trial in self._recording:
            self._refuse(trial)
        mine = bool(self._recording)
        self._lock.acquire()
        try:
            with self._reading() as connection:
                if trials.row(connection, trial).state != "open":
                    self._refuse(trial)
                info = recordings.load_infos(connection, (trial,))[trial].with_fault(SALVAGED)
            self._close(trial, "salvaged", "left open by a crash", info, result)
        finally:
            if not mine:
                self._lock.release()

    @staticmethod
    def _refuse(trial: int) -> NoReturn:
        raise StoreError(
            f"Trial {trial} cannot be salvaged: expected one that a crash left open.",
            reason="trial_not_open",
        )

    def _check_in_place(self) -> None:
        """Refuse to write on into a file that nobody will find: a removed one still takes bytes."""
        if file_id(self.path) != self._file:
            raise store_error("removed", self.path)

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
        self,
        trial: int,
        state: TrialState,
        reason: str,
        info: RecordingInfo | None,
        result: TrialResult | None = None,
    ) -> None:
        with self._writing() as connection:
            if info is not None:
                trials.update_head(connection, trial, info)
            sha256 = packing.rewrite(connection, trial)
            trials.set_state(connection, trial, state, reason)
            audit.record(connection, f"trial.{state}", f"trial {trial}", sha256)
            if result is not None:
                results.add(connection, {trial: result}, "stored")
                audit.record(connection, "result.add", f"trial {trial}", "stored")
