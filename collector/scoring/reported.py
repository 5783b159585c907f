"""What was said during a trial: pain at the end of range, and why the movement ended."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from collector.scoring.reasons import Finding, finding
from schemas.protocol import Protocol
from schemas.recording import END_POINT, PAIN, Event
from schemas.result import Repetition
from schemas.units import US_PER_S

WORST_PAIN: Final = 10.0


@dataclass(frozen=True, slots=True)
class Reported:
    """Pain (0 to 10, the worst that was said), the last end point, and when pain was said.

    `unread` are texts that are no pain from 0 to 10: kept as they came, and counted as nothing.
    """

    pain_nrs: float | None = None
    end_point: str = ""
    pain_at_s: tuple[float, ...] = ()
    unread: tuple[str, ...] = ()


def reported(events: Iterable[Event]) -> Reported:
    """Read what was reported from a recording's events."""
    told = [event for event in events if event.kind in (PAIN, END_POINT)]
    pains = [(event, _nrs(event.text)) for event in told if event.kind == PAIN]
    known = [nrs for _, nrs in pains if nrs is not None]
    ends = [event for event in told if event.kind == END_POINT]
    hurt = [event.t_us for event, nrs in pains if nrs]
    hurt += [event.t_us for event in ends if event.text == "pain"]
    return Reported(
        pain_nrs=max(known, default=None),
        end_point=ends[-1].text if ends else "",
        pain_at_s=tuple(t_us / US_PER_S for t_us in hurt),
        unread=tuple(event.text for event, nrs in pains if nrs is None),
    )


def _nrs(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and 0.0 <= value <= WORST_PAIN else None


def remarks(told: Reported, protocol: Protocol) -> Iterator[Finding]:
    """Yield what was reported and does not fit: an end point of another test, an unknown pain."""
    if told.end_point and told.end_point not in protocol.end_points:
        allowed = ", ".join(protocol.end_points)
        yield finding("end_point_unknown", what=f"{told.end_point!r}; expected one of {allowed}")
    if told.unread:
        yield finding("pain_unreadable", what=", ".join(map(repr, told.unread)))


def with_pain(repetitions: tuple[Repetition, ...], told: Reported) -> tuple[Repetition, ...]:
    """Say of a repetition without a value that pain stopped it.

    Pain belongs to the last repetition that began before it was said.
    """
    hurt = {_under_way(repetitions, at_s) for at_s in told.pain_at_s}
    reason = finding("pain_without_value").reason
    return tuple(
        replace(rep, grade="X", reasons=(*rep.reasons, reason))
        if rep.n in hurt and rep.tot_deg is None
        else rep
        for rep in repetitions
    )


def _under_way(repetitions: tuple[Repetition, ...], at_s: float) -> int | None:
    return next((rep.n for rep in reversed(repetitions) if rep.start_s <= at_s), None)
