"""The curve of a trial: hip, and what was lent, over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from collector.report.charts.svg import (
    HIP,
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

WIDTH: Final = 720.0
HEIGHT: Final = 240.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 12.0, 26.0, 34.0
LEAST_DEG: Final = 20.0
HOLD: Final = "#eef1f4"


@dataclass(frozen=True, slots=True)
class Curve:
    """A trial's angles, degrees at `t_s`, NaN where nothing was measured; `holds` its plateaus."""

    t_s: Sequence[float]
    hip_deg: Sequence[float]
    lent_deg: Sequence[float]
    total_deg: Sequence[float]
    holds: tuple[tuple[float, float], ...]


def curve_chart(curve: Curve, title: str) -> str:
    """Draw hip (solid), lent (dashed) and the uncorrected reading (thin dots) over the seconds."""
    values = (*curve.hip_deg, *curve.lent_deg, *curve.total_deg)
    x = Scale(curve.t_s[0], max(curve.t_s[-1], curve.t_s[0] + 1.0), LEFT, WIDTH - RIGHT)
    y = scale_over(values, HEIGHT - BOTTOM, TOP, least=LEAST_DEG)
    at = [x(t) for t in curve.t_s]
    parts = [
        *_holds(curve, x),
        *_grid(x, y),
        paths(at, [y(v) for v in curve.total_deg], ink=SOFT, width=1.2, dash="1 4"),
        paths(at, [y(v) for v in curve.lent_deg], ink=LENT, dash="7 4"),
        paths(at, [y(v) for v in curve.hip_deg], ink=HIP, width=2.4),
        *_legend(),
    ]
    return document(WIDTH, HEIGHT, title, parts)


def _holds(curve: Curve, x: Scale) -> Iterator[str]:
    for start, end in curve.holds:
        yield box(x(start), TOP, x(end) - x(start), HEIGHT - TOP - BOTTOM, fill=HOLD, title="hold")


def _grid(x: Scale, y: Scale) -> Iterator[str]:
    for tick in y.ticks():
        yield line((LEFT, y(tick)), (WIDTH - RIGHT, y(tick)))
        yield text(LEFT - 6, y(tick) + 4, f"{tick:g}\u00b0", anchor="end", ink=SOFT, size=11)
    for tick in x.ticks(10):
        yield text(x(tick), HEIGHT - BOTTOM + 16, f"{tick:g}", anchor="middle", ink=SOFT, size=11)
    yield text(WIDTH - RIGHT, HEIGHT - 4, "seconds", anchor="end", ink=SOFT, size=11)


def _legend() -> Iterator[str]:
    shown = (("hip", HIP, "", 2.4), ("lent", LENT, "7 4", 2.0), ("read without", SOFT, "1 4", 1.2))
    for n, (name, ink, dash, width) in enumerate(shown):
        left = LEFT + 130.0 * n
        yield paths((left, left + 26), (14.0, 14.0), ink=ink, width=width, dash=dash)
        yield text(left + 32, 18, name if n < 2 else "read without correction", size=12)
