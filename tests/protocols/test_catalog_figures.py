"""Cut-offs, references, scoring and default errors of the tests that ship, typed by hand."""

from __future__ import annotations

import pytest

from schemas.norm_file import packaged_norms
from schemas.protocol import load
from schemas.protocol_file import packaged_ids

every = pytest.mark.parametrize("test", packaged_ids())


def cutoffs(test, *, sides=False):
    return {(c.of, c.below, c.above, c.tag) for c in load(test).cutoffs if c.between_sides is sides}


CUTOFFS = {
    "pslr": {("tot", 80, None, "K-H")},
    "ake": {("tot", None, 33.0, "F"), ("tot", None, 23.4, "F"), ("tot", None, 20, "F")},
    "pke": {
        ("tot", None, 32.2, "F"), ("tot", None, 19.2, "F"), ("tot", None, 10, "F"),
        ("tot", None, 40, "F"),
    },
    "k2c": {("tot", 110, None, "P"), ("tot", 100, None, "P"), ("hip", None, 125, "P")},
    "mtt": {
        ("tot", None, 0, "F"), ("hip", None, 0, "P"), ("knee", 67, None, "F"),
        ("knee", 80, None, "K-H"),
    },
    "ely": {("mark", 90, None, "P")},
    "pir": {
        ("tot", 35, None, "K-M"), ("tot", 30, None, "K-M"), ("comp", None, 5, "P"),
        ("comp", None, 10, "P"),
    },
    "per": {("comp", None, 5, "P"), ("comp", None, 10, "P")},
    "sir": {
        ("tot", 35, None, "K-M"), ("tot", 30, None, "K-M"), ("comp", None, 5, "P"),
        ("comp", None, 10, "P"),
    },
    "phe": {("hip", 10, None, "K-M"), ("comp", None, 10, "P")},
    "fb": {
        ("tot", 93, None, "F"), ("tot", None, 128, "F"), ("lum", 39, None, "F"),
        ("lum", None, 65, "F"), ("hip", 42, None, "F"), ("hip", None, 75, "F"),
        ("share", 38, None, "F"), ("share", None, 63, "F"),
    },
    "squat": {("comp", None, 10, "P"), ("comp", None, 15, "P")},
    "march": {("share", None, 30, "P")},
    "gait": {("comp", None, 8, "P"), ("comp", None, 10, "P")},
}  # fmt: skip


@pytest.mark.parametrize("test", CUTOFFS)
def test_cutoffs_are_the_catalogs_with_their_tags(test):
    assert cutoffs(test) == CUTOFFS[test]


SIDES = {
    "pslr": {("tot", None, 11, "K-M"), ("tot", None, 9, "K-M")},
    "k2c": {("tot", None, 9.7, "P")},
    **{test: {("tot", None, 10, "P")} for test in ("ely", "pir", "per", "sir", "ser", "abd")},
    **{test: {("hip", None, 10, "P")} for test in ("mtt", "phe")},
}


@pytest.mark.parametrize("test", SIDES)
def test_limits_between_sides_are_the_catalogs(test):
    assert cutoffs(test, sides=True) == SIDES[test]


def test_cutoffs_of_knee_extension_are_by_sex():
    groups = {(c.group, c.above) for c in (*load("ake").cutoffs, *load("pke").cutoffs) if c.group}
    assert groups == {("male", 33.0), ("female", 23.4), ("male", 32.2), ("female", 19.2)}


