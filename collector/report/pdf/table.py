"""Tables on paper: columns as wide as their words need, headings on every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, Paragraph, Table

from collector.report.charts.shapes import GRID
from collector.report.pdf.fonts import drawable
from collector.report.pdf.inline import markup
from collector.report.pdf.styles import STYLES
from collector.report.pdf.tree import Node

_ROOM: Final = 6.0
"""Points that every column keeps free on its right."""


def table(node: Node, width: float, *, small: bool) -> Flowable:
    """Lay a table out over `width` points."""
    rows = [list(row.nodes()) for row in node.every("tr")]
    heads = sum(len(list(part.every("tr"))) for part in node.every("thead"))
    cells = [
        [_cell(cell, small=small, head=n < heads) for cell in row] for n, row in enumerate(rows)
    ]
    made = Table(cells, colWidths=_widths(rows, width, small=small), repeatRows=heads)
    made.hAlign = "LEFT"
    made.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), _ROOM),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ("LINEBELOW", (0, 0), (-1, -1), 0.6, HexColor(GRID)),
        ]
    )
    return made


def _cell(cell: Node, *, small: bool, head: bool) -> Paragraph:
    text = markup(cell)
    return Paragraph(f"<b>{text}</b>" if head else text, STYLES[_style(cell, small=small)])


def _style(cell: Node, *, small: bool) -> str:
    name = "number" if "n" in cell.classes else "cell"
    return f"small {name}" if small else name


def _widths(rows: Sequence[Sequence[Node]], width: float, *, small: bool) -> list[float]:
    """Share the room: every column gets its longest word, the rest goes where more text is."""
    columns = list(zip(*rows, strict=True))
    least = [max(_wide(word, small) for cell in col for word in _units(cell)) for col in columns]
    whole = [max(_wide(cell.text, small) for cell in col) for col in columns]
    if sum(whole) <= width:
        spare = (width - sum(whole)) / len(whole)
        return [wish + spare for wish in whole]
    left = max(width - sum(least), 0.0)
    over = [(wish - need) ** 0.5 for wish, need in zip(whole, least, strict=True)]
    return [need + left * part / (sum(over) or 1.0) for need, part in zip(least, over, strict=True)]


def _units(cell: Node) -> list[str]:
    """Return what must not be broken: a number with its sign, else single words."""
    return [cell.text] if {"n", "date"} & cell.classes else cell.text.split() or [""]


def _wide(text: str, small: bool) -> float:
    style = STYLES["small cell" if small else "cell"]
    return float(stringWidth(drawable(text), "VeraBd", style.fontSize)) + _ROOM + 1.0
