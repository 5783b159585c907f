"""A person's report as values: visits scored, progress told, the latest trials' curves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.pipeline import Processed, process
from collector.report.charts.curve import Curve
from collector.report.choices import Choices
from collector.report.history import History, VisitSets, history_of
from collector.report.simulated import is_simulated
from collector.scoring.patterns.trial import patterns_of
from collector.scoring.progress import progress_of
from collector.scoring.visit import visit_of
from collector.scoring.visit.inputs import SetInput
from collector.store import Store
from schemas.errors import HipgonioError, StoreError
from schemas.norm import Norm
from schemas.patterns import Patterns
from schemas.progress import Course, Progress, SiteSem
from schemas.units import FloatArray
from schemas.visit import Person, TestScore, Visit

POINTS: Final = 600
"""Of a curve so many are drawn: a page is not wider."""
AROUND_S: Final = 3.0
_DEFAULT: Final = Choices()


@dataclass(frozen=True, eq=False, slots=True)
class Shown:
    """One test of the latest visit with all that stands beside it."""

    score: TestScore
    set: SetInput
    curve: Curve | None
    courses: tuple[Course, ...]
    patterns: Patterns | None = None


@dataclass(frozen=True, eq=False, slots=True)
class PersonReport:
    """One person's report; `shown` are the tests of the latest visit.

    `simulated`: nobody was measured in that visit, or not in all of it.
    """

    history: History
    visits: tuple[Visit, ...]
    progress: Progress
    shown: tuple[Shown, ...]
    choices: Choices = _DEFAULT
    simulated: bool = False

    @property
    def latest(self) -> Visit:
        """The last visit."""
        return self.visits[-1]

    @property
    def latest_sets(self) -> VisitSets:
        """What the last visit was scored from."""
        return next(v for v in reversed(self.history.visits) if v.sets)


def person_report(
    store: Store,
    code: str,
    *,
    norms: Sequence[Norm],
    choices: Choices = _DEFAULT,
    curves: bool = True,
) -> PersonReport:
    """Score everything that is kept of a person, and compute the latest trials' curves anew.

    Parameters
    ----------
    store, code
        The open database, and the person's code.
    norms
        What values may be held against, the site's own among them.
    choices
        Readings that differ from the default.
    curves
        False: no trial is computed anew, so there are no curves and no patterns.

    Raises
    ------
    StoreError
        `no_such_subject`; `nothing_to_report` where no trial of a test is kept.
    """
    history = history_of(store, code)
    # a visit without a single set has nothing to score: what it left out is told all the same
    scored = [visit for visit in history.visits if visit.sets]
    if not scored:
        raise StoreError(
            f"Nothing to report of {code}: expected at least one stored and scored trial of a"
            " test, and there is none; measure or import one first.",
            reason="nothing_to_report",
        )
    sems = store.site_sems()
    visits = tuple(_scored(visit, history.person, norms, sems, choices) for visit in scored)
    progress = progress_of(
        visits, history.protocols, sems, norms, history.person, rules=choices.progress
    )
    shown = tuple(_shown(store, scored[-1], visits[-1].tests, progress, curves=curves))
    simulated = any(is_simulated(store.load_info(one.trial)) for one in scored[-1].sets)
    return PersonReport(history, visits, progress, shown, choices, simulated)


def _scored(
    visit: VisitSets,
    person: Person,
    norms: Sequence[Norm],
    sems: Sequence[SiteSem],
    choices: Choices,
) -> Visit:
    return visit_of(
        visit.session,
        visit.utc,
        visit.sets,
        person,
        norms,
        rules=choices.visit,
        site_sems=sems,
        composite=choices.composite,
    )


def _shown(
    store: Store,
    visit: VisitSets,
    scores: Sequence[TestScore],
    progress: Progress,
    *,
    curves: bool,
) -> Iterator[Shown]:
    sets = {item.trial: item for item in visit.sets}
    for score in scores:
        item = sets[score.trial]
        own = [c for c in progress.courses if (c.protocol, c.side) == (score.protocol, score.side)]
        curve, patterns = _computed(store, item) if curves else (None, None)
        yield Shown(score, item, curve, tuple(own), patterns)


def _computed(store: Store, item: SetInput) -> tuple[Curve | None, Patterns | None]:
    """Return curve and patterns of a trial; None where its bytes give no angles any more."""
    try:
        recording = store.load_recording(item.trial)
        processed = process(recording)
    except HipgonioError:
        return None, None
    origin_s = recording.info.origin_s
    curve = curve_of(processed, item, origin_s=origin_s)
    if curve is None or not item.protocol.patterns:
        return curve, None
    found = patterns_of(processed.angles, item.protocol, processed.result, origin_s=origin_s)
    return curve, found


def curve_of(processed: Processed, item: SetInput, *, origin_s: float) -> Curve | None:
    """Return HIP, COMP and TOT around the repetitions, thinned to what a page can show."""
    angles, formulae = processed.angles, item.protocol.formulae
    wanted = (formulae.hip, formulae.comp, formulae.tot)
    if not len(angles.t_s) or not all(n in angles.deg for n in formulae.tot.channels):
        return None
    part = _around(angles.t_s + origin_s, processed)
    blank = np.full(len(angles.t_s), np.nan)
    hip, lent, total = (
        _listed((f(angles.deg) if set(f.channels) <= set(angles.deg) else blank)[part])
        for f in wanted
    )
    return Curve(
        t_s=_listed((angles.t_s + origin_s)[part]),
        hip_deg=hip,
        lent_deg=lent,
        total_deg=total,
        holds=_holds(processed),
    )


def _around(t_s: FloatArray, processed: Processed) -> slice:
    """Return the samples from shortly before the first repetition to shortly after the last.

    What came before, as standing up to be measured, would only flatten the curve.
    """
    first, end = 0, len(t_s)
    if repetitions := processed.result.repetitions:
        first = int(np.searchsorted(t_s, repetitions[0].start_s - AROUND_S))
        end = int(np.searchsorted(t_s, repetitions[-1].end_s + AROUND_S))
    if end - first < 2:
        first, end = 0, len(t_s)
    return slice(first, end, max(1, (end - first) // POINTS))


def _listed(values: FloatArray) -> list[float]:
    return [float(v) for v in values]


def _holds(processed: Processed) -> tuple[tuple[float, float], ...]:
    return tuple(
        (r.plateau_start_s, r.plateau_end_s)
        for r in processed.result.repetitions
        if r.plateau_start_s is not None and r.plateau_end_s is not None
    )
