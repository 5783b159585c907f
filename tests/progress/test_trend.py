"""Theil-Sen and Mann-Kendall against SciPy and by hand; plateau."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau, theilslopes

from collector.scoring.progress.trend import mann_kendall, plateau_of, trend_of
from collector.scoring.progress.wording import p_text

WEEKS = [0.0, 1.0, 2.0, 3.0]


def test_the_slope_is_the_median_of_all_pairs():
    # slopes of pairs: 1, 2, 4, 3, 5.5, 8 -> sorted 1 2 3 4 5.5 8, median 3.5
    found = trend_of(WEEKS, [0.0, 1.0, 4.0, 12.0])
    assert found.slope_per_week == pytest.approx(3.5)
    oracle = theilslopes([0.0, 1.0, 4.0, 12.0], WEEKS, alpha=0.95)
    assert (found.low, found.high) == (oracle.low_slope, oracle.high_slope)
    assert found.n == 4


def test_four_rising_visits_are_one_of_24_orders_either_way():
    assert mann_kendall([1, 2, 3, 4]) == (pytest.approx(2 / 24), "exact")


def test_the_exact_p_counts_all_orders():
    values = [3.0, 1.0, 2.0, 5.0, 4.0]
    s = {p: sum((p[j] > p[i]) - (p[j] < p[i]) for i, j in itertools.combinations(range(5), 2))
         for p in itertools.permutations(values)}  # fmt: skip
    as_far = sum(abs(x) >= abs(s[tuple(values)]) for x in s.values())
    assert mann_kendall(values)[0] == pytest.approx(as_far / 120)


@given(st.permutations(range(12)))
def test_the_exact_p_is_kendalls(values):
    oracle = kendalltau(range(12), values, method="exact").pvalue
    assert mann_kendall(values)[0] == pytest.approx(oracle)


def test_a_long_row_has_an_exact_p_too():
    values = [(37 * k) % 101 for k in range(100)]
    oracle = kendalltau(range(100), values, method="exact").pvalue
    assert mann_kendall(values)[0] == pytest.approx(oracle)


def test_ties_are_corrected_for():
    # 1 2 2 3: S 5; var (4*3*13 - 2*1*9)/18 = 7.6667; z 4/2.7689 = 1.4446; p 0.1486
    p, method = mann_kendall([1, 2, 2, 3])
    assert (round(p, 4), method) == (0.1486, "normal")


def test_values_all_alike_have_no_trend():
    assert mann_kendall([5.0] * 6) == (1.0, "normal")


@pytest.mark.parametrize(
    ("weeks", "values"), [([0, 1, 2], [1, 2, 3]), ([1, 1, 1, 1], [1, 2, 3, 4])]
)
def test_too_few_visits_or_one_single_time_have_no_trend(weeks, values):
    assert trend_of(weeks, values) is None


@pytest.mark.parametrize(
    ("values", "sem", "flat"),
    [
        ([50.0, 70.0, 73.0, 76.0], 3.0, True),
        ([70.0, 73.0, 76.1], 3.0, False),
        ([70.0, 73.0], 3.0, None),
        ([70.0, 70.0, 70.0], None, None),
    ],
)
def test_a_plateau_is_the_last_three_within_one_error_of_their_mean(values, sem, flat):
    assert plateau_of(values, sem) is flat


@pytest.mark.parametrize(
    ("p", "told"), [(4e-6, "p < 0.001"), (0.001, "p 0.001"), (0.947, "p 0.947")]
)
def test_a_p_never_reads_as_nought(p, told):
    assert p_text(p) == told
