"""What a person sees: nothing cropped, nothing that outlives its cause, nothing left unsaid."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import collector.cli.demo as demo_verb
from collector import rescore
from collector.pipeline import process_many
from collector.store import open_store

SHIPPED = Path(__file__).resolve().parents[2] / "schemas" / "protocols"


@pytest.fixture
def own_test(tmp_path) -> Path:
    """A user's own protocol file, with a title that looks like markup."""
    text = (SHIPPED / "pslr.toml").read_text(encoding="utf-8")
    path = tmp_path / "own.toml"
    path.write_text(text.replace('title = "', 'title = "[/b] My ', 1), encoding="utf-8")
    return path


@pytest.fixture
def trace(run, db, tmp_path) -> Path:
    path = tmp_path / "trial.jsonl.gz"
    run("demo", "--db", db)
    run("trials", "export", 1, "--format", "trace", "--out", path, "--db", db)
    return path


def test_a_trial_fits_80_columns_with_the_hip_on_a_line_of_its_own(run, db, monkeypatch):
    run("demo", "--db", db)
    monkeypatch.setenv("COLUMNS", "80")
    lines = run("trials", "show", 1, "--db", db).out.splitlines()
    assert max(map(len, lines)) <= 80
    (hip,) = [line for line in lines if line.startswith("  Hip ")]
    (below,) = [line for line in lines if "read without correction" in line]
    assert "±" in hip
    assert "lent" in below


def test_a_reason_of_several_repetitions_is_said_once_with_their_numbers(run, db):
    run("demo", "--seed", 1, "--db", db)
    out = run("trials", "show", 1, "--db", db).out
    body = run("trials", "show", 1, "--db", db, "--json").json
    with_note = [rep["n"] for rep in body["repetitions"] if "lag_unresolved" in rep["reasons"]]
    assert len(with_note) > 1
    assert out.count("lag_unresolved (") == 1
    assert f"lag_unresolved ({', '.join(map(str, with_note))}): " in out


def test_a_void_trial_says_so_before_its_grade(run, db):
    run("demo", "--db", db)
    run("trials", "void", 1, "--reason", "strap slipped", "--db", db)
    assert run("trials", "show", 1, "--db", db).out.startswith("This trial is void: strap slipped")
    body = run("trials", "show", 1, "--db", db, "--json").json
    assert (body["state"], body["state_reason"]) == ("void", "strap slipped")


@pytest.mark.parametrize("reason", ["", "  "])
def test_void_needs_a_reason(run, db, reason):
    run("demo", "--db", db)
    assert run("trials", "void", 1, "--reason", reason, "--db", db).code == 2
    assert run("trials", "show", 1, "--db", db, "--json").json["state"] == "closed"


@pytest.fixture
def without_its_test(run, db, trace) -> int:
    """A trial whose test no longer ships; the one after it still has its own."""
    for _ in range(2):
        run("import", "trace", trace, "--db", db)
    with closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE trial SET protocol = 'gone' WHERE id = 2")
    return 2


def test_a_title_that_looks_like_markup_is_shown_as_it_is(run, db, trace, own_test):
    shown = run("import", "trace", trace, "--protocol", own_test, "--db", db)
    assert shown.code == 0, shown
    assert "[/b] My Passive straight leg raise" in shown.out


def test_a_stored_result_outlives_its_test(run, db, without_its_test):
    again = run("trials", "show", without_its_test, "--db", db)
    assert again.code == 0, again
    assert "Hip " in again.out


def test_what_cannot_be_scored_again_does_not_stop_the_rest_and_is_told(run, db, without_its_test):
    ran = run("trials", "rescore", "--all", "--db", db, "--json")
    assert ran.code == 6
    assert [row["grade"] for row in ran.json["rescored"]] == ["A", None, "A"]
    assert "'gone'" in ran.json["rescored"][1]["error"]


