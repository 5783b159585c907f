"""What a crash left is closed, scored and named by whichever verb comes next."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from collector.cli.opened import opened_store
from collector.pipeline import process
from collector.simulate import simulate_trial
from collector.store import open_store
from schemas.recording import Recording


@pytest.fixture(scope="module")
def simulated() -> Recording:
    return simulate_trial("pslr", "left", 3).recording


@pytest.fixture
def crashed(db: Path, simulated: Recording) -> Path:
    """A database whose recorder died before the trial was closed."""
    with open_store(db) as store:
        store.add_subject("S-1")
        trial = store.begin_trial(simulated.info, subject="S-1")
        store.append_chunks(trial, dict(enumerate(simulated.chunks)), simulated.events)
    return db


@pytest.mark.parametrize(
    "words",
    [
        ("trials", "list"),
        ("trials", "show", "1"),
        ("trials", "export", "1"),
        ("subjects", "list"),
        ("subjects", "add", "S-2"),
        ("sessions", "list"),
    ],
)
def test_a_crashed_trial_is_salvaged_scored_and_named(run, crashed, simulated, words):
    ran = run(*words, "--db", crashed)
    length_s = max(int(chunk.t_us[-1]) for chunk in simulated.chunks) / 1e6
    assert ran.code == 0
    assert f"Trial 1 was left open by a crash: its {length_s:.1f} s were saved" in ran.err
    assert f"see it with `hipgonio trials show 1 --db {crashed}`" in ran.err
    assert "grade" in ran.err
    assert (
        "crash" not in run(*words[:-1], "S-3" if "add" in words else words[-1], "--db", crashed).err
    )


def test_what_was_salvaged_is_shown_as_such_with_its_result(run, crashed):
    run("trials", "list", "--db", crashed)
    shown = run("trials", "show", 1, "--db", crashed, "--json").json
    assert shown["state"] == "salvaged"
    assert len(shown["repetitions"]) == 3
    assert (
        "This trial is salvaged: left open by a crash"
        in run("trials", "show", 1, "--db", crashed).out
    )


def test_a_salvaged_trial_says_in_its_result_that_its_end_is_missing(crashed):
    with opened_store(crashed) as store:
        kept, again = store.latest_result(1), process(store.load_recording(1)).result
    assert kept.grade != "A"
    assert "salvaged" in {reason.code for reason in kept.reasons}
    assert [r.code for r in again.certificate.reasons] == [r.code for r in kept.certificate.reasons]


def test_an_empty_trial_is_salvaged_without_a_score(run, db, simulated):
    with open_store(db) as store:
        store.begin_trial(simulated.info)
    ran = run("trials", "list", "--db", db, "--json")
    assert "its 0.0 s were saved and" in ran.err
    assert [row["state"] for row in ran.json["trials"]] == ["salvaged"]


def test_what_is_said_of_a_salvaged_trial_without_a_score_can_be_done(run, db, simulated, tmp_path):
    with open_store(db) as store:
        store.begin_trial(simulated.info)
    said = run("trials", "list", "--db", db).err
    words = said.rpartition("`hipgonio ")[2].partition("`")[0].split()
    words[words.index("--out") + 1] = str(tmp_path / "trial.jsonl.gz")
    assert run(*words).code == 0


def test_a_trial_that_is_being_recorded_is_left_alone(run, db, simulated):
    with open_store(db) as store:
        store.begin_trial(simulated.info)
        ran = run("trials", "list", "--db", db, "--json")
    assert ran.err == ""
    assert [row["state"] for row in ran.json["trials"]] == ["open"]


def test_a_wreck_that_cannot_be_read_keeps_nobody_out(run, crashed):
    with closing(sqlite3.connect(crashed)) as connection, connection:
        connection.execute("UPDATE chunk SET data = x'00' WHERE id = 1")
    ran = run("subjects", "list", "--db", crashed)
    assert ran.code == 0
    assert "Trial 1 was left open by a crash and cannot be salvaged yet: Chunk 1" in ran.err


def test_a_defect_in_scoring_keeps_nobody_out(run, crashed, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("collector.pipeline.process", broken)
    ran = run("subjects", "list", "--db", crashed)
    assert ran.code == 0
    assert "could not be scored (ZeroDivisionError: a bug)" in ran.err


def test_a_database_that_cannot_be_written_is_still_listed(run, crashed, monkeypatch):
    with open_store(crashed) as store:
        monkeypatch.setattr(type(store), "_close", _refused)
    ran = run("trials", "list", "--db", crashed, "--json")
    assert ran.code == 0
    assert "cannot be salvaged yet" in ran.err


def _refused(store, *_: object) -> None:
    with store._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with store._writing() as connection:
        connection.exec_driver_sql("DELETE FROM chunk")


def test_importing_says_that_the_database_was_salvaged_once(run, crashed, tmp_path):
    trace = tmp_path / "t.jsonl"
    run("trials", "export", 1, "--format", "trace", "--out", trace, "--db", crashed)
    ran = run("import", "trace", trace, "--db", crashed)
    assert ran.code == 0
    assert "crash" not in ran.err
