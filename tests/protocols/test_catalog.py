"""The twenty tests that ship, against the catalog typed by hand."""

from __future__ import annotations

import re

import pytest

from schemas.protocol import load
from schemas.protocol_file import packaged_ids
from schemas.sites import SITES

# id: position, condition, required, drive, TOT, HIP, COMP
CATALOG = {
    "pslr": ("supine", "passive", "pelvis thigh", "F", "F", "F + P", "-P"),
    "aslr": ("supine", "active", "pelvis thigh", "F", "F", "F + P", "-P"),
    "ake": ("supine", "active", "thigh shank", "S", "K", "F + P", "-P"),
    "pke": ("supine", "passive", "thigh shank", "S", "K", "F + P", "-P"),
    "k2c": ("supine", "passive", "pelvis thigh", "F", "F", "F + P", "-P"),
    "mtt": ("supine", "passive", "pelvis thigh shank", "-F", "F", "F + P", "P"),
    "ely": ("prone", "passive", "pelvis shank", "-S", "-S", "F + P", "P"),
    "pir": ("prone", "active", "pelvis shank", "R", "R", "R - Y", "|Y|"),
    "per": ("prone", "active", "pelvis shank", "-R", "-R", "-(R - Y)", "|Y|"),
    "sir": ("sitting", "active", "pelvis shank", "R", "R", "R - O", "|O|"),
    "ser": ("sitting", "active", "pelvis shank", "-R", "-R", "-(R - O)", "|O|"),
    "phe": ("prone", "active", "pelvis thigh", "-F", "-F", "-(F + P)", "P"),
    "fb": ("standing", "active", "trunk pelvis", "T", "T", "P", "T - P"),
    "ret": ("standing", "active", "trunk pelvis", "T", "T", "P", "T - P"),
    "sts": ("standing", "active", "pelvis thigh trunk", "F", "F + T", "F + P", "T - P"),
    "sit": ("standing", "active", "pelvis thigh trunk", "F", "F + T", "F + P", "T - P"),
    "squat": ("standing", "active", "pelvis thigh shank", "F", "F", "F + P", "P"),
    "march": ("standing", "active", "pelvis thigh", "F", "F", "F + P", "-P"),
    "gait": ("standing", "active", "pelvis thigh thigh_other", "F", "F", "F + P", "P"),
    "abd": ("standing", "active", "pelvis thigh", "A", "A", "A - O", "O"),
}
OPTIONAL = {
    "pslr": {"shank", "thigh_other"}, "aslr": {"shank", "thigh_other"}, "ake": {"pelvis"},
    "pke": {"pelvis"}, "ely": {"thigh"}, "phe": {"trunk"}, "squat": {"trunk"}, "sts": {"shank"},
}  # fmt: skip
STANDING_FIRST = {"mtt", "ely", "pir", "per", "phe"}
PATTERN_TESTS = {"pir", "per", "sir", "ser", "ret", "sts", "sit", "squat", "march", "gait"}

every = pytest.mark.parametrize("test", CATALOG)


def test_all_tests_of_the_catalog_ship():
    assert set(packaged_ids()) == set(CATALOG)


@every
def test_position_condition_and_sensors_are_the_catalogs(test):
    found = load(test)
    position, condition, required, *_ = CATALOG[test]
    assert (found.position, found.condition) == (position, condition)
    assert set(found.required) == set(required.split())
    assert set(found.optional) >= OPTIONAL.get(test, set())


@every
def test_formulae_are_the_catalogs(test):
    f = load(test).formulae
    assert (f.drive.text, f.tot.text, f.hip.text, f.comp.text) == CATALOG[test][3:]


# Of the others TOT is a knee, a range or a reversal, COMP has lost its sign or counts within TOT.
ADDING_UP = ("pslr", "aslr", "k2c", "phe", "fb", "ret", "sts", "sit", "march", "abd")


@pytest.mark.parametrize("test", ADDING_UP)
def test_total_is_hip_plus_compensation(test):
    f = load(test).formulae
    tot, hip, comp = (dict(x.terms) for x in (f.tot, f.hip, f.comp))
    total = {s: hip.get(s, 0) + comp.get(s, 0) for s in {*hip, *comp}}
    assert {s: x for s, x in total.items() if x} == tot


