"""One number of one test and side over all visits: baseline, changes, trend, what was recovered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final, cast

from collector.scoring.progress.labels import Sense, change_of
from collector.scoring.progress.rules import ProgressRules
from collector.scoring.progress.series import Series, points_of
from collector.scoring.progress.trend import plateau_of, trend_of
from collector.scoring.visit.norms import find_norm, key_of
from collector.scoring.visit.sems import sem_of
from collector.scoring.visit.sense import hip_moves, norm_sign_of, sense_of
from collector.scoring.visit.words import cited_norm
from schemas.norm import Norm
from schemas.progress import Change, Course, Point, SemUsed, SiteSem
from schemas.protocol import Protocol
from schemas.quantities import unit_of
from schemas.visit import Angle, Person

MEASURES: Final = ("tot", "hip", "comp", "share", "lum")


@dataclass(frozen=True, slots=True)
class Known:
    """What courses rest on besides the visits."""

    site_sems: Sequence[SiteSem]
    norms: Sequence[Norm]
    person: Person
    rules: ProgressRules


def courses_of(series: Series, known: Known) -> dict[str, Course]:
    """Return the course of every measure that a visit has, by measure."""
    names = (*MEASURES, *series.protocol.formulae.extra)
    present = {name for _, score in series.rows for name in score.values}
    return {name: _course(name, series, known) for name in dict.fromkeys(names) if name in present}


def better_of(protocol: Protocol, measure: str) -> Sense:
    """Return +1 where more of a measure is better, -1 where less is, 0 where neither.

    A task of daily life (group `function`) is not better for being done with more movement. Less
    compensation is better unless it is the low back's own part of a forward bend, of which too
    little is as unusual as too much.
    """
    scoring = protocol.scoring
    if measure == "tot" or (measure == "hip" and hip_moves(protocol)):
        return 0 if scoring and scoring.group == "function" else sense_of(protocol)
    control = scoring.control if scoring else None
    either = protocol.compensation == "lumbar_flexion" or bool(control and control.two_sided)
    return -1 if measure in ("comp", "share") and not either else 0


def _course(measure: str, series: Series, known: Known) -> Course:
    points = points_of(series, measure)
    used = [point for point in points if point.usable]
    sem = sem_of(series.protocol, measure, known.site_sems)
    sense = better_of(series.protocol, measure)
    first = used[: 2 if known.rules.double_baseline else 1]
    since_baseline = _since(first, used[len(first) :], sem, sense)
    norm = _norm(measure, series.protocol, known, first)
    goal = None if norm is None else norm_sign_of(series.protocol) * (norm.mean_deg or 0.0)
    baseline = fmean(p.value for p in first) if first else None
    return Course(
        protocol=series.protocol.id,
        side=series.side,
        measure=measure,
        unit=unit_of(measure),
        points=points,
        sem=sem,
        since_baseline=since_baseline,
        since_last=_since(used[-2:-1], used[-1:], sem, sense),
        trend=trend_of([p.weeks for p in used], [p.value for p in used], known.rules.trend_from),
        plateau=plateau_of([p.value for p in used], sem.value, known.rules.plateau_of),
        recovered_pct=_recovered(
            since_baseline, known.rules, baseline=baseline, goal=goal, sem=sem, sense=sense
        ),
        baseline=baseline,
        sense=sense,
        norm_deg=goal,
        norm_source=cited_norm(norm) if norm else "",
    )


def _since(
    first: Sequence[Point], later: Sequence[Point], sem: SemUsed, sense: Sense
) -> Change | None:
    if not first or not later:
        return None
    difference = later[-1].value - fmean(point.value for point in first)
    return change_of(first[0].session, difference, sem, sense)


def _norm(measure: str, protocol: Protocol, known: Known, first: Sequence[Point]) -> Norm | None:
    """Return the norm that fits the person on the day of the baseline."""
    if not first or measure not in ("tot", "hip") or better_of(protocol, measure) == 0:
        return None
    which = cast(Angle, measure)
    key = key_of(protocol, known.person, first[0].utc, which)
    return find_norm(key, known.norms).norm if key else None


def _recovered(
    change: Change | None,
    rules: ProgressRules,
    *,
    baseline: float | None,
    goal: float | None,
    sem: SemUsed,
    sense: Sense,
) -> float | None:
    """Return how much of what lacked to the norm's mean came back, in percent.

    None where no more lacked than error explains.
    """
    if change is None or baseline is None or goal is None or sem.mdc95 is None:
        return None
    lacking = goal - baseline
    if sense * lacking <= sem.mdc95:
        return None
    return min(max(100.0 * change.difference / lacking, 0.0), rules.recovered_most_pct)
