"""What a chart is made of: lines, boxes and words at places; SVG and PDF are made from the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

INK: Final = "#1b2733"
GRID: Final = "#d5dbe1"
SOFT: Final = "#5d6b78"
HIP: Final = "#0b6e99"
LENT: Final = "#c77700"
BAND: Final = "#e3eef3"


HATCHED: Final = "hatched"
"""A fill of stripes, for what was lent: it is told from what is solid without color, too."""
HATCH_PAPER: Final = "#f6e3c5"

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Words:
    """Words at a place."""

    x: float
    y: float
    words: str
    anchor: Anchor = "start"
    ink: str = INK
    size: float = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A thin straight line from `a` to `b`; `dash` is drawn and left out lengths."""

    a: tuple[float, float]
    b: tuple[float, float]
    ink: str = GRID
    dash: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `fill` may be `HATCHED`."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points; it breaks where a value is missing (NaN)."""

    xs: Sequence[float]
    ys: Sequence[float]
    ink: str
    width: float = 2.0
    dash: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A point with a thin edge; `title` says what it stands for."""

    x: float
    y: float
    fill: str
    title: str


Shape = Words | Line | Box | Path | Spot


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart: its size in pixels, what it shows, and its shapes from the back to the front."""

    width: float
    height: float
    title: str
    shapes: tuple[Shape, ...]
