"""A whole study: repeats in, everything that is said of their reliability out."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

import numpy as np

from collector.reliability.agreement import (
    Agreement,
    RepeatedLimits,
    agreement,
    limits_constant,
    limits_varying,
)
from collector.reliability.error import Sem, Variation, sem_agreement, sem_consistency, variation
from collector.reliability.icc import Band, Form, Icc, MeanSquares, band_of, mean_squares, six_forms
from collector.reliability.ratings import Cells, Ratings, complete_cases

Design = Literal["by rater", "by day"]

MAX_PAIRS: Final = 10
"""Pairs of columns that are compared one by one: all of up to five columns."""


@dataclass(frozen=True, slots=True)
class Study:
    """What the repeats of one number come to. Figures are in the unit of the values.

    `form` is the single ICC to report for the design and `band` the bands that the ends of its
    interval lie in; `sem` (agreement) is the error that a course is held against; `dropped` are
    people of whom a repeat was missing, `spare` values beyond the first of a cell. `pairs` compares
    columns two by two (the first ten pairs); `repeated` is there where cells hold several values.
    """

    design: Design
    people: int
    repeats: tuple[str, ...]
    mean: float
    squares: MeanSquares
    forms: tuple[Icc, ...]
    form: Form
    band: tuple[Band, Band]
    sem: Sem
    sem_consistency: Sem
    variation: Variation | None
    pairs: tuple[Agreement, ...]
    repeated: tuple[RepeatedLimits, ...]
    dropped: tuple[str, ...]
    spare: int

    @property
    def icc(self) -> Icc:
        """The form that is reported."""
        return next(icc for icc in self.forms if icc.form == self.form)

    @property
    def label(self) -> str:
        """The reported form as it is written: by rater ICC(2,1), by day ICC(A,1)."""
        return self.icc.form if self.design == "by rater" else self.icc.also


def study(cells: Cells, design: Design) -> Study:
    """Compute everything of the people who have all repeats.

    Raises
    ------
    QualityError
        As `complete_cases`.
    """
    table = complete_cases(cells)
    squares = mean_squares(table.values)
    forms = six_forms(squares)
    # Both designs want absolute agreement of a single measurement; only its name differs.
    reported = next(icc for icc in forms if icc.form == "ICC(2,1)")
    return Study(
        design=design,
        people=len(table.people),
        repeats=table.repeats,
        mean=float(table.values.mean()),
        squares=squares,
        forms=forms,
        form=reported.form,
        band=band_of(reported.low, reported.high),
        sem=sem_agreement(squares),
        sem_consistency=sem_consistency(squares),
        variation=variation(table.values),
        pairs=_pairs(table),
        repeated=_repeated(table, cells),
        dropped=table.dropped,
        spare=table.spare,
    )


def _pairs(table: Ratings) -> tuple[Agreement, ...]:
    columns = list(combinations(range(len(table.repeats)), 2))[:MAX_PAIRS]
    return tuple(
        agreement(table.repeats[a], table.repeats[b], table.values[:, [a, b]]) for a, b in columns
    )


def _repeated(table: Ratings, cells: Cells) -> tuple[RepeatedLimits, ...]:
    """Return the limits of two columns whose cells hold several values."""
    if len(table.repeats) != 2 or not table.spare:
        return ()
    first, second = ([np.array(cells[p, r]) for p in table.people] for r in table.repeats)
    paired = [a[: len(b)] - b[: len(a)] for a, b in zip(first, second, strict=True)]
    found = (limits_constant(first, second), limits_varying(paired))
    return tuple(limits for limits in found if limits is not None)
