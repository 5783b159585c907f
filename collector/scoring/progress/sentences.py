"""What the courses of one test and side come to, in plain sentences with their numbers.

Only what was measured is said: no cause, no advice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from collector.scoring.progress.series import Series
from collector.scoring.progress.wording import Seen, gained, p_text, seen_of, stayed, turned
from collector.scoring.visit.sense import hip_moves
from collector.scoring.visit.words import name_of
from schemas.progress import Course, Statement, Trend
from schemas.protocol import Compensation
from schemas.quantities import amount
from schemas.visit import Visit

ORDER: Final = (
    "gain_not_from_hip",
    "hip_improved",
    "hip_worse",
    "hip_changed",
    "tot_improved",
    "tot_worse",
    "tot_changed",
    "likely_change",
    "pelvis_lends_less",
    "pelvis_lends_more",
    "share_changed",
    "recovered",
    "trend",
    "plateau",
    "nothing_beyond_error",
    "sem_missing",
    "too_few_visits",
    "no_baseline",
    "unknown_test",
)
"""Codes of the sentences, the plainest first."""

_LENDER: Final[Mapping[Compensation, str]] = {
    "posterior_tilt": "the pelvis and low back",
    "anterior_tilt": "the pelvis and low back",
    "pelvic_rotation": "the turning of the pelvis",
    "pelvic_hike": "the hiking of the pelvis",
    "lumbar_flexion": "the low back",
}

_Told = Iterator[tuple[str, str]]


def statements_of(series: Series, courses: Mapping[str, Course]) -> list[Statement]:
    """Return the sentences of one test and side."""
    name = name_of(series.protocol, series.side)
    told = _all(series, courses)
    return [
        Statement(code, f"{name}: {text}", series.protocol.id, series.side) for code, text in told
    ]


def _all(series: Series, courses: Mapping[str, Course]) -> _Told:
    whole = courses.get("tot")
    usable = sum(point.usable for point in whole.points) if whole else 0
    if whole is None or usable == 0:
        yield "no_baseline", "no visit has three repetitions that agree, so nothing is compared."
        return
    lack = "tot" if series.protocol.sense == "lack" else ""
    found = {name: seen_of(c, lack=name == lack) for name, c in courses.items()}
    seen = {name: s for name, s in found.items() if s is not None}
    if "tot" not in seen:
        count = "one visit counts" if usable == 1 else f"{usable} visits count, both as baseline"
        yield "too_few_visits", f"{count} so far, so no change can be told yet."
        return
    hip = seen.get("hip") if hip_moves(series.protocol) else None
    yield from _moved(seen["tot"], _same_visits(hip, seen["tot"]), series)
    yield from _lent(seen)
    yield from _around(seen["tot"])
    yield from _quiet(seen, hip)


def _same_visits(hip: Seen | None, tot: Seen) -> Seen | None:
    """Return the hip where it was measured at the same two visits as the whole angle."""
    same = hip is not None and _ends(hip) == _ends(tot)
    return hip if same else None


def _ends(seen: Seen) -> tuple[int, int]:
    last = [point.session for point in seen.course.points if point.usable][-1]
    return seen.change.since, last


def _moved(tot: Seen, hip: Seen | None, series: Series) -> _Told:
    if _not_from_hip(tot, hip) and hip is not None:
        lender = _LENDER[series.protocol.compensation]
        yield (
            "gain_not_from_hip",
            f"{gained(tot)}, but {gained(hip, 'standard error')}:"
            f" the gain came from {lender}, not from the hip.",
        )
    if hip is not None and hip.real:
        code = f"hip_{_judged(hip)}"
        yield code, f"{gained(hip)}: the hip itself moves {'more' if hip.gain > 0.0 else 'less'}."
    if tot.real and not _not_from_hip(tot, hip):
        yield f"tot_{_judged(tot)}", f"{gained(tot)}{_beside(hip)}."
    for seen in (tot, hip):
        if seen is not None and seen.change.label == "likely_real":
            yield (
                "likely_change",
                f"{gained(seen)}: likely more than error, yet not surely"
                f" (90 % limit {amount(seen.course.sem.mdc90 or 0.0)}).",
            )


def _judged(seen: Seen) -> str:
    return seen.change.direction or "changed"


def _not_from_hip(tot: Seen, hip: Seen | None) -> bool:
    if hip is None or hip.course.sem.value is None:
        return False
    improved = tot.real and tot.change.direction == "improved"
    return improved and hip.gain < hip.course.sem.value


def _beside(hip: Seen | None) -> str:
    """Say what the hip did beside a whole angle that moved."""
    if hip is None:
        return ""
    if hip.change.label == "blocked":
        return f"; {gained(hip)}, whose error is not known"
    if hip.real:
        return f"; {gained(hip)}"
    return f"; {gained(hip)}, so how much of it is the hip's cannot be told"


def _lent(seen: Mapping[str, Seen]) -> _Told:
    comp, share = seen.get("comp"), seen.get("share")
    if comp is not None and comp.real:
        less = comp.change.difference < 0.0
        code = "pelvis_lends_less" if less else "pelvis_lends_more"
        yield code, f"{turned(comp, 'the compensation')}."
    if share is not None and share.real:
        yield "share_changed", f"{turned(share, 'the share of the compensation')}."


def _around(tot: Seen) -> _Told:
    course, trend = tot.course, tot.course.trend
    beyond_error = tot.change.label in ("likely_real", "real_change")
    if course.recovered_pct is not None and beyond_error:
        yield (
            "recovered",
            f"{course.recovered_pct:.0f} % of what was lacking to the norm's mean"
            f" has come back ({course.norm_source}).",
        )
    if trend is not None and _is_told(trend, course):
        yield (
            "trend",
            f"over {trend.n} visits {tot.name} changed by {trend.slope_per_week:+.2f} degrees"
            f" a week (95 % interval {trend.low:+.2f} to {trend.high:+.2f};"
            f" Mann-Kendall {p_text(trend.p)}).",
        )
    if course.plateau and tot.real:
        yield "plateau", "the last three visits differ from their mean by no more than the error."


def _is_told(trend: Trend, course: Course) -> bool:
    """Tell a slope of a week or more whose interval leaves out zero and that passed the SEM."""
    used = [point.weeks for point in course.points if point.usable]
    span = used[-1] - used[0]
    size = abs(trend.slope_per_week) * span
    if span < 1.0:
        return False
    return trend.low * trend.high > 0.0 and size > (course.sem.value or 0.0)


def _quiet(seen: Mapping[str, Seen], hip: Seen | None) -> _Told:
    tot = seen["tot"]
    if tot.change.label == "blocked":
        yield (
            "sem_missing",
            f"{gained(tot)}, but its standard error is not known, so whether that is more"
            " than error cannot be told.",
        )
    held = [s for s in (tot, hip, seen.get("comp")) if s and s.change.label != "blocked"]
    if held and all(s.change.label in ("no_change", "within_error") for s in held):
        numbers = "; ".join(stayed(s) for s in held)
        yield "nothing_beyond_error", f"nothing has changed beyond error: {numbers}."


def unknown_tests(visits: Sequence[Visit], known: Collection[str]) -> list[Statement]:
    """Say of which tests nothing is compared, since their files are not known."""
    titles = {score.protocol: score.title for visit in visits for score in visit.tests}
    why = "the file of this test is not known here, so its visits are not compared."
    return [
        Statement("unknown_test", f"{title}: {why}", name)
        for name, title in titles.items()
        if name not in known
    ]


def in_order(statements: list[Statement]) -> tuple[Statement, ...]:
    """Return all sentences, the plainest first; tests keep their order."""
    return tuple(sorted(statements, key=lambda s: ORDER.index(s.code)))
