"""From the elements of a page to what flows over sheets of paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable, HRFlowable, KeepTogether, Paragraph, Spacer, Table

from collector.report.charts.shapes import INK, Drawing
from collector.report.pdf.chart import Chart
from collector.report.pdf.inline import markup
from collector.report.pdf.styles import STYLES
from collector.report.pdf.table import table
from collector.report.pdf.tree import Node, is_seen

_GUTTER: Final = 10.0


@dataclass(frozen=True, slots=True)
class Layout:
    """Room and drawings: `width` in points; `charts` by the number that the page gives them."""

    width: float
    charts: Mapping[str, Drawing]
    small: bool = False

    def flow(self, node: Node) -> Iterator[Flowable]:
        """Yield what an element and all inside it come to."""
        inner = replace(self, small=self.small or node.tag == "footer" or "small" in node.classes)
        if node.tag == "figure":
            yield from self._chart(node)
        elif "pair" in node.classes:
            yield from self._pair(node)
        elif node.tag in ("h1", "h2", "h3"):
            yield from _heading(node)
        elif node.tag == "p":
            yield inner._paragraph(node)
        elif node.tag == "ul":
            yield from inner._list(node)
        elif node.tag == "table":
            yield from inner._table(node)
        elif "whole" in node.classes:
            yield KeepTogether(list(inner._inside(node)))
        elif is_seen(node):
            yield from inner._inside(node)

    def _inside(self, node: Node) -> Iterator[Flowable]:
        for child in node.nodes():
            yield from self.flow(child)

    def _chart(self, node: Node) -> Iterator[Flowable]:
        yield Spacer(0, 3)
        yield Chart(self.charts[node.attributes["id"]])
        yield Spacer(0, 3)

    def _pair(self, node: Node) -> Iterator[Flowable]:
        """Set charts two abreast."""
        half = (self.width - _GUTTER) / 2.0
        found: list[Flowable | str] = [
            Chart(self.charts[one.attributes["id"]]) for one in node.every("figure")
        ]
        for n in range(0, len(found), 2):
            row = [*found[n : n + 2], ""][:2]
            made = Table([row], colWidths=[half + _GUTTER, half], hAlign="LEFT")
            made.setStyle(
                [
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("RIGHTPADDING", (0, 0), (0, 0), _GUTTER),
                    ("RIGHTPADDING", (1, 0), (1, 0), 0),
                ]
            )
            yield made

    def _paragraph(self, node: Node) -> Flowable:
        if "say" in node.classes:
            return _said(node, self.width)
        return Paragraph(markup(node), STYLES["small" if self.small else "p"])

    def _list(self, node: Node) -> Iterator[Flowable]:
        style = STYLES["small li" if self.small else "li"]
        for item in node.nodes():
            yield Paragraph(markup(item), style, bulletText="\u2022")

    def _table(self, node: Node) -> Iterator[Flowable]:
        for caption in node.every("caption"):
            yield Paragraph(markup(caption), STYLES["h3"])
        yield table(node, self.width, small=self.small)
        yield Spacer(0, 4)


def _heading(node: Node) -> Iterator[Flowable]:
    yield Paragraph(markup(node), STYLES[node.tag])
    if node.tag == "h2":
        rule = HRFlowable(width="100%", thickness=1.2, color=HexColor(INK), spaceAfter=4)
        rule.keepWithNext = 1
        yield rule


def _said(node: Node, width: float) -> Flowable:
    """Set a sentence off by a bar on its left; what must not be overlooked has another one."""
    warned = "warn" in node.classes
    bar, ground = ("#c77700", "#fbf3e6") if warned else ("#0b6e99", "#eef4f7")
    made = Table([[Paragraph(markup(node), STYLES["say"])]], colWidths=[width], hAlign="LEFT")
    made.spaceBefore = made.spaceAfter = 3
    made.setStyle(
        [
            ("LINEBEFORE", (0, 0), (0, -1), 3.5, HexColor(bar)),
            ("BACKGROUND", (0, 0), (-1, -1), HexColor(ground)),
            ("LEFTPADDING", (0, 0), (-1, -1), 9),
            ("TOPPADDING", (0, 0), (-1, -1), 4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
        ]
    )
    return made
