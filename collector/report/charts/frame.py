"""Where things lie in a chart: a scale, and the frame around what is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from collector.report.charts.shapes import SOFT, Box, Drawing, Shape, Words


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

    def band(self, x: float, width: float, *, fill: str, title: str = "") -> Box:
        """Return a rectangle of the full height."""
        tall = self.height - self.top - self.bottom
        return Box(x, self.top, width, tall, fill=fill, title=title)

    def below(self, scale: Scale, most: int, unit: str) -> Iterator[Words]:
        """Yield the numbers of the lower edge, and what they count."""
        y = self.height - self.bottom + 15
        for tick in scale.ticks(most):
            yield Words(scale(tick), y, f"{tick:g}", anchor="middle", ink=SOFT, size=10)
        yield Words(self.width - self.right, self.height - 4, unit, anchor="end", ink=SOFT, size=10)

    def drawn(self, title: str, parts: Iterable[Shape]) -> Drawing:
        """Return the chart; its title says what is shown."""
        return Drawing(self.width, self.height, title, tuple(parts))
