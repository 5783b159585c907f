from __future__ import annotations

import pytest

from schemas.errors import InputError, UsageError
from schemas.protocol import load
from schemas.protocol_file import packaged_ids, parse_protocol

CATALOG = "pslr aslr ake pke k2c mtt ely pir per sir ser phe fb ret sts sit squat march gait abd"


def test_every_test_of_the_catalog_ships():
    assert packaged_ids() == tuple(sorted(CATALOG.split()))
    assert [load(i).id for i in packaged_ids()] == sorted(CATALOG.split())


@pytest.mark.parametrize(
    ("protocol", "tot", "hip", "comp", "movement"),
    [
        ("pslr", "F", "F + P", "-P", "posterior"),
        ("k2c", "F", "F + P", "-P", "posterior"),
        ("fb", "T", "P", "T - P", "anterior"),
        ("sts", "F + T", "F + P", "T - P", "anterior"),
    ],
)
def test_shipped_tests_compute_what_the_catalog_says(protocol, tot, hip, comp, movement):
    found = load(protocol)
    f = found.formulae
    assert (f.tot.text, f.hip.text, f.comp.text) == (tot, hip, comp)
    assert found.first_pelvis_movement == movement


@pytest.mark.parametrize("protocol", ["pslr", "k2c", "fb", "sts"])
def test_total_is_hip_plus_compensation(protocol):
    f = load(protocol).formulae
    total = dict(f.tot.terms)
    both = {s: dict(f.hip.terms).get(s, 0) + dict(f.comp.terms).get(s, 0) for s in "FPT"}
    assert {s: x for s, x in both.items() if x} == total


def test_forward_bend_reports_the_hip_joint_beside_and_ten_degrees_as_mark():
    found = load("fb")
    assert found.formulae.extra["hip_joint"].text == "F + P"
    assert found.mark_deg == 10.0
    assert load("pslr").mark_deg == 5.0


def test_passive_tests_ask_for_a_slower_plateau_than_active_ones():
    assert load("pslr").gates.plateau_rate_deg_s == 3.0
    assert load("fb").gates.plateau_rate_deg_s == 5.0


def test_recalled_figures_say_so():
    figures = (*load("pslr").references, *load("pslr").cutoffs)
    by_source = {figure.source: figure.recalled for figure in figures}
    assert by_source["Kendall"] is True
    assert by_source["Bohannon 1985a"] is False


def test_forward_bend_cutoffs_are_those_of_its_source():
    cutoffs = {(c.of, c.below, c.above) for c in load("fb").cutoffs}
    assert cutoffs == {
        ("tot", 93, None), ("tot", None, 128), ("lum", 39, None), ("lum", None, 65),
        ("hip", 42, None), ("hip", None, 75), ("share", 38, None), ("share", None, 63),
    }  # fmt: skip


def test_rotation_tests_ask_for_channels_out_of_the_plane():
    assert load("pir").extra_channels == ("pelvis_axial_deg", "shank_roll_deg")
    assert load("pslr").extra_channels == ()


def test_gates_can_be_overridden_by_the_file():
    assert load("gait").gates.lowpass_hz == 10.0


def test_text_that_is_no_toml_is_refused():
    with pytest.raises(InputError, match=r"my\.toml is not TOML"):
        parse_protocol("id = ", file="my.toml")


def test_an_unknown_id_names_those_that_exist():
    with pytest.raises(UsageError, match=r"abd, ake, aslr, .*, squat, sts, or") as caught:
        load("slr")
    assert caught.value.reason == "unknown_protocol"


@pytest.mark.parametrize("name", ["missing.toml", "folder.toml", "latin.toml"])
def test_a_file_that_cannot_be_read_is_bad_input(tmp_path, name):
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "latin.toml").write_bytes(b'title = "\xe9"')
    with pytest.raises(InputError, match=name):
        load(tmp_path / name)
