"""A report at one glance: few sentences that matter, and one for all that is quiet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from schemas.progress import Statement

MOST: Final = 6
_QUIET: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sem_missing": "the standard error is not known, so change is not judged",
        "nothing_beyond_error": "nothing has changed beyond error",
        "too_few_visits": "too few visits count so far, so no change can be told yet",
        "no_baseline": "no visit has three repetitions that agree, so nothing is compared",
        "unknown_test": "the file of the test is not known here, so nothing is compared",
    }
)
"""Codes that say that there is little to say, the first of a test counting."""
_BESIDE: Final = frozenset({"trend", "plateau", "recovered"})
"""Codes that only go with another sentence of the same test."""


@dataclass(frozen=True, slots=True)
class Glance:
    """`said`: one sentence a test, the plainest first, at most `MOST`; `quiet`: one a kind.

    `more` counts the tests of which something is said that stands with the test alone.
    """

    said: tuple[Statement, ...]
    more: int
    quiet: tuple[str, ...]

    @property
    def more_text(self) -> str:
        """Say where the rest stands; empty without a rest."""
        if not self.more:
            return ""
        rest = "1 more test has" if self.more == 1 else f"{self.more} more tests have"
        return f"{rest} changed or may have: see below."


def glance_of(statements: Sequence[Statement], names: Mapping[str, str]) -> Glance:
    """Return what a reader should see first of sentences that come the plainest first.

    `names` are the titles of the tests by id.
    """
    loud: dict[tuple[str, str | None], Statement] = {}
    for told in statements:
        if told.code not in _QUIET and told.code not in _BESIDE:
            loud.setdefault(_key(told), told)
    said = tuple(loud.values())[:MOST]
    rest = [told for told in statements if _key(told) not in loud and told.code in _QUIET]
    return Glance(said, len(loud) - len(said), tuple(_quiet(rest, names, alone=not loud)))


def _key(told: Statement) -> tuple[str, str | None]:
    return told.protocol, told.side


def _quiet(rest: Iterable[Statement], names: Mapping[str, str], *, alone: bool) -> Iterator[str]:
    order = list(_QUIET)
    first: dict[tuple[str, str | None], str] = {}
    for told in sorted(rest, key=lambda t: order.index(t.code)):
        first.setdefault(_key(told), told.code)
    for code, text in _QUIET.items():
        keys = [key for key, found in first.items() if found == code]
        if not keys:
            continue
        if alone and len(keys) == len(first):
            yield f"{_of_all(len(keys))}: {text}."
        else:
            yield f"{_capital(text)}: {_listed(keys, names)}."


def _of_all(count: int) -> str:
    return "In the one test that was done" if count == 1 else f"In all {count} tests and sides"


def _listed(keys: Iterable[tuple[str, str | None]], names: Mapping[str, str]) -> str:
    """Return tests with their sides, a test of both sides once."""
    sides: dict[str, list[str]] = {}
    for test, side in keys:
        sides.setdefault(test, []).extend([side] if side else [])
    return "; ".join(_with_sides(names.get(test, test), found) for test, found in sides.items())


def _with_sides(name: str, sides: Sequence[str]) -> str:
    return f"{name}, {sides[0]}" if len(sides) == 1 else name


def of_test(
    statements: Iterable[Statement], protocol: str, side: str | None, *, name: str
) -> list[str]:
    """Return the sentences of one test and side, the plainest first, without its `name`.

    What is quiet is told once for all tests, and stands in the numbers of each.
    """
    mine = [told for told in statements if _key(told) == (protocol, side)]
    own = (told for told in mine if told.code not in _QUIET)
    return [_capital(told.sentence.removeprefix(f"{name}: ")) for told in own]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
