"""One picture for the patient: how much was hip, how much was lent, and where the norm lies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from collector.report.charts import svg

FRAME: Final = svg.Frame(720.0, 96.0, 12.0, 12.0, 22.0, 22.0)
BAR_Y: Final = 34.0
BAR_H: Final = 28.0


def _hatch(name: str) -> str:
    """Return the pattern of what was lent; a page holds many charts, so every one has its own."""
    return (
        f'<defs><pattern id="{name}" width="7" height="7" patternUnits="userSpaceOnUse"'
        ' patternTransform="rotate(45)"><rect width="7" height="7" fill="#f6e3c5"/>'
        f'<rect width="3" height="7" fill="{svg.LENT}"/></pattern></defs>'
    )


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


def bars_chart(bars: Bars, title: str) -> str:
    """Draw the bar of hip and lent end to end, over the band of the norm (mean and one SD)."""
    hip, lent = max(bars.hip_deg, 0.0), max(bars.lent_deg, 0.0)
    top = max(hip + lent, sum(bars.norm) if bars.norm else 0.0, 10.0) * 1.12
    x = FRAME.across(0.0, top)
    pattern = f"lent-{crc32(title.encode()):08x}"
    parts = [_hatch(pattern), *_norm(bars, x), *_bar(bars, (hip, lent), x, pattern)]
    return FRAME.drawn(title, parts)


def _norm(bars: Bars, x: svg.Scale) -> Iterator[str]:
    if bars.norm is None:
        return
    mean, sd = bars.norm
    left, right = max(mean - sd, 0.0), mean + sd
    yield FRAME.band(x(left), x(right) - x(left), fill=svg.BAND, title=bars.norm_words)
    yield svg.line((x(mean), 20.0), (x(mean), 76.0), ink=svg.INK, dash="4 3")
    yield svg.text(FRAME.width - 12.0, 15.0, bars.norm_words, anchor="end", size=11)


def _bar(bars: Bars, drawn: tuple[float, float], x: svg.Scale, pattern: str) -> Iterator[str]:
    hip, lent = drawn
    yield svg.box(x(0.0), BAR_Y, x(hip) - x(0.0), BAR_H, fill=svg.HIP, title="hip")
    yield svg.box(
        x(hip), BAR_Y, x(hip + lent) - x(hip), BAR_H, fill=f"url(#{pattern})", title="lent"
    )
    yield svg.line((x(0.0), BAR_Y - 4), (x(0.0), BAR_Y + BAR_H + 4), ink=svg.INK)
    yield svg.text(x(0.0) + 4, 90.0, f"hip {bars.hip_deg:z.0f}\u00b0", size=14)
    words = f"{bars.lender} lent {bars.lent_deg:z.0f}\u00b0"
    if bars.other_way_deg:
        words = f"{bars.lender} lent nothing, moved {bars.other_way_deg:.0f}\u00b0 the other way"
    yield svg.text(max(x(hip), x(0.0) + 90.0) + 4, 90.0, words, size=14, ink=svg.SOFT)
