"""The norms that ship, against tables typed off the sources' listing by hand."""

from __future__ import annotations

import math

import pytest

from schemas.norm_file import packaged_norms

NORMS = {norm.id: norm for norm in packaged_norms()}

# AAOS, AMA, Kendall, and the textbook range
TEXTBOOK = {
    "hip_flexion": (120, 100, 125, (110, 120)),
    "hip_abduction": (45, 40, 45, (30, 50)),
    "hip_adduction": (30, 20, 10, (20, 30)),
    "hip_internal_rotation": (45, 40, 45, (30, 40)),
    "hip_external_rotation": (45, 50, 45, (40, 60)),
}
BOONE_AZEN = """
hip_flexion 123.4 5.6 121.3 6.4 122.3 6.1
hip_extension 7.4 7.3 12.1 5.4 9.8 6.8
hip_abduction 51.7 8.8 40.5 6.0 45.9 9.3
hip_adduction 28.3 4.1 25.6 3.6 26.9 4.1
hip_internal_rotation 50.3 6.1 44.4 4.3 47.3 6.0
hip_external_rotation 50.5 6.1 44.2 4.8 47.2 6.3
knee_flexion 143.8 5.1 141.2 5.3 142.5 5.4
"""
ROACH_MILES = """
hip_flexion 122 12 120 14 118 13 121 13
hip_extension 22 8 18 7 17 8 19 8
hip_abduction 44 11 42 11 39 12 42 11
hip_internal_rotation 33 7 31 8 30 7 32 8
hip_external_rotation 34 8 32 8 29 9 32 9
knee_flexion 134 9 132 11 131 11 132 10
"""
# age, sex, n; mean, low and high end of the 95 % interval of hip flexion, hip extension, knee
# flexion, hyperextension; SD as the listing derived it, one decimal
SOUCIE = """
2_8 female 39 140.8 139.2 142.4 5.1 26.2 23.9 28.5 7.3 152.6 151.2 154.0 4.5 5.4 3.9 6.9
2_8 male 55 131.1 129.4 132.8 6.4 28.3 27.2 29.4 4.2 147.8 146.6 149.0 4.5 1.6 0.9 2.3
9_19 female 56 134.9 133.0 136.8 7.3 20.5 18.6 22.4 7.3 142.3 140.8 143.8 5.7 2.4 1.5 3.3
9_19 male 48 135.2 133.0 137.4 7.8 18.2 16.6 19.8 5.7 142.2 140.4 144.0 6.4 1.8 0.9 2.7
20_44 female 143 133.8 132.5 135.1 7.9 18.1 17.0 19.2 6.7 141.9 140.9 142.9 6.1 1.6 1.1 2.1
20_44 male 114 130.4 129.0 131.8 7.6 17.4 16.3 18.5 6.0 137.7 136.5 138.9 6.5 1.0 0.6 1.4
45_69 female 123 130.8 129.2 132.4 9.1 16.7 15.5 17.9 6.8 137.8 136.5 139.1 7.4 1.2 0.7 1.7
45_69 male 96 127.2 125.7 128.7 7.5 13.5 12.5 14.5 5.0 132.9 131.6 134.2 6.5 0.5 0.1 0.9
"""


def rows(table):
    return [line.split() for line in table.strip().splitlines()]


def pairs(cells):
    numbers = [float(cell) for cell in cells]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


@pytest.mark.parametrize("motion", TEXTBOOK)
def test_textbook_values_stand_as_single_values_without_a_spread(motion):
    *single, around = TEXTBOOK[motion]
    found = [NORMS[f"{book}_{motion}"] for book in ("aaos", "ama", "kendall")]
    assert [norm.mean_deg for norm in found] == single
    assert {(norm.sd_deg, norm.tag, norm.age_known) for norm in found} == {(None, "K-H", False)}
    magee = NORMS[f"magee_{motion}"]
    assert ((magee.low_deg, magee.high_deg), magee.tag) == (around, "F")


def test_textbook_values_of_extension_knee_and_leg_raise():
    mean = {key: norm.mean_deg for key, norm in NORMS.items()}
    assert [mean[f"{book}_hip_extension"] for book in ("aaos_1965", "aaos_1994", "ama")] == [
        30, 20, 30,
    ]  # fmt: skip
    assert mean["kendall_hip_extension"] == 10
    books = ("aaos", "ama", "kendall", "magee")
    assert [mean[f"{book}_knee_flexion"] for book in books] == [135, 150, 140, 135]
    assert mean["kendall_straight_leg_raise"] == 80
    assert "aaos_straight_leg_raise" not in NORMS


