"""A chart on a PDF page: the same shapes as in SVG, drawn as vectors."""

from __future__ import annotations

import math
from typing import Final, assert_never

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from collector.report.charts.shapes import (
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
from collector.report.pdf.fonts import REGULAR, drawable

_STRIPE: Final = 3.0
_EVERY: Final = 7.0 * math.sqrt(2.0)


class Chart(Flowable):
    """A drawing as wide as the room that it is given."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self.drawing = drawing
        self.scale = 1.0

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Return the size that is taken, points."""
        self.scale = width / self.drawing.width
        return width, self.drawing.height * self.scale

    def draw(self) -> None:
        """Draw all shapes, from the back to the front, y downward as in SVG."""
        canvas = self.canv
        canvas.saveState()
        canvas.translate(0, self.drawing.height * self.scale)
        canvas.scale(self.scale, -self.scale)
        for shape in self.drawing.shapes:
            _draw(canvas, shape)
        canvas.restoreState()


def _draw(canvas: Canvas, shape: Shape) -> None:
    match shape:
        case Words():
            _words(canvas, shape)
        case Line(a, b, ink, dash):
            _pen(canvas, ink, 1.0, dash)
            canvas.line(*a, *b)
        case Box():
            _box(canvas, shape)
        case Path():
            _path(canvas, shape)
        case Spot(x, y, fill, _):
            _pen(canvas, INK, 1.0, "")
            canvas.setFillColor(HexColor(fill))
            canvas.circle(x, y, 4, stroke=1, fill=1)
        case _:
            assert_never(shape)


def _pen(canvas: Canvas, ink: str, width: float, dash: str) -> None:
    canvas.setStrokeColor(HexColor(ink))
    canvas.setLineWidth(width)
    canvas.setDash([float(part) for part in dash.split()])


def _words(canvas: Canvas, shape: Words) -> None:
    canvas.saveState()
    canvas.translate(shape.x, shape.y)
    canvas.scale(1, -1)
    canvas.setFont(REGULAR, 0.92 * shape.size)  # Vera is wider than a browser's own font
    canvas.setFillColor(HexColor(shape.ink))
    put = {
        "start": canvas.drawString,
        "middle": canvas.drawCentredString,
        "end": canvas.drawRightString,
    }
    put[shape.anchor](0, 0, drawable(shape.words))
    canvas.restoreState()


def _box(canvas: Canvas, shape: Box) -> None:
    width = max(shape.width, 0.0)
    fill = HATCH_PAPER if shape.fill == HATCHED else shape.fill
    canvas.setFillColor(HexColor(fill))
    canvas.rect(shape.x, shape.y, width, shape.height, stroke=0, fill=1)
    if shape.fill == HATCHED and width > 0.0:
        _stripes(canvas, shape, width)


def _stripes(canvas: Canvas, shape: Box, width: float) -> None:
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(shape.x, shape.y, width, shape.height)
    canvas.clipPath(clip, stroke=0, fill=0)
    _pen(canvas, LENT, _STRIPE, "")
    for n in range(math.ceil((width + shape.height) / _EVERY) + 1):
        left = shape.x + n * _EVERY
        canvas.line(left, shape.y, left - shape.height, shape.y + shape.height)
    canvas.restoreState()


def _path(canvas: Canvas, shape: Path) -> None:
    _pen(canvas, shape.ink, shape.width, shape.dash)
    canvas.setLineJoin(1)
    path, drawing = canvas.beginPath(), False
    for x, y in zip(shape.xs, shape.ys, strict=True):
        if not math.isfinite(y):
            drawing = False
            continue
        (path.lineTo if drawing else path.moveTo)(x, y)
        drawing = True
    canvas.drawPath(path, stroke=1, fill=0)