REFERENCES = [
    ("pslr", "share", 39, None, "F"),
    ("march", "share", 18.1, None, "F"),
    ("k2c", "comp", 7.3, 0.9, "F"),
    ("mtt", "knee", 52.5, None, "K-H"),
    ("mtt", "thigh_abduction", 15.6, None, "K-H"),
    ("pir", "comp", 10.0, 5.1, "F"),
    ("pir", "comp", 4.5, 3.9, "F"),
    ("per", "onset_deg", 5.4, 3.8, "F"),
    ("per", "onset_deg", 16.0, 13.2, "F"),
    ("fb", "lum", 52, 11, "F"),
    ("fb", "lum", 46, 12, "F"),
    ("fb", "hip", 59, 15, "F"),
    ("fb", "hip", 48, 15, "F"),
    ("fb", "share", 48, 11, "F"),
    ("fb", "share", 49, 11, "F"),
    ("fb", "lag_s", -0.21, None, "F"),
    ("fb", "lag_s", -0.36, None, "F"),
    ("fb", "lum", 41.6, None, "F"),
    ("fb", "hip", 69.4, None, "F"),
    ("fb", "lum", 60, None, "K-H"),
    ("sts", "lum", 60, None, "F"),
    ("squat", "hip", 87.4, None, "F"),
]


@pytest.mark.parametrize(("test", "of", "mean", "sd", "tag"), REFERENCES)
def test_reference_values_are_the_catalogs(test, of, mean, sd, tag):
    found = {(r.of, r.mean, r.sd, r.tag) for r in load(test).references}
    assert (of, mean, sd, tag) in found


def test_reference_ranges_are_the_catalogs():
    found = {(t, r.of, r.low, r.high, r.tag) for t in packaged_ids() for r in load(t).references}
    assert {
        ("pslr", "onset_deg", 0, 9, "F"), ("k2c", "onset_deg", 0, 8, "F"),
        ("k2c", "share", 25, 33, "F"), ("pslr", "slope_r", 0.89, 1.0, "F"),
        ("gait", "comp", 4.9, 5.4, "F"), ("gait", "hip", 36.7, 37.7, "F"),
        ("gait", "hip", 34.0, 34.4, "F"), ("gait", "hip", 40, 45, "K-H"),
        ("gait", "comp", 3, 5, "K-H"),
    } <= found  # fmt: skip


def test_legs_differ_by_five_degrees_in_healthy_people():
    found = [(r.mean, r.sd) for r in load("pslr").references if r.between_sides]
    assert found == [(5.0, 3.5), (4.1, 3.2)]


@every
def test_no_norm_of_the_whole_angle_stands_twice(test):
    shipped = {(norm.source, norm.mean_deg) for norm in packaged_norms()}
    for figure in load(test).references:
        assert figure.of != "tot" or (figure.source, figure.mean) not in shipped


CONTROL = {
    "pslr": ("share", 39, 8, False, "F", "P"),
    "k2c": ("share", 29, 8, False, "P", None),
    "march": ("share", 18.1, 8, False, "F", "P"),
    "fb": ("share", 48, 11, True, "F", None),
}


@every
def test_usual_compensation_is_given_only_where_a_mean_is_known(test):
    control = load(test).scoring.control
    if test in {"pir", "per", "sir", "ser"}:
        assert (control.of, control.raised_deg, control.high_deg) == ("comp", 5, 10)
    elif test in CONTROL:
        assert CONTROL[test] == (
            control.of, control.mean, control.sd, control.two_sided, control.tag, control.sd_tag,
        )  # fmt: skip
    else:
        assert control is None


SEMS = {
    "k2c": {("tot", 3.5, "F"), ("hip", 3.5, "P"), ("comp", 3.0, "P")},
    "mtt": {("tot", 4.7, "F"), ("hip", 4.7, "P"), ("comp", 3.0, "P"), ("knee", 3.0, "P")},
    "phe": {("tot", 4.7, "F"), ("hip", 4.7, "P"), ("comp", 3.0, "P")},
    "pslr": {("tot", 3.5, "P"), ("hip", 3.5, "P"), ("comp", 3.0, "P")},
    "ake": {("tot", 3.5, "P"), ("comp", 3.0, "P")},
    "ely": {("tot", 3.0, "P"), ("comp", 3.0, "P")},
    "sir": {("tot", 3.5, "P"), ("hip", 3.5, "P"), ("comp", 3.0, "P")},
    "fb": {(of, 4.5, "P") for of in ("tot", "hip", "comp", "lum")} | {("share", 5.0, "P")},
    "sts": {(of, 7.0, "P") for of in ("tot", "hip", "comp", "lum")},
    "gait": set(),
}


