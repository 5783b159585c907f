from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from collector.cli.protocols import app
from schemas.errors import InputError, UsageError

HERE = Path(__file__).parent / "protocols"


def run(*words):
    return CliRunner().invoke(app, list(words))


def test_list_names_the_tests_that_ship():
    body = json.loads(run("list", "--json").stdout)
    assert body["schema"] == 1
    assert [row["id"] for row in body["protocols"]] == ["fb", "k2c", "pslr", "sts"]
    assert "Knee to chest" in run("list").stdout


def test_show_gives_formulae_as_text_and_figures_with_their_tags():
    body = json.loads(run("show", "pslr", "--json").stdout)["protocol"]
    assert body["formulae"]["hip"] == "F + P"
    assert {figure["tag"] for figure in body["references"]} == {"F", "K-M"}
    assert body["gates"]["drift_x_deg"] == 5.0


@pytest.mark.parametrize("name", ["pslr", "k2c", "fb", "sts"])
def test_show_prints_safety_and_says_what_is_recalled(name):
    text = run("show", name).stdout
    assert "Safety" in text
    assert ("recalled" in text) is (name != "fb")


def test_show_reads_a_file_of_the_users_own():
    assert "Modified Thomas test" in run("show", str(HERE / "mtt.toml")).stdout


def test_check_reports_every_sound_file():
    files = [str(path) for path in sorted(HERE.glob("*.toml"))]
    body = json.loads(run("check", *files, "--json").stdout)
    assert [row["id"] for row in body["checked"]] == [Path(file).stem for file in files]


def test_check_ends_with_the_first_mistake(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text((HERE / "aslr.toml").read_text().replace("title", "titel"))
    assert isinstance(run("check", str(bad)).exception, InputError)


def test_show_of_an_unknown_test_is_wrong_usage():
    assert isinstance(run("show", "slr").exception, UsageError)
