"""Left against right, and the straight leg raise against bending; numbers by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from visit_scenes import AKE, FB, MAN, MTT, PSLR, UTC, given, thrice

from collector.scoring.visit import VisitRules, visit_of
from collector.scoring.visit.accessory import Bending, accessory_check
from collector.scoring.visit.rules import AccessoryRules
from collector.scoring.visit.symmetry import symmetry_score
from schemas.progress import SiteSem
from schemas.protocol import Figure

RULES = AccessoryRules()


def both(left, right, protocol=PSLR, **more):
    sets = [given(protocol, "left", thrice(*left)), given(protocol, "right", thrice(*right))]
    return visit_of(1, UTC, sets, MAN, [], **more)


def site(value, measure="tot"):
    return SiteSem("pslr", measure, "deg", value, "ICC(A,1)", 0.9, 30, 2, "by day", UTC)


@pytest.mark.parametrize(("d", "y"), [(0, 100), (5, 100), (12.5, 50), (20, 0), (40, 0)])
def test_symmetry_falls_from_five_degrees_to_twenty(d, y):
    assert symmetry_score(d, VisitRules().symmetry) == pytest.approx(y)


def test_sides_are_compared_in_the_whole_angle_and_in_the_hip():
    tot, hip = both((72.0, 45.0), (80.0, 56.0)).symmetry
    assert (tot.measure, tot.difference, tot.score) == ("tot", 8.0, pytest.approx(80.0))
    assert tot.limb_ratio_pct == pytest.approx(90.0)
    assert (hip.measure, hip.difference, hip.flagged) == ("hip", 11.0, True)


@pytest.mark.parametrize(("right", "flagged"), [(82.0, False), (82.1, True)])
def test_ten_degrees_flag_where_the_error_is_smaller(right, flagged):
    row = both((72.0, 45.0), (right, 45.0)).symmetry[0]  # MDC95 9.70
    assert (row.flagged, row.limit) == (flagged, 10.0)


def test_the_error_flags_where_it_is_larger_than_ten_degrees():
    row = both((72.0, 45.0), (84.0, 45.0), site_sems=[site(4.7)]).symmetry[0]
    assert row.limit == pytest.approx(13.03, abs=0.005)
    assert not row.flagged
    assert "this site's study: 30 people, 2 repeats by day" in row.limit_source


def test_a_ratio_of_limbs_is_given_only_where_it_means_something():
    assert both((-5.0, -5.0), (-8.0, -8.0), MTT).symmetry[0].limb_ratio_pct is None


def test_the_held_hip_of_a_knee_test_is_not_compared():
    assert [s.measure for s in both((20.0, 90.0), (30.0, 90.0), AKE).symmetry] == ["tot"]


@pytest.mark.parametrize(
    ("protocol", "left", "right"), [(PSLR, 72.0, 80.0), (AKE, 30.0, 22.0), (MTT, 3.0, -5.0)]
)
def test_the_less_mobile_side_lacks_to_the_other(protocol, left, right):
    tests = both((left, 40.0), (right, 40.0), protocol).tests
    assert [t.deficit_other_deg for t in tests] == [8.0, 0.0]


def test_cut_offs_between_sides_are_held_against_the_difference():
    cut = Figure(
        "tot", "Boyd & Villa 2012", "K-M", "foot relaxed", above=11.0,
        between_sides=True, meaning="nine in ten differ less",
    )  # fmt: skip
    protocol = replace(PSLR, cutoffs=(cut,))
    row = both((72.0, 45.0), (84.0, 45.0), protocol).symmetry[0]
    assert [f.sentence for f in row.flags] == [
        "TOT: the sides differ by 12.0 degrees, above 11 (foot relaxed):"
        " nine in ten differ less (Boyd & Villa 2012, recalled [K-M])."
    ]
    assert both((72.0, 45.0), (83.0, 45.0), protocol).symmetry[0].flags == ()
    assert both((72.0, 45.0), (84.0, 45.0), protocol).tests[0].flags == ()


def test_a_side_that_does_not_count_is_not_compared():
    sets = [
        given(PSLR, "left", thrice(72.0, 45.0)),
        given(PSLR, "right", thrice(80.0, 45.0), grade="X"),
    ]
    assert visit_of(1, UTC, sets, MAN, []).symmetry == ()


def test_of_several_sets_of_a_side_the_last_that_counts_is_compared():
    rows = [("left", 60.0, "A"), ("left", 72.0, "A"), ("left", 90.0, "X"), ("right", 80.0, "A")]
    sets = [given(PSLR, side, thrice(tot, 45.0), grade=g) for side, tot, g in rows]
    found = visit_of(1, UTC, sets, MAN, [])
    assert found.symmetry[0].difference == 8.0
    assert [t.deficit_other_deg for t in found.tests] == [None, 8.0, None, 0.0]


@pytest.mark.parametrize(("slr", "valid"), [(80.0, False), (65.0, True), (70.0, True)])
def test_the_straight_leg_raise_may_exceed_the_sacrum_by_fifteen_degrees(slr, valid):
    found = accessory_check(slr, Bending(45.0, 10.0), None, RULES)
    assert (found.valid, found.sacral_deg, found.extension_known) == (valid, 55.0, True)
    assert f"{slr - 55:.1f} degrees above" in found.sentence


@pytest.mark.parametrize(("slr", "valid"), [(60.0, True), (60.1, None)])
def test_without_backward_bending_only_a_raise_that_fits_already_is_judged(slr, valid):
    assert accessory_check(slr, Bending(45.0), None, RULES).valid is valid


@pytest.mark.parametrize(
    ("sex", "lumbar", "asked"),
    [
        ("female", 64.9, True),
        ("female", 65.0, False),
        ("male", 54.9, True),
        ("male", 55.0, False),
        (None, 20.0, None),
        ("other", 20.0, None),
        ("male", None, None),
    ],
)
def test_the_check_is_asked_for_when_the_low_back_bends_little(sex, lumbar, asked):
    assert accessory_check(60.0, Bending(45.0, 10.0, lumbar), sex, RULES).asked is asked


def test_the_limits_may_be_read_as_the_sacrums_motion():
    rules = replace(RULES, limits_apply_to="sacral")
    assert accessory_check(60.0, Bending(44.0, 10.0, 70.0), "male", rules).asked
    assert not accessory_check(60.0, Bending(45.0, 10.0, 20.0), "male", rules).asked


@pytest.mark.parametrize("side", [None, "left"])  # a bend has none, but may have been given one
def test_a_visit_checks_its_tighter_leg_against_its_bend(side):
    sets = [
        given(PSLR, "left", thrice(72.0, 45.0)),
        given(PSLR, "right", thrice(58.0, 45.0)),
        given(FB, side, thrice(97.0, 45.0, 52.0)),
    ]
    found = visit_of(1, UTC, sets, MAN, []).accessory
    assert (found.slr_deg, found.sacral_deg, found.valid, found.asked) == (58, 45, True, True)
    assert visit_of(1, UTC, sets[:2], MAN, []).accessory is None


def test_a_test_without_an_error_is_held_against_ten_degrees_and_says_so():
    row = both((-5.0, -5.0), (8.0, 8.0), MTT).symmetry[0]
    assert (row.limit, row.flagged) == (10.0, True)
    assert "no standard error is known" in row.limit_source