def test_extras_are_the_angles_that_the_catalog_names_beside():
    extra = {test: {n: x.text for n, x in load(test).formulae.extra.items()} for test in CATALOG}
    assert extra["mtt"] == {"knee": "K", "thigh_abduction": "A"}
    assert extra["ely"] == {"knee": "K", "thigh_lift": "F", "pelvic_rotation": "|Y|"}
    assert extra["phe"] == {"pelvic_rotation": "|Y|"}
    assert extra["march"] == {"hike": "O"}
    assert extra["fb"] == {"hip_joint": "F + P"}


def test_how_a_quantity_is_read_where_it_is_not_on_the_plateau():
    how = {test: dict(load(test).formulae.how) for test in CATALOG}
    assert how["squat"] == {"comp": "reversal"}
    assert how["gait"] == {"tot": "range", "hip": "range", "comp": "range"}
    assert not any(how[test] for test in set(CATALOG) - {"squat", "gait"})


@every
def test_lying_face_down_and_thomas_begin_with_standing(test):
    assert load(test).standing_first is (test in STANDING_FIRST)


@every
def test_where_the_pelvis_hardly_turns_the_person_leans_forward_first(test):
    assert load(test).lean_first is (test in ("sir", "ser", "abd"))


def test_only_the_thomas_test_carries_the_zero_of_standing_to_the_table():
    assert {t for t in CATALOG if load(t).reference.zero == "standing"} == {"mtt"}


def test_the_body_does_not_come_back_by_itself_at_90_90_and_in_walking():
    assert {t for t in CATALOG if not load(t).reference.returns} == {"ake", "pke", "gait"}


def test_only_knee_extension_counts_what_is_lacking():
    assert {t for t in CATALOG if load(t).sense == "lack"} == {"ake", "pke"}
    assert {t for t in CATALOG if load(t).phase == "return"} == {"ret"}
    assert {t for t in CATALOG if not load(t).sided} == {"fb", "ret"}


def test_the_mark_is_ten_degrees_in_forward_tests_and_squat():
    marks = {test: load(test).mark_deg for test in CATALOG}
    assert {t for t, mark in marks.items() if mark == 10} == {"fb", "ret", "sts", "sit", "squat"}
    assert {mark for mark in marks.values() if mark != 10} == {5}


@every
def test_the_pelvis_is_measured_at_the_side_lying_on_the_back_and_else_at_the_sacrum(test):
    found = load(test)
    assert found.sites["pelvis"] == ("iliac_crest" if found.position == "supine" else "sacrum")


@every
def test_every_sensor_has_a_site_and_a_sentence_where_it_goes(test):
    found = load(test)
    worn = {*found.required, *found.optional}
    assert set(found.sites) == set(found.placement) == worn
    assert set(found.sites.values()) <= set(SITES)


def test_rotation_is_measured_at_the_shank_and_never_at_the_thigh():
    for test in ("pir", "per", "sir", "ser"):
        found = load(test)
        assert found.moving == "shank"
        assert "F" not in {symbol for symbol, _ in found.formulae.hip.terms}


@every
def test_five_repetitions_where_the_pattern_is_the_question_else_three(test):
    repetitions = load(test).repetitions
    assert repetitions.least == (5 if test in PATTERN_TESTS else 3)
    assert repetitions.most == (12 if test == "gait" else 6)  # its first and last stride are parts


def test_the_thomas_test_is_held_until_the_leg_has_sunk_and_the_bend_for_two_seconds():
    hold = {test: load(test).repetitions.hold_s for test in CATALOG}
    assert (hold["mtt"], hold["fb"], hold["pslr"], hold["aslr"]) == (3.0, 2.0, 1.0, 0.5)


def test_gates_that_differ():
    usual = load("pslr").gates
    assert load("phe").gates.prominence_deg == 5.0
    assert load("gait").gates.lowpass_hz == 10.0
    assert load("gait").gates.drift_c_deg == 30.0
    for test in ("mtt", "ake", "pke", "gait"):
        gates = load(test).gates
        assert gates.drift_x_deg > usual.drift_x_deg
        assert gates.slip_x_deg > usual.slip_x_deg
    assert load("mtt").gates.out_of_plane_x_deg > usual.out_of_plane_x_deg
    assert (usual.drift_x_deg, usual.slip_x_deg, usual.share_from_deg) == (5.0, 5.0, 20.0)


def test_guards_hold_the_thigh_at_90_the_knee_straight_and_the_pelvis_in_place():
    guards = {t: [(g.formula.text, g.low_deg, g.high_deg) for g in load(t).guards] for t in CATALOG}
    assert guards["ake"] == guards["pke"] == [("F", 85, 95)]
    assert guards["pslr"] == guards["aslr"] == [("K", -15, 5)]
    assert guards["mtt"] == [("P", -5, 5)]
    assert guards["fb"] == guards["ret"] == [("F", -5, 5)]
    assert guards["k2c"] == [("F2", -5, 5), ("F + P", -30, 125)]
    assert ("F", -5, 5) in guards["sir"]


