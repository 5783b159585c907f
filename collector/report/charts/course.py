"""The course of one number over the visits, with the band inside which a change is error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from collector.report.charts import shapes
from collector.report.charts.frame import Frame, Scale
from collector.report.charts.shapes import Box, Drawing, Line, Path, Shape, Spot, Words
from schemas.progress import Course
from schemas.quantities import SIGNS, brief

FRAME: Final = Frame(345.0, 200.0, 40.0, 10.0, 26.0, 34.0)
_LEAST: Final = 20.0


def course_drawing(course: Course, title: str) -> Drawing:
    """Draw every visit's value over the weeks; the band is baseline +- MDC95."""
    mdc95, base = course.sem.mdc95, course.baseline
    values = [p.value for p in course.points]
    if base is not None and mdc95 is not None:
        values += [base - mdc95, base + mdc95]
    weeks = [p.weeks for p in course.points]
    x = FRAME.across(min(weeks), max(weeks[-1], min(weeks) + 1.0), 12.0)
    y = FRAME.up(values, least=_LEAST)
    parts = [
        *_band(base, mdc95, y),
        *_grid(x, y, course),
        *_points(course, x, y),
        Words(FRAME.left, 14.0, title, size=12),
    ]
    return FRAME.drawn(title, parts)


def _band(base: float | None, mdc95: float | None, y: Scale) -> Iterator[Shape]:
    if base is None or mdc95 is None:
        return
    top, bottom = y(base + mdc95), y(base - mdc95)
    wide = FRAME.width - FRAME.left - FRAME.right
    said = f"baseline {base:.1f} \u00b1 {mdc95:.1f} (MDC95)"
    yield Box(FRAME.left, top, wide, bottom - top, fill=shapes.BAND, title=said)
    yield Line(
        (FRAME.left, y(base)), (FRAME.width - FRAME.right, y(base)), ink=shapes.SOFT, dash="4 3"
    )


def _grid(x: Scale, y: Scale, course: Course) -> Iterator[Shape]:
    for tick in y.ticks(5):
        yield Line((FRAME.left, y(tick)), (FRAME.left + 4, y(tick)), ink=shapes.SOFT)
        shown = f"{tick:g}{SIGNS[course.unit]}"
        yield Words(FRAME.left - 4, y(tick) + 4, shown, anchor="end", ink=shapes.SOFT, size=10)
    yield from FRAME.below(x, 6, "weeks")


def _points(course: Course, x: Scale, y: Scale) -> Iterator[Shape]:
    ink = shapes.LENT if course.measure in ("comp", "share") else shapes.HIP
    at = [x(p.weeks) for p in course.points]
    yield Path(at, [y(p.value) for p in course.points], ink=ink, width=1.6)
    for point, left in zip(course.points, at, strict=True):
        fill = ink if point.usable else "#ffffff"
        used = "" if point.usable else ", not usable"
        said = f"{point.utc[:10]}: {brief(point.value, course.unit)}{used}"
        yield Spot(left, y(point.value), fill, said)
