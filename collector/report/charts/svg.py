"""A chart as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import assert_never
from xml.sax.saxutils import escape
from zlib import crc32

from collector.report.charts.shapes import (
    GRID,
    HATCH_PAPER,
    HATCHED,
    INK,
    LENT,
    Box,
    Drawing,
    Line,
    Path,
    Shape,
    Spot,
    Words,
)


def svg_of(drawing: Drawing) -> str:
    """Return a chart as one SVG element whose title says what is shown."""
    pattern = f"lent-{crc32(drawing.title.encode()):08x}"
    parts = [_shape(shape, pattern) for shape in drawing.shapes]
    if any(isinstance(shape, Box) and shape.fill == HATCHED for shape in drawing.shapes):
        parts.insert(0, _hatch(pattern))
    return document(drawing.width, drawing.height, drawing.title, parts)


def _shape(shape: Shape, pattern: str) -> str:
    match shape:
        case Words(x, y, words, anchor, ink, size):
            return text(x, y, words, anchor=anchor, ink=ink, size=size)
        case Line(a, b, ink, dash):
            return line(a, b, ink=ink, dash=dash)
        case Box(x, y, width, height, fill, title):
            filled = f"url(#{pattern})" if fill == HATCHED else fill
            return box(x, y, width, height, fill=filled, title=title)
        case Path(xs, ys, ink, width, dash):
            return paths(xs, ys, ink=ink, width=width, dash=dash)
        case Spot(x, y, fill, title):
            return spot(x, y, fill=fill, title=title)
    assert_never(shape)


def _hatch(name: str) -> str:
    """Return the pattern of stripes; a page holds many charts, so every one has its own."""
    return (
        f'<defs><pattern id="{name}" width="7" height="7" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><rect width="7" height="7" fill="{HATCH_PAPER}"/>'
        f'<rect width="3" height="7" fill="{LENT}"/></pattern></defs>'
    )


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


def spot(x: float, y: float, *, fill: str, title: str) -> str:
    """Return a point with a thin edge."""
    place = f'cx="{x:.1f}" cy="{y:.1f}" r="4"'
    edge = f'fill="{fill}" stroke="{INK}" stroke-width="1"'
    return f"<circle {place} {edge}><title>{escape(title)}</title></circle>"
