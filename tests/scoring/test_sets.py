from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring_scenes import PSLR, certificate, leg_raise

from collector.scoring.score import score
from collector.scoring.sets import agrees, set_of
from schemas.protocol import Consistency

TEN_PERCENT = Consistency()
FLAT = Consistency(fraction=0.0)
FLAT_RANGE = Consistency(fraction=0.0, mode="range")
ONE = score(leg_raise([70.0], [-26.0]), PSLR, certificate(), side="left").repetitions[0]


def repetitions(tots, hips=None, grades=None):
    hips, grades = hips or tots, grades or ["A"] * len(tots)
    rows = zip(tots, hips, grades, strict=True)
    return [replace(ONE, n=n, tot_deg=t, hip_deg=h, grade=g) for n, (t, h, g) in enumerate(rows, 1)]


@pytest.mark.parametrize(
    ("rule", "used"), [(TEN_PERCENT, (1, 2, 3)), (FLAT, (3, 4, 5)), (FLAT_RANGE, (3, 4, 5))]
)
def test_the_rule_decides_which_three_repetitions_count(rule, used):
    found = set_of(repetitions([60.0, 70.0, 61.0, 62.0, 64.0]), rule, 6)
    assert (found.used, found.consistent) == (used, True)
    assert found.rule == rule.rule


def test_the_worked_window_stands_on_its_limit():
    mean = (60 + 70 + 61) / 3
    assert mean == pytest.approx(63.67, abs=0.005)
    assert max(abs(x - mean) for x in (60, 70, 61)) == pytest.approx(6.33, abs=0.005)
    assert agrees([60, 70, 61], TEN_PERCENT)
    assert not agrees([60, 70, 61], FLAT)


def test_the_other_reading_of_the_rule_takes_another_three():
    """Golden check: 60, 70, 61, 62, 64 - the range of the first two rows is 10 and 9."""
    found = set_of(repetitions([60.0, 70.0, 61.0, 62.0, 64.0]), TEN_PERCENT, 6)
    assert (found.used, found.other_used) == ((1, 2, 3), (3, 4, 5))
    assert found.other_consistent is True
    assert (found.rule, found.other_rule) == (
        TEN_PERCENT.rule,
        replace(TEN_PERCENT, mode="range").rule,
    )
    assert found.tot_mean_deg == pytest.approx(63.67, abs=0.005)


def test_where_the_stricter_reading_decides_the_milder_is_said_beside():
    strict = replace(TEN_PERCENT, mode="range")
    found = set_of(repetitions([60.0, 70.0, 61.0, 62.0, 64.0]), strict, 6)
    assert (found.used, found.other_used) == ((3, 4, 5), (1, 2, 3))


@pytest.mark.parametrize(
    ("tots", "used", "agreed"), [([60.0, 90.0, 60.0], (), False), ([60.0, 61.0], (), None)]
)
def test_where_the_other_reading_takes_none_it_says_none(tots, used, agreed):
    found = set_of(repetitions(tots), TEN_PERCENT, 6)
    assert (found.other_used, found.other_consistent) == (used, agreed)


def test_a_sixth_try_still_counts():
    found = set_of(repetitions([40.0, 60.0, 80.0, 62.0, 62.0, 62.0]), TEN_PERCENT, 6)
    assert (found.used, found.consistent) == ((4, 5, 6), True)


def test_both_tot_and_hip_must_agree():
    found = set_of(repetitions([70.0] * 3, [45.0, 30.0, 46.0]), TEN_PERCENT, 6)
    assert found.consistent is False


def test_without_agreement_there_is_a_mean_of_all_and_no_interval():
    found = set_of(repetitions([40.0, 60.0, 80.0, 100.0]), TEN_PERCENT, 6)
    assert (found.used, found.tot_mean_deg) == ((1, 2, 3, 4), 70.0)
    assert (found.tot_sd_deg, found.tot_ci95_deg) == (None, None)


def test_refused_repetitions_are_left_out_of_the_row():
    found = set_of(repetitions([70.0, 90.0, 71.0, 72.0], grades="AXAA"), TEN_PERCENT, 6)
    assert (found.used, found.consistent) == ((1, 3, 4), True)


def test_two_usable_repetitions_are_neither_consistent_nor_not():
    found = set_of(repetitions([70.0, 72.0, 71.0], grades="AXB"), TEN_PERCENT, 6)
    assert (found.used, found.consistent, found.tot_mean_deg) == ((1, 3), None, 70.5)


def test_a_seventh_repetition_is_beyond_the_rule():
    tots = [40.0, 60.0, 80.0, 40.0, 60.0, 80.0, 80.0, 80.0]
    assert set_of(repetitions(tots), TEN_PERCENT, 6).consistent is False


def test_interval_is_students_for_three():
    found = set_of(repetitions([71.0, 72.0, 73.0]), TEN_PERCENT, 6)
    assert found.tot_sd_deg == pytest.approx(1.0)
    assert found.tot_ci95_deg == pytest.approx(4.303 / 3**0.5, abs=1e-3)
    assert found.tot_max_deg == 73.0


def test_an_inconsistent_trial_says_so():
    found = score(leg_raise([40.0, 60.0, 80.0], [-9.0] * 3), PSLR, certificate(), side="left")
    assert "inconsistent" in [reason.code for reason in found.reasons]


@given(
    st.lists(st.floats(-150.0, 150.0), min_size=3, max_size=3),
    st.sampled_from([TEN_PERCENT, FLAT, FLAT_RANGE]),
)
def test_agreement_knows_no_order_and_no_sign(values, rule):
    assert agrees(values, rule) == agrees([-x for x in values], rule)
    assert agrees([7.0, 7.0, 7.0], rule)
