"""A person's report as one HTML file that needs nothing beside it and prints as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from collector.report import telling
from collector.report.all_visits import done_before_only, history_rows
from collector.report.calibration_words import age_text
from collector.report.charts.bars import Bars, bars_drawing
from collector.report.charts.course import course_drawing
from collector.report.charts.curve import curve_drawing
from collector.report.charts.shapes import Drawing
from collector.report.charts.svg import svg_of
from collector.report.glance import glance_of, of_test
from collector.report.movement import movement_lines
from collector.report.norm_band import norm_words
from collector.report.pages import environment
from collector.report.person import PersonReport, Shown
from collector.report.quality import quality_of, unusable_lines, versions_line
from collector.report.simulated import NOBODY
from schemas.progress import Change, Course
from schemas.protocol_scoring import Unit
from schemas.quantities import brief
from schemas.result import Reason
from schemas.visit import TestScore, Value

_LEAST_DEG: Final = 1.0
WARNED = frozenset({"gain_not_from_hip"})
"""Statements that a reader must not overlook."""


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number of a test as the page's table shows it."""

    name: str
    mean: str
    most: str
    sd: str
    last: str
    baseline: str


@dataclass(frozen=True, slots=True)
class TestView:
    """One test of the latest visit, ready for the template."""

    score: TestScore
    bars: Drawing | None
    curve: Drawing | None
    courses: tuple[Drawing, ...]
    errors: tuple[str, ...]
    rows: tuple[NumberRow, ...]
    told: tuple[str, ...]
    notes: tuple[str, ...]
    movement: tuple[str, ...]
    withheld: tuple[Reason, ...]

    @property
    def changed(self) -> bool:
        """True where there is any change to show."""
        return any(row.last != "-" or row.baseline != "-" for row in self.rows)


def svg_markup(drawing: Drawing) -> Markup:
    """Return a drawing as it stands in a page."""
    return Markup(svg_of(drawing))


def page(report: PersonReport, *, made: str, draw: Callable[[Drawing], Markup] = svg_markup) -> str:
    """Return the whole page.

    `made` is the date that it carries (ISO 8601); `draw` puts a drawing into it.
    """
    from schemas.intended_use import LONG, SHORT

    latest = report.latest
    return (
        environment()
        .get_template("person.html.j2")
        .render(
            title=f"Hip and low back: {report.history.subject.code}",
            person=_person(report),
            made=made[:10],
            short_use=SHORT,
            nobody=NOBODY if report.simulated else "",
            long_use=LONG.splitlines(),
            tell=telling,
            draw=draw,
            glance=glance_of(report.progress.sentences, titles_of(report)),
            unusable=list(unusable_lines(report)),
            warned=WARNED,
            visits=report.visits,
            latest=latest,
            shown=[_view(item, report) for item in report.shown],
            symmetry=[_symmetry(report, n) for n in range(len(latest.symmetry))],
            accessory=accessory_of(report),
            composite=latest.composite,
            visit_withheld=latest.withheld,
            history=list(history_rows(report)),
            before_only=done_before_only(report),
            left_out=[reason for visit in report.history.visits for reason in visit.left_out],
            quality=[quality_of(item) for item in report.shown],
            age=age_text,
            versions=versions_line(report),
        )
    )


def _person(report: PersonReport) -> str:
    person = report.history.person
    known = [person.sex, f"born {person.birth_year}" if person.birth_year else None]
    said = ", ".join(part for part in known if part)
    return f"{said.capitalize()}." if said else "Sex and year of birth are not known."


def titles_of(report: PersonReport) -> dict[str, str]:
    """Return the titles of all tests that were done, by id."""
    return {test: protocol.title for test, protocol in report.history.protocols.items()}


def accessory_of(report: PersonReport) -> str:
    """Return the accessory check in words, empty without one."""
    check = report.latest.accessory
    return "" if check is None else telling.accessory_text(check, report.choices.visit.accessory)


def _view(item: Shown, report: PersonReport) -> TestView:
    name = f"{item.score.title}{telling.side_of(item.score)}"
    return TestView(
        score=item.score,
        bars=_bars(item, name),
        curve=curve_drawing(item.curve, f"{name}: hip and lent over time") if item.curve else None,
        courses=tuple(_course_charts(item)),
        errors=tuple(telling.errors_of(item.courses)),
        rows=tuple(_rows(item)),
        told=tuple(told_of(item, report)),
        notes=tuple(notes_of(item)),
        movement=tuple(movement_of(item)),
        withheld=item.score.withheld,
    )


