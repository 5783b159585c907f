"""Mobility, control and symmetry in one number: an option, and not clinically validated.

A test enters with TOT's percentile and the control score, graded B or better, and with symmetry
where both sides were measured (its weight is spread over the others where not). Sides of one test
are averaged first, so each test has equal weight.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from collector.scoring.visit.control import control_score
from collector.scoring.visit.mobility import percentile, z_of
from collector.scoring.visit.rules import VisitRules
from collector.scoring.visit.symmetry import counts, symmetry_score
from schemas.protocol import Protocol
from schemas.protocol_scoring import Control
from schemas.result import Reason
from schemas.visit import Composite, Mobility, Symmetry, TestScore

Z_975 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Part:
    """A component from 0 to 100 with its standard error, None where that is unknown."""

    value: float
    se: float | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """One test's part in the composite."""

    group: str
    part: Part


def composite_of(
    scored: Sequence[tuple[Protocol, TestScore]], symmetry: Sequence[Symmetry], rules: VisitRules
) -> Composite | Reason:
    """Return the composite with its 95 % half-width, or why there is none."""
    tests = list(_tests(scored, symmetry, rules))
    groups = {test.group for test in tests}
    need = rules.composite
    if len(tests) < need.least_tests or len(groups) < need.least_groups:
        return Reason(
            "composite_too_few",
            f"The composite needs {need.least_tests} tests of {need.least_groups} groups that are"
            f" graded B or better and have mobility and control; there are {len(tests)} of"
            f" {len(groups)}.",
        )
    whole = _mean([test.part for test in tests])
    ci = None if whole.se is None else Z_975 * whole.se
    return Composite(whole.value, ci, len(tests), len(groups))


def _tests(
    scored: Sequence[tuple[Protocol, TestScore]], symmetry: Sequence[Symmetry], rules: VisitRules
) -> Iterable[Weighed]:
    by_test: dict[str, dict[str | None, tuple[Protocol, TestScore]]] = {}
    for protocol, score in scored:
        if counts(score) and score.grade in ("A", "B"):
            by_test.setdefault(protocol.id, {})[score.side] = (protocol, score)
    sides_alike = {s.protocol: s for s in symmetry if s.measure == "tot"}
    for name, sides in by_test.items():
        alike = sides_alike.get(name) if len(sides) == 2 else None
        found = _weighed(list(sides.values()), alike, rules)
        if found is not None:
            yield found


def _weighed(
    sides: Sequence[tuple[Protocol, TestScore]], alike: Symmetry | None, rules: VisitRules
) -> Weighed | None:
    mobility = [m for _, s in sides if s.mobility and (m := _mobility(s, s.mobility))]
    control = [c for p, s in sides if (c := _control(p, s, rules))]
    if not mobility or not control:
        return None
    weights = rules.composite
    parts = [(weights.mobility, _mean(mobility)), (weights.control, _mean(control))]
    if alike is not None:
        parts.append((weights.symmetry, _symmetry([s for _, s in sides], alike, rules)))
    group = sides[0][1].group
    return Weighed(group or "", _sum(parts))


def _mobility(score: TestScore, mobility: Mobility) -> Part:
    value, se = mobility.value_deg, score.values["tot"].se
    return _carried(lambda x: percentile(z_of(x, mobility.norm)), value, se)


def _control(protocol: Protocol, score: TestScore, rules: VisitRules) -> Part | None:
    control = protocol.scoring.control if protocol.scoring else None
    if score.control is None or score.control.score is None or control is None:
        return None
    share = score.values["share"]
    return _carried(lambda x: _score_of_share(x, control, rules), share.mean, share.se)


def _score_of_share(share: float, control: Control, rules: VisitRules) -> float:
    z = (share - (control.mean or 0.0)) / (control.sd or math.inf)
    return control_score(z, rules.control, two_sided=control.two_sided)


def _symmetry(scores: Sequence[TestScore], alike: Symmetry, rules: VisitRules) -> Part:
    errors = [score.values["tot"].se for score in scores]
    known = [se for se in errors if se is not None]
    se = math.hypot(*known) if len(known) == len(errors) else None
    return _carried(lambda d: symmetry_score(abs(d), rules.symmetry), alike.difference, se)


def _carried(score: Callable[[float], float], value: float, se: float | None) -> Part:
    """Carry a standard error through a score: half its change from one SE below to one above."""
    if se is None:
        return Part(score(value), None)
    return Part(score(value), abs(score(value + se) - score(value - se)) / 2.0)


def _mean(parts: Sequence[Part]) -> Part:
    errors = [part.se for part in parts if part.se is not None]
    se = math.hypot(*errors) / len(parts) if len(errors) == len(parts) else None
    return Part(fmean(part.value for part in parts), se)


def _sum(parts: Sequence[tuple[float, Part]]) -> Part:
    total = math.fsum(weight for weight, _ in parts)
    value = math.fsum(weight * part.value for weight, part in parts) / total
    errors = [weight * part.se for weight, part in parts if part.se is not None]
    se = math.hypot(*errors) / total if len(errors) == len(parts) else None
    return Part(value, se)
