"""A person's report in a terminal: what matters first, then every test with its numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from collector.report import telling
from collector.report.all_visits import done_before_only
from collector.report.glance import glance_of
from collector.report.page import accessory_of, movement_of, notes_of, titles_of, told_of
from collector.report.person import PersonReport, Shown
from collector.report.quality import quality_lines, unusable_lines, versions_line
from collector.report.simulated import NOBODY

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_WIDEST: Final = 100


def show_report(console: Console, report: PersonReport) -> None:
    """Print the report."""
    _heading(console, _head(report))
    if report.simulated:
        _lines(console, (NOBODY,))
    glance = glance_of(report.progress.sentences, titles_of(report))
    _lines(console, (told.sentence for told in glance.said))
    _lines(console, filter(None, (glance.more_text, *unusable_lines(report), *glance.quiet)))
    for item in report.shown:
        _test(console, item, report)
    if beside := list(_beside(report)):
        console.print()
        _heading(console, "Beside it")
        _lines(console, beside)
    console.print()
    _heading(console, "How good the numbers are")
    _lines(console, (*quality_lines(report), versions_line(report)))


def _head(report: PersonReport) -> str:
    count = len(report.visits)
    date = report.latest.utc[:10]
    code = report.history.subject.code
    if count == 1:
        return f"{code}: 1 visit, on {date}"
    return f"{code}: {count} visits, the last on {date}"


def _heading(console: Console, text: str) -> None:
    console.print(text, style="bold", markup=False, soft_wrap=True)


def _lines(console: Console, lines: Iterable[str]) -> None:
    """Print every line with its continuation indented, so that it is seen where the next begins."""
    width = min(console.width, _WIDEST)
    for line in lines:
        text = textwrap.fill(
            line,
            width,
            initial_indent="  ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        console.print(text, markup=False, highlight=False, soft_wrap=True)


def _test(console: Console, item: Shown, report: PersonReport) -> None:
    score = item.score
    console.print()
    _heading(console, f"{score.title}{telling.side_of(score)}")
    meaning = telling.GRADE_MEANING[score.grade]
    _lines(console, [f"grade {score.grade}: {meaning} (trial {score.trial})"])
    _lines(console, told_of(item, report))
    if score.values:
        console.print(_numbers(item))
    _lines(console, _rcis(item))
    if _changed(item):
        _lines(console, telling.errors_of(item.courses))
    _lines(console, (*notes_of(item), *movement_of(item)))
    _lines(console, telling.withheld_lines(score))


def _changed(item: Shown) -> bool:
    return any(course.since_last or course.since_baseline for course in item.courses)


def _rcis(item: Shown) -> Iterator[str]:
    """Yield the reliable change indices since the baseline in one line."""
    found = ((c.measure, telling.rci_text(c.since_baseline)) for c in item.courses)
    told = [f"{measure.upper()} {rci.removeprefix('RCI ')}" for measure, rci in found if rci]
    if told:
        yield f"reliable change index (RCI) since the baseline: {', '.join(told)}"


def _numbers(item: Shown) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("  number")
    table.add_column("mean", justify="right", no_wrap=True)
    courses = {course.measure: course for course in item.courses}
    changed = _changed(item)
    for heading in ("since last", "since baseline") if changed else ():
        table.add_column(heading)
    for name, value in item.score.values.items():
        course = courses.get(name)
        changes = (course.since_last, course.since_baseline) if course else (None, None)
        told = [telling.change_text(change, value.unit) for change in changes]
        label = telling.name_of(name, item.set.protocol)
        table.add_row(Text(f"  {label}"), telling.value_text(value), *(told if changed else ()))
    return table


def _beside(report: PersonReport) -> Iterator[str]:
    latest = report.latest
    yield from _sides(report)
    if before := done_before_only(report):
        yield before
    if accessory := accessory_of(report):
        yield accessory
    if latest.composite is not None:
        whole = latest.composite
        yield f"Composite {whole.value:.0f} of 100 from {whole.tests} tests: {whole.label}."
    yield from (reason.sentence for reason in latest.withheld)
    yield from (reason.sentence for visit in report.history.visits for reason in visit.left_out)


def _sides(report: PersonReport) -> Iterator[str]:
    """Yield every test whose sides differ by more than the limit, and the others in one line."""
    alike: dict[str, list[str]] = {}
    for row in report.latest.symmetry:
        title, measure = report.history.protocols[row.protocol].title, row.measure.upper()
        if row.flagged or row.flags:
            flags = " ".join(flag.sentence for flag in row.flags)
            yield f"{title}, {measure}: {telling.symmetry_text(row)}. {flags}".rstrip()
        else:
            alike.setdefault(title, []).append(f"{measure} {telling.sides_text(row)}")
    if alike:
        told = "; ".join(f"{title} {', '.join(sides)}" for title, sides in alike.items())
        yield f"Left and right within their limits: {told}."
