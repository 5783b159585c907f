"""The curve of a trial: hip, and what was lent, over time."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from collector.report.charts import shapes
from collector.report.charts.frame import Frame, Scale
from collector.report.charts.shapes import Drawing, Line, Path, Shape, Words

FRAME: Final = Frame(720.0, 240.0, 44.0, 12.0, 26.0, 34.0)
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


def curve_drawing(curve: Curve, title: str) -> Drawing:
    """Draw hip (solid), lent (dashed) and the uncorrected reading (thin dots) over the seconds."""
    x = FRAME.across(curve.t_s[0], max(curve.t_s[-1], curve.t_s[0] + 1.0))
    shown = [one for one in _series(curve) if any(map(math.isfinite, one.values))]
    y = FRAME.up((v for one in shown for v in one.values), least=LEAST_DEG)
    at = [x(t) for t in curve.t_s]
    parts = [
        *_holds(curve, x),
        *_grid(x, y),
        *(one.drawn(at, [y(v) for v in one.values]) for one in shown),
        *_legend(shown),
    ]
    return FRAME.drawn(title, parts)


@dataclass(frozen=True, slots=True)
class _Series:
    name: str
    values: Sequence[float]
    ink: str
    dash: str
    width: float

    def drawn(self, xs: Sequence[float], ys: Sequence[float]) -> Path:
        return Path(xs, ys, ink=self.ink, width=self.width, dash=self.dash)


def _series(curve: Curve) -> Iterator[_Series]:
    """Yield what can be drawn, from the back to the front."""
    yield _Series("read without correction", curve.total_deg, shapes.SOFT, "1 4", 1.2)
    yield _Series("lent", curve.lent_deg, shapes.LENT, "7 4", 2.0)
    yield _Series("hip", curve.hip_deg, shapes.HIP, "", 2.4)


def _holds(curve: Curve, x: Scale) -> Iterator[Shape]:
    for start, end in curve.holds:
        yield FRAME.band(x(start), x(end) - x(start), fill=HOLD, title="hold")


def _grid(x: Scale, y: Scale) -> Iterator[Shape]:
    for tick in y.ticks():
        yield Line((FRAME.left, y(tick)), (FRAME.width - FRAME.right, y(tick)))
        at = FRAME.left - 6, y(tick) + 4
        yield Words(*at, f"{tick:g}\u00b0", anchor="end", ink=shapes.SOFT, size=11)
    yield from FRAME.below(x, 10, "seconds")


def _legend(shown: Sequence[_Series]) -> Iterator[Shape]:
    """Name what is drawn; what was not measured is not named."""
    for n, one in enumerate(reversed(shown)):
        left = FRAME.left + 130.0 * n
        yield one.drawn((left, left + 26), (14.0, 14.0))
        yield Words(left + 32, 18, one.name, size=12)