@pytest.mark.parametrize("test", SEMS)
def test_default_errors_are_those_of_the_catalog(test):
    assert {(sem.of, sem.value, sem.tag) for sem in load(test).scoring.sems} == SEMS[test]


def test_the_smallest_real_change_of_the_leg_raise_is_9_7_degrees():
    sem = next(sem.value for sem in load("pslr").scoring.sems if sem.of == "tot")
    assert 1.96 * 2**0.5 * sem == pytest.approx(9.7, abs=0.05)


def test_what_daily_life_needs_is_recalled():
    targets = {t.activity: (t.deg, t.tag) for t in load("k2c").scoring.targets}
    assert sorted(targets.values()) == [(d, "K-H") for d in (67, 104, 117, 122, 124)]
    assert {t.deg for name in ("sts", "sit") for t in load(name).scoring.targets} == {104}
    assert [t.deg for t in load("squat").scoring.targets] == [122]


GROUPS = {
    "hamstrings": "pslr aslr ake pke", "hip_flexion": "k2c", "hip_flexors": "mtt",
    "quadriceps": "ely", "rotators": "pir per sir ser", "extension": "phe", "trunk": "fb ret",
    "function": "sts sit squat march gait", "abductors": "abd",
}  # fmt: skip


@pytest.mark.parametrize("group", GROUPS)
def test_tests_belong_to_the_group_of_what_they_are_about(group):
    found = {test for test in packaged_ids() if load(test).scoring.group == group}
    assert found == set(GROUPS[group].split())


MOTIONS = {
    "pslr": "straight_leg_raise", "aslr": "straight_leg_raise", "ake": "knee_extension_lack",
    "pke": "knee_extension_lack", "k2c": "hip_flexion", "mtt": "hip_extension",
    "ely": "knee_flexion", "pir": "hip_internal_rotation", "per": "hip_external_rotation",
    "sir": "hip_internal_rotation", "ser": "hip_external_rotation", "phe": "hip_extension",
    "fb": "trunk_flexion", "abd": "hip_abduction",
}  # fmt: skip


@every
def test_norms_belong_to_the_movement_of_the_test(test):
    assert load(test).scoring.motion == MOTIONS.get(test)


def test_only_the_thomas_test_counts_the_other_way_than_its_norms():
    assert {test for test in packaged_ids() if load(test).scoring.norm_sign == -1} == {"mtt"}


def test_a_ratio_of_sides_is_given_where_zero_is_a_true_zero():
    ratio = {test for test in packaged_ids() if load(test).scoring.limb_ratio}
    assert ratio == {"pslr", "aslr", "k2c", "ely", "pir", "per", "sir", "ser"}


@every
def test_every_figure_has_a_source_and_what_is_recalled_says_so(test):
    found = load(test)
    for figure in (*found.references, *found.cutoffs):
        assert figure.source
        assert figure.recalled is (figure.tag.startswith("K") or (figure.sd_tag or "")[:1] == "K")
    for one in (*found.scoring.sems, *found.scoring.targets):
        assert one.source


SEEN = ("Boyd & Villa 2012", "Laird 2019", "Yildirim 2018", "Hoffman 2011", "Zugner 2019")
NEVER_SEEN = ("Kendall", "Harvey 1998", "Johnston & Smidt 1970", "Perry", "AMA Guides, 5th edition")


@every
def test_figures_of_sources_that_were_not_seen_are_recalled(test):
    found = load(test)
    for one in (*found.references, *found.cutoffs, *found.scoring.targets):
        assert one.source not in NEVER_SEEN or one.tag == "K-H"
        assert one.source not in SEEN or one.tag in ("F", "K-M")
