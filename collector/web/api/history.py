"""/api/subjects/{code}/progress: every number over the visits, held against its error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from fastapi import APIRouter

from collector.own_norms import all_norms
from collector.report.glance import glance_of
from collector.report.norm_band import NormBand, band_of
from collector.report.page import titles_of
from collector.report.person import PersonReport, person_report
from collector.report.telling import change_text, name_of
from collector.web.api.bodies.common import errors
from collector.web.api.bodies.subjects import (
    ChangePart,
    CoursePart,
    NormPart,
    PointPart,
    ProgressBody,
)
from collector.web.api.here import AtDesk, SubjectCode
from schemas.errors import StoreError
from schemas.progress import Change, Course
from schemas.protocol_scoring import Unit
from schemas.result import Grade
from schemas.visit import TestScore

routes: Final = APIRouter(prefix="/api/subjects", tags=["subjects"])

_BETTER: Final[dict[int, Literal["up", "down"]]] = {1: "up", -1: "down"}


@routes.get(
    "/{code}/progress",
    summary="Show a person's progress",
    operation_id="showProgress",
    responses=errors(404),
)
def show_progress(code: SubjectCode, desk: AtDesk) -> ProgressBody:
    """Return every number of every test and side over the visits, and what it comes to."""
    norms = all_norms()
    with desk.store() as store:
        try:
            report = person_report(store, code, norms=norms, curves=False)
        except StoreError as error:
            if error.reason != "nothing_to_report":
                raise
            return ProgressBody(courses=[], glance=[])
    glance = glance_of(report.progress.sentences, titles_of(report))
    said = (told.sentence for told in glance.said)
    return ProgressBody(
        courses=[*_courses(report)],
        glance=[*said, *filter(None, (glance.more_text,)), *glance.quiet],
    )


def _courses(report: PersonReport) -> Iterator[CoursePart]:
    grades = {score.trial: score.grade for visit in report.visits for score in visit.tests}
    for course in report.progress.courses:
        protocol = report.history.protocols[course.protocol]
        yield CoursePart(
            protocol=course.protocol,
            title=protocol.title,
            side=course.side,
            measure=course.measure,
            name=name_of(course.measure, protocol),
            unit=course.unit,
            better=_BETTER.get(course.sense),
            points=_points(course, grades),
            mdc95=course.sem.mdc95,
            sem_source=None if course.sem.value is None else course.sem.text,
            baseline=course.baseline,
            norm=_norm(report, course),
            since_last=_change(course.since_last, course.unit),
            since_baseline=_change(course.since_baseline, course.unit),
        )


def _points(course: Course, grades: dict[int, Grade]) -> list[PointPart]:
    return [
        PointPart(
            trial=point.trial,
            utc=point.utc,
            value=point.value,
            usable=point.usable,
            grade=grades[point.trial],
        )
        for point in course.points
    ]


def _change(change: Change | None, unit: Unit) -> ChangePart | None:
    if change is None:
        return None
    return ChangePart(text=change_text(change, unit), label=change.label)


def _norm(report: PersonReport, course: Course) -> NormPart | None:
    """Return the norm that the report itself holds the latest of these visits against."""
    band = _band(report, course)
    if band is None:
        return None
    return NormPart(low=band.low_deg, high=band.high_deg, label=band.label, recalled=band.recalled)


def _band(report: PersonReport, course: Course) -> NormBand | None:
    score = _latest(report, course)
    mobility = score.hip_mobility if course.measure == "hip" else score.mobility
    if mobility is None or mobility.measure != course.measure:
        return None
    return band_of(mobility.norm, report.history.protocols[course.protocol], mobility.measure)


def _latest(report: PersonReport, course: Course) -> TestScore:
    trial = course.points[-1].trial
    return next(s for visit in report.visits for s in visit.tests if s.trial == trial)
