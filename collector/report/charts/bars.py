"""One picture for the patient: how much was hip, how much was lent, and where the norm lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from collector.report.charts import shapes
from collector.report.charts.frame import Frame, Scale
from collector.report.charts.shapes import Box, Drawing, Line, Shape, Words

FRAME: Final = Frame(720.0, 96.0, 12.0, 12.0, 22.0, 22.0)
BAR_Y: Final = 34.0
BAR_H: Final = 28.0


@dataclass(frozen=True, slots=True)
class Bars:
    """Means of a set, degrees; `norm` is mean and SD of the norm of the uncorrected reading.

    `other_way_deg` is how far the lender went against the movement, where it lent nothing.
    """

    hip_deg: float
    lent_deg: float
    lender: str
    norm: tuple[float, float] | None = None
    norm_words: str = ""
    other_way_deg: float = 0.0


def bars_drawing(bars: Bars, title: str) -> Drawing:
    """Draw the bar of hip and lent end to end, over the band of the norm (mean and one SD)."""
    hip, lent = max(bars.hip_deg, 0.0), max(bars.lent_deg, 0.0)
    top = max(hip + lent, sum(bars.norm) if bars.norm else 0.0, 10.0) * 1.12
    x = FRAME.across(0.0, top)
    return FRAME.drawn(title, [*_norm(bars, x), *_bar(bars, (hip, lent), x)])


def _norm(bars: Bars, x: Scale) -> Iterator[Shape]:
    if bars.norm is None:
        return
    mean, sd = bars.norm
    left, right = max(mean - sd, 0.0), mean + sd
    yield FRAME.band(x(left), x(right) - x(left), fill=shapes.BAND, title=bars.norm_words)
    yield Line((x(mean), 20.0), (x(mean), 76.0), ink=shapes.INK, dash="4 3")
    yield Words(FRAME.width - 12.0, 15.0, bars.norm_words, anchor="end", size=11)


def _bar(bars: Bars, drawn: tuple[float, float], x: Scale) -> Iterator[Shape]:
    hip, lent = drawn
    yield Box(x(0.0), BAR_Y, x(hip) - x(0.0), BAR_H, fill=shapes.HIP, title="hip")
    yield Box(x(hip), BAR_Y, x(hip + lent) - x(hip), BAR_H, fill=shapes.HATCHED, title="lent")
    yield Line((x(0.0), BAR_Y - 4), (x(0.0), BAR_Y + BAR_H + 4), ink=shapes.INK)
    yield Words(x(0.0) + 4, 90.0, f"hip {bars.hip_deg:z.0f}\u00b0", size=14)
    words = f"{bars.lender} lent {bars.lent_deg:z.0f}\u00b0"
    if bars.other_way_deg:
        words = f"{bars.lender} lent nothing, moved {bars.other_way_deg:.0f}\u00b0 the other way"
    yield Words(max(x(hip), x(0.0) + 90.0) + 4, 90.0, words, size=14, ink=shapes.SOFT)
