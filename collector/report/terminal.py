"""A person's report in a terminal: the sentences first, then the numbers they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from collector.report import telling
from collector.report.page import notes_of, quality_lines, versions_line
from collector.report.person import PersonReport, Shown

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_MEASURES = ("tot", "hip", "comp", "share", "lum")


def show_report(console: Console, report: PersonReport) -> None:
    """Print the report."""
    subject = report.history.subject.code
    date = report.latest.utc[:10]
    console.print(
        f"{subject}: {len(report.visits)} visits, the last on {date}", style="bold", markup=False
    )
    for sentence in report.progress.sentences:
        console.print(f"  {sentence.sentence}", markup=False)
    for item in report.shown:
        _test(console, item)
    for line in _beside(report):
        console.print(f"  {line}", markup=False)
    console.print("How good the numbers are", style="bold")
    for line in quality_lines(report):
        console.print(f"  {line}", markup=False)
    console.print(f"  {versions_line(report)}", markup=False)


def _test(console: Console, item: Shown) -> None:
    score = item.score
    head = f"{score.title}{telling.side_of(score)}"
    meaning = telling.GRADE_MEANING[score.grade]
    console.print()
    console.print(head, style="bold", markup=False)
    console.print(f"  Grade {score.grade}: {meaning} (trial {score.trial})", markup=False)
    console.print(_numbers(item))
    for course in item.courses:
        if course.measure in ("tot", "hip"):
            error = telling.sem_text(course.sem, course.unit)
            console.print(f"  {course.measure.upper()}: {error}", markup=False)
    for note in notes_of(item):
        console.print(f"  {note}", markup=False)
    for reason in score.withheld:
        console.print(f"  not scored: {reason.sentence}", markup=False)


def _numbers(item: Shown) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=True)
    for heading, justify in (("number", "left"), ("mean", "right"), ("since last", "left")):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]  # words that rich knows
    table.add_column("since baseline")
    courses = {course.measure: course for course in item.courses}
    for name, value in item.score.values.items():
        course = courses.get(name)
        changes = (course.since_last, course.since_baseline) if course else (None, None)
        table.add_row(
            Text(telling.NAMES.get(name, name.replace("_", " "))),
            telling.value_text(value),
            *(telling.change_text(change, value.unit) for change in changes),
        )
    return table


def _beside(report: PersonReport) -> Iterator[str]:
    latest = report.latest
    for row in latest.symmetry:
        title = report.history.protocols[row.protocol].title
        yield f"{title}, {row.measure.upper()}: {telling.symmetry_text(row)}"
        yield from (flag.sentence for flag in row.flags)
    if latest.accessory is not None:
        yield latest.accessory.sentence
    if latest.composite is not None:
        whole = latest.composite
        yield f"Composite {whole.value:.0f} of 100 from {whole.tests} tests: {whole.label}."
    yield from (reason.sentence for reason in latest.withheld)
    yield from (reason.sentence for visit in report.history.visits for reason in visit.left_out)
