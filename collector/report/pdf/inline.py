"""Words with their bold, small and broken parts, as reportlab's paragraphs take them."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape

from collector.report.charts.shapes import BAND
from collector.report.pdf.fonts import drawable
from collector.report.pdf.styles import SOFT
from collector.report.pdf.tree import Node

_BLANKS: Final = re.compile(r"[ \t\r\n]+")


def markup(node: Node) -> str:
    """Return what is inside an element; every text is escaped."""
    return "".join(_part(child) for child in node.children).strip()


def _part(child: Node | str) -> str:
    if isinstance(child, str):
        return escape(drawable(_BLANKS.sub(" ", child)))
    if child.tag == "br":
        return "<br/>"
    inside = markup(child)
    if "grade" in child.classes:
        return f'<font name="VeraBd" backColor="{BAND}">&nbsp;{inside}&nbsp;</font>'
    if child.tag == "strong":
        return f"<b>{inside}</b>"
    if "small" in child.classes:
        return f'<font size="7.6" name="Vera" color="{SOFT}">{inside}</font>'
    return inside