def test_an_empty_protocol_name_is_refused_rather_than_not_scored(run, db, trace):
    ran = run("import", "trace", trace, "--protocol", "", "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (2, "unknown_protocol")


def test_one_segment_has_one_axis(run, db, trace):
    words = ["--axis", "pelvis=+y", "--axis", "pelvis=-y", "--db", db, "--json"]
    ran = run("import", "trace", trace, *words)
    assert (ran.code, ran.json["error"]["reason"]) == (2, "bad_axis")


def test_a_note_that_looks_like_markup_is_listed_as_it_is(run, db):
    run("demo", "--db", db)
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE session SET note = '[/red] left leg'")
    connection.close()
    assert "[/red] left leg" in run("sessions", "list", "--db", db).out


def behind_the_note(err: str) -> str:
    """Return the only line behind the demo's note that it takes a simulated link."""
    note, line = err.splitlines()
    assert note.startswith("The virtual radio is not installed")
    return line


def test_an_interrupt_ends_with_130_and_one_sentence(run, db, monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo_verb, "_simulate", interrupted)
    ran = run("demo", "--db", db)
    assert (ran.code, ran.out) == (130, "")
    assert behind_the_note(ran.err).startswith("Interrupted")
    assert not db.exists()


def test_the_version_needs_no_verb(run):
    ran = run("--version")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("hipgonio ")


def test_a_defect_of_ours_is_one_sentence_and_a_traceback_only_on_request(run, db, monkeypatch):
    monkeypatch.setattr(demo_verb, "_simulate", lambda *_, **__: 1 / 0)
    ran = run("demo", "--db", db)
    assert (ran.code, ran.out) == (1, "")
    assert behind_the_note(ran.err).startswith("hipgonio: A defect of ours")
    assert "Traceback" not in ran.err
    monkeypatch.setenv("HIPGONIO_DEBUG", "1")
    assert "Traceback" in run("demo", "--db", db).err


def test_what_is_named_on_the_line_wins_over_the_traces_head(run, db, trace):
    before = run("trials", "show", 1, "--db", db, "--json").json["certificate"]["sensors"]
    run("import", "trace", trace, "--reference", "1:2", "--db", db)
    after = run("trials", "show", 2, "--db", db, "--json").json["certificate"]["sensors"]
    older = after["pelvis"]["calibration_age_min"] - before["pelvis"]["calibration_age_min"]
    assert older == pytest.approx((3.2 - 2.0) / 60.0, abs=1e-6)
    wrong = run("import", "trace", trace, "--side", "right", "--db", db, "--json")
    assert (wrong.code, wrong.json["error"]["reason"]) == (4, "sensor_missing")


def results_of(db, trial: int) -> int:
    with open_store(db) as store:
        return len(store.results(trial))


def test_an_interrupt_while_scoring_again_keeps_what_was_committed(run, db, monkeypatch):
    for _ in range(3):
        run("demo", "--db", db)
    monkeypatch.setattr(rescore, "BATCH", 2)
    begun = []

    def interrupted(recordings, **how):
        begun.extend(recordings)
        if len(begun) == 3:
            raise KeyboardInterrupt
        return process_many(recordings, **how)

    monkeypatch.setattr(rescore, "process_many", interrupted)
    assert run("trials", "rescore", "--all", "--db", db).code == 130
    assert [results_of(db, trial) for trial in (1, 2, 3)] == [2, 2, 1]


def test_a_trial_that_is_not_there_is_told_before_any_is_scored(run, db):
    run("demo", "--db", db)
    ran = run("trials", "rescore", 1, 99, "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (7, "no_such_trial")
    assert results_of(db, 1) == 1


def test_a_terminal_sees_how_far_scoring_again_is(run, db, monkeypatch):
    run("demo", "--db", db)
    assert run("trials", "rescore", "--all", "--db", db, "--json").err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    ran = run("trials", "rescore", "--all", "--db", db, "--json")
    assert "Scoring again" in ran.err
    assert [row["trial"] for row in ran.json["rescored"]] == [1]


def test_void_and_trace_export_speak_json(run, db, tmp_path):
    run("demo", "--db", db)
    out = tmp_path / "t.jsonl"
    words = ["--format", "trace", "--out", out]
    body = run("trials", "export", 1, *words, "--db", db, "--json").json
    shown = run("trials", "show", 1, "--db", db, "--json").json
    assert (body["schema"], body["trial"], body["file"]) == (1, 1, str(out))
    assert body["raw_sha256"] == shown["certificate"]["raw_sha256"]
    assert body["notifications"] == len(out.read_text().splitlines()) - 2
    voided = run("trials", "void", 1, "--reason", "slipped", "--db", db, "--json").json
    assert voided == {"schema": 1, "trial": 1, "state": "void", "state_reason": "slipped"}
    assert run("trials", "export", 1, "--db", db, "--json").code == 2


@pytest.mark.parametrize("verb", ["trials", "sessions"])
def test_a_subject_who_is_not_there_is_told(run, db, verb):
    run("demo", "--db", db)
    ran = run(verb, "list", "--subject", "nobody", "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (7, "no_such_subject")


@pytest.mark.parametrize("words", [[], ["1", "--all"]])
def test_scoring_again_wants_trials_or_all_and_not_both(run, db, words):
    run("demo", "--db", db)
    assert run("trials", "rescore", *words, "--db", db).code == 2


@pytest.mark.parametrize("verb", [["replay"], ["demo"]])
def test_the_speed_reaches_the_link(run, db, trace, monkeypatch, verb):
    asked = []

    def link(recording: object, *, speed: float | None) -> object:
        asked.append(speed)
        return recording

    monkeypatch.setattr("collector.links.replay.replay", link)
    file = [trace] if verb == ["replay"] else ["--db", db]
    assert run(*verb, *file, "--speed", "2").code == 0
    assert asked == [2.0]


def test_a_table_without_a_date_says_that_its_time_is_that_of_the_import(run, db, tmp_path):
    rows = "".join(f"{i / 100:.2f},0,0,9.81,0,0,0\n" for i in range(200))
    head = "time_s,acc_x_m_s2,acc_y_m_s2,acc_z_m_s2,gyr_x_rad_s,gyr_y_rad_s,gyr_z_rad_s\n"
    (tmp_path / "still.csv").write_text(head + rows, encoding="utf-8")
    words = ["import", "table", "--map", f"pelvis={tmp_path / 'still.csv'}", "--db", db]
    assert run(*words, "--axis", "pelvis=+y").code == 0
    assert run(*words, "--axis", "pelvis=+y", "--utc", "2026-01-02T03:04:05Z").code == 0
    undated, dated = run("trials", "list", "--db", db, "--json").json["trials"]
    assert "time is that of the import" in undated["note"]
    assert (dated["utc"], dated["note"]) == ("2026-01-02T03:04:05Z", "")


def test_a_bend_is_not_named_by_the_thigh_that_was_measured_beside_it(capsys):
    from collector.cli.show import show_trial
    from collector.pipeline import process
    from collector.simulate import simulate_trial

    for test, title in (("fb", "Standing forward bend  ("), ("pslr", "leg raise, left  (")):
        done = process(simulate_trial(test, "left", 3).recording)
        show_trial(1, done.result, done.protocol)
        assert title in capsys.readouterr().out


def shown(capsys, test, *mishaps, **how):
    """What is printed of a simulated trial."""
    from collector.cli.show import show_trial
    from collector.pipeline import process
    from collector.simulate import Performance, TrialConfig, simulate_trial

    config = TrialConfig(how=Performance(**how), mishaps=mishaps)
    done = process(simulate_trial(test, "left", 2, config).recording)
    show_trial(1, done.result, done.protocol)
    return done.result, capsys.readouterr().out


def test_a_test_without_a_pelvis_sensor_has_its_total_as_the_number(capsys):
    result, out = shown(capsys, "ake")
    assert f"Total {result.set.tot_mean_deg:.1f}° ±" in out
    assert "Repetitions 1, 2, 3 agree" in out


def test_a_grade_of_what_counts_is_not_told_as_if_all_did(capsys):
    from collector.simulate.mishaps import Slip

    result, out = shown(capsys, "pslr", Slip("pelvis"))
    assert [rep.grade for rep in result.repetitions] == ["A", "X", "X"]
    assert "Grade A: nothing speaks against what counts; 2 of 3 do not" in out
    assert "Repetition 1: three are needed" in out


def test_repetitions_that_disagree_are_not_told_as_a_clean_trial(capsys):
    result, out = shown(capsys, "pslr", repetition_sd_deg=14.0, repetitions=6)
    assert (result.grade, result.set.consistent) == ("A", False)
    assert "nothing speaks against it" not in out
    assert "but they disagree" in out


def test_a_hip_larger_than_what_was_read_is_not_called_a_part_of_it(capsys):
    result, out = shown(capsys, "gait")
    assert result.set.hip_mean_deg > result.set.tot_mean_deg
    assert f"\n  {result.set.tot_mean_deg:.1f}° read without correction" in out


def test_a_trial_that_was_closed_and_never_scored_is_pointed_out(run, db):
    from collector.simulate import simulate_trial

    with open_store(db) as store:
        number = store.add_trial(simulate_trial("pslr", "left", 2).recording, subject="S-1")
    assert "trials rescore 1" in run("trials", "list", "--db", db).err
    run("trials", "rescore", number, "--db", db)
    assert run("trials", "list", "--db", db).err == ""