PATTERNS = {
    "pslr": "break_point", "aslr": "break_point", "k2c": "break_point", "phe": "break_point",
    "squat": "reversal", "gait": "ranges", "fb": "band_ratio", "ret": "band_ratio",
    "sts": "relative_phase", "sit": "relative_phase", "pir": "cross_lag", "per": "cross_lag",
}  # fmt: skip


@pytest.mark.parametrize("test", PATTERNS)
def test_movement_patterns_are_those_that_fit_the_test(test):
    assert PATTERNS[test] in load(test).patterns


@every
def test_every_file_is_complete(test):
    found = load(test)
    assert len(found.procedure) >= 4
    assert found.end_points
    assert found.citations
    assert found.repetitions.pace
    assert found.repetitions.rest_s[0] <= found.repetitions.rest_s[1]
    assert found.reference.pose.endswith(".")
    assert found.scoring is not None
    assert found.version == 1
    assert any(x.between_sides for x in found.cutoffs) or not found.sided or _function(found)


def _function(protocol):
    return protocol.scoring.group == "function"


@every
def test_the_examiner_hears_words_of_the_test_itself(test):
    words = load(test).words
    assert words.out != "Start the movement"
    assert not any(text.endswith(".") for text in (words.out, words.hold, words.back))


def test_words_of_the_first_four_tests_are_what_they_were():
    said = {t: (w.out, w.hold, w.back, w.pause_s) for t in CATALOG if (w := load(t).words)}
    assert said["pslr"] == ("Lift the straight leg slowly", "Hold", "Lower the leg slowly", 0.0)
    assert said["k2c"] == ("Bring the knee slowly to the chest", "Hold", "Lower the leg slowly", 0)
    assert said["fb"] == ("Bend forward, knees straight", "Hold", "Come back up", 0.0)
    assert said["sts"] == ("Sit down", "Lean forward and pause", "Stand up", 3.0)


GENERAL = (
    "fracture", "infection or tumor", "numbness of the saddle area", "bladder or bowel", "clot",
    "operation on spine", "slipped vertebra", "osteoporosis", "by 2 points or more", "new",
    "intact skin", "pacemaker", "adhesive", "disinfectant", "battery",
)  # fmt: skip


@every
@pytest.mark.parametrize("word", GENERAL)
def test_every_test_has_the_general_safety_sentences(test, word):
    assert word in " ".join(load(test).safety)


@pytest.mark.parametrize("test", ["k2c", "sir", "mtt", "squat"])
def test_a_hip_replacement_with_limits_comes_first_where_the_test_breaks_them(test):
    first = load(test).safety[0]
    assert "Hip replacement" in first
    assert "leave this test out until it is cleared" in first


@pytest.mark.parametrize(
    ("test", "word"),
    [
        ("pslr", "Sciatica"), ("aslr", "hamstring tear"), ("ake", "Sciatica"),
        ("pke", "hamstring tear"), ("mtt", "late pregnancy"), ("phe", "late pregnancy"),
        ("phe", "facet"), ("mtt", "facet"), ("ely", "operation on the knee"), ("ely", "90 degrees"),
        ("fb", "izziness"), ("fb", "disc"), ("fb", "falling"), ("squat", "falling"),
        ("squat", "disc"), ("sts", "falling"), ("pir", "knee ligament"), ("ser", "knee ligament"),
        ("pir", "late pregnancy"), ("ely", "late pregnancy"),
    ],
)  # fmt: skip
def test_what_belongs_to_the_test_is_said(test, word):
    assert word in " ".join(load(test).safety)


_FORBIDDEN = re.compile(
    r"push (further|harder|more)|force the|as far as (possible|it goes)|overpressure"
    r"|stretch\b|treat",
    re.I,
)


@every
def test_no_sentence_tells_anybody_to_push_further(test):
    found = load(test)
    words = (found.words.out, found.words.hold, found.words.back)
    for sentence in (*found.procedure, *found.safety, *words, found.repetitions.pace):
        assert not _FORBIDDEN.search(sentence), sentence


def test_hip_and_compensation_make_up_the_total_where_one_bar_shows_both():
    added = {name for name in packaged_ids() if load(name).adds_up}
    whole = "pslr aslr k2c pir per sir ser phe fb ret sts sit march abd"
    assert added == set(whole.split())
