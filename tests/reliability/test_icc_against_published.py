"""Every form and interval against published examples and against another way of computing them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from published import ANXIETY, SHROUT_FLEISS, WINE
from scipy import linalg, stats

from collector.reliability.icc import band_of, mean_squares, six_forms


def rounded(values, digits=3):
    forms = six_forms(mean_squares(values))
    return {f.form: tuple(round(x, digits) for x in (f.value, f.low, f.high)) for f in forms}


def test_mean_squares_of_shrout_and_fleiss():
    ms = mean_squares(SHROUT_FLEISS)
    found = [ms.people, ms.within, ms.repeats, ms.residual]
    assert found == pytest.approx([11.2417, 6.2639, 32.4861, 1.0194], abs=5e-5)


def test_all_forms_and_intervals_of_shrout_and_fleiss():
    assert rounded(SHROUT_FLEISS) == {
        "ICC(1,1)": (0.166, -0.133, 0.723),
        "ICC(2,1)": (0.290, 0.019, 0.761),
        "ICC(3,1)": (0.715, 0.342, 0.946),
        "ICC(1,k)": (0.443, -0.884, 0.912),
        "ICC(2,k)": (0.620, 0.071, 0.927),  # McGraw & Wong's corrected limit; 0.926 truncated
        "ICC(3,k)": (0.909, 0.676, 0.986),
    }


def test_f_tests_of_shrout_and_fleiss():
    """As printed by R's psych for this table: F 1.79 and 11.03, p 0.16477 and 0.00013."""
    forms = {f.form: f for f in six_forms(mean_squares(SHROUT_FLEISS))}
    one, two = forms["ICC(1,1)"], forms["ICC(2,1)"]
    assert (one.df1, one.df2, round(one.p, 5)) == (5, 18, 0.16477)
    assert (two.df1, two.df2, round(two.p, 5)) == (5, 15, 0.00013)
    assert (round(one.f, 2), round(two.f, 2)) == (1.79, 11.03)


def test_all_forms_of_the_wine_example():
    """As printed by pingouin, which was compared with R's psych."""
    forms = {f.form: f for f in six_forms(mean_squares(WINE))}
    assert {k: round(v.value, 3) for k, v in forms.items()} == {
        "ICC(1,1)": 0.728, "ICC(2,1)": 0.728, "ICC(3,1)": 0.729,
        "ICC(1,k)": 0.914, "ICC(2,k)": 0.914, "ICC(3,k)": 0.915,
    }  # fmt: skip
    single, average = forms["ICC(2,1)"], forms["ICC(2,k)"]
    assert [round(x, 2) for x in (single.low, single.high)] == [0.43, 0.93]
    assert [round(x, 2) for x in (average.low, average.high)] == [0.75, 0.98]
    assert (round(forms["ICC(1,1)"].f, 3), forms["ICC(1,1)"].df2) == (11.680, 24)
    assert (round(single.f, 3), single.df1, single.df2) == (11.787, 7, 21)


def test_agreement_of_the_anxiety_example():
    """As printed by irr's icc(anxiety, "twoway", "agreement"): 0.198 (-0.039 to 0.494), F 1.83."""
    (form,) = (f for f in six_forms(mean_squares(ANXIETY)) if f.form == "ICC(2,1)")
    assert [round(x, 3) for x in (form.value, form.low, form.high)] == [0.198, -0.039, 0.494]
    assert (round(form.f, 2), form.df1) == (1.83, 19)


def variances_by_regression(values):
    """Mean squares by another way: residuals of least squares on dummy columns."""
    n, k = values.shape
    people, repeats = np.kron(np.eye(n), np.ones((k, 1))), np.kron(np.ones((n, 1)), np.eye(k))
    y, one = values.ravel(), np.ones((n * k, 1))

    def rest(*blocks):
        design = np.hstack([one, *blocks])
        return float(((y - design @ linalg.lstsq(design, y, cond=1e-10)[0]) ** 2).sum())

    both = rest(people, repeats)
    return (
        (rest(repeats) - both) / (n - 1),
        (rest(people) - both) / (k - 1),
        both / ((n - 1) * (k - 1)),
        rest(people) / (n * (k - 1)),
    )


tables = arrays(
    float,
    st.tuples(st.integers(2, 9), st.integers(2, 5)),
    elements=st.integers(-400, 400).map(lambda x: x / 8),
).filter(lambda v: mean_squares(v).residual > 1e-3 and mean_squares(v).people > 1e-3)


@given(tables)
def test_mean_squares_are_those_of_a_regression(values):
    ms = mean_squares(values)
    found = (ms.people, ms.repeats, ms.residual, ms.within)
    assert found == pytest.approx(variances_by_regression(values), rel=1e-7, abs=1e-7)


@given(tables)
def test_forms_are_those_of_the_components_of_variance(values):
    """By components (McGraw & Wong 1996): person, repeat and residual variance."""
    n, k = values.shape
    people, repeats, residual, within = variances_by_regression(values)
    person, repeat = (people - residual) / k, (repeats - residual) / n
    one_way = (people - within) / k
    forms = {f.form: f.value for f in six_forms(mean_squares(values))}
    assert forms["ICC(1,1)"] == pytest.approx(one_way / (one_way + within), abs=1e-6)
    assert forms["ICC(3,1)"] == pytest.approx(person / (person + residual), abs=1e-6)
    whole = person + repeat + residual
    assert forms["ICC(2,1)"] == pytest.approx(person / whole, rel=1e-6, abs=1e-6)


@given(tables)
def test_the_exact_interval_holds_the_values_that_an_f_test_does_not_reject(values):
    n, k = values.shape
    (form,) = (f for f in six_forms(mean_squares(values)) if f.form == "ICC(3,1)")
    for rho, tail in ((form.low, stats.f.sf), (form.high, stats.f.cdf)):
        f = form.f * (1 - rho) / (1 + (k - 1) * rho)
        assert tail(f, n - 1, (n - 1) * (k - 1)) == pytest.approx(0.025, rel=1e-5)


@given(tables)
def test_every_estimate_lies_in_its_interval_and_below_one(values):
    for form in six_forms(mean_squares(values))[:3]:
        assert form.value < 1
        assert form.low <= form.high
        if form.form != "ICC(2,1)":  # its interval is an approximation
            assert form.low <= form.value <= form.high


def test_an_icc_of_nearly_one_has_its_interval():
    noise = np.array([[1.0, -1.0], [-1.0, 0.5], [0.5, 1.0]]) * 1e-4
    for form in six_forms(mean_squares(np.array([[0.0], [1e4], [3e4]]) + noise)):
        assert 0.999 < form.low <= form.high <= 1.0


def test_an_icc_may_be_negative():
    values = np.array([[1.0, 9.0], [9.0, 1.0], [4.0, 7.0], [7.0, 3.0]])
    assert all(f.value < 0 for f in six_forms(mean_squares(values))[:3])


@pytest.mark.parametrize(
    ("low", "high", "bands"),
    [
        (0.49, 0.5, ("poor", "moderate")),
        (0.74, 0.75, ("moderate", "good")),
        (0.9, 0.91, ("good", "excellent")),
        (None, None, ("poor", "excellent")),
    ],
)
def test_bands_are_judged_on_both_ends_of_the_interval(low, high, bands):
    assert band_of(low, high) == bands
