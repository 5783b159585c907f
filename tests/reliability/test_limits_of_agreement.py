from __future__ import annotations

import numpy as np
import pytest
from published import CARDIAC_OUTPUT, PEAK_FLOW

from collector.reliability.agreement import agreement, limits, limits_constant, limits_varying

FIRST = PEAK_FLOW[:, [0, 2]]


def test_peak_flow_of_bland_and_altman_1986():
    """Printed: mean -2.1, SD 38.8, 95 % interval of the bias -22.0 to 17.8 l/min."""
    found = agreement("Wright", "mini", FIRST)
    assert (round(found.bias.value, 1), round(found.sd, 1)) == (-2.1, 38.8)
    assert (found.bias.low, found.bias.high) == pytest.approx((-22.0, 17.8), abs=0.1)
    assert (round(found.lower.value, 1), round(found.upper.value, 1)) == (-78.1, 73.9)
    assert not found.bias.without_zero()


def test_intervals_of_bland_and_altman_1999():
    """Blood pressure, 85 people, -16.29 and SD 19.61 mmHg: the paper's intervals, p. 142."""
    bias, lower, upper = limits(85, -16.29, 19.61)
    found = [bias.low, bias.high, lower.low, lower.high, upper.low, upper.high]
    assert found == pytest.approx([-20.5, -12.1, -61.9, -47.5, 14.9, 29.3], abs=0.11)


def test_a_table_by_hand():
    """Differences 1 -1 3 1: mean 1, SD sqrt(8/3), t(3) 3.1824, limits -2.2006 and 4.2006."""
    pairs = np.array([[11.0, 10.0], [12.0, 13.0], [23.0, 20.0], [31.0, 30.0]])
    found = agreement("a", "b", pairs)
    assert found.bias.value == 1.0
    assert found.sd == pytest.approx(1.632993)
    assert found.bias.high - 1.0 == pytest.approx(3.182446 * 1.632993 / 2, abs=1e-5)
    assert (found.lower.value, found.upper.value) == pytest.approx((-2.200666, 4.200666))
    half = 3.182446 * 1.632993 * np.sqrt(1 / 4 + 1.96**2 / 6)
    assert found.upper.high - found.upper.value == pytest.approx(half, abs=1e-5)
    assert found.typical_error == pytest.approx(1.632993 / np.sqrt(2), abs=1e-6)


def test_a_bias_that_grows_with_the_value_is_found():
    means = np.linspace(20.0, 90.0, 12)
    wave = np.tile([0.3, -0.3], 6)
    found = agreement("a", "b", np.column_stack([means * 1.1 + wave, means * 0.9 - wave]))
    assert found.slope is not None
    assert found.slope.value == pytest.approx(0.2, abs=0.01)
    assert found.slope.without_zero()


def test_a_slope_is_that_of_the_normal_equations():
    mean, difference = FIRST.mean(axis=1), FIRST[:, 0] - FIRST[:, 1]
    line, covariance = np.polyfit(mean, difference, 1, cov=True)
    found = agreement("Wright", "mini", FIRST).slope
    assert found is not None
    assert found.value == pytest.approx(line[0])
    half = 2.131450 * np.sqrt(covariance[0, 0])  # t(15)
    assert found.high - found.value == pytest.approx(half, rel=1e-5)


def test_two_people_have_no_slope():
    assert agreement("a", "b", np.array([[1.0, 2.0], [4.0, 4.5]])).slope is None


def test_repeated_pairs_of_bland_and_altman_2007():
    """Cardiac output, true value varying: 0.6021667, 0.99062408, -1.3394565 to 2.5437899."""
    found = limits_varying([rows[:, 0] - rows[:, 1] for rows in CARDIAC_OUTPUT])
    assert found is not None
    assert (found.people, found.values) == (12, 60)
    figures = (found.bias, found.sd, found.lower, found.upper)
    assert figures == pytest.approx((0.6021667, 0.99062408, -1.3394565, 2.5437899), abs=1e-6)


def test_unequal_replicates_of_bland_and_altman_1999():
    """True value constant, p. 155: bias 0.7092, SD 1.0517, limits -1.3521 to 2.7705 as printed."""
    first, second = ([rows[:, i] for rows in CARDIAC_OUTPUT] for i in (0, 1))
    found = limits_constant(first, second)
    figures = (found.bias, found.sd, found.lower, found.upper)
    assert figures == pytest.approx((0.7092, 1.0517, -1.3521, 2.7705), abs=5e-4)


def test_limits_of_single_values_are_the_plain_ones():
    first, second = ([np.array([row[i]]) for row in FIRST] for i in (0, 1))
    plain, repeated = agreement("a", "b", FIRST), limits_constant(first, second)
    assert (repeated.lower, repeated.upper) == pytest.approx((plain.lower.value, plain.upper.value))
    assert limits_varying([a - b for a, b in zip(first, second, strict=True)]) is None
