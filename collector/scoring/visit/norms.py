"""Which norm a value may be held against, and why not: any mismatch and any unknown refuses.

Nothing is interpolated between age bands, and no corrected angle meets an uncorrected norm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from collector.scoring.visit.words import cited_norm, listed
from schemas.norm import Norm
from schemas.protocol import Condition, Position, Protocol
from schemas.protocol_scoring import NormMotion, Tag
from schemas.result import Reason
from schemas.visit import Angle, Person, Sex

_SUREST: Final[tuple[Tag, ...]] = ("F", "C", "K-H", "K-M", "K-L", "P")
_ANY_AGE: Final = 150


@dataclass(frozen=True, slots=True)
class NormKey:
    """What a norm must match. `ages`: both ages that a year of birth leaves open, or None."""

    measure: Angle
    motion: NormMotion
    condition: Condition
    position: Position
    sex: Sex | None
    ages: tuple[int, int] | None

    @property
    def corrected(self) -> bool:
        """True for HIP, from which pelvic motion was taken out."""
        return self.measure == "hip"


@dataclass(frozen=True, slots=True)
class NormMatch:
    """The norm to use, the others that match as well, or why there is none."""

    norm: Norm | None
    others: tuple[Norm, ...] = ()
    reasons: tuple[Reason, ...] = ()


def key_of(protocol: Protocol, person: Person, utc: str, measure: Angle) -> NormKey | None:
    """Return what a norm for that test and person must match; None where no norm belongs to it."""
    if protocol.scoring is None or protocol.scoring.motion is None:
        return None
    ages = None
    if person.birth_year is not None:
        oldest = int(utc[:4]) - person.birth_year
        ages = (oldest - 1, oldest)
    return NormKey(
        measure,
        protocol.scoring.motion,
        protocol.condition,
        protocol.position,
        person.sex,
        ages,
    )


def find_norm(key: NormKey, norms: Iterable[Norm]) -> NormMatch:
    """Return the norm that matches in everything, or one sentence per kind of mismatch.

    Of several the site's own goes first, then the narrowest age band, one sex before both, the
    larger group, the surer figure, the id. The nearest miss is told first.
    """
    rows = [norm for norm in norms if norm.motion == key.motion]
    if not rows:
        what = key.motion.replace("_", " ")
        return NormMatch(None, reasons=(_reason(key, "no_norm", f"no norm of {what} is known."),))
    fitting = sorted((n for n in rows if _mismatch(n, key) is None), key=_preference)
    if fitting:
        return NormMatch(fitting[0], tuple(fitting[1:]))
    return NormMatch(None, reasons=_refusals(rows, key))


def _preference(norm: Norm) -> tuple[object, ...]:
    low, high = norm.age_from or 0, _ANY_AGE if norm.age_to is None else norm.age_to
    sure = _SUREST.index(norm.tag)
    return (not norm.own, high - low, norm.sex == "both", -(norm.n or 0), sure, norm.id)


def _refusals(rows: Sequence[Norm], key: NormKey) -> tuple[Reason, ...]:
    found: dict[str, list[Norm]] = {}
    for norm in rows:
        code = _mismatch(norm, key)
        if code is not None:
            found.setdefault(code, []).append(norm)
    nearest_first = sorted(found, key=list(_SENTENCES).index, reverse=True)
    return tuple(_told(code, found[code], key) for code in nearest_first)


def _told(code: str, rows: Sequence[Norm], key: NormKey) -> Reason:
    sentence, detail = _SENTENCES[code]
    wanted = {
        "position": key.position.replace("_", " "),
        "condition": key.condition,
        "sex": key.sex or "",
        "age": _age_text(key),
        "angle": "the hip alone" if key.corrected else "the whole angle",
    }
    names = listed(cited_norm(norm) + _in_brackets(detail(norm)) for norm in rows)
    return _reason(key, code, f"{sentence.format(**wanted)}: {names}.")


def _reason(key: NormKey, code: str, text: str) -> Reason:
    return Reason(code, f"{key.measure.upper()} has no z: {text}")


def _in_brackets(text: str) -> str:
    return f" ({text})" if text else ""


def _age_text(key: NormKey) -> str:
    return f"{key.ages[0]} or {key.ages[1]}" if key.ages else ""


def _mismatch(norm: Norm, key: NormKey) -> str | None:
    """Return the code of the first thing that does not fit: method, then person, then digits."""
    checks = (_method, _sex, _age)
    code = next((found for check in checks if (found := check(norm, key))), None)
    if code is None and (norm.mean_deg is None or not norm.sd_deg):
        return "norm_without_sd"
    return code


def _method(norm: Norm, key: NormKey) -> str | None:
    if norm.corrected != key.corrected:
        return "norm_corrected"
    if norm.position != key.position:
        return "norm_position" if norm.position else "norm_position_unknown"
    if norm.condition != key.condition:
        return "norm_condition" if norm.condition else "norm_condition_unknown"
    return "norm_only_when" if norm.only_when else None


def _sex(norm: Norm, key: NormKey) -> str | None:
    if norm.sex in ("both", key.sex):
        return None
    return "norm_sex" if key.sex in ("female", "male") else "norm_sex_unknown"


def _age(norm: Norm, key: NormKey) -> str | None:
    if not norm.age_known:
        return "norm_group_age_unknown"
    if norm.age_from is None and norm.age_to is None:
        return None
    if key.ages is None:
        return "norm_age_unknown"
    inside = [_within(age, norm) for age in key.ages]
    if all(inside):
        return None
    return "norm_age_unclear" if any(inside) else "norm_age"


def _within(age: int, norm: Norm) -> bool:
    above = norm.age_from is None or age >= norm.age_from
    return above and (norm.age_to is None or age <= norm.age_to)


def _nothing(norm: Norm) -> str:  # noqa: ARG001
    return ""


def _band(norm: Norm) -> str:
    if norm.age_from is None or norm.age_to is None:
        return f"from {norm.age_from}" if norm.age_to is None else f"up to {norm.age_to}"
    return f"{norm.age_from} to {norm.age_to}"


def _spread(norm: Norm) -> str:
    if norm.mean_deg is not None:
        return f"mean {norm.mean_deg:g}"
    return "" if norm.low_deg is None else f"{norm.low_deg:g} to {norm.high_deg:g}"


_SENTENCES: Final[dict[str, tuple[str, Callable[[Norm], str]]]] = {
    # from the farthest miss to the nearest
    "norm_corrected": (
        "a norm of {angle} is needed, since an angle without pelvic motion is never held against"
        " one with it; of the other kind are",
        _nothing,
    ),
    "norm_position": (
        "this test is done {position}, the norm elsewhere",
        lambda norm: (norm.position or "").replace("_", " "),
    ),
    "norm_position_unknown": ("the norm's position is not known", _nothing),
    "norm_condition": (
        "this test is {condition}, the norm is not",
        lambda norm: norm.condition or "",
    ),
    "norm_condition_unknown": ("whether the norm is active or passive is not known", _nothing),
    "norm_only_when": (
        "the norm holds only under a condition that the test does not set",
        lambda norm: norm.only_when,
    ),
    "norm_sex": ("the norm is of the other sex than {sex}", lambda norm: norm.sex),
    "norm_sex_unknown": (
        "the norm is of one sex, and the person's is not given as female or male",
        lambda norm: norm.sex,
    ),
    "norm_group_age_unknown": ("how old the norm's group was is not known", _nothing),
    "norm_age": ("the person is {age} years old, outside the norm's band", _band),
    "norm_age_unknown": (
        "the norm holds for one age band, and the year of birth is missing",
        _band,
    ),
    "norm_age_unclear": (
        "the person is {age} years old, and the norm's band ends between the two",
        _band,
    ),
    "norm_without_sd": ("the norm has no mean with a spread", _spread),
}
