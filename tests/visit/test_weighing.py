"""Mobility, control, flags, targets, and what is withheld; numbers by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from scipy.stats import norm as normal
from visit_scenes import (
    AKE,
    FB,
    K2C,
    MAN,
    MTT,
    NOBODY,
    PHE,
    PIR,
    PSLR,
    UTC,
    WOMAN,
    YOUDAS,
    given,
    thrice,
)

from collector.scoring.visit import VisitRules, visit_of
from collector.scoring.visit.control import control_score
from collector.scoring.visit.mobility import class_of, percentile
from schemas.norm_file import packaged_norms
from schemas.protocol import Figure
from schemas.protocol_scoring import Target

RULES = VisitRules()
EXTENSION = replace(YOUDAS, id="ext", motion="hip_extension", sex="both", mean_deg=10.0, sd_deg=5.0)
LACK = replace(
    YOUDAS,
    id="lack",
    motion="knee_extension_lack",
    condition="active",
    mean_deg=17.8,
    sd_deg=9.1,
)


def scored(item, person=MAN, norms=(YOUDAS,)):
    return visit_of(1, UTC, [item], person, norms).tests[0]


@drawn(st.floats(-6.0, 6.0))
def test_the_percentile_is_the_normal_distributions(z):
    assert percentile(z) == pytest.approx(100 * normal.cdf(z), abs=1e-9)


@pytest.mark.parametrize(
    ("z", "klass"),
    [
        (-2.01, "restricted"),
        (-2.0, "borderline"),
        (-1.01, "borderline"),
        (-1.0, "typical"),
        (2.0, "typical"),
        (2.01, "hypermobile"),
    ],
)
def test_classes_change_at_their_borders(z, klass):
    assert class_of(z, RULES.mobility) == klass


def test_a_larger_lack_is_less_mobile():
    found = scored(given(AKE, "left", thrice(35.9, 90.0)), norms=[LACK])
    assert found.mobility.z == pytest.approx(-18.1 / 9.1)
    assert found.mobility.klass == "borderline"
    assert found.mobility.percent_of_norm is None
    assert (found.sense, found.deficit_deg) == (-1, pytest.approx(18.1))


def test_the_held_hip_of_a_knee_test_is_not_held_against_a_norm():
    found = scored(given(AKE, "left", thrice(35.9, 90.0)), norms=[LACK])
    assert found.hip_mobility is None
    assert found.withheld == ()


def test_extension_below_the_horizontal_counts_as_extension():
    # TOT -5: the thigh lies 5 degrees below; 5 degrees of extension against 10 (5)
    found = scored(given(MTT, "left", thrice(-5.0, -5.0)), norms=[EXTENSION])
    assert found.mobility.z == pytest.approx(-1.0)
    assert (found.mobility.value_deg, found.deficit_deg, found.sense) == (5.0, 5.0, -1)
    assert found.mobility.percent_of_norm is None


def test_prone_extension_counts_as_it_is():
    prone = replace(EXTENSION, position="prone", condition="active")
    found = scored(given(PHE, "left", thrice(12.0, 8.0)), norms=[prone])
    assert (found.mobility.z, found.sense) == (pytest.approx(0.4), 1)


@pytest.mark.parametrize(("mean", "percent"), [(19.0, None), (80.0, 90.0)])
def test_near_zero_no_percentage_of_the_norm_is_given(mean, percent):
    found = scored(given(PSLR, "left", thrice(72.0, 45.0)), norms=[replace(YOUDAS, mean_deg=mean)])
    assert found.mobility.percent_of_norm == (percent and pytest.approx(percent))


@pytest.mark.parametrize(
    ("rows", "grade", "code"),
    [
        ([(60.0, 40.0, 20.0), (90.0, 40.0, 20.0), (60.0, 40.0, 20.0)], "B", "inconsistent"),
        (thrice(72.0, 45.0)[:2], "A", "too_few_repetitions"),
        (thrice(72.0, 45.0), "X", "grade_x"),
    ],
)
def test_a_set_that_does_not_count_is_shown_and_held_against_nothing(rows, grade, code):
    cut = Figure("tot", "Kendall", "K-H", below=300.0)
    item = given(replace(PSLR, cutoffs=(cut,)), "left", rows, grade=grade)
    found = scored(item)
    assert [r.code for r in found.withheld] == [code]
    assert found.values["tot"].mean > 0
    assert (found.mobility, found.control, found.deficit_deg) == (None, None, None)
    assert (found.flags, found.targets) == ((), ())


def test_the_spread_is_kept_back_where_no_three_agree():
    rows = [(60.0, 40.0, 20.0), (90.0, 40.0, 20.0), (60.0, 40.0, 20.0)]
    tot = scored(given(PSLR, "left", rows)).values["tot"]
    assert (tot.mean, tot.sd, tot.se, tot.ci95) == (70.0, None, None, None)


@pytest.mark.parametrize(
    ("z", "one", "two"),
    [(0.5, 100, 100), (1.75, 50, 50), (3.0, 0, 0), (9, 0, 0), (-1.75, 100, 50), (-0.5, 100, 100)],
)
def test_the_control_score_falls_from_half_a_z_to_three(z, one, two):
    assert control_score(z, RULES.control, two_sided=False) == pytest.approx(one)
    assert control_score(z, RULES.control, two_sided=True) == pytest.approx(two)


def test_too_little_of_the_low_back_in_a_bend_is_unusual_too():
    # share 26.0 %: z -2.0, C = 100 (1 - 1.5 / 2.5) = 40
    found = scored(given(FB, None, [(100.0, 74.0, 26.0)] * 3), norms=[])
    assert found.control.z == pytest.approx(-2.0)
    assert (found.control.score, found.control.two_sided) == (pytest.approx(40.0), True)


@pytest.mark.parametrize(
    ("comp", "klass"), [(5.0, "typical"), (5.1, "raised"), (10.0, "raised"), (10.1, "high")]
)
def test_the_pelvis_of_a_rotation_is_classed_in_degrees(comp, klass):
    found = scored(given(PIR, "left", [(35.0, 35.0 - comp, comp)] * 3), norms=[])
    assert (found.control.klass, found.control.score, found.control.z) == (klass, None, None)


def cutoff(**more):
    return Figure(**({"of": "tot", "source": "Somebody", "tag": "F", "meaning": "short"} | more))


def flags(cut, person=MAN, rows=None):
    item = given(replace(PSLR, cutoffs=(cut,)), "left", rows or thrice(72.0, 45.0))
    return scored(item, person)


def test_a_crossed_cut_off_keeps_its_tag_in_the_sentence():
    (flag,) = flags(cutoff(below=80.0, source="Kendall", tag="K-H")).flags
    assert flag.sentence == "TOT is 72.0 degrees, below 80: short (Kendall, recalled [K-H])."
    assert flag.value == 72.0


@pytest.mark.parametrize("cut", [cutoff(below=72.0), cutoff(above=72.0), cutoff(of="lum", above=1)])
def test_a_cut_off_that_is_only_reached_or_has_no_value_raises_no_flag(cut):
    assert flags(cut).flags == ()


@pytest.mark.parametrize(("tot", "limits"), [(32.0, [35]), (28.0, [30]), (36.0, [])])
def test_of_the_steps_of_one_source_only_the_last_that_is_crossed_is_told(tot, limits):
    steps = (cutoff(below=35.0), cutoff(below=30.0, meaning="restricted"))
    item = given(replace(PIR, cutoffs=steps), "left", thrice(tot, tot))
    assert [f.figure.below for f in scored(item, norms=[]).flags] == limits


def test_the_limits_of_two_sources_are_both_told():
    steps = (cutoff(below=35.0), cutoff(below=30.0, source="Another"))
    item = given(replace(PIR, cutoffs=steps), "left", thrice(28.0, 28.0))
    assert len(scored(item, norms=[]).flags) == 2


def test_a_proposal_is_called_one_only_once():
    (flag,) = flags(cutoff(below=80.0, source="proposal", tag="P")).flags
    assert flag.sentence.endswith("short (proposal [P]).")


def test_a_cut_off_of_one_sex_is_for_that_sex():
    cut = cutoff(above=60.0, group="male")
    assert len(flags(cut, MAN).flags) == 1
    assert flags(cut, WOMAN).flags == ()
    unknown = flags(cut, NOBODY)
    assert unknown.flags == ()
    assert "cutoff_sex_unknown" in [r.code for r in unknown.withheld]


def test_a_cut_off_of_an_extra_value_is_held_against_it():
    cut = cutoff(of="knee", below=67.0)
    item = given(replace(MTT, cutoffs=(cut,)), "left", thrice(-5.0, -5.0), extra={"knee_deg": 60.0})
    (flag,) = scored(item, norms=[]).flags
    assert flag.sentence.startswith("Knee is 60.0 degrees, below 67")


def test_targets_say_what_daily_life_needs_more():
    targets = (Target("chair", 104.0, "J & S", "K-H"), Target("stairs", 67.0, "J & S", "K-H"))
    protocol = replace(K2C, scoring=replace(K2C.scoring, targets=targets))
    found = scored(given(protocol, "left", thrice(100.0, 70.0)), norms=[]).targets
    assert [(t.activity, t.gap_deg, t.reached) for t in found] == [
        ("chair", 4.0, False),
        ("stairs", 0.0, True),
    ]
    assert all(t.recalled for t in found)


def test_pain_and_end_point_stand_beside_and_change_nothing():
    rows = thrice(72.0, 45.0)
    with_pain = scored(given(PSLR, "left", rows, pain_nrs=7.0, end_point="pain"))
    assert (with_pain.pain_nrs, with_pain.end_point) == (7.0, "pain")
    plain = scored(given(PSLR, "left", rows))
    assert replace(with_pain, pain_nrs=None, end_point="") == plain


def test_pain_and_end_point_are_the_trials_own_where_none_are_given():
    item = given(PSLR, "left", thrice(72.0, 45.0))
    told = replace(item, result=replace(item.result, pain_nrs=4.0, end_point="knee_bends"))
    assert (scored(told).pain_nrs, scored(told).end_point) == (4.0, "knee_bends")
    corrected = scored(replace(told, pain_nrs=0.0, end_point="pain"))
    assert (corrected.pain_nrs, corrected.end_point) == (0.0, "pain")


def test_a_low_back_without_a_trunk_sensor_is_not_shown():
    rows = thrice(72.0, 45.0, 27.0)
    assert "lum" not in scored(given(PSLR, "left", rows, proxy=True)).values
    assert scored(given(PSLR, "left", rows)).values["lum"].mean == 27.0


def test_a_test_without_scoring_says_that_no_norm_belongs_to_it():
    found = scored(given(replace(PSLR, scoring=None), "left", thrice(72.0, 45.0)))
    assert [r.code for r in found.withheld] == ["no_norm"]


def test_the_shipped_norms_give_the_worked_examples_z():
    found = scored(given(PSLR, "left", thrice(72.0, 45.0)), norms=packaged_norms())
    assert found.mobility.z == pytest.approx(3.5 / 6.8)
    assert found.mobility.norm.source == "Youdas 2005"


def test_the_rules_version_is_kept():
    found = visit_of(3, UTC, [], MAN, [])
    assert (found.session, found.rules, found.tests) == (3, "visit-1", ())
    assert (found.accessory, found.composite, found.withheld) == (None, None, ())
