"""Timing two ways of doing a thing in turn, so that a machine's moods cancel in the ratio."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the bench: what was measured, the figure, the bar it is held against.

    `at_most` tells whether the figure must stay under the bar or reach it; `detail` what it
    was measured on.
    """

    name: str
    value: float
    unit: str
    bar: float
    at_most: bool
    detail: str

    @property
    def reached(self) -> bool:
        """Whether the bar is reached."""
        return self.value <= self.bar if self.at_most else self.value >= self.bar


def paired_ratio(
    numerator: Callable[[], object], denominator: Callable[[], object], *, rounds: int
) -> float:
    """Return the ratio of the best times of two ways, run in turn `rounds` times.

    The best time is the one that the rest of the machine disturbed least.
    """
    times = [(_seconds(numerator), _seconds(denominator)) for _ in range(rounds)]
    return min(upper for upper, _ in times) / min(lower for _, lower in times)


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
