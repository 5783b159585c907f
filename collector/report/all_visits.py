"""The table of all visits: one row for every test, the latest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from collector.report import telling
from collector.report.person import PersonReport
from schemas.visit import TestScore


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One test of one visit in the table of all."""

    date: str
    test: str
    trial: int
    tot: str
    hip: str
    comp: str
    share: str
    grade: str


def history_rows(report: PersonReport) -> Iterator[HistoryRow]:
    """Yield every test of every visit, the latest first."""
    for visit in reversed(report.visits):
        for score in visit.tests:
            cells = {name: _cell(score, name) for name in ("tot", "hip", "comp", "share")}
            test = f"{score.title}{telling.side_of(score)}"
            yield HistoryRow(score.utc[:10], test, score.trial, grade=score.grade, **cells)


def _cell(score: TestScore, name: str) -> str:
    value = score.values.get(name)
    return "-" if value is None else f"{value.mean:z.1f}"


def done_before_only(report: PersonReport) -> str:
    """Name the tests that the latest visit does not repeat; empty where there are none."""
    latest = {(score.protocol, score.side) for score in report.latest.tests}
    before = [score for visit in report.visits[:-1] for score in visit.tests]
    names = [
        f"{score.title}{telling.side_of(score)}"
        for score in before
        if (score.protocol, score.side) not in latest
    ]
    listed = "; ".join(dict.fromkeys(names))
    return f"Done at earlier visits only: {listed}." if listed else ""