def _bars(item: Shown, name: str) -> Drawing | None:
    """Draw the bar of a test whose total is hip and compensation, over the norm of the total."""
    values, protocol = item.score.values, item.set.protocol
    if "hip" not in values or "comp" not in values or not protocol.adds_up:
        return None
    norm, words = _norm_band(item)
    hip, comp = values["hip"].mean, values["comp"].mean
    against = _other_way(values)
    bars = Bars(hip, comp, protocol.lender, norm, words, other_way_deg=against)
    return bars_drawing(bars, f"{name}: hip and lent")


def _norm_band(item: Shown) -> tuple[tuple[float, float] | None, str]:
    """Return mean and SD of the norm, and its name; none where it counts the other way."""
    mobility, total = item.score.mobility, item.score.values.get("tot")
    if mobility is None or total is None or mobility.value_deg != total.mean:
        return None, ""
    norm = mobility.norm
    if norm.mean_deg is None or not norm.sd_deg:
        return None, ""
    return (norm.mean_deg, norm.sd_deg), norm_words(norm)


def _other_way(values: Mapping[str, Value]) -> float:
    """Return how far the lender went against the movement; 0 where it lent, and below a degree."""
    if "tot" not in values or values["comp"].mean >= _LEAST_DEG:
        return 0.0
    against = values["hip"].mean - values["tot"].mean
    return against if against >= _LEAST_DEG else 0.0


def _course_charts(item: Shown) -> Iterator[Drawing]:
    for course in item.courses:
        if course.measure in ("tot", "hip") and len(course.points) > 1:
            name = telling.name_of(course.measure, item.set.protocol)
            yield course_drawing(course, name)


def told_of(item: Shown, report: PersonReport) -> list[str]:
    """Return what the progress of one test comes to."""
    score = item.score
    name = f"{score.title}{telling.side_of(score)}"
    return of_test(report.progress.sentences, score.protocol, score.side, name=name)


def movement_of(item: Shown) -> Iterator[str]:
    """Yield the movement patterns of one test."""
    if item.patterns is not None:
        yield from movement_lines(item.patterns, item.set.protocol.lender)


def _rows(item: Shown) -> Iterator[NumberRow]:
    courses = {course.measure: course for course in item.courses}
    for name, value in item.score.values.items():
        title = telling.name_of(name, item.set.protocol)
        yield _number_row(title, value, courses.get(name))


def _number_row(name: str, value: Value, course: Course | None) -> NumberRow:
    def known(number: float | None) -> str:
        return "-" if number is None else brief(number, value.unit)

    return NumberRow(
        name=name,
        mean=telling.value_text(value),
        most=known(value.most),
        sd=known(value.sd),
        last=_changed(course.since_last if course else None, value.unit),
        baseline=_changed(course.since_baseline if course else None, value.unit),
    )


def _changed(change: Change | None, unit: Unit) -> str:
    rci = telling.rci_text(change)
    return telling.change_text(change, unit) + (f" ({rci})" if rci else "")


def notes_of(item: Shown) -> Iterator[str]:
    """Yield what else is known of a test: norm, control, flags, targets, trend, pain, end."""
    score = item.score
    for mobility in (score.mobility, score.hip_mobility):
        if mobility is not None:
            yield telling.mobility_text(mobility)
    if score.control is not None:
        yield telling.control_text(score.control)
    yield from (flag.sentence for flag in score.flags)
    yield from (telling.target_text(target) for target in score.targets)
    for course in item.courses:
        if course.measure in ("tot", "hip"):
            yield from (f"{course.measure.upper()}: {n}" for n in telling.course_notes(course))
    if ended := telling.ended_text(score):
        yield ended


def _symmetry(report: PersonReport, n: int) -> str:
    row = report.latest.symmetry[n]
    title = report.history.protocols[row.protocol].title
    flags = " ".join(flag.sentence for flag in row.flags)
    return f"{title}, {row.measure.upper()}: {telling.symmetry_text(row)}. {flags}".strip()
