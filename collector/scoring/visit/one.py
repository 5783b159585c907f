"""One test of one side: its values, what they are held against, and what is withheld."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from collector.scoring.visit.control import control_of
from collector.scoring.visit.flags import flags_of, unused_for_sex
from collector.scoring.visit.inputs import SetInput
from collector.scoring.visit.mobility import deficit_of, in_norm_sense, mobility_of
from collector.scoring.visit.norms import find_norm, key_of
from collector.scoring.visit.rules import VisitRules
from collector.scoring.visit.sense import angles_tested, sense_of
from collector.scoring.visit.values import values_of
from schemas.norm import Norm
from schemas.protocol import Protocol
from schemas.protocol_scoring import Target
from schemas.result import Reason
from schemas.visit import ControlScore, Flag, Mobility, Person, TargetGap, TestScore, Value


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the values of a set that counts were held against."""

    mobility: Mobility | None = None
    hip_mobility: Mobility | None = None
    control: ControlScore | None = None
    flags: tuple[Flag, ...] = ()
    targets: tuple[TargetGap, ...] = ()
    withheld: tuple[Reason, ...] = ()


def score_of(item: SetInput, person: Person, norms: Sequence[Norm], rules: VisitRules) -> TestScore:
    """Score one set. A set that does not count shows its values and is held against nothing."""
    values = values_of(item.result, item.protocol)
    refused = _refused(item)
    weighed = (
        Weighed(withheld=(refused,))
        if refused
        else _weigh(item, values, rules, person=person, norms=norms)
    )
    found = item.result.set
    scoring = item.protocol.scoring
    return TestScore(
        protocol=item.protocol.id,
        title=item.protocol.title,
        side=item.side,
        trial=item.trial,
        utc=item.utc,
        grade=item.result.grade,
        n=len(found.used) if found else 0,
        consistent=found.consistent if found else None,
        rule=found.rule if found else "",
        values=values,
        mobility=weighed.mobility,
        hip_mobility=weighed.hip_mobility,
        control=weighed.control,
        flags=weighed.flags,
        deficit_deg=deficit_of(weighed.mobility),
        targets=weighed.targets,
        pain_nrs=item.result.pain_nrs if item.pain_nrs is None else item.pain_nrs,
        end_point=item.end_point or item.result.end_point,
        withheld=weighed.withheld,
        sense=sense_of(item.protocol),
        group=scoring.group if scoring else None,
    )


def _refused(item: SetInput) -> Reason | None:
    found = item.result.set
    if item.result.grade == "X" or found is None:
        return Reason("grade_x", "The trial was refused (grade X), so nothing is scored from it.")
    if found.consistent is None:
        return Reason(
            "too_few_repetitions",
            "Fewer than three repetitions are usable, so the values are held against nothing.",
        )
    if not found.consistent:
        return Reason(
            "inconsistent",
            "No three repetitions in a row agree, so the values are held against nothing.",
        )
    return None


def _weigh(
    item: SetInput,
    values: Mapping[str, Value],
    rules: VisitRules,
    *,
    person: Person,
    norms: Sequence[Norm],
) -> Weighed:
    protocol = item.protocol
    matched = {}
    withheld: list[Reason] = list(_without_norm(protocol))
    for measure in angles_tested(protocol):
        key = key_of(protocol, person, item.utc, measure)
        if key is None or measure not in values:
            continue
        match = find_norm(key, norms)
        withheld += match.reasons
        value = in_norm_sense(values[measure].mean, protocol)
        matched[measure] = mobility_of(measure, value, match, rules.mobility)
    scoring = protocol.scoring
    return Weighed(
        mobility=matched.get("tot"),
        hip_mobility=matched.get("hip"),
        control=control_of(scoring.control if scoring else None, values, rules.control),
        flags=flags_of(protocol.cutoffs, values, person),
        targets=tuple(_targets(scoring.targets if scoring else (), values)),
        withheld=(*withheld, *unused_for_sex(protocol.cutoffs, person)),
    )


def _without_norm(protocol: Protocol) -> Iterator[Reason]:
    if protocol.scoring is None or protocol.scoring.motion is None:
        yield Reason("no_norm", "No norm belongs to this test.")


def _targets(targets: Iterable[Target], values: Mapping[str, Value]) -> Iterator[TargetGap]:
    if "tot" not in values:
        return
    tot = values["tot"].mean
    for target in targets:
        gap = max(0.0, target.deg - tot)
        yield TargetGap(target.activity, target.deg, gap, gap == 0.0, target.source, target.tag)
