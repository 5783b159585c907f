"""A person's report as JSON can write it: every score, course and statement under its own name."""

from __future__ import annotations

from pathlib import Path

from collector.report.person import PersonReport
from schemas.result_json import to_plain


def report_body(report: PersonReport, page: Path | None) -> dict[str, object]:
    """Return the body of `report --json`; formulae and curves are left out."""
    history = report.history
    return {
        "subject": history.subject.code,
        "person": to_plain(history.person),
        "simulated": report.simulated,
        "visits": to_plain(report.visits),
        "progress": to_plain(report.progress),
        "choices": to_plain(report.choices),
        "patterns": [
            {"trial": item.score.trial, "measures": to_plain(item.patterns)}
            for item in report.shown
            if item.patterns is not None
        ],
        "left_out": [to_plain(r) for visit in history.visits for r in visit.left_out],
        "page": None if page is None else str(page),
    }
