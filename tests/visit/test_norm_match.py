"""Which norm a value may be held against: one test per reason why not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from visit_scenes import ANYBODY, MAN, NOBODY, PHE, PSLR, UTC, WOMAN, YOUDAS

from collector.scoring.visit.norms import find_norm, key_of
from schemas.visit import Person

KEY = key_of(PSLR, MAN, UTC, "tot")
HIP = key_of(PSLR, MAN, UTC, "hip")
ANON = key_of(PSLR, NOBODY, UTC, "tot")


def codes(key, *norms):
    match = find_norm(key, norms)
    assert match.norm is None
    assert all(r.sentence.count(".") >= 1 and "{" not in r.sentence for r in match.reasons)
    return [reason.code for reason in match.reasons]


def test_a_norm_that_fits_in_everything_is_taken():
    assert find_norm(KEY, [YOUDAS]).norm == YOUDAS


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("norm_corrected", {"corrected": True}),
        ("norm_position", {"position": "standing"}),
        ("norm_position_unknown", {"position": None}),
        ("norm_condition", {"condition": "active"}),
        ("norm_condition_unknown", {"condition": None}),
        ("norm_only_when", {"only_when": "athletes"}),
        ("norm_sex", {"sex": "female"}),
        ("norm_group_age_unknown", {"age_known": False}),
        ("norm_age", {"age_from": 60, "age_to": 79}),
        ("norm_age", {"age_to": 28}),
        ("norm_age", {"age_from": 31}),
        ("norm_age_unclear", {"age_from": 30, "age_to": 39}),
        ("norm_without_sd", {"sd_deg": None}),
        ("norm_without_sd", {"mean_deg": None, "low_deg": 60.0, "high_deg": 80.0}),
        ("no_norm", {"motion": "hip_flexion"}),
    ],
)
def test_one_thing_that_differs_refuses_a_norm(code, changed):
    assert codes(KEY, replace(YOUDAS, **changed)) == [code]


def test_an_uncorrected_norm_is_never_the_hips():
    assert codes(HIP, YOUDAS) == ["norm_corrected"]


def test_a_norm_of_one_sex_needs_the_persons():
    assert codes(ANON, YOUDAS) == ["norm_sex_unknown"]
    other = key_of(PSLR, Person(sex="other", birth_year=1996), UTC, "tot")
    assert codes(other, YOUDAS) == ["norm_sex_unknown"]
    assert find_norm(ANON, [ANYBODY]).norm == ANYBODY


def test_a_norm_of_an_age_band_needs_the_year_of_birth():
    assert codes(ANON, replace(ANYBODY, age_from=20, age_to=79)) == ["norm_age_unknown"]


@pytest.mark.parametrize(("band", "fits"), [((29, 30), True), ((20, 29), False), ((30, 40), False)])
def test_both_ages_that_a_year_of_birth_leaves_open_must_lie_in_the_band(band, fits):
    match = find_norm(KEY, [replace(YOUDAS, age_from=band[0], age_to=band[1])])
    assert (match.norm is not None) is fits


def test_nothing_is_interpolated_between_two_bands():
    younger = replace(YOUDAS, id="a", age_from=10, age_to=20)
    older = replace(YOUDAS, id="b", age_from=40, age_to=50)
    assert codes(KEY, younger, older) == ["norm_age"]


def test_the_nearest_miss_is_told_first_and_a_kind_only_once():
    rows = [
        replace(YOUDAS, id="a", position="standing"),
        replace(YOUDAS, id="b", sd_deg=None),
        replace(YOUDAS, id="c", age_from=60),
        replace(YOUDAS, id="d", age_from=70),
    ]
    assert codes(KEY, *rows) == ["norm_without_sd", "norm_age", "norm_position"]


def test_a_reason_names_source_standing_and_what_differs():
    match = find_norm(KEY, [replace(YOUDAS, age_from=60, age_to=79)])
    sentence = match.reasons[0].sentence
    assert "TOT has no z" in sentence
    assert "29 or 30 years" in sentence
    assert "Youdas 2005, recalled [K-M] (60 to 79)" in sentence


def test_the_sites_own_norm_goes_before_all_others():
    own = replace(ANYBODY, id="zzz", own=True, n=3)
    narrow = replace(YOUDAS, age_from=29, age_to=31, n=5000)
    match = find_norm(KEY, [narrow, YOUDAS, own])
    assert (match.norm, match.others) == (own, (narrow, YOUDAS))


def test_without_one_the_narrowest_band_goes_first_then_sex_size_surety_and_id():
    rows = [
        replace(YOUDAS, id="narrow", age_from=25, age_to=35),
        replace(YOUDAS, id="sex", sex="male"),
        replace(ANYBODY, id="large", tag="K-L", n=500),
        replace(ANYBODY, id="sure", tag="F", n=100),
        replace(ANYBODY, id="recalled_a", tag="K-H", n=100),
        replace(ANYBODY, id="recalled_b", tag="K-H", n=100),
    ]
    match = find_norm(KEY, rows[::-1])
    assert [match.norm, *match.others] == rows


def test_a_test_to_which_no_norm_belongs_has_no_key():
    assert key_of(replace(PSLR, scoring=None), MAN, UTC, "tot") is None
    assert key_of(PHE, WOMAN, UTC, "tot").position == "prone"
