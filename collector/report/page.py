"""A person's report as one HTML file that needs nothing beside it and prints as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

from markupsafe import Markup

from collector.pipeline import ALGORITHM
from collector.report import telling
from collector.report.charts.bars import Bars, bars_chart
from collector.report.charts.course import course_chart
from collector.report.charts.curve import curve_chart
from collector.report.pages import environment
from collector.report.person import PersonReport, Shown
from schemas.progress import Course
from schemas.quantities import brief
from schemas.result import Reason
from schemas.visit import TestScore, Value

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
    bars: Markup | None
    curve: Markup | None
    courses: tuple[Markup, ...]
    errors: tuple[str, ...]
    rows: tuple[NumberRow, ...]
    notes: tuple[str, ...]
    withheld: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One test of one visit in the table of all."""

    date: str
    test: str
    trial: int
    tot: str
    hip: str
    comp: str
    share: str
    grade: str


def page(report: PersonReport, *, made: str) -> str:
    """Return the whole page; `made` is the date that it carries (ISO 8601)."""
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
            long_use=LONG.splitlines(),
            tell=telling,
            sentences=report.progress.sentences,
            warned=WARNED,
            visits=report.visits,
            latest=latest,
            shown=[_view(item) for item in report.shown],
            symmetry=[_symmetry(report, n) for n in range(len(latest.symmetry))],
            accessory=latest.accessory,
            composite=latest.composite,
            visit_withheld=latest.withheld,
            history=list(history_rows(report)),
            left_out=[reason for visit in report.history.visits for reason in visit.left_out],
            quality=list(quality_lines(report)),
            versions=versions_line(report),
        )
    )


def _person(report: PersonReport) -> str:
    person = report.history.person
    known = [person.sex, f"born {person.birth_year}" if person.birth_year else None]
    said = ", ".join(part for part in known if part)
    return f"{said.capitalize()}." if said else "Sex and year of birth are not known."


def _view(item: Shown) -> TestView:
    name = f"{item.score.title}{telling.side_of(item.score)}"
    return TestView(
        score=item.score,
        bars=_bars(item, name),
        curve=Markup(curve_chart(item.curve, f"{name}: hip and lent over time"))
        if item.curve
        else None,
        courses=tuple(_course_charts(item)),
        errors=tuple(_errors(item)),
        rows=tuple(_rows(item)),
        notes=tuple(notes_of(item)),
        withheld=item.score.withheld,
    )


def _bars(item: Shown, name: str) -> Markup | None:
    values = item.score.values
    if "hip" not in values or "comp" not in values or item.score.sense < 0:
        return None
    norm, words = None, ""
    mobility = item.score.mobility
    if mobility is not None and mobility.norm.mean_deg is not None and mobility.norm.sd_deg:
        norm = mobility.norm.mean_deg, mobility.norm.sd_deg
        sure = telling.tag_text(mobility.norm.tag)
        words = f"norm of the reading {norm[0]:g} \u00b1 {norm[1]:g}{sure}"
    lender = item.set.protocol.lender
    bars = Bars(values["hip"].mean, values["comp"].mean, lender, norm, words)
    return Markup(bars_chart(bars, f"{name}: hip and lent"))


def _course_charts(item: Shown) -> Iterator[Markup]:
    for course in item.courses:
        if course.measure in ("tot", "hip") and len(course.points) > 1:
            name = telling.NAMES[course.measure]
            yield Markup(course_chart(course, name))


def _errors(item: Shown) -> Iterator[str]:
    for course in item.courses:
        if course.measure in ("tot", "hip"):
            name = course.measure.upper()
            yield f"{name}: {telling.sem_text(course.sem, course.unit)}"


def _rows(item: Shown) -> Iterator[NumberRow]:
    courses = {course.measure: course for course in item.courses}
    for name, value in item.score.values.items():
        yield _number_row(name, value, courses.get(name))


def _number_row(name: str, value: Value, course: Course | None) -> NumberRow:
    def known(number: float | None) -> str:
        return "-" if number is None else brief(number, value.unit)

    return NumberRow(
        name=telling.NAMES.get(name, name.replace("_", " ")),
        mean=telling.value_text(value),
        most=known(value.most),
        sd=known(value.sd),
        last=telling.change_text(course.since_last, value.unit) if course else "-",
        baseline=telling.change_text(course.since_baseline, value.unit) if course else "-",
    )


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
        yield f"at the end: {ended}"


def _symmetry(report: PersonReport, n: int) -> str:
    row = report.latest.symmetry[n]
    title = report.history.protocols[row.protocol].title
    flags = " ".join(flag.sentence for flag in row.flags)
    return f"{title}, {row.measure.upper()}: {telling.symmetry_text(row)}. {flags}".strip()


def history_rows(report: PersonReport) -> Iterator[HistoryRow]:
    """Yield every test of every visit, the latest first."""
    for visit in reversed(report.visits):
        for score in visit.tests:
            cells = {name: _cell(score, name) for name in ("tot", "hip", "comp", "share")}
            test = f"{score.title}{telling.side_of(score)}"
            yield HistoryRow(score.utc[:10], test, score.trial, grade=score.grade, **cells)


def _cell(score: TestScore, name: str) -> str:
    value = score.values.get(name)
    return "-" if value is None else f"{value.mean:.1f}"


def quality_lines(report: PersonReport) -> Iterator[str]:
    """Yield, for every test of the latest visit, what speaks against it and how it was measured."""
    for item in report.shown:
        result = item.set.result
        name = f"{item.score.title}{telling.side_of(item.score)}"
        why = " ".join(reason.sentence for reason in result.reasons) or "nothing speaks against it."
        bound = f"time alignment within {result.certificate.clock_bound_ms:.0f} ms"
        rule = item.score.rule.partition(":")[0]
        raw = result.certificate.raw_sha256[:12]
        yield f"{name}: grade {item.score.grade}; {why} ({bound}; rule {rule}; raw data {raw})"


def versions_line(report: PersonReport) -> str:
    """Name the code and the rules that made the numbers."""
    made = {f"algorithm {item.set.result.versions.algorithm}" for item in report.shown}
    tests = {f"{s.protocol.id} {s.protocol.version}" for s in report.latest_sets.sets}
    return (
        f"hipgonio {version('hipgonio')}; results by {', '.join(sorted(made))} (this version has"
        f" {ALGORITHM}); tests {', '.join(sorted(tests))}; rules {report.latest.rules} and"
        f" {report.progress.rules}."
    )
