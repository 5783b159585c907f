"""What a user gets wrong: one sentence, the right exit code, and a database that is as it was."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3

import numpy as np
import pytest

HEAD = "time_s,acc_x_m_s2,acc_y_m_s2,acc_z_m_s2,gyr_x_rad_s,gyr_y_rad_s,gyr_z_rad_s"


def lifts(path, *, start_s=0.0, still_s=4.0, size_deg=60.0, sign=1.0):
    """Three slow turns about y, with gravity from where the sensor then is."""
    t = np.arange(0.0, 34.0, 0.01)
    phase = np.clip((t - still_s) / 10.0, 0.0, 3.0)
    angle = sign * np.radians(size_deg) * 0.5 * (1.0 - np.cos(2.0 * np.pi * phase))
    rate = np.gradient(angle, t)
    zero = np.zeros_like(t)
    rows = np.stack(
        [start_s + t, -9.81 * np.sin(angle), zero, 9.81 * np.cos(angle), zero, rate, zero], axis=1
    )
    np.savetxt(path, rows, delimiter=",", header=HEAD, comments="", fmt="%.6f")
    return path


@pytest.fixture
def files(tmp_path):
    pelvis = lifts(tmp_path / "pelvis.csv", size_deg=20.0)
    return pelvis, lifts(tmp_path / "thigh.csv", sign=-1.0)


@pytest.fixture
def words(files, db):
    pelvis, thigh = files
    maps = ["--map", f"pelvis={pelvis}", "--map", f"thigh_left={thigh}"]
    return ["import", "table", *maps, "--reference", "0.5:3.5", "--db", str(db), "--json"]


def digest(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def refused(ran, code: int, reason: str) -> str:
    assert ran.code == code, ran
    assert ran.err == ""
    error = ran.json["error"]
    assert (ran.json["schema"], error["code"], error["reason"]) == (1, code, reason)
    assert error["message"].count("\n") == 0
    assert error["message"].rstrip().endswith((".", "?"))
    return error["message"]


def test_good_files_import(run, words):
    ran = run(*words, "--protocol", "pslr", "--side", "left")
    assert ran.code == 0, ran
    assert ran.json["trial"] == 1


def test_a_pelvis_that_moves_the_other_way_is_not_said_to_lend_nothing(run, words):
    shown = run(*[w for w in words if w != "--json"], "--protocol", "pslr", "--axis", "pelvis=+y")
    assert "Hip 79.9" in shown.out  # 60 degrees of thigh, 20 of pelvis against it
    assert "the pelvis lent nothing, it moved 20.0\u00b0 the other way" in shown.out


def test_missing_file(run, words, tmp_path):
    words[3] = f"pelvis={tmp_path / 'nothing.csv'}"
    assert "nothing.csv" in refused(run(*words), 6, "file_missing")


def test_wrong_columns_are_named(run, words, files):
    files[0].write_text(files[0].read_text().replace("gyr_x_rad_s", "gx"))
    assert "gyr_x_rad_s" in refused(run(*words), 6, "wrong_columns")


@pytest.mark.parametrize(
    ("cell", "reason"), [("abc", "not_a_number"), ("nan", "nan"), ("", "not_a_number")]
)
def test_a_bad_cell_is_named_by_line_and_column(run, words, files, cell, reason):
    lines = files[1].read_text().splitlines()
    row = lines[99].split(",")
    row[3] = cell
    files[1].write_text("\n".join([*lines[:99], ",".join(row), *lines[100:]]) + "\n")
    ran = run(*words)
    message = refused(ran, 6, reason)
    assert "line 100" in message.lower()
    assert "acc_z_m_s2" in message


def test_time_that_goes_back(run, words, files):
    lines = files[0].read_text().splitlines()
    lines[50], lines[60] = lines[60], lines[50]
    files[0].write_text("\n".join(lines) + "\n")
    refused(run(*words), 6, "time_goes_back")


def test_two_sensors_that_do_not_overlap(run, words, tmp_path):
    late = lifts(tmp_path / "late.csv", start_s=500.0, sign=-1.0)
    words[5] = f"thigh_left={late}"
    del words[6:8]
    refused(run(*words), 6, "no_overlap")


def test_unknown_segment_protocol_and_option(run, words):
    changed = [*words[:3], "hip=x.csv", *words[4:]]
    assert "pelvis" in refused(run(*changed), 2, "unknown_segment")
    assert "pslr" in refused(run(*words, "--protocol", "slump"), 2, "unknown_protocol")
    refused(run(*words, "--tilt", "magic"), 2, "usage")
    refused(run(*words, "--reference", "3.5:0.5"), 2, "bad_window")


def test_reference_with_movement_in_it(run, words):
    words[words.index("0.5:3.5")] = "6:9"
    refused(run(*words), 6, "reference_moving")


def test_reference_outside_the_recording(run, words):
    words[words.index("0.5:3.5")] = "900:903"
    refused(run(*words), 6, "window_outside")


def test_sweep_too_small(run, words):
    message = refused(run(*words, "--sweep", "0:3"), 6, "sweep_too_small")
    assert re.search(r"--axis (pelvis|thigh_left)=\+y\b", message)


def test_a_quantity_that_was_not_sent_is_told_with_its_segment(run, words):
    message = refused(run(*words, "--tilt", "vendor"), 6, "tilt_source_missing")
    assert message.startswith("pelvis: --tilt vendor needs")


def test_a_sensor_that_sent_nothing_is_named(run, tmp_path):
    silent = tmp_path / "silent.jsonl"
    silent.write_text("".join(json.dumps({"t": i / 10, "hex": "00"}) + "\n" for i in range(5)))
    ran = run("import", "notifications", "--map", f"trunk={silent}", "--json")
    assert "No samples came from trunk" in refused(ran, 6, "no_samples")


def test_imported_rows_are_no_device(run, tmp_path):
    file = tmp_path / "x.jsonl"
    file.write_text('{"t": 0.0, "hex": "00"}\n')
    ran = run("import", "notifications", "--profile", "table", "--map", f"trunk={file}", "--json")
    assert "expected one of witmotion" in refused(ran, 2, "unknown_profile")


def test_sensor_that_the_test_needs(run, words):
    del words[2:4]
    message = refused(run(*words, "--protocol", "pslr", "--side", "left"), 4, "sensor_missing")
    assert "pelvis" in message


def test_refused_import_leaves_the_database_as_it_was(run, words, db, files):
    assert run(*words).code == 0
    before = digest(db)
    files[0].write_text("time_s\n1\n")
    assert run(*words).code == 6
    assert digest(db) == before


def test_refused_import_makes_no_database(run, words, db, files):
    files[0].unlink()
    run(*words)
    assert not db.exists()


def test_database_that_cannot_be_made(run, words, tmp_path):
    words[words.index("--db") + 1] = str(tmp_path / "no" / "such" / "folder" / "x.db")
    refused(run(*words), 7, "no_folder")


def test_a_data_folder_that_cannot_be_made(run, tmp_path, monkeypatch, virtual_radio):
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "hipgonio"
    monkeypatch.setattr("collector.store.entry._data_folder", lambda: folder)
    monkeypatch.delenv("HIPGONIO_DB")
    refused(run("demo", "--json"), 7, "not_writable")


@pytest.mark.parametrize(
    "change", ["ALTER TABLE trial RENAME COLUMN note TO remark", "DROP TABLE calibration"]
)
def test_a_database_of_another_layout_is_told_with_what_to_do(run, words, db, change):
    run(*words)
    with sqlite3.connect(db) as connection:
        connection.execute(change)
    connection.close()
    message = refused(run("trials", "list", "--db", db, "--json"), 7, "other_layout")
    assert "hipgonio db recover" in message


def test_database_of_a_newer_version(run, words, db):
    run(*words)
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = digest(db)
    refused(run(*words), 7, "newer_database")
    refused(run("trials", "list", "--db", db, "--json"), 7, "newer_database")
    assert digest(db) == before


def test_a_file_that_is_no_database(run, words, db):
    db.write_text("dear diary")
    refused(run(*words), 7, "not_a_database")
    assert db.read_text() == "dear diary"


def test_a_trial_that_does_not_exist(run, words, db):
    run(*words)
    assert "1" in refused(run("trials", "show", "7", "--db", db, "--json"), 7, "no_such_trial")


def test_grade_worse_than_required_is_stored_and_exits_with_5(run, words, db):
    no_reference = [w for w in words if w not in ("--reference", "0.5:3.5")]
    more = ["--protocol", "pslr", "--side", "left", "--require-grade", "A"]
    refused(run(*no_reference, *more), 5, "grade")
    assert run("trials", "show", "1", "--db", db, "--json").json["grade"] == "X"


def test_export_never_overwrites(run, words, db, tmp_path):
    run(*words)
    out = tmp_path / "angles.csv"
    out.write_text("mine")
    ran = run("trials", "export", "1", "--db", db, "--out", out)
    assert (ran.code, out.read_text()) == (2, "mine")


def test_errors_without_json_are_one_line_on_standard_error(run, words):
    ran = run(*[w for w in words if w != "--json"], "--protocol", "slump")
    assert ran.out == ""
    assert ran.err.startswith("hipgonio: ")
    assert ran.err.count("\n") == 1
