"""What is kept of one person, gathered for a report: visits, sets, and what is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from collector.scoring.visit.inputs import SetInput
from collector.store import Store
from collector.store.rows import RemarkKind, RemarkRow, SessionRow, SubjectRow, TrialRow
from schemas.errors import HipgonioError, StoreError
from schemas.protocol import Protocol, protocol_of
from schemas.result import Reason
from schemas.visit import Person

Said = Mapping[int, Mapping[RemarkKind, str]]
"""What was said last of every trial, by the kind of remark."""

_NOT_COUNTED: Final = {
    "open": "is still being recorded",
    "void": "was voided",
}


@dataclass(frozen=True, slots=True)
class VisitSets:
    """One visit: the set of every test and side, and what was left out, in sentences."""

    session: int
    utc: str
    sets: tuple[SetInput, ...]
    left_out: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class History:
    """One person's visits, oldest first."""

    subject: SubjectRow
    person: Person
    visits: tuple[VisitSets, ...]

    @property
    def protocols(self) -> dict[str, Protocol]:
        """The tests that were done, each as the latest visit did it."""
        return {s.protocol.id: s.protocol for visit in self.visits for s in visit.sets}


def history_of(store: Store, code: str) -> History:
    """Gather what is kept of a person; raise `StoreError` `no_such_subject` naming the way out."""
    subject = store.subject(code)
    trials = store.list_trials(subject=code)
    said = newest_remarks(store.remarks(subject=code))
    visits = (_visit(store, session, trials, said) for session in store.list_sessions(code))
    kept = tuple(visit for visit in visits if visit.sets or visit.left_out)
    return History(subject, person_of(subject), tuple(sorted(kept, key=lambda v: v.utc)))


def person_of(subject: SubjectRow) -> Person:
    """Return what norms ask of a subject."""
    sex = subject.sex
    known = sex if sex in ("female", "male", "other") else None
    return Person(sex=known, birth_year=subject.birth_year)  # type: ignore[arg-type]  # checked above


def newest_remarks(rows: Iterable[RemarkRow]) -> Said:
    """Return what was said last of every trial, by its number and the kind of remark."""
    found: dict[int, dict[RemarkKind, str]] = {}
    for row in rows:
        found.setdefault(row.trial, {})[row.kind] = row.text
    return found


def _visit(store: Store, session: SessionRow, trials: Sequence[TrialRow], said: Said) -> VisitSets:
    """Take the last usable trial of every test and side; those that it repeats are named."""
    taken: dict[tuple[str, str | None], SetInput] = {}
    left: list[Reason] = []
    for row in (t for t in trials if t.session == session.id):
        found = set_input_of(store, row, said.get(row.id, {}))
        if isinstance(found, Reason):
            left.append(found)
            continue
        key = found.protocol.id, found.side
        before = taken.get(key)
        if before is not None and found.result.grade == "X" and before.result.grade != "X":
            left.append(_superseded(row.id, found.protocol, before.trial))
            continue
        if before is not None:
            left.append(_superseded(before.trial, found.protocol, row.id))
        taken[key] = found
    return VisitSets(session.id, session.utc, tuple(taken.values()), tuple(left))


def _superseded(trial: int, protocol: Protocol, by: int) -> Reason:
    return Reason(
        "superseded", f"Trial {trial} ({protocol.title}) is not used: trial {by} repeats it."
    )


def set_input_of(store: Store, row: TrialRow, said: Mapping[RemarkKind, str]) -> SetInput | Reason:
    """Return a trial's set, `said` of it last winning, or why a report leaves it out."""
    if row.state in _NOT_COUNTED:
        return Reason(f"trial_{row.state}", f"Trial {row.id} {_NOT_COUNTED[row.state]}.")
    if row.protocol is None:
        return Reason("no_protocol", f"Trial {row.id} has angles and no test.")
    try:
        result = store.latest_result(row.id)
        protocol = protocol_of(store.load_info(row.id))
    except HipgonioError as error:
        return Reason(error.reason, f"Trial {row.id} has no result to report: {error.message}")
    if protocol is None:
        raise StoreError(f"Trial {row.id} lost its test.", reason="damaged_trial")
    return SetInput(
        trial=row.id,
        utc=row.utc,
        protocol=protocol,
        side=protocol.side_of(row.side),
        result=result,
        pain_nrs=float(said["pain_nrs"]) if "pain_nrs" in said else result.pain_nrs,
        end_point=said.get("end_point", result.end_point),
    )