@pytest.mark.parametrize("row", rows(BOONE_AZEN), ids=lambda row: row[0])
def test_boone_and_azen_are_active_men_by_two_bands_and_all(row):
    found = [NORMS[f"boone_azen_{row[0]}_{band}"] for band in ("1_19", "20_54", "1_54")]
    assert [(norm.mean_deg, norm.sd_deg) for norm in found] == pairs(row[1:])
    assert {(n.condition, n.sex, n.tag, n.corrected) for n in found} == {
        ("active", "male", "K-H", False)
    }
    assert [(n.age_from, n.age_to, n.n) for n in found] == [
        (1, 19, None), (20, 54, None), (1, 54, 109),
    ]  # fmt: skip


@pytest.mark.parametrize("row", rows(ROACH_MILES), ids=lambda row: row[0])
def test_roach_and_miles_are_active_both_sexes_by_three_bands_and_all(row):
    bands = ("25_39", "40_59", "60_74", "25_74")
    found = [NORMS[f"roach_miles_{row[0]}_{band}"] for band in bands]
    assert [(norm.mean_deg, norm.sd_deg) for norm in found] == pairs(row[1:])
    assert [norm.n for norm in found] == [433, 727, 523, 1683]
    assert {(n.condition, n.sex, n.tag, n.position) for n in found} == {
        ("active", "both", "K-M", None)
    }


SOUCIE_CELLS = [
    (motion, *row[:3], *row[at : at + 3])
    for row in rows(SOUCIE)
    for motion, at in (
        ("hip_flexion", 3), ("hip_extension", 7), ("knee_flexion", 11), ("knee_hyperextension", 15),
    )
]  # fmt: skip


@pytest.mark.parametrize(("motion", "ages", "sex", "n", "mean", "low", "high"), SOUCIE_CELLS)
def test_soucies_spread_is_half_the_interval_times_root_n_over_1_96(
    motion, ages, sex, n, mean, low, high
):
    norm = NORMS[f"soucie_{motion}_{sex}_{ages}"]
    assert (norm.mean_deg, norm.n) == (float(mean), int(n))
    by_hand = (float(high) - float(low)) / 2 * math.sqrt(int(n)) / 1.96
    assert norm.sd_deg == pytest.approx(by_hand, abs=0.051)
    assert (norm.sd_tag, norm.recalled) == ("C", True)
    assert norm.tag == ("F" if ages == "2_8" else "K-H")


@pytest.mark.parametrize("row", rows(SOUCIE), ids=lambda row: f"{row[0]} {row[1]}")
def test_soucies_spreads_are_those_of_the_listing(row):
    for motion, at in (("hip_flexion", 6), ("hip_extension", 10), ("knee_flexion", 14)):
        assert NORMS[f"soucie_{motion}_{row[1]}_{row[0]}"].sd_deg == float(row[at])


