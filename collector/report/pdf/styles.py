"""How words look on paper: the page's own sizes and inks, in points."""

from __future__ import annotations

from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle

from collector.report.charts.shapes import INK
from collector.report.pdf.fonts import BOLD, REGULAR

SOFT: Final = "#46535f"


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:  # noqa: ANN401 - reportlab's own names
    usual = {
        "allowWidows": 0,
        "allowOrphans": 0,
        "fontName": REGULAR,
        "leading": 1.4 * size,
        "textColor": HexColor(INK),
    }
    return ParagraphStyle(name, fontSize=size, **{**usual, **more})


STYLES: Final[dict[str, ParagraphStyle]] = {
    style.name: style
    for style in (
        _style("h1", 16, fontName=BOLD, spaceAfter=3),
        _style("h2", 12, fontName=BOLD, spaceBefore=13, spaceAfter=1, keepWithNext=1),
        _style("h3", 10, fontName=BOLD, spaceBefore=8, spaceAfter=2, keepWithNext=1),
        _style("p", 9, spaceBefore=2, spaceAfter=2),
        _style("small", 7.6, textColor=HexColor(SOFT), spaceBefore=1.5, spaceAfter=1.5),
        _style("li", 9, leftIndent=11, bulletIndent=1, spaceAfter=1.5),
        _style(
            "small li", 7.6, leftIndent=11, bulletIndent=1, textColor=HexColor(SOFT), spaceAfter=1
        ),
        _style("say", 10),
        _style("cell", 7.8, leading=10),
        _style("number", 7.8, leading=10, alignment=TA_RIGHT),
        _style("small cell", 7, leading=9),
        _style("small number", 7, leading=9, alignment=TA_RIGHT),
    )
}
