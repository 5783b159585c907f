"""Repeats out of the database: which stored sets are used, and what is left out and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from schemas.errors import QualityError, UsageError

if TYPE_CHECKING:
    from collector.reliability.study import Design
    from collector.store import Store
    from collector.store.rows import TrialRow
    from schemas.protocol import Protocol
    from schemas.protocol_scoring import Unit
    from schemas.segments import Side

Cells = dict[tuple[str, str], list[float]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which repeats: of `measure` in `protocol`; the first `visits` within `within_days`."""

    protocol: Protocol
    measure: str
    side: Side | None
    design: Design
    visits: int
    within_days: int
    raters: tuple[str, ...]


@dataclass(slots=True)
class Gathered:
    """The values by person and rater or visit, how many trials they come from, and the rest."""

    cells: Cells = field(default_factory=dict)
    unit: Unit = "deg"
    trials: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Set:
    row: TrialRow
    value: float


def gather(store: Store, asked: Asked) -> Gathered:
    """Return the set means of the latest stored results, one person at a time.

    Raises
    ------
    UsageError
        `side_needed` where both sides were measured and none is named.
    QualityError
        `no_repeats` where nothing can be used.
    """
    found = Gathered()
    sets = [s for s in (_set_of(store, row, asked, found) for row in _rows(store, asked)) if s]
    people: dict[str, list[_Set]] = {}
    for one in sets:
        people.setdefault(one.row.subject, []).append(one)
    placed: list[_Set] = []
    for person, own in people.items():
        place = _by_rater if asked.design == "by rater" else _by_day
        placed += place(person, sorted(own, key=lambda s: (s.row.utc, s.row.id)), asked, found)
    if not found.cells:
        raise _nothing(asked, found)
    whole = _complete(found)
    found.notes += _notes([one for one in placed if one.row.subject in whole], asked)
    return found


def _complete(found: Gathered) -> set[str]:
    """Return the people who have every repeat: the others are no part of the study."""
    repeats = {repeat for _, repeat in found.cells}
    people = {person for person, _ in found.cells}
    return {p for p in people if all((p, repeat) in found.cells for repeat in repeats)}


def _rows(store: Store, asked: Asked) -> list[TrialRow]:
    rows = store.list_trials(protocol=asked.protocol.id)
    if asked.side is not None:
        return [row for row in rows if row.side == asked.side]
    sides = {row.side for row in rows if row.state != "void"}
    if len(sides) > 1:
        raise UsageError(
            f"{asked.protocol.id} was measured on more than one side: expected one, since the two "
            "sides of one person are no repeats; name it with --side.",
            reason="side_needed",
        )
    return list(rows)


def _set_of(store: Store, row: TrialRow, asked: Asked, found: Gathered) -> _Set | None:
    """Return the set of a trial, or count why there is none."""
    from collector.scoring.visit.values import values_of

    if row.state in ("void", "open"):
        found.left_out[f"{row.state} trials"] += 1
    elif row.grade is None:
        found.left_out["trials without a stored result"] += 1
    elif row.grade == "X":
        found.left_out["trials of grade X"] += 1
    elif asked.design == "by rater" and not row.examiner:
        found.left_out["trials of which nobody said who measured"] += 1
    elif asked.raters and row.examiner not in asked.raters:
        found.left_out["trials of other raters"] += 1
    else:
        value = values_of(store.latest_result(row.id), asked.protocol).get(asked.measure)
        if value is not None:
            found.unit = value.unit
            return _Set(row, value.mean)
        found.left_out[f"trials without a set mean of {asked.measure}"] += 1
    return None


def _by_rater(person: str, own: list[_Set], asked: Asked, found: Gathered) -> list[_Set]:
    first, placed = own[0].row.utc, list[_Set]()
    for one in own:
        if _apart(first, one.row.utc) > timedelta(days=asked.within_days):
            found.left_out[f"trials more than {asked.within_days} days after the first"] += 1
            continue
        found.cells.setdefault((person, one.row.examiner), []).append(one.value)
        found.trials += 1
        placed.append(one)
    return placed


def _by_day(person: str, own: list[_Set], asked: Asked, found: Gathered) -> list[_Set]:
    first, sessions = own[0].row.utc, list(dict.fromkeys(one.row.session for one in own))
    placed: list[_Set] = []
    for one in own:
        visit = sessions.index(one.row.session) + 1
        if _apart(first, one.row.utc) > timedelta(days=asked.within_days):
            found.left_out[f"trials more than {asked.within_days} days after the first"] += 1
        elif visit > asked.visits:
            found.left_out[f"trials after visit {asked.visits}"] += 1
        else:
            found.cells.setdefault((person, f"visit {visit}"), []).append(one.value)
            found.trials += 1
            placed.append(one)
    return placed


def _apart(first: str, later: str) -> timedelta:
    return datetime.fromisoformat(later) - datetime.fromisoformat(first)


def _notes(sets: list[_Set], asked: Asked) -> list[str]:
    """Return what mixes more into the error than the design says."""
    notes = []
    raters = {s.row.examiner for s in sets}
    if asked.design == "by day" and len(raters) > 1:
        notes.append("Different raters measured on these days: the error holds both.")
    days: dict[str, set[int]] = {}
    for one in sets:
        days.setdefault(one.row.subject, set()).add(one.row.session)
    moved = sum(len(visits) > 1 for visits in days.values())
    if asked.design == "by rater" and moved:
        who = "1 person was" if moved == 1 else f"{moved} people were"
        notes.append(f"{who} measured on more than one day: the error holds both.")
    if len({s.row.protocol_version for s in sets}) > 1:
        notes.append("Several versions of the test are mixed.")
    return notes


def _nothing(asked: Asked, found: Gathered) -> QualityError:
    why = ", ".join(f"{n} {what}" for what, n in found.left_out.items()) or "there are no trials"
    return QualityError(
        f"There are no repeats of {asked.protocol.id} {asked.measure} to compare ({why}): expected "
        "people who were measured twice; measure them again, or give a table with --table.",
        reason="no_repeats",
    )
