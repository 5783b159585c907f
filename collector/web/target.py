"""The band that a value is aimed at: a norm that may be held against it, else the last visit."""

from __future__ import annotations

from collector.own_files import find_test
from collector.own_norms import all_norms
from collector.report.history import person_of
from collector.report.norm_band import band_for
from collector.report.person import person_report
from collector.scoring.visit.sense import angles_tested
from collector.store import Store
from collector.store.instants import now, text_of
from collector.web.station.state import TargetView
from schemas.errors import HipgonioError
from schemas.progress import Course, Point
from schemas.protocol import Protocol
from schemas.quantities import brief
from schemas.segments import Side
from schemas.visit import Angle


def target_of(
    store: Store,
    subject: str,
    test: str | Protocol,
    side: Side | None,
    *,
    utc: str | None = None,
    before: int | None = None,
) -> TargetView | None:
    """Return what to aim at: mean and SD of a norm, else the last visit with its MDC95, else None.

    Parameters
    ----------
    test
        The test, or its id.
    utc
        The day that the age is taken on (ISO 8601); None is today.
    before
        A stored trial: the last visit is then the one before it.

    Whatever ails a norm file or older trials, a target is only left out: it never stops a trial.
    """
    try:
        protocol = find_test(test)[0] if isinstance(test, str) else test
        by_norm = _by_norm(store, subject, protocol, utc or text_of(now()))
        return by_norm or _by_last(store, subject, protocol, side, before)
    except HipgonioError:
        return None


def _by_norm(store: Store, subject: str, protocol: Protocol, utc: str) -> TargetView | None:
    band = band_for(protocol, person_of(store.subject(subject)), utc, all_norms())
    return None if band is None else TargetView(band.low_deg, band.high_deg, band.of, band.label)


def _by_last(
    store: Store, subject: str, protocol: Protocol, side: Side | None, before: int | None
) -> TargetView | None:
    made = person_report(store, subject, norms=(), curves=False)
    key = (protocol.id, protocol.side_of(side))
    courses = {c.measure: c for c in made.progress.courses if (c.protocol, c.side) == key}
    for of in reversed(angles_tested(protocol)):
        if (course := courses.get(of)) and (found := _around(course, of, before)):
            return found
    return None


def _around(course: Course, of: Angle, before: int | None) -> TargetView | None:
    mdc95, point = course.sem.mdc95, _last(course, before)
    if point is None or mdc95 is None:
        return None
    label = f"last visit {brief(point.value)} \u00b1 {mdc95:.1f} (MDC95)"
    return TargetView(point.value - mdc95, point.value + mdc95, of, label)


def _last(course: Course, before: int | None) -> Point | None:
    """Return the last visit that counts, of those before the one with that trial."""
    trials = [point.trial for point in course.points]
    end = trials.index(before) if before in trials else len(trials)
    return next((point for point in reversed(course.points[:end]) if point.usable), None)
