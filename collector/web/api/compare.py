"""/api/compare: two trials of one person, test and side, their differences held against error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fastapi import APIRouter

from collector.report.history import newest_remarks, set_input_of
from collector.report.telling import change_text, name_of
from collector.scoring.progress.courses import better_of
from collector.scoring.progress.labels import change_of
from collector.scoring.visit.inputs import SetInput
from collector.scoring.visit.one import score_of
from collector.scoring.visit.rules import VisitRules
from collector.scoring.visit.sems import sem_of
from collector.scoring.visit.symmetry import counts
from collector.store import Store
from collector.web.api.bodies.common import errors
from collector.web.api.bodies.compare import CompareBody, Difference
from collector.web.api.bodies.trials import TrialBrief
from collector.web.api.briefs import brief
from collector.web.api.here import AskedTrial, AtDesk
from schemas.progress import SiteSem
from schemas.result import Reason
from schemas.visit import Person, TestScore

routes: Final = APIRouter(prefix="/api", tags=["trials"])


@routes.get(
    "/compare", summary="Compare two trials", operation_id="compareTrials", responses=errors(404)
)
def compare(a: AskedTrial, b: AskedTrial, desk: AtDesk) -> CompareBody:
    """Return b - a for every number, and whether that is more than error; or why it cannot be."""
    with desk.store() as store:
        first, second = brief(store, a), brief(store, b)
        found = _why_not(first, second) or _differences(store, a, b)
    differences = [] if isinstance(found, str) else found
    why = found if isinstance(found, str) else ""
    return CompareBody(a=first, b=second, comparable=not why, why=why, differences=differences)


def _why_not(a: TrialBrief, b: TrialBrief) -> str:
    """Say why two trials have nothing to be compared in; empty where they may have."""
    if a.id == b.id:
        return "This is one trial: choose two."
    if a.subject != b.subject:
        return f"They are of two people, {a.subject} and {b.subject}."
    if a.protocol != b.protocol:
        return f"They are of two tests: {a.title} and {b.title}."
    if a.side != b.side:
        return f"They are of two sides: {a.side or 'both'} and {b.side or 'both'}."
    return ""


def _differences(store: Store, a: int, b: int) -> list[Difference] | str:
    before, after = _input(store, a), _input(store, b)
    if isinstance(before, str):
        return before
    if isinstance(after, str):
        return after
    return [*_told(before, after, store.site_sems())]


def _input(store: Store, trial: int) -> tuple[SetInput, TestScore] | str:
    """Return a set that counts, or why it does not."""
    said = newest_remarks(store.remarks(trial)).get(trial, {})
    item = set_input_of(store, store.trial(trial), said)
    if isinstance(item, Reason):
        return item.sentence
    score = score_of(item, Person(), (), VisitRules())
    if counts(score):
        return item, score
    return " ".join(f"Trial {trial}: {reason.sentence}" for reason in score.withheld[:1])


def _told(
    before: tuple[SetInput, TestScore],
    after: tuple[SetInput, TestScore],
    sems: tuple[SiteSem, ...],
) -> Iterator[Difference]:
    item, score = after
    was = before[1].values
    for measure, now in score.values.items():
        if measure not in was:
            continue
        difference = now.mean - was[measure].mean
        sem = sem_of(item.protocol, measure, sems)
        change = change_of(before[0].trial, difference, sem, better_of(item.protocol, measure))
        yield Difference(
            measure=measure,
            name=name_of(measure, item.protocol),
            unit=now.unit,
            a=was[measure].mean,
            b=now.mean,
            difference=difference,
            text=change_text(change, now.unit),
            label=change.label,
        )
