"""The pieces of a chart: a scale, lines, words, and the frame that says what is shown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

INK: Final = "#1b2733"
GRID: Final = "#d5dbe1"
SOFT: Final = "#5d6b78"
HIP: Final = "#0b6e99"
LENT: Final = "#c77700"
BAND: Final = "#e3eef3"


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to pixels: `low` lies at `start`, `high` at `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return where a value is drawn."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, most: int = 6) -> list[float]:
        """Return round values inside, at most so many."""
        raw = (self.high - self.low) / most
        power = 10.0 ** math.floor(math.log10(raw))
        step = next(power * f for f in (1.0, 2.0, 5.0, 10.0) if power * f >= raw)
        first = math.ceil(self.low / step)
        last = math.floor(self.high / step)
        return [n * step for n in range(first, last + 1)]


def scale_over(values: Iterable[float], start: float, end: float, *, least: float) -> Scale:
    """Return a scale that holds all values with a little room, and spans at least `least`."""
    known = [v for v in values if math.isfinite(v)] or [0.0]
    low, high = min(known), max(known)
    room = max(0.06 * (high - low), 0.5 * (least - (high - low)), 1e-6)
    return Scale(low - room, high + room, start, end)


@dataclass(frozen=True, slots=True)
class Frame:
    """A chart's size and the room around what is drawn, pixels."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float

    def across(self, low: float, high: float, inset: float = 0.0) -> Scale:
        """Return a scale from the left to the right edge."""
        return Scale(low, high, self.left + inset, self.width - self.right - inset)

    def up(self, values: Iterable[float], *, least: float) -> Scale:
        """Return a scale from the lower to the upper edge that holds all values."""
        return scale_over(values, self.height - self.bottom, self.top, least=least)

    def band(self, x: float, width: float, *, fill: str, title: str = "") -> str:
        """Return a rectangle of the full height."""
        tall = self.height - self.top - self.bottom
        return box(x, self.top, width, tall, fill=fill, title=title)

    def below(self, scale: Scale, most: int, unit: str) -> Iterator[str]:
        """Yield the numbers of the lower edge, and what they count."""
        y = self.height - self.bottom + 15
        for tick in scale.ticks(most):
            yield text(scale(tick), y, f"{tick:g}", anchor="middle", ink=SOFT, size=10)
        yield text(self.width - self.right, self.height - 4, unit, anchor="end", ink=SOFT, size=10)

    def drawn(self, title: str, parts: Iterable[str]) -> str:
        """Return the chart; its title says what is shown."""
        return document(self.width, self.height, title, parts)


def document(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    """Return one SVG element whose title says what is shown."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img"'
        f' font-family="sans-serif" aria-label="{escape(title, {chr(34): "&quot;"})}">'
    )
    return "\n".join((head, f"<title>{escape(title)}</title>", *parts, "</svg>"))


def text(
    x: float, y: float, words: str, *, anchor: str = "start", ink: str = INK, size: float = 12
) -> str:
    """Return words at a place."""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}" fill="{ink}"'
    return f"<text {place}>{escape(words)}</text>"


def line(a: tuple[float, float], b: tuple[float, float], *, ink: str = GRID, dash: str = "") -> str:
    """Return a thin straight line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{a[0]:.1f}" y1="{a[1]:.1f}" x2="{b[0]:.1f}" y2="{b[1]:.1f}"'
    return f'<line {ends} stroke="{ink}" stroke-width="1"{dashed}/>'


def box(x: float, y: float, width: float, height: float, *, fill: str, title: str = "") -> str:
    """Return a filled rectangle."""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.0):.1f}" height="{height:.1f}"'
    inside = f"<title>{escape(title)}</title>" if title else ""
    return f'<rect {place} fill="{fill}">{inside}</rect>'


def paths(
    xs: Sequence[float], ys: Sequence[float], *, ink: str, width: float = 2.0, dash: str = ""
) -> str:
    """Return one path through the points; it breaks where a value is missing (NaN)."""
    moves, drawing = [], False
    for x, y in zip(xs, ys, strict=True):
        if not math.isfinite(y):
            drawing = False
            continue
        moves.append(f"{'L' if drawing else 'M'}{x:.1f},{y:.1f}")
        drawing = True
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="{" ".join(moves)}" fill="none" stroke="{ink}" stroke-width="{width:g}"'
        f' stroke-linejoin="round"{dashed}/>'
    )
