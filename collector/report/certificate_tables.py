"""The certificate's numbers as tables: one of the set, one of the repetitions side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from collector.report.certificate import CertificatePage
from collector.report.certificate_numbers import Number, NumberUnit

_TIMES: Final = re.compile(r",? (from )?\d+\.\d\d to \d+\.\d\d s")
ABREAST: Final = 4
"""So many repetitions stand side by side: an A4 page holds no more."""
_DIGITS: Final[dict[NumberUnit, int]] = {
    "deg": 1,
    "pct": 1,
    "s": 2,
    "1": 3,
    "deg/s": 1,
    "of 10": 1,
}
_SIGNS: Final[dict[NumberUnit, str]] = {
    "deg": "\u00b0",
    "pct": " %",
    "s": " s",
    "1": "",
    "deg/s": " \u00b0/s",
    "of 10": " of 10",
}


@dataclass(frozen=True, slots=True)
class NumberLine:
    """One quantity: its values, one for every column, and where they came from."""

    name: str
    values: tuple[str, ...]
    formula: str
    read: tuple[str, ...]
    sensors: str


@dataclass(frozen=True, slots=True)
class NumberTable:
    """Some columns of numbers under one caption."""

    caption: str
    columns: tuple[str, ...]
    lines: tuple[NumberLine, ...]


def tables_of(page: CertificatePage) -> tuple[NumberTable, ...]:
    """Return the table of the set, then those of the repetitions, a few abreast."""
    return (*_whole(page), *_repetitions(page))


def value_words(number: Number | None) -> str:
    """Return a value with its unit's sign; a dash where it was withheld."""
    if number is None or number.value is None:
        return "-"
    return f"{number.value:z.{_DIGITS[number.unit]}f}{_SIGNS[number.unit]}"


def _whole(page: CertificatePage) -> Iterator[NumberTable]:
    own = [n for n in page.numbers if not n.of.startswith("repetition")]
    if own:
        lines = tuple(_line([number], of_set=True) for number in own)
        yield NumberTable("The set", ("value",), lines)


def _repetitions(page: CertificatePage) -> Iterator[NumberTable]:
    names = [f"repetition {head.n}" for head in page.repetitions]
    for first in range(0, len(names), ABREAST):
        some = names[first : first + ABREAST]
        numbers = [n for n in page.numbers if n.of in some]
        keys = dict.fromkeys(n.key for n in numbers)
        lines = []
        for key in keys:
            found = {n.of: n for n in numbers if n.key == key}
            lines.append(_line([found.get(name) for name in some]))
        heads = tuple(name.removeprefix("repetition ") for name in some)
        caption = (
            f"Repetitions {heads[0]} to {heads[-1]}" if heads[1:] else f"Repetition {heads[0]}"
        )
        yield NumberTable(caption, heads, tuple(lines))


def _line(numbers: Sequence[Number | None], *, of_set: bool = False) -> NumberLine:
    known = [n for n in numbers if n is not None]
    first = known[0]
    read = (first.read,) if of_set else tuple(_reads(known))
    values = tuple(value_words(n) for n in numbers)
    return NumberLine(first.name, values, first.formula, read, ", ".join(first.sensors))


def _reads(numbers: Sequence[Number]) -> Iterator[str]:
    """Yield how a quantity was read; once where only the times differ, which have their rows."""
    ways = {_TIMES.sub("", number.read) for number in numbers}
    if len(ways) == 1:
        yield f"{ways.pop().rstrip('.')}."
        return
    for number in numbers:
        yield f"{number.of.removeprefix('repetition ')}: {number.read}"
