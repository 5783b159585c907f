"""Repeated values as a table: people in rows, raters or days in columns, no cell empty."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from schemas.errors import QualityError

Floats = npt.NDArray[np.float64]

Cells = Mapping[tuple[str, str], Sequence[float]]
"""All values of a person (first key) under a rater or on a day (second key), in their order."""


@dataclass(frozen=True, eq=False, slots=True)
class Ratings:
    """A complete table.

    `values` has shape (people, repeats). `dropped` are people of whom a cell was empty; `spare`
    counts further values of a cell, of which the table holds the first.
    """

    people: tuple[str, ...]
    repeats: tuple[str, ...]
    values: Floats
    dropped: tuple[str, ...] = ()
    spare: int = 0


def complete_cases(cells: Cells) -> Ratings:
    """Return the people who have every repeat; who lacks one is named in `dropped`.

    Raises
    ------
    QualityError
        `too_few_people`, `too_few_repeats`, `no_variance`, `no_error_variance`.
    """
    finite = {key: [v for v in found if math.isfinite(v)] for key, found in cells.items()}
    people = tuple(dict.fromkeys(person for person, _ in cells))
    repeats = tuple(dict.fromkeys(repeat for _, repeat in cells))
    whole = [p for p in people if all(finite.get((p, r)) for r in repeats)]
    dropped = tuple(p for p in people if p not in set(whole))
    _check_size(len(whole), len(repeats), len(dropped))
    values = np.array([[finite[p, r][0] for r in repeats] for p in whole], dtype=np.float64)
    _check_variance(values)
    spare = sum(len(finite[p, r]) - 1 for p in whole for r in repeats)
    return Ratings(tuple(whole), repeats, values, dropped, spare)


def _check_size(people: int, repeats: int, dropped: int) -> None:
    if repeats < 2:
        raise QualityError(
            f"There is nothing to compare: expected two or more repeats of each person, there is "
            f"{'one' if repeats else 'none'}; measure again, or name more raters or columns.",
            reason="too_few_repeats",
        )
    if people < 2:
        lacking = f", {dropped} lack one of the {repeats} repeats" if dropped else ""
        raise QualityError(
            f"There are too few people: expected two or more with all repeats, there "
            f"{'is one' if people else 'are none'}{lacking}; measure more people, or name fewer "
            "raters, days or columns.",
            reason="too_few_people",
        )


def _check_variance(values: Floats) -> None:
    """Refuse a table in which nothing varies, or nothing but people and columns do."""
    spread = float(np.abs(values - values.mean()).max())
    if spread <= 1e-12 * max(1.0, float(np.abs(values).max())):
        raise QualityError(
            "All values are the same: expected people who differ; choose another measure.",
            reason="no_variance",
        )
    if float(np.ptp(values.mean(axis=1))) <= 1e-9 * spread:
        raise QualityError(
            "All people have the same mean: expected people who differ; measure others as well.",
            reason="no_variance",
        )
    left = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()
    if float(np.abs(left).max()) <= 1e-9 * spread:
        raise QualityError(
            "The repeats differ by nothing or by one constant: expected measurements with an error "
            "of their own; check that no column is a copy of another.",
            reason="no_error_variance",
        )
