"""Cut-offs of a test that were crossed, in words and with their source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from collector.scoring.visit.words import cited_figure
from schemas.protocol import Figure
from schemas.quantities import amount
from schemas.result import Reason
from schemas.visit import Flag, Person, Value

_SEXES: Final = ("female", "male")
_NAMES: Final = {
    "tot": "TOT",
    "hip": "HIP",
    "comp": "The compensation",
    "share": "The share",
    "lum": "The low back's part",
    "mark": "The angle at the mark",
    "lag_s": "The lag",
    "slope_r": "The slope's correlation",
}


def flags_of(
    cutoffs: Sequence[Figure], values: Mapping[str, Value], person: Person
) -> tuple[Flag, ...]:
    """Return the cut-offs of one side that its values cross and that hold for the person."""
    own = (f for f in cutoffs if not f.between_sides and f.of in values)
    return tuple(_crossed(own, {k: v.mean for k, v in values.items()}, person))


def flags_between(
    cutoffs: Sequence[Figure], of: str, difference: float, person: Person
) -> tuple[Flag, ...]:
    """Return the cut-offs between sides that a difference of one measure crosses."""
    both = (f for f in cutoffs if f.between_sides and f.of == of)
    return tuple(_crossed(both, {of: difference}, person))


def unused_for_sex(cutoffs: Sequence[Figure], person: Person) -> tuple[Reason, ...]:
    """Say that cut-offs of one sex were left out because the person's is not known."""
    if person.sex in _SEXES or not any(f.group in _SEXES for f in cutoffs):
        return ()
    sentence = "Cut-offs of one sex were not used: the person's is not given as female or male."
    return (Reason("cutoff_sex_unknown", sentence),)


def _crossed(
    figures: Iterator[Figure], values: Mapping[str, float], person: Person
) -> Iterator[Flag]:
    """Yield what is crossed; of several steps of one source (borderline, restricted) the last."""
    last: dict[tuple[object, ...], Figure] = {}
    for figure in figures:
        for_person = figure.group not in _SEXES or figure.group == person.sex
        if not for_person or not _beyond(figure, values[figure.of]):
            continue
        step = (figure.of, figure.group, figure.source, figure.below is None)
        if step not in last or _strictness(figure) > _strictness(last[step]):
            last[step] = figure
    for figure in last.values():
        value = values[figure.of]
        yield Flag(figure, value, _sentence(figure, value))


def _strictness(figure: Figure) -> float:
    """Return what is larger the farther out a limit lies, among those of one direction."""
    return -figure.below if figure.below is not None else figure.above or 0.0


def _beyond(figure: Figure, value: float) -> bool:
    low = figure.below is not None and value < figure.below
    return low or (figure.above is not None and value > figure.above)


def _sentence(figure: Figure, value: float) -> str:
    name = _NAMES.get(figure.of, figure.of.replace("_", " ").capitalize())
    if figure.between_sides:
        name = f"{name}: the sides differ by"
        verb = ""
    else:
        verb = " is"
    below = figure.below is not None and value < figure.below
    limit = figure.below if below else figure.above
    group = f" ({figure.group})" if figure.group else ""
    where = "below" if below else "above"
    return (
        f"{name}{verb} {amount(value, figure.unit)}, {where} {limit:g}{group}:"
        f" {figure.meaning or 'beyond the cut-off'} ({cited_figure(figure)})."
    )
