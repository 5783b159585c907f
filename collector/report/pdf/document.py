"""Sheets of paper: A4, with code, date, what the device is for, and the page's number below."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import SimpleDocTemplate

from collector.report.charts.shapes import Drawing
from collector.report.pdf.flow import Layout
from collector.report.pdf.fonts import REGULAR, drawable, register
from collector.report.pdf.styles import SOFT
from collector.report.pdf.tree import tree_of
from schemas.intended_use import SHORT

MARGIN: Final = 15 * mm
_FOOT: Final = 9 * mm


def pdf_of(html: str, charts: Mapping[str, Drawing], *, foot: str) -> bytes:
    """Lay a page of our own out as PDF; `foot` says on every sheet whose it is.

    The same page gives the same bytes.
    """
    register()
    root = tree_of(html)
    title = next(root.every("title")).text
    file = io.BytesIO()
    made = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 4 * mm,
        title=title,
        author="hipgonio",
        subject=SHORT,
        creator="hipgonio",
        lang="en",
        invariant=1,
    )
    body = next(root.every("body"))
    width = A4[0] - 2 * MARGIN - 12.0  # a frame keeps six points free on either side
    made.build(list(Layout(width, charts).flow(body)), canvasmaker=_numbered(foot))
    return file.getvalue()


def _numbered(foot: str) -> type[Canvas]:
    """Return a canvas that knows how many sheets there are before it writes their feet."""

    class Numbered(Canvas):
        def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - as its base takes them
            super().__init__(*args, **more)
            self.sheets: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            self.sheets.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined] # the stubs leave it out

        def save(self) -> None:
            for n, sheet in enumerate(self.sheets, start=1):
                self.__dict__.update(sheet)
                _write_foot(self, foot, f"Page {n} of {len(self.sheets)}")
                super().showPage()
            super().save()

    return Numbered


def _write_foot(canvas: Canvas, foot: str, number: str) -> None:
    canvas.setFont(REGULAR, 7)
    canvas.setFillColor(HexColor(SOFT))
    canvas.drawString(MARGIN + 6, _FOOT, drawable(foot))
    canvas.drawCentredString(A4[0] / 2.0, _FOOT, SHORT)
    canvas.drawRightString(A4[0] - MARGIN - 6, _FOOT, number)
