from __future__ import annotations

import json
from pathlib import Path

import pytest
from protocol_folder import EXAMPLE, own_folder
from typer.testing import CliRunner

from collector.cli.output import ToldError
from collector.cli.protocols import app
from schemas.errors import InputError, UsageError
from schemas.protocol_file import packaged_ids

SHIPPED = Path(__file__).parents[2] / "schemas" / "protocols"
BROKEN = EXAMPLE.replace("sd = 6", "sd = -6", 1).replace("step_up", "broken")


def run(*words):
    return CliRunner().invoke(app, list(words), env={"COLUMNS": "80"})


def test_list_names_the_tests_that_ship():
    body = json.loads(run("list", "--json").stdout)
    assert body["schema"] == 1
    assert tuple(row["id"] for row in body["protocols"]) == packaged_ids()
    assert body["broken"] == []
    assert not any(row["own"] for row in body["protocols"])


def test_list_stands_in_eighty_columns_under_what_the_tests_are_about():
    lines = run("list").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    headings = [line for line in lines if not line.startswith(" ")]
    assert headings[:3] == ["Hamstrings", "Hip flexion", "Hip flexors"]
    assert any(line.startswith("  k2c") and "Knee to chest" in line for line in lines)


def test_list_has_the_users_own_tests_and_shows_a_broken_file_with_its_mistake(
    monkeypatch, tmp_path
):
    own_folder(monkeypatch, tmp_path, {"mine.toml": EXAMPLE, "bad.toml": BROKEN})
    text = run("list").stdout
    assert "step_up" in text
    assert "own: mine.toml" in text
    assert "Broken: bad.toml" in text
    body = json.loads(run("list", "--json").stdout)
    assert "references[1].sd" in body["broken"][0]["message"]
    assert [row["id"] for row in body["protocols"] if row["own"]] == ["step_up"]


def test_list_tells_of_an_own_file_that_has_the_id_of_a_test_that_ships(monkeypatch, tmp_path):
    own_folder(monkeypatch, tmp_path, {"mine.toml": EXAMPLE.replace("step_up", "pslr")})
    ran = run("list")
    assert "own: mine.toml, by its path only" in ran.stdout
    assert "'pslr' of a test that ships" in ran.stderr


def test_show_gives_formulae_as_text_and_figures_with_their_tags():
    body = json.loads(run("show", "pslr", "--json").stdout)
    assert (body["own"], body["file"]) == (False, None)
    assert body["protocol"]["formulae"]["hip"] == "F + P"
    assert "K-H" in {figure["tag"] for figure in body["protocol"]["cutoffs"]}
    assert body["protocol"]["gates"]["drift_x_deg"] == 5.0


@pytest.mark.parametrize("name", packaged_ids())
def test_show_stands_in_eighty_columns_and_has_safety_and_sources(name):
    lines = run("show", name).stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert {"Sensors", "Zero", "How to do it", "Safety", "Computed", "Sources"} <= set(lines)


def test_show_says_of_every_figure_that_is_recalled_that_it_is():
    text = " ".join(run("show", "pslr").stdout.split())
    assert "short hamstrings. Kendall [K-H, recalled]" in text


def test_show_prints_what_format_2_holds(monkeypatch, tmp_path):
    own_folder(monkeypatch, tmp_path, {"mine.toml": EXAMPLE})
    text = " ".join(run("show", "step_up").stdout.split())
    for words in (
        "thigh required lateral thigh: outer side, a hand above the knee",
        "HIP tot - comp (that is F + P)",
        "Out Put the foot on the step",
        "drift_c_deg 4 (usual 3)",
        "Patterns ranges",
        "Norms of hip flexion",
        "Usual share 22 (SD 6) pct",
        "SEM TOT 3.5 deg own series, 2024 [P, proposed here]",
        "Needed 65 deg a step of 30 cm",
        "|K| 60 to 130 deg",
        "TOT < 60 deg the step was lower",
    ):
        assert words in text


def test_show_reads_a_file_by_its_path(tmp_path):
    (tmp_path / "mine.toml").write_text(EXAMPLE)
    body = json.loads(run("show", str(tmp_path / "mine.toml"), "--json").stdout)
    assert (body["own"], body["file"]) == (True, str(tmp_path / "mine.toml"))


def test_show_of_a_broken_own_file_by_its_id_gives_its_mistake(monkeypatch, tmp_path):
    own_folder(monkeypatch, tmp_path, {"mine.toml": BROKEN})
    error = run("show", "broken").exception
    assert isinstance(error, InputError)
    assert "references[1].sd" in error.message


def test_show_of_an_unknown_test_is_wrong_usage():
    assert isinstance(run("show", "slr").exception, UsageError)


def test_every_shipped_file_is_sound():
    files = [str(path) for path in sorted(SHIPPED.glob("*.toml"))]
    body = json.loads(run("check", *files, "--json").stdout)
    assert [row["id"] for row in body["checked"]] == [Path(file).stem for file in files]
    assert all(row["sound"] for row in body["checked"])


def test_check_reports_every_broken_file_and_the_sound_ones_too(tmp_path):
    for name, text in {"a": BROKEN, "b": EXAMPLE, "c": "id = "}.items():
        (tmp_path / f"{name}.toml").write_text(text)
    ran = run("check", *(str(tmp_path / f"{name}.toml") for name in "abcd"))
    assert isinstance(ran.exception, ToldError)
    assert ran.exception.code == 6
    assert ran.stdout == f"{tmp_path / 'b.toml'}: step_up version 1 is sound\n"
    assert [line[len(str(tmp_path)) :][:8] for line in _complaints(ran, tmp_path)] == [
        "/a.toml,", "/c.toml ", "/d.toml:",
    ]  # fmt: skip


def _complaints(ran, tmp_path):
    lines = ran.stderr.replace("Cannot read the protocol file ", "").splitlines()
    return [line for line in lines if line.startswith(str(tmp_path))]


def test_check_as_json_has_the_mistake_of_every_file(tmp_path):
    (tmp_path / "a.toml").write_text(BROKEN)
    (tmp_path / "b.toml").write_text(EXAMPLE)
    ran = run("check", str(tmp_path / "a.toml"), str(tmp_path / "b.toml"), "--json")
    bad, good = json.loads(ran.stdout)["checked"]
    assert (bad["sound"], bad["reason"], good["sound"]) == (False, "bad_protocol", True)
    assert ", line " in bad["message"]
    assert ran.exception.code == 6


def test_check_without_a_file_checks_the_users_own_folder(monkeypatch, tmp_path):
    own_folder(monkeypatch, tmp_path, {"mine.toml": EXAMPLE})
    assert "mine.toml: step_up version 1 is sound" in run("check").stdout


def test_check_without_any_file_says_where_they_are_looked_for(monkeypatch, tmp_path):
    folder = own_folder(monkeypatch, tmp_path, {})
    ran = run("check")
    assert (ran.exit_code, str(folder) in ran.stderr) == (0, True)
