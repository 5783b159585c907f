from __future__ import annotations

import math

import numpy as np
import pytest
from published import PEAK_FLOW, SHROUT_FLEISS

from collector.reliability.error import Sem, sem_agreement, sem_consistency, variation
from collector.reliability.icc import mean_squares


def test_errors_of_shrout_and_fleiss():
    ms = mean_squares(SHROUT_FLEISS)
    assert sem_agreement(ms).value == pytest.approx(2.503, abs=5e-4)
    assert sem_consistency(ms).value == pytest.approx(1.010, abs=5e-4)


@pytest.mark.parametrize(
    ("sem", "mdc90", "mdc95"),
    [(1.0, 2.3, 2.8), (2.5, 5.8, 6.9), (3.5, 8.1, 9.7), (5.0, 11.6, 13.9)],
)
def test_smallest_changes_of_usual_errors(sem: float, mdc90: float, mdc95: float):
    error = Sem(sem, sem, sem)
    assert (round(error.mdc90, 1), round(error.mdc95, 1)) == (mdc90, mdc95)


def test_the_consistency_of_two_repeats_is_their_typical_error():
    pairs = PEAK_FLOW[:, :2]
    typical = (pairs[:, 0] - pairs[:, 1]).std(ddof=1) / math.sqrt(2)
    assert sem_consistency(mean_squares(pairs)).value == pytest.approx(typical)


def test_the_repeatability_of_the_wright_meter():
    """Bland & Altman 1986: SD of the differences of two readings, about zero, 21.6 l/min."""
    within = mean_squares(PEAK_FLOW[:, :2]).within
    assert math.sqrt(2 * within) == pytest.approx(21.6, abs=0.05)


def test_the_interval_of_an_error_is_that_of_a_variance():
    """15 degrees of freedom: chi-squared quantiles 27.488 and 6.2621."""
    error = sem_consistency(mean_squares(SHROUT_FLEISS))
    squares = 15 * 1.019444
    assert error.low == pytest.approx(math.sqrt(squares / 27.488), abs=1e-4)
    assert error.high == pytest.approx(math.sqrt(squares / 6.2621), abs=1e-4)


def test_variation_of_a_table_by_hand():
    """People 9, 11 and 19, 21: SD 1.4142 each, means 10 and 20; all: mean 15, SD 5.8878."""
    found = variation(np.array([[9.0, 11.0], [19.0, 21.0]]))
    assert found is not None
    within = 100 * math.sqrt((0.14142136**2 + 0.07071068**2) / 2)
    assert found.within_pct == pytest.approx(within, abs=1e-5)
    assert found.total_pct == pytest.approx(100 * 5.887841 / 15, abs=1e-4)


@pytest.mark.parametrize("lowest", [0.0, -2.0])
def test_numbers_around_zero_have_no_variation_in_percent(lowest: float):
    assert variation(np.array([[lowest, 11.0], [19.0, 21.0]])) is None