def test_soucie_is_passive_and_its_positions_are_recalled():
    found = [norm for key, norm in NORMS.items() if key.startswith("soucie_")]
    assert len(found) == 32
    assert {norm.condition for norm in found} == {"passive"}
    at = {(norm.motion, norm.position, norm.method_tag) for norm in found}
    assert at == {
        ("hip_flexion", "supine", "K-M"), ("hip_extension", "prone", "K-M"),
        ("knee_flexion", None, "K-H"), ("knee_hyperextension", None, "K-H"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "mean", "sd", "tag"),
    [
        ("youdas_male", 68.5, 6.8, "K-M"),
        ("youdas_female", 76.3, 9.5, "K-M"),
        ("boyd_villa_relaxed", 57, 17, "F"),
        ("boyd_villa_pulled_up", 49, 16, "F"),
        ("yildirim_active_male", 17.8, 9.1, "F"),
        ("yildirim_active_female", 13.4, 6.0, "F"),
        ("yildirim_passive_male", 17.1, 9.1, "F"),
        ("yildirim_passive_female", 9.8, 5.7, "F"),
        ("fenato_hip_flexion", 106, 10, "F"),
        ("harvey_hip_extension", 11.9, None, "K-H"),
        ("roach_2015_control", 6.9, None, "F"),
        ("roach_2015_pain", -4.2, None, "F"),
        ("kouyoumdjian_hip_internal_rotation_supine", 29.6, None, "F"),
        ("kouyoumdjian_hip_external_rotation_supine", 38.5, None, "F"),
        ("kouyoumdjian_hip_internal_rotation_prone", 35.2, None, "F"),
        ("kouyoumdjian_hip_external_rotation_prone", 41.8, None, "F"),
        ("kouyoumdjian_hip_internal_rotation_sitting", 37.9, None, "F"),
        ("kouyoumdjian_hip_external_rotation_sitting", 40.6, None, "C"),
        ("jat_2018_hip_internal_rotation_male", 35.1, 4.7, "F"),
        ("jat_2018_hip_internal_rotation_female", 42.7, 10.3, "F"),
        ("jat_2018_hip_external_rotation_male", 41.9, 6.6, "F"),
        ("jat_2018_hip_external_rotation_female", 41.1, 6.4, "F"),
        ("almeida_hip_internal_rotation_control", 38.2, 6.5, "F"),
        ("almeida_hip_internal_rotation_pain", 27.5, 6.5, "F"),
        ("older_women_hip_flexion", 122.6, 10.8, "F"),
        ("older_women_hip_extension", 16.8, 4.5, "F"),
        ("older_women_hip_internal_rotation", 27.9, 6.1, "F"),
        ("older_women_hip_external_rotation", 28.5, 4.9, "F"),
        ("older_women_knee_flexion", 127.6, 8.3, "F"),
        ("laird_2019", 111, 16, "F"),
        ("laird_2019_pain", 93, 16, "F"),
        ("esola_1996", 111, None, "F"),
    ],
)
def test_other_samples_have_the_figures_of_their_papers(key, mean, sd, tag):
    norm = NORMS[key]
    assert (norm.mean_deg, norm.sd_deg, norm.tag) == (mean, sd, tag)


def test_ranges_are_no_means():
    ends = {key: (norm.low_deg, norm.high_deg) for key, norm in NORMS.items() if not norm.mean_deg}
    assert ends["elson_aspinall_hip_flexion"] == (80, 140)
    assert ends["elson_aspinall_hip_extension"] == (5, 40)
    assert ends["jat_2018_hip_internal_rotation_athletes"] == (29, 50)
    assert ends["jat_2018_hip_external_rotation_athletes"] == (23, 56)
    assert ends["prone_hip_extension_range"] == (10, 20)
    assert ends["magee_straight_leg_raise"] == (70, 90)


def test_only_what_took_the_pelvis_out_is_corrected():
    corrected = {key for key, norm in NORMS.items() if norm.corrected}
    assert corrected == {
        "elson_aspinall_hip_flexion", "elson_aspinall_hip_extension",
        "roach_2015_control", "roach_2015_pain",
    }  # fmt: skip


def test_groups_with_pain_athletes_and_other_end_points_are_never_scored():
    bound = {key for key, norm in NORMS.items() if norm.only_when}
    assert bound == {
        "boyd_villa_relaxed", "boyd_villa_pulled_up", "fenato_hip_flexion", "harvey_hip_extension",
        "roach_2015_pain", "almeida_hip_internal_rotation_control",
        "almeida_hip_internal_rotation_pain", "jat_2018_hip_internal_rotation_athletes",
        "jat_2018_hip_external_rotation_athletes", "laird_2019_pain",
    }  # fmt: skip


def test_every_recalled_norm_says_so():
    for norm in NORMS.values():
        tags = (norm.tag, norm.sd_tag or "", norm.method_tag or "")
        assert norm.recalled is any(tag.startswith("K") for tag in tags)
    assert NORMS["youdas_male"].recalled
    assert not NORMS["yildirim_active_male"].recalled


def test_of_the_leg_raise_ages_and_numbers_were_seen_and_the_digits_were_not():
    found = [NORMS[f"youdas_{sex}"] for sex in ("male", "female")]
    assert [(n.age_from, n.age_to, n.n) for n in found] == [(20, 79, 106), (20, 79, 108)]
    assert {(n.tag, n.method_tag, n.recalled) for n in found} == {("K-M", "F", True)}


def test_no_age_is_made_up():
    known = {norm.source for norm in NORMS.values() if norm.age_known}
    assert known == {
        "Boone & Azen 1979", "Roach & Miles 1991", "Soucie 2011 (CDC)", "Youdas 2005",
        "Yildirim 2018", "Kouyoumdjian 2012", "Laird 2019",
    }  # fmt: skip
