"""Labels of a difference, the error they rest on, and paired change of a group."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from progress_scenes import PSLR, site
from scipy.stats import ttest_rel

from collector.scoring.progress import group_change
from collector.scoring.progress.labels import change_of, label_of, rci_of
from collector.scoring.visit.sems import sem_of
from schemas.errors import UsageError
from schemas.progress import SemUsed

ORDER = ["no_change", "within_error", "likely_real", "real_change"]


def used(value):
    return SemUsed(value, "default", "")


@pytest.mark.parametrize(
    ("sem", "mdc90", "mdc95"),
    [
        (1.0, 2.3, 2.8),
        (1.5, 3.5, 4.2),
        (2.0, 4.7, 5.5),
        (2.5, 5.8, 6.9),
        (3.0, 7.0, 8.3),
        (3.5, 8.1, 9.7),
        (4.7, 10.9, 13.0),
        (5.0, 11.6, 13.9),
    ],
)
def test_smallest_changes_follow_from_the_standard_error(sem, mdc90, mdc95):
    assert round(used(sem).mdc90, 1) == mdc90
    assert round(used(sem).mdc95, 1) == mdc95


@pytest.mark.parametrize(
    ("factor", "label"),
    [
        (0.0, "no_change"),
        (1.0, "no_change"),
        (1.001, "within_error"),
        (1.645 * math.sqrt(2), "within_error"),
        (1.646 * math.sqrt(2), "likely_real"),
        (1.96 * math.sqrt(2), "likely_real"),
        (1.961 * math.sqrt(2), "real_change"),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_limit_must_be_exceeded(factor, label, sign):
    assert label_of(sign * factor * 1.0, used(1.0)) == label


@given(st.floats(-200, 200), st.floats(-200, 200), st.floats(0.1, 20))
def test_a_larger_difference_never_has_a_weaker_label(a, b, sem):
    assume(abs(a) <= abs(b))
    weaker, stronger = (ORDER.index(label_of(d, used(sem))) for d in (a, b))
    assert weaker <= stronger


@given(st.floats(-200, 200), st.floats(0.1, 20))
def test_the_label_is_real_exactly_where_the_rci_passes_1_96(difference, sem):
    assume(abs(abs(difference) - 1.96 * math.sqrt(2) * sem) > 1e-9)
    real = label_of(difference, used(sem)) == "real_change"
    assert real == (abs(rci_of(difference, used(sem))) > 1.96)


def test_without_an_error_the_label_is_blocked():
    change = change_of(1, 50.0, SemUsed(None, "none", ""), 1)
    assert (change.label, change.direction, change.rci) == ("blocked", "", None)


@pytest.mark.parametrize(
    ("difference", "sense", "direction"),
    [(10, 1, "improved"), (-10, 1, "worse"), (10, -1, "worse"), (-10, -1, "improved"),
     (10, 0, ""), (2, 1, ""), (9, 1, "improved")],
)  # fmt: skip
def test_better_or_worse_is_said_beyond_error_and_in_the_tests_sense(difference, sense, direction):
    assert change_of(1, difference, used(3.5), sense).direction == direction


def test_the_sites_latest_study_goes_before_the_default_and_says_so():
    sems = [
        site(2.0, utc="2025-01-01"),
        site(2.5, utc="2025-06-01", id=7),
        site(1.0, measure="hip"),
    ]
    found = sem_of(PSLR, "tot", sems)
    assert (found.value, found.source, found.study) == (2.5, "site", 7)
    assert found.text == (
        "this site's study: 31 people, 2 repeats by day, ICC(A,1) 0.91, adopted 2025-06-01"
    )


def test_then_the_tests_default_then_none():
    found = sem_of(PSLR, "tot")
    assert (found.value, found.source, found.tag) == (3.5, "default", "P")
    assert found.text == "default: a study, proposed here [P]"
    assert sem_of(PSLR, "lum").source == "none"


def test_a_groups_change_has_size_and_interval():
    # changes 2 4 6: mean 4, SD 2; t.975,2 = 4.3027; half-width 4.9683; SDs 1 and 3
    found = group_change([10.0, 11.0, 12.0], [12.0, 15.0, 18.0])
    assert (found.n, found.mean, found.sd) == (3, 4.0, 2.0)
    assert (found.low, found.high) == (
        pytest.approx(-0.96828, abs=1e-4),
        pytest.approx(8.96828, abs=1e-4),
    )
    assert (found.srm, found.d_z, found.d_av) == (2.0, 2.0, 2.0)
    assert found.p == pytest.approx(ttest_rel([12, 15, 18], [10, 11, 12]).pvalue)


def test_a_group_that_changed_by_the_same_has_no_effect_size():
    found = group_change([1.0, 2.0], [2.0, 3.0])
    assert (found.mean, found.srm, found.p) == (1.0, None, None)


@pytest.mark.parametrize(("before", "after"), [([1.0], [2.0]), ([1.0, 2.0], [1.0])])
def test_pairs_that_are_none_are_refused(before, after):
    with pytest.raises(UsageError, match="at least two people"):
        group_change(before, after)
