"""The composite: an option, of enough good tests, with its interval; numbers by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from visit_scenes import FB, K2C, MAN, PSLR, SHARE, UTC, YOUDAS, given, thrice

from collector.scoring.visit import visit_of

BEND_NORM = replace(
    YOUDAS, id="t", motion="trunk_flexion", position="standing", condition="active",
    sex="both", mean_deg=110.0, sd_deg=16.0,
)  # fmt: skip
HIP_NORM = replace(YOUDAS, id="h", motion="hip_flexion", mean_deg=120.0, sd_deg=10.0)
NORMS = [YOUDAS, BEND_NORM, HIP_NORM]

RAISED = given(PSLR, "left", thrice(68.5, 50.0))  # M 50, share 27.0 %: C 100
BENT = given(FB, None, [(110.0, 57.2, 52.8)] * 3)  # M 50, share 48 %: C 100
PULLED = given(K2C, "left", thrice(120.0, 90.0))  # M 50, share 25 %: C 100


def whole(*sets, composite=True):
    return visit_of(1, UTC, sets, MAN, NORMS, composite=composite)


def test_it_is_made_only_where_it_is_asked_for():
    assert whole(RAISED, BENT, PULLED, composite=False).composite is None
    assert whole(RAISED, BENT, PULLED, composite=False).withheld == ()


def test_one_sided_tests_share_symmetrys_weight_between_the_other_two():
    found = whole(RAISED, BENT, PULLED).composite
    assert (found.tests, found.groups) == (3, 3)
    assert found.value == pytest.approx((0.5 * 50 + 0.3 * 100) / 0.8)
    assert found.ci95 == pytest.approx(0.0)
    assert found.label == "not clinically validated"


def test_sides_are_averaged_and_symmetry_enters():
    # right: M 84.134, so M 67.067; d 6.8: Y 88; the other two tests 68.75 each
    right = given(PSLR, "right", thrice(75.3, 55.0))
    raised = 0.5 * (50 + 84.1344746) / 2 + 0.3 * 100 + 0.2 * 88
    found = whole(RAISED, right, BENT, PULLED).composite
    assert found.value == pytest.approx((raised + 2 * 68.75) / 3, abs=1e-4)


def test_its_interval_carries_the_standard_error_of_every_set():
    # 67.5, 68.5, 69.5: SE 0.5774; M(z +- 0.0849) = 50 +- 3.3832; C stays 100
    spread = given(PSLR, "left", [(67.5, 50.0, 18.0), (68.5, 50.0, 18.0), (69.5, 50.0, 18.0)])
    z = 1 / math.sqrt(3) / 6.8
    se = 50 * math.erf(z / math.sqrt(2)) * (0.5 / 0.8) / 3
    found = whole(spread, BENT, PULLED).composite
    assert found.ci95 == pytest.approx(1.96 * se, rel=1e-4)


@pytest.mark.parametrize(
    "left_out",
    [
        given(PSLR, "left", thrice(68.5, 50.0), grade="C"),
        given(PSLR, "left", thrice(68.5, 50.0)[:2]),
        given(
            replace(PSLR, scoring=replace(PSLR.scoring, control=None)), "left", thrice(68.5, 50.0)
        ),
        given(
            replace(PSLR, scoring=replace(PSLR.scoring, motion=None)), "left", thrice(68.5, 50.0)
        ),
    ],
)
def test_a_poor_grade_a_loose_set_or_a_missing_part_leaves_a_test_out(left_out):
    found = whole(left_out, BENT, PULLED)
    assert found.composite is None
    assert [r.code for r in found.withheld] == ["composite_too_few"]
    assert "there are 2 of 2" in found.withheld[0].sentence


def test_three_tests_of_one_group_are_not_enough():
    twins = [replace(PSLR, id=name) for name in ("a", "b", "c")]
    found = whole(*(given(twin, "left", thrice(68.5, 50.0)) for twin in twins))
    assert found.composite is None
    assert "there are 3 of 1" in found.withheld[0].sentence


def test_a_share_in_the_sloping_part_carries_its_error():
    # share mean 53 +- SE: z 1.75, C 50; one degree of SE in percent moves C by 5 each
    rows = [(60.0, 47.0, 52.0), (60.0, 47.0, 53.0), (60.0, 47.0, 54.0)]
    shares = [100 * c / (h + c) for _, h, c in rows]
    mean = sum(shares) / 3
    se = math.sqrt(sum((s - mean) ** 2 for s in shares) / 2 / 3)
    found = whole(given(PSLR, "left", rows), BENT, PULLED).composite
    assert SHARE.sd == 8.0
    assert found.ci95 == pytest.approx(1.96 * (100 / 2.5 / 8 * se) * 0.3 / 0.8 / 3, rel=1e-4)
