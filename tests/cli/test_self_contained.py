"""A trial carries all that its score depends on: the user's own test, and what befell its file."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

SHIPPED = Path(__file__).resolve().parents[2] / "schemas" / "protocols"
PSLR = (SHIPPED / "pslr.toml").read_text(encoding="utf-8")
OWN = PSLR.replace('id = "pslr"', 'id = "my_raise"', 1).replace('title = "', 'title = "My own ', 1)


@pytest.fixture
def trace(run, db, tmp_path) -> Path:
    """A trace as text, so that tests can change it."""
    path = tmp_path / "trial.jsonl"
    run("demo", "--db", db)
    run("trials", "export", 1, "--format", "trace", "--out", path, "--db", db)
    return path


@pytest.fixture
def own_trial(run, db, trace, tmp_path, monkeypatch) -> int:
    """A trial by the user's own test, whose file another one has replaced since."""
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    here.mkdir()
    elsewhere.mkdir()
    (here / "my.toml").write_text(OWN, encoding="utf-8")
    monkeypatch.chdir(here)
    number = run("import", "trace", trace, "--protocol", "my.toml", "--db", db, "--json").json[
        "trial"
    ]
    (here / "my.toml").unlink()
    (elsewhere / "my.toml").write_text("not a protocol", encoding="utf-8")
    monkeypatch.chdir(elsewhere)
    return int(number)


def shown(run, db, number: int) -> dict[str, object]:
    body = run("trials", "show", number, "--db", db, "--json").json
    return {key: value for key, value in body.items() if key != "trial"}


def test_a_test_of_ones_own_is_kept_with_the_trial(run, db, own_trial):
    before = shown(run, db, own_trial)
    assert before["protocol"] == "my_raise"
    assert run("trials", "rescore", own_trial, "--db", db).code == 0
    assert shown(run, db, own_trial) == before
    assert run("trials", "export", own_trial, "--db", db).code == 0
    assert "My own Passive straight leg raise" in run("trials", "show", own_trial, "--db", db).out


def test_a_test_of_ones_own_folder_is_named_by_its_id_and_kept_as_one_by_path(
    run, db, trace, own_trial, tmp_path, monkeypatch
):
    file = tmp_path / "config" / "protocols" / "raise.toml"
    file.parent.mkdir(parents=True)
    file.write_text(OWN, encoding="utf-8")
    monkeypatch.setenv("HIPGONIO_CONFIG", str(tmp_path / "config"))
    ran = run("import", "trace", trace, "--protocol", "my_raise", "--db", db, "--json")
    file.unlink()
    assert run("trials", "rescore", ran.json["trial"], "--db", db).code == 0
    assert shown(run, db, ran.json["trial"]) == shown(run, db, own_trial)


def test_a_test_of_ones_own_travels_in_the_trace(run, db, own_trial, tmp_path):
    run("trials", "export", own_trial, "--format", "trace", "--out", "t.jsonl.gz", "--db", db)
    number = run("import", "trace", "t.jsonl.gz", "--db", tmp_path / "x.db", "--json").json["trial"]
    assert shown(run, tmp_path / "x.db", number) == shown(run, db, own_trial)
    assert "My own Passive" in run("replay", "t.jsonl.gz").out


def test_a_test_named_on_the_line_replaces_the_traces_own(run, db, own_trial):
    run("trials", "export", own_trial, "--format", "trace", "--out", "t.jsonl", "--db", db)
    ran = run("import", "trace", "t.jsonl", "--protocol", "pslr", "--db", db)
    assert "My own" not in ran.out
    assert "Passive straight leg raise" in ran.out


@pytest.mark.parametrize("own_id", ["pslr", "my_raise"])
def test_an_own_test_with_a_shipped_tests_id_is_told(run, db, trace, tmp_path, own_id):
    file = tmp_path / "own.toml"
    file.write_text(OWN.replace('id = "my_raise"', f'id = "{own_id}"'), encoding="utf-8")
    ran = run("import", "trace", trace, "--protocol", file, "--db", db, "--json")
    assert ran.json["protocol"] == own_id
    assert ("own_protocol" in ran.json["certificate"]["reasons"]) == (own_id == "pslr")


def test_a_trace_that_names_a_file_does_not_have_it_read(run, trace, tmp_path):
    (tmp_path / "my.toml").write_text(OWN, encoding="utf-8")
    head, *rest = trace.read_text().splitlines(keepends=True)
    named = json.dumps(json.loads(head) | {"protocol": str(tmp_path / "my.toml")}) + "\n"
    trace.write_text("".join([named, *rest]))
    ran = run("replay", trace, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (2, "unknown_protocol")
    assert "whose text it does not keep" in ran.json["error"]["message"]


def faulty(trace: Path, fault: str) -> Path:
    """Cut off the last line, or change the note in the first."""
    lines = trace.read_text().splitlines(keepends=True)
    if fault == "trace_cut":
        lines = lines[:-1]
    else:
        lines[0] = lines[0].replace('"note":"', '"note":"x')
    path = trace.with_name("faulty.jsonl.gz")
    path.write_bytes(gzip.compress("".join(lines).encode()))
    return path


@pytest.mark.parametrize(("fault", "grade"), [("trace_cut", "B"), ("trace_changed", "X")])
def test_what_befell_a_trace_weighs_on_the_grade_wherever_it_goes(run, db, trace, fault, grade):
    assert shown(run, db, 1)["grade"] == "A"
    ran = run("import", "trace", faulty(trace, fault), "--db", db, "--json").json
    assert ran["grade"] == grade
    assert fault in ran["certificate"]["reasons"]
    number = ran["trial"]
    before = shown(run, db, number)
    assert fault in before["reasons"]
    assert run("trials", "rescore", number, "--db", db).code == 0
    assert shown(run, db, number) == before
    again = trace.with_name("again.jsonl")
    run("trials", "export", number, "--format", "trace", "--out", again, "--db", db)
    for file in (faulty(trace, fault), again):
        replayed = run("replay", file, "--json").json
        assert replayed["grade"] == grade
        assert fault in replayed["reasons"]


@pytest.mark.parametrize(("fault", "grade"), [("trace_cut", "B"), ("trace_changed", "X")])
def test_what_befell_a_trace_counts_without_a_test_too(run, trace, fault, grade):
    head, *rest = trace.read_text().splitlines(keepends=True)
    bare = json.loads(head) | {"protocol": None, "faults": [fault, "from_a_newer_version"]}
    trace.write_text("".join([json.dumps(bare) + "\n", *rest[:-1]]))
    ran = run("replay", trace, "--json").json
    assert ran["grade"] == grade
    assert {"from_a_newer_version", fault} <= set(ran["certificate"]["reasons"])
