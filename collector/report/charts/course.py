"""The course of one number over the visits, with the band inside which a change is error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from collector.report.charts.svg import (
    BAND,
    HIP,
    INK,
    LENT,
    SOFT,
    Scale,
    box,
    document,
    line,
    paths,
    scale_over,
    text,
)
from schemas.progress import Course
from schemas.quantities import SIGNS, brief

WIDTH: Final = 345.0
HEIGHT: Final = 200.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 10.0, 26.0, 34.0
_LEAST: Final = 20.0


def course_chart(course: Course, title: str) -> str:
    """Draw every visit's value over the weeks; the band is baseline +- MDC95."""
    mdc95, base = course.sem.mdc95, course.baseline
    values = [p.value for p in course.points]
    if base is not None and mdc95 is not None:
        values += [base - mdc95, base + mdc95]
    weeks = [p.weeks for p in course.points]
    x = Scale(min(weeks), max(weeks[-1], min(weeks) + 1.0), LEFT + 12, WIDTH - RIGHT - 12)
    y = scale_over(values, HEIGHT - BOTTOM, TOP, least=_LEAST)
    parts = [
        *_band(base, mdc95, y),
        *_grid(x, y, course),
        *_points(course, x, y),
        text(LEFT, 14.0, title, size=12),
    ]
    return document(WIDTH, HEIGHT, title, parts)


def _band(base: float | None, mdc95: float | None, y: Scale) -> Iterator[str]:
    if base is None or mdc95 is None:
        return
    top, bottom = y(base + mdc95), y(base - mdc95)
    said = f"baseline {base:.1f} +- {mdc95:.1f} (MDC95)"
    yield box(LEFT, top, WIDTH - LEFT - RIGHT, bottom - top, fill=BAND, title=said)
    yield line((LEFT, y(base)), (WIDTH - RIGHT, y(base)), ink=SOFT, dash="4 3")


def _grid(x: Scale, y: Scale, course: Course) -> Iterator[str]:
    for tick in y.ticks(5):
        yield line((LEFT, y(tick)), (LEFT + 4, y(tick)), ink=SOFT)
        yield text(
            LEFT - 4, y(tick) + 4, f"{tick:g}{SIGNS[course.unit]}", anchor="end", ink=SOFT, size=10
        )
    for tick in x.ticks(6):
        yield text(x(tick), HEIGHT - BOTTOM + 14, f"{tick:g}", anchor="middle", ink=SOFT, size=10)
    yield text(WIDTH - RIGHT, HEIGHT - 4, "weeks", anchor="end", ink=SOFT, size=10)


def _points(course: Course, x: Scale, y: Scale) -> Iterator[str]:
    ink = LENT if course.measure in ("comp", "share") else HIP
    at = [x(p.weeks) for p in course.points]
    yield paths(at, [y(p.value) for p in course.points], ink=ink, width=1.6)
    for point, left in zip(course.points, at, strict=True):
        fill = ink if point.usable else "#ffffff"
        used = "" if point.usable else ", not usable"
        said = f"{point.utc[:10]}: {brief(point.value, course.unit)}{used}"
        yield (
            f'<circle cx="{left:.1f}" cy="{y(point.value):.1f}" r="4" fill="{fill}" stroke="{INK}"'
            f' stroke-width="1"><title>{said}</title></circle>'
        )
