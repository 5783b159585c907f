"""Whether two norms would leave it open which one somebody is compared with.

A row within another is the narrower one and goes before it: women of 20 to 44 before both sexes of
all ages. Two rows of which neither lies within the other are rivals where they overlap.
"""

from __future__ import annotations

from collections.abc import Iterable

from schemas.norm import Norm


def rival_of(norm: Norm, others: Iterable[Norm]) -> Norm | None:
    """Return the first of `others` that overlaps `norm` without one lying within the other.

    Of the norms that ship two sources may answer one question; in a site's own file they may not.
    """
    return next((other for other in others if _rivals(norm, other)), None)


def within(inner: Norm, outer: Norm) -> bool:
    """Return whether everybody whom `inner` is about is someone whom `outer` is about."""
    first, last = _ages(inner)
    outer_first, outer_last = _ages(outer)
    return outer.sex in ("both", inner.sex) and outer_first <= first and last <= outer_last


def _rivals(a: Norm, b: Norm) -> bool:
    if _key(a) != _key(b):
        return False
    if not a.age_known:
        return a.sex == b.sex
    same = a.sex == b.sex and _ages(a) == _ages(b)
    return _overlap(a, b) and (same or not (within(a, b) or within(b, a)))


def _key(norm: Norm) -> tuple[object, ...]:
    """Return what two rows must share to be two answers to one question."""
    measured = (norm.motion, norm.condition, norm.position, norm.corrected, norm.only_when)
    return (norm.age_known, "" if norm.own else norm.source, *measured)


def _overlap(a: Norm, b: Norm) -> bool:
    (a_first, a_last), (b_first, b_last) = _ages(a), _ages(b)
    same_sex = a.sex == b.sex or "both" in (a.sex, b.sex)
    return same_sex and a_first <= b_last and b_first <= a_last


def _ages(norm: Norm) -> tuple[float, float]:
    first = float("-inf") if norm.age_from is None else float(norm.age_from)
    last = float("inf") if norm.age_to is None else float(norm.age_to)
    return first, last
