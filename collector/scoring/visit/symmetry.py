"""Left against right: difference, score, and whether it is larger than error and custom allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from collector.scoring.visit.flags import flags_between
from collector.scoring.visit.rules import SymmetryRules
from collector.scoring.visit.sems import sem_of
from collector.scoring.visit.sense import angles_tested
from schemas.progress import SemUsed, SiteSem
from schemas.protocol import Protocol
from schemas.visit import Angle, Person, Symmetry, TestScore


@dataclass(frozen=True, slots=True)
class Pair:
    """The scored sets of both sides of one test."""

    protocol: Protocol
    left: TestScore
    right: TestScore


def pairs_of(scored: Iterable[tuple[Protocol, TestScore]]) -> Iterator[Pair]:
    """Yield the tests of which both sides have a set that counts; of several the last."""
    counted = [(p, s) for p, s in scored if s.side is not None and counts(s)]
    counted.sort(key=lambda item: item[0].id)
    for _, group in groupby(counted, key=lambda item: item[0].id):
        rows = list(group)
        last = {score.side: (protocol, score) for protocol, score in rows}
        if len(last) == 2:
            yield Pair(last["left"][0], last["left"][1], last["right"][1])


def counts(score: TestScore) -> bool:
    """Say whether a set may be weighed at all: three repetitions agreed and none was refused."""
    return score.consistent is True and score.grade != "X"


def symmetry_of(
    pair: Pair, site_sems: Sequence[SiteSem], person: Person, rules: SymmetryRules
) -> Iterator[Symmetry]:
    """Yield the comparison of TOT, and of HIP where that is the movement tested."""
    for measure in angles_tested(pair.protocol):
        if measure in pair.left.values and measure in pair.right.values:
            yield _compared(pair, measure, rules, site_sems=site_sems, person=person)


def _compared(
    pair: Pair,
    measure: Angle,
    rules: SymmetryRules,
    *,
    site_sems: Sequence[SiteSem],
    person: Person,
) -> Symmetry:
    left, right = (score.values[measure].mean for score in (pair.left, pair.right))
    difference = abs(left - right)
    limit, source = _limit(sem_of(pair.protocol, measure, site_sems), rules)
    ratio = bool(pair.protocol.scoring and pair.protocol.scoring.limb_ratio)
    return Symmetry(
        protocol=pair.protocol.id,
        measure=measure,
        left=left,
        right=right,
        difference=difference,
        score=symmetry_score(difference, rules),
        limb_ratio_pct=100.0 * left / right if ratio and right > 0.0 else None,
        flagged=difference > limit,
        limit=limit,
        limit_source=source,
        flags=flags_between(pair.protocol.cutoffs, measure, difference, person),
    )


def symmetry_score(difference: float, rules: SymmetryRules) -> float:
    """Return 100 for sides alike, falling to 0; `difference` in degrees."""
    beyond = (difference - rules.free_deg) / rules.span_deg
    return 100.0 * (1.0 - min(max(beyond, 0.0), 1.0))


def _limit(sem: SemUsed, rules: SymmetryRules) -> tuple[float, str]:
    floor = f"{rules.flag_deg:g} degrees, proposed here [P]"
    if sem.mdc95 is None:
        return rules.flag_deg, f"{floor}; {sem.text}"
    if sem.mdc95 > rules.flag_deg:
        return sem.mdc95, f"MDC95 from the standard error of {sem.value:g} degrees ({sem.text})"
    return rules.flag_deg, f"{floor}, since the MDC95 of {sem.mdc95:.1f} is smaller ({sem.text})"
