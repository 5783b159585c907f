"""What a study comes to in sentences that a clinician reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from collector.reliability.study import Study
from schemas.protocol_scoring import Unit
from schemas.quantities import amount

FEW: Final = 10
"""Below this many people a study says hardly more than its interval."""
ENOUGH: Final = 30
"""From here on Koo & Li 2016 call a sample enough; COSMIN prefers 50 (both recalled, K-H)."""

_DECIMALS: Final = 3
"""Of an error in seconds or of a pure number, which are small."""


def sentences(study: Study, unit: Unit) -> tuple[str, ...]:
    """Return what was found, the main thing first."""
    return tuple(_sentences(study, unit))


def _sentences(study: Study, unit: Unit) -> Iterator[str]:
    icc, (low, high) = study.icc, study.band
    spread = low if low == high else f"between {low} and {high}"
    repeats = f"{len(study.repeats)} {'raters' if study.design == 'by rater' else 'days'}"
    yield (
        f"{study.people} people, {repeats}: {study.label} {icc.value:.3f} "
        f"(95 % interval {_end(icc.low)} to {_end(icc.high)}), that is {spread} (Koo & Li 2016)."
    )
    yield (
        f"One measurement is good to {_amount(study.sem.value, unit)} (SEM, agreement); a change "
        f"below {_amount(study.sem.mdc95, unit)} is within error (MDC95; MDC90 "
        f"{_amount(study.sem.mdc90, unit)})."
    )
    for pair in study.pairs:
        if pair.bias.without_zero():
            yield (
                f"{pair.first} reads {_amount(abs(pair.bias.value), unit)} "
                f"{'more' if pair.bias.value > 0 else 'less'} than {pair.second} on average."
            )
        if pair.slope is not None and pair.slope.without_zero():
            yield (
                f"The difference between {pair.first} and {pair.second} grows with the value "
                f"({pair.slope.value:+.2f} per unit): limits of agreement of all values together "
                "mislead at both ends."
            )
    yield from _cautions(study)


def _cautions(study: Study) -> Iterator[str]:
    if study.icc.value <= 0:
        yield "The ICC is not above zero: people differ less than the repeats of one person."
    if study.people < FEW:
        yield f"Fewer than {FEW} people: the interval, not the number, is the result."
    elif study.people < ENOUGH:
        yield f"Fewer than {ENOUGH} people: the interval is wide."
    if study.dropped:
        names = ", ".join(study.dropped[:5]) + (", ..." if len(study.dropped) > 5 else "")
        yield f"{len(study.dropped)} left out, a repeat is missing: {names}."
    if study.spare:
        yield (
            f"{study.spare} further values of a person under the same rater or day are not in the "
            "ICC, which takes the first"
            + ("; the repeated-measures limits hold them." if study.repeated else ".")
        )


def _amount(value: float, unit: Unit) -> str:
    return amount(value, unit, small=_DECIMALS)


def _end(limit: float | None) -> str:
    return "-" if limit is None else f"{limit:.3f}"
