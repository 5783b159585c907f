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
from schemas.errors import UsageError
from schemas.motion import ROLE_OF
from schemas.protocol import Protocol
from schemas.segments import Segment, Side, segment_of
from schemas.sites import Site


@dataclass(frozen=True, slots=True)
class TrialWish:
    """A trial that somebody wants: whose, which test and side, by whom.

    `calibration` is `last` or a trial's number where the sensors still sit as they did, else empty.
    `also` are segments that carry a sensor though the test can do without.
    """

    subject: str
    test: str
    side: Side | None = None
    examiner: str = ""
    note: str = ""
    calibration: str = ""
    sites: Mapping[Segment, Site] = field(default_factory=lambda: MappingProxyType({}))
    repetitions: int | None = None
    also: tuple[Segment, ...] = ()


def plan_of(wish: TrialWish, desk: Desk) -> tuple[Protocol, TrialPlan]:
    """Return a trial's test, and its plan: the gate is held until it is begun.

    Raises
    ------
    UsageError
        A test, side, code or site that there is not; see `collector.live.trial.plan`.
    """
    test, text = find_test(wish.test, lambda _warning: None)
    check_people(wish.subject, wish.examiner)
    segments = plan_segments(test, wish.side, dict.fromkeys(wish.also, ""))
    _check_also(test, wish)
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


def _check_also(test: Protocol, wish: TrialWish) -> None:
    """Refuse a sensor that the test has no use for."""
    roles = (*test.required, *test.optional)
    useful = {segment_of(role, wish.side or "left") for role in roles}
    if strangers := [segment for segment in wish.also if segment not in useful]:
        raise UsageError(
            f"{test.id} has no use for a sensor on {', '.join(strangers)}: expected one of"
            f" {', '.join(sorted(useful))}.",
            reason="bad_segment",
        )


def lends(test: Protocol, plan: TrialPlan) -> bool:
    """Return whether the sensors of a trial show what pelvis or low back lend."""
    side = plan.side or "left"
    needed = {ROLE_OF[symbol] for symbol, _ in test.formulae.comp.terms}
    return {segment_of(role, side) for role in needed} <= set(plan.segments)


def file_of(desk: Desk) -> Path:
    """Return the trace that is replayed; `ValueError` where none is."""
    if desk.replay is None:
        raise ValueError("no trace is replayed here")
    return desk.replay
