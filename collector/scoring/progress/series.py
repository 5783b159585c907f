"""The sets of one test and side over the visits, and one number of them in the order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from collector.scoring.visit.symmetry import counts
from schemas.progress import Point
from schemas.protocol import Protocol
from schemas.segments import Side
from schemas.visit import TestScore, Visit

_WEEK_S: Final = 7 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Series:
    """One test and side: each visit with its set, in the order of time."""

    protocol: Protocol
    side: Side | None
    rows: tuple[tuple[Visit, TestScore], ...]


def series_of(visits: Sequence[Visit], protocols: Mapping[str, Protocol]) -> list[Series]:
    """Return every test and side whose protocol is known, one set per visit.

    Of several sets in one visit the last that counts is taken, else the last.
    """
    found: dict[tuple[str, Side | None], list[tuple[Visit, TestScore]]] = {}
    for visit in sorted(visits, key=lambda v: _time(v.utc)):
        for key, score in _taken(visit).items():
            found.setdefault(key, []).append((visit, score))
    return [
        Series(protocols[name], side, tuple(rows))
        for (name, side), rows in found.items()
        if name in protocols
    ]


def _taken(visit: Visit) -> dict[tuple[str, Side | None], TestScore]:
    taken: dict[tuple[str, Side | None], TestScore] = {}
    for score in visit.tests:
        key = (score.protocol, score.side)
        if key not in taken or counts(score) or not counts(taken[key]):
            taken[key] = score
    return taken


def points_of(series: Series, measure: str) -> tuple[Point, ...]:
    """Return one number over the visits; weeks count from the first with a set that counts."""
    origin = next((v for v, score in series.rows if counts(score)), series.rows[0][0])
    zero = _time(origin.utc)
    return tuple(
        Point(
            session=visit.session,
            trial=score.trial,
            utc=visit.utc,
            weeks=(_time(visit.utc) - zero).total_seconds() / _WEEK_S,
            value=score.values[measure].mean,
            sd=score.values[measure].sd,
            usable=counts(score),
        )
        for visit, score in series.rows
        if measure in score.values
    )


def _time(utc: str) -> datetime:
    time = datetime.fromisoformat(utc)
    return time if time.tzinfo else time.replace(tzinfo=UTC)
