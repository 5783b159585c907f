"""A person's report as PDF: the words of its page, its charts as vectors."""

from __future__ import annotations

from markupsafe import Markup

from collector.report.charts.shapes import Drawing
from collector.report.page import page
from collector.report.pdf.document import pdf_of
from collector.report.person import PersonReport


def person_pdf(report: PersonReport, *, made: str) -> bytes:
    """Return the report as PDF; `made` is the date that it carries (ISO 8601)."""
    charts: dict[str, Drawing] = {}

    def kept(drawing: Drawing) -> Markup:
        """Leave a place for the drawing in the page."""
        name = f"chart-{len(charts)}"
        charts[name] = drawing
        return Markup('<figure id="{}"></figure>').format(name)

    html = page(report, made=made, draw=kept)
    return pdf_of(html, charts, foot=f"{report.history.subject.code}, {made[:10]}")
