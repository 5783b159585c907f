"""The store: one database file, one writer, frozen values in and out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sqlalchemy.engine import Connection

from collector.store import (
    audit,
    packing,
    recordings,
    remarks,
    results,
    site,
    studies,
    subjects,
    trials,
)
from collector.store.instants import instant_of
from collector.store.rows import (
    AuditRow,
    RemarkKind,
    RemarkRow,
    ResultKind,
    ResultRow,
    SessionRow,
    SubjectRow,
    TrialRow,
    TrialState,
)
from collector.store.sensors import SensorStore
from schemas.errors import StoreError
from schemas.progress import SiteSem
from schemas.recording import Recording, RecordingInfo
from schemas.result import TrialResult

LOADED_AT_ONCE: Final = 8
"""Recordings that are in memory together while many are read."""


class Store(SensorStore):
    """An open database. Every method is one transaction: all of it happens, or nothing."""

    def salt(self) -> bytes | None:
        """Return the salt of the sensors' aliases, None before one was kept."""
        with self._reading() as connection:
            return site.salt_of(connection)

    def keep_salt(self, salt: bytes) -> None:
        """Keep the salt that aliases were made with; one that is kept already stays."""
        with self._writing() as connection:
            if site.salt_of(connection) is None:
                site.give_salt(connection, salt)

    def add_subject(
        self,
        code: str | None = None,
        *,
        birth_year: int | None = None,
        sex: str | None = None,
        height_m: float | None = None,
        mass_kg: float | None = None,
    ) -> SubjectRow:
        """Add a person under a pseudonymous code, generated if none is given."""
        asked = SubjectRow(0, code or "", birth_year, sex, height_m, mass_kg, "")
        with self._writing() as connection:
            added = subjects.add(connection, asked)
            audit.record(connection, "subject.add", f"subject {added}")
            return subjects.get(connection, added)

    def change_subject(self, code: str, *, birth_year: int | None, sex: str | None) -> SubjectRow:
        """Give a subject another year of birth and sex; the audit trail keeps what was before."""
        asked = SubjectRow(0, code, birth_year, sex, None, None, "")
        with self._writing() as connection:
            if changed := subjects.change(connection, asked):
                audit.record(connection, "subject.change", f"subject {code}", changed)
            return subjects.get(connection, code)

    def subject(self, code: str) -> SubjectRow:
        """Return one subject, or raise `StoreError` `no_such_subject`."""
        with self._reading() as connection:
            return subjects.get(connection, code)

    def list_subjects(self) -> tuple[SubjectRow, ...]:
        """Return all subjects."""
        with self._reading() as connection:
            return subjects.every(connection)

    def list_sessions(self, subject: str | None = None) -> tuple[SessionRow, ...]:
        """Return the sessions of one subject, or of all."""
        with self._reading() as connection:
            return subjects.sessions(connection, subject)

    def add_trial(
        self,
        recording: Recording,
        *,
        subject: str | None = None,
        note: str = "",
        result: TrialResult | None = None,
    ) -> int:
        """Keep a whole recording, closed, with its stored result if there is one.

        `subject` is made if it is new, and generated if it is None; `note` is about the session,
        should this trial be its first (the trial's own note is the recording's).
        """
        version = None if result is None else result.versions.protocol
        with self._writing() as connection:
            session = subjects.session_for(
                connection, subject, instant_of(recording.info.utc), note=note
            )
            trial = trials.insert_trial(
                connection, session, recording.info, state="closed", protocol_version=version
            )
            trials.insert_events(connection, trial, recording.events)
            sha256 = packing.write(connection, trial, recording)
            audit.record(connection, "trial.add", f"trial {trial}", sha256)
            if result is not None:
                results.add(connection, {trial: result}, "stored")
                audit.record(connection, "result.add", f"trial {trial}", "stored")
        return trial

    def void_trial(self, trial: int, reason: str) -> None:
        """Mark a trial as not to be used; its data stay."""
        with self._writing() as connection:
            _check_closed(connection, trial)
            trials.set_state(connection, trial, "void", reason)
            audit.record(connection, "trial.void", f"trial {trial}", reason)

    def add_remarks(self, trial: int, said: Mapping[RemarkKind, str]) -> None:
        """Append what somebody says of a closed trial; what was said before stays.

        Raises
        ------
        StoreError
            `no_such_trial`, `trial_open`.
        UsageError
            `bad_examiner_code`, `bad_pain`, `remark_too_long`.
        """
        if not said:
            return
        with self._writing() as connection:
            _check_closed(connection, trial)
            remarks.add(connection, trial, said)
            audit.record(connection, "trial.remark", f"trial {trial}", " ".join(said))

    def remarks(
        self, trial: int | None = None, *, subject: str | None = None
    ) -> tuple[RemarkRow, ...]:
        """Return what was said of one trial, of a subject's trials, or of all, oldest first."""
        with self._reading() as connection:
            return remarks.rows(connection, trial=trial, subject=subject)

    def trial(self, trial: int) -> TrialRow:
        """Return one trial, or raise `StoreError` `no_such_trial` naming those that exist."""
        with self._reading() as connection:
            return trials.row(connection, trial)

    def list_trials(
        self,
        *,
        subject: str | None = None,
        protocol: str | None = None,
        state: TrialState | None = None,
    ) -> tuple[TrialRow, ...]:
        """Return the trials that match, oldest first; `StoreError` for a subject there is not."""
        with self._reading() as connection:
            if subject is not None:
                subjects.get(connection, subject)
            return trials.rows(connection, subject=subject, protocol=protocol, state=state)

    def count_trials(self) -> int:
        """Return how many trials there are."""
        with self._reading() as connection:
            return trials.count(connection)

    def load_recording(self, trial: int) -> Recording:
        """Return all that is needed to compute the trial again."""
        with self._reading() as connection:
            return recordings.load(connection, trial)

    def load_info(self, trial: int) -> RecordingInfo:
        """Return the head of a trial's recording."""
        with self._reading() as connection:
            return recordings.load_infos(connection, (trial,))[trial]

    def load_recordings(self, trials: Iterable[int]) -> Iterator[Recording]:
        """Yield the recordings of many trials in the order asked, read a few at a time."""
        left = list(trials)
        while left:
            some, left = left[:LOADED_AT_ONCE], left[LOADED_AT_ONCE:]
            with self._reading() as connection:
                loaded = recordings.load_all(connection, some)
            yield from (loaded[trial] for trial in some)

    def add_result(self, trial: int, result: TrialResult, kind: ResultKind = "stored") -> int:
        """Keep one more result of a trial; return its number."""
        return self.add_results({trial: result}, kind)[0]

    def add_results(
        self, outcomes: Mapping[int, TrialResult], kind: ResultKind = "stored"
    ) -> tuple[int, ...]:
        """Keep one more result of each trial, in one transaction."""
        if not outcomes:
            return ()
        low, high = min(outcomes), max(outcomes)
        target = f"trial {low}" if low == high else f"trials {low} to {high}"
        with self._writing() as connection:
            trials.check_exist(connection, outcomes)
            numbers = results.add(connection, outcomes, kind)
            audit.record(connection, "result.add", target, f"{kind} {len(numbers)}")
        return numbers

    def results(self, trial: int) -> tuple[ResultRow, ...]:
        """Return what is known of all results of a trial, oldest first."""
        with self._reading() as connection:
            trials.check_exist(connection, (trial,))
            return results.rows(connection, trial)

    def latest_result(self, trial: int, kind: ResultKind = "stored") -> TrialResult:
        """Return the newest result of that kind, or raise `StoreError` `no_result`."""
        with self._reading() as connection:
            return results.latest(connection, trial, kind)

    def adopt_sem(self, sem: SiteSem, body: Mapping[str, object]) -> int:
        """Keep a study of the site's own error; return its number.

        From now on it counts for its test and measure; what was adopted before stays. `body` is all
        that the study said, as JSON can write it; an empty `sem.utc` is now, `sem.id` is ignored.
        """
        with self._writing() as connection:
            number = studies.add(connection, sem, body)
            detail = f"{sem.protocol} {sem.measure} {sem.value!r} {sem.unit}"
            audit.record(connection, "sem.adopt", f"study {number}", detail)
        return number

    def site_sems(self) -> tuple[SiteSem, ...]:
        """Return the site's own errors: the newest adopted study of every test and measure."""
        with self._reading() as connection:
            return studies.newest(connection)

    def audit_trail(self) -> tuple[AuditRow, ...]:
        """Return every change since the database was made."""
        with self._reading() as connection:
            return audit.entries(connection)

    def verify_audit(self) -> int:
        """Return how many entries the trail has, or raise `StoreError` `audit_broken`."""
        with self._reading() as connection:
            return audit.verify(connection)


def _check_closed(connection: Connection, trial: int) -> None:
    if trials.row(connection, trial).state == "open":
        raise StoreError(
            f"Trial {trial} is still open: expected one that was closed or salvaged.",
            reason="trial_open",
        )
