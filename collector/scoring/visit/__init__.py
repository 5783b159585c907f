"""A visit's scores: every test against norms, sides against each other; components first.

Pure: trial results in, `schemas.visit.Visit` out. Every formula stands in docs/scores.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from collector.scoring.visit.accessory import Bending, accessory_check
from collector.scoring.visit.composite import composite_of
from collector.scoring.visit.inputs import SetInput
from collector.scoring.visit.one import score_of
from collector.scoring.visit.rules import VisitRules
from collector.scoring.visit.sense import sense_of
from collector.scoring.visit.symmetry import Pair, counts, pairs_of, symmetry_of
from schemas.norm import Norm
from schemas.progress import SiteSem
from schemas.protocol import Protocol
from schemas.visit import AccessoryCheck, Composite, Person, TestScore, Visit

__all__ = ["SetInput", "VisitRules", "visit_of"]

_RULES = VisitRules()
_Scored = list[tuple[Protocol, TestScore]]


def visit_of(
    session: int,
    utc: str,
    sets: Sequence[SetInput],
    person: Person,
    norms: Sequence[Norm],
    *,
    rules: VisitRules = _RULES,
    composite: bool = False,
    site_sems: Sequence[SiteSem] = (),
) -> Visit:
    """Return the scores of one visit.

    Parameters
    ----------
    session, utc
        The visit's row, and when it began (ISO 8601).
    sets
        Its trials, in the order they were done; of one test and side the last that counts is
        compared between sides.
    norms
        Rows to hold values against; the site's own are marked as such.
    composite
        Also put mobility, control and symmetry into one number, which is not validated.
    site_sems
        The site's own standard errors: symmetry is held against the MDC95.
    """
    scored = [(item.protocol, score_of(item, person, norms, rules)) for item in sets]
    pairs = list(pairs_of(scored))
    symmetry = tuple(
        row for pair in pairs for row in symmetry_of(pair, site_sems, person, rules.symmetry)
    )
    whole = composite_of(scored, symmetry, rules) if composite else None
    return Visit(
        session=session,
        utc=utc,
        rules=rules.version,
        tests=_against_other_side(scored, pairs),
        symmetry=symmetry,
        accessory=_accessory(scored, person, rules),
        composite=whole if isinstance(whole, Composite) else None,
        withheld=() if whole is None or isinstance(whole, Composite) else (whole,),
    )


def _against_other_side(scored: _Scored, pairs: Sequence[Pair]) -> tuple[TestScore, ...]:
    lacking = {}
    for pair in pairs:
        ahead = sense_of(pair.protocol) * (_tot(pair.left) - _tot(pair.right))
        lacking[id(pair.left)] = max(0.0, -ahead)
        lacking[id(pair.right)] = max(0.0, ahead)
    return tuple(
        replace(score, deficit_other_deg=lacking[id(score)]) if id(score) in lacking else score
        for _, score in scored
    )


def _tot(score: TestScore) -> float:
    return score.values["tot"].mean


def _accessory(scored: _Scored, person: Person, rules: VisitRules) -> AccessoryCheck | None:
    """Compare the last counted raise of each side with the last counted forward bend.

    No test of the catalogue measures the sacrum's part of bending backwards.
    """
    found = {(score.protocol, score.side): score for _, score in scored if counts(score)}
    raises = [_tot(score) for (name, _), score in found.items() if name == "pslr"]
    # a bend has no side, but who records it may have named one
    bend = next((score for (name, _), score in reversed(found.items()) if name == "fb"), None)
    if not raises or bend is None or "hip" not in bend.values:
        return None
    lumbar = bend.values.get("lum")
    lumbar_deg = None if lumbar is None else lumbar.mean
    bending = Bending(bend.values["hip"].mean, lumbar_flexion_deg=lumbar_deg)
    return accessory_check(min(raises), bending, person.sex, rules.accessory)
