"""What a page asks the engine for, and what becomes of it: a checked plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from collector.live.trial.kept import check_calibration
from collector.live.trial.plan import TrialPlan, check_people, check_worn, plan_segments
from collector.own_files import find_test
from collector.web.desk import Desk
from schemas.protocol import Protocol
from schemas.segments import Segment, Side
from schemas.sites import Site


@dataclass(frozen=True, slots=True)
class TrialWish:
    """A trial that somebody wants: whose, which test and side, by whom.

    `calibration` is `last` or a trial's number where the sensors still sit as they did, else empty.
    """

    subject: str
    test: str
    side: Side | None = None
    examiner: str = ""
    note: str = ""
    calibration: str = ""
    sites: Mapping[Segment, Site] = field(default_factory=lambda: MappingProxyType({}))
    repetitions: int | None = None


def plan_of(wish: TrialWish, desk: Desk) -> tuple[Protocol, TrialPlan]:
    """Return a trial's test, and its plan: the gate is held until it is begun.

    Raises
    ------
    UsageError
        A test, side, code or site that there is not; see `collector.live.trial.plan`.
    """
    test, text = find_test(wish.test, lambda _warning: None)
    check_people(wish.subject, wish.examiner)
    segments = plan_segments(test, wish.side, {})
    check_worn("--site", wish.sites, segments)
    plan = TrialPlan(
        protocol=test,
        protocol_text=text,
        side=wish.side,
        segments=segments,
        db=desk.db,
        subject=wish.subject,
        note=wish.note,
        examiner=wish.examiner,
        calibration=check_calibration(wish.calibration),
        sites=wish.sites,
        repetitions=wish.repetitions,
        held=True,
    )
    return test, plan


def file_of(desk: Desk) -> Path:
    """Return the trace that is replayed; `ValueError` where none is."""
    if desk.replay is None:
        raise ValueError("no trace is replayed here")
    return desk.replay
