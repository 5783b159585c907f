from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from collector.cli.norms import app
from collector.own_norms import all_norms
from schemas.errors import InputError, UsageError
from schemas.norm_file import packaged_norms
from schemas.protocol import load
from schemas.protocol_file import packaged_ids

ROOT = Path(__file__).resolve().parents[2]
OWN = (
    "id,motion,corrected,condition,position,sex,mean_deg,sd_deg,source,tag\n"
    "ours,straight_leg_raise,no,passive,supine,both,75,9,our clinic,C\n"
)


@pytest.fixture(autouse=True)
def config(tmp_path, monkeypatch):
    monkeypatch.setenv("HIPGONIO_CONFIG", str(tmp_path))
    return tmp_path


def run(*words):
    return CliRunner().invoke(app, list(words))


def listed(*words):
    body = json.loads(run("list", *words, "--json").stdout)
    assert body["schema"] == 1
    return body["norms"]


def test_list_shows_a_movements_norms_alone():
    assert {row["motion"] for row in listed("--motion", "hip_abduction")} == {"hip_abduction"}


def test_list_shows_what_a_test_may_be_held_against():
    found = {row["id"] for row in listed("--test", "pslr")}
    assert {"youdas_male", "youdas_female", "kendall_straight_leg_raise"} <= found


def test_list_says_what_is_recalled():
    by_id = {row["id"]: row["recalled"] for row in listed()}
    assert (by_id["youdas_male"], by_id["yildirim_active_male"]) == (True, False)
    assert "recalled, medium confidence" in run("list", "--motion", "straight_leg_raise").stdout


def test_the_sites_own_norms_come_first(config):
    (config / "norms.csv").write_text(OWN)
    assert listed("--test", "pslr")[0]["id"] == "ours"
    assert all_norms()[0].own


def test_without_a_file_there_are_the_norms_that_ship():
    assert all_norms() == packaged_norms()


def test_a_broken_file_of_own_norms_is_told_wherever_norms_are_used(config):
    (config / "norms.csv").write_text(OWN.replace(",9,", ",-9,"))
    with pytest.raises(InputError, match=r"norms\.csv line 2, column sd_deg"):
        all_norms()


def test_an_own_norm_may_not_take_the_id_of_one_that_ships(config):
    (config / "norms.csv").write_text(OWN.replace("ours", "youdas_male"))
    with pytest.raises(InputError, match="'youdas_male' is that of a norm that ships"):
        all_norms()


def test_check_counts_what_is_sound(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(OWN)
    assert run("check", str(path)).stdout == f"{path}: 1 norm is sound\n"
    body = json.loads(run("check", str(path), "--json").stdout)
    assert body["checked"] == [{"file": str(path), "norms": 1}]


def test_check_refuses_a_spread_of_nothing(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(OWN.replace(",9,", ",0,"))
    assert isinstance(run("check", str(path)).exception, InputError)


@pytest.mark.parametrize(
    "words", [("--motion", "knee"), ("--test", "slr"), ("--test", "march")], ids=" ".join
)
def test_what_is_not_known_is_wrong_usage(words):
    assert isinstance(run("list", *words).exception, UsageError)


def test_the_page_in_the_docs_is_the_one_that_the_command_prints():
    assert run("table").stdout == (ROOT / "docs" / "norms.md").read_text(encoding="utf-8")


def test_the_page_is_the_same_whatever_norms_a_site_has(config):
    (config / "norms.csv").write_text(OWN)
    assert "our clinic" not in run("table").stdout


def page_lines(heading):
    text = (ROOT / "docs" / "norms.md").read_text(encoding="utf-8")
    part = text.split(f"{heading}\n", 1)[1]
    return [line for line in re.split(r"^#", part, flags=re.M)[0].splitlines() if "|" in line][2:]


def test_the_page_has_every_norm():
    text = (ROOT / "docs" / "norms.md").read_text(encoding="utf-8")
    assert all(f"| {norm.id} |" in text for norm in packaged_norms())


@pytest.mark.parametrize("test", packaged_ids())
def test_the_page_has_every_figure_of_a_test(test):
    found = load(test)
    scoring = found.scoring
    count = len(found.references) + len(found.cutoffs) + len(scoring.sems) + len(scoring.targets)
    count += scoring.control is not None
    assert len(page_lines(f"### {found.title} (`{test}`)")) == count


def test_recalled_figures_stand_out_on_the_page():
    leg_raise = page_lines("## Straight leg raise (`straight_leg_raise`)")
    for line in leg_raise:
        recalled = any(name in line for name in ("Youdas", "Kendall", "in Magee"))
        assert ("**recalled**" in line) is recalled
    body = json.loads(run("table", "--json").stdout)
    kendall = [row for row in body["figures"] if row["source"] == "Kendall"]
    assert kendall
    assert all(row["recalled"] for row in kendall)
