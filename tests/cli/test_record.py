from __future__ import annotations

import pytest

from collector.store import open_store

TWO = ("--sensor", "pelvis=WT901BLE67", "--sensor", "thigh_left=WT901BLE68")


@pytest.fixture
def recorded(run, db, tmp_path):
    trace = tmp_path / "raw.jsonl.gz"
    ran = run("record", *TWO, "--virtual", "--seconds", 10, "--trace", trace, "--db", db, "--json")
    return ran, trace


def test_what_was_recorded_is_in_the_store_and_in_the_trace(run, db, recorded):
    ran, trace = recorded
    body = ran.json
    assert (ran.code, body["end"]) == (0, "finished")
    with open_store(db) as store:
        recording = store.load_recording(body["trial"])
    assert recording.sha256() == body["raw_sha256"]
    for chunk in recording.chunks:
        assert (chunk.t_us[-1] - chunk.t_us[0]) / 1e6 == pytest.approx(10.0, abs=0.2)
    assert run("import", "trace", trace, "--db", db).code == 0
    with open_store(db) as store:
        assert store.load_recording(2).sha256() == body["raw_sha256"]


def test_a_recording_without_a_test_has_samples_and_no_score(run, db, recorded):
    shown = run("trials", "show", 1, "--db", db, "--json").json
    assert (shown["protocol"], shown["repetitions"]) == (None, [])
    for sensor in shown["certificate"]["sensors"].values():
        assert sensor["received"] == pytest.approx(1000, abs=25)


def test_a_trace_that_exists_is_refused_before_anything_is_recorded(run, db, tmp_path):
    trace = tmp_path / "mine.jsonl"
    trace.write_text("mine")
    ran = run("record", *TWO, "--virtual", "--trace", trace, "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (2, "file_exists")
    assert trace.read_text() == "mine"
    assert not db.exists()


def test_a_trace_in_a_folder_that_is_not_there_is_refused_before_anything_is_recorded(run, db):
    trace = db.parent / "nowhere" / "x.jsonl"
    ran = run("record", *TWO, "--virtual", "--trace", trace, "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (2, "not_writable")
    assert not db.exists()


def test_one_sensor_cannot_be_worn_on_two_segments(run, db):
    """By one word or by two that mean the same: one sentence, and nothing into the radio's ear."""
    for other in ("WT901BLE67", "wt901ble67", "trunk"):
        run("devices", "assign", "trunk=WT901BLE67", "--virtual", "--db", db)
        words = ("--sensor", "pelvis=WT901BLE67", "--sensor", f"shank_left={other}")
        ran = run("record", *words, "--virtual", "--db", db, "--json")
        assert (ran.code, ran.json["error"]["reason"]) == (2, "bad_sensor")
        assert "Traceback" not in ran.err


def test_without_a_name_all_assigned_sensors_that_are_heard_are_recorded(run, db):
    run("devices", "assign", "trunk=WT901BLE67", "--virtual", "--db", db)
    ran = run("record", "--virtual", "--seconds", 2, "--db", db, "--json")
    assert ran.code == 0
    assert set(ran.json["notifications"]) == {"trunk", "thigh_left"}


def test_an_assigned_sensor_that_is_not_heard_is_left_out_and_named(run, db):
    both = ("pelvis=WT901BLE67", "thigh_left=WT901BLE68")
    run("devices", "assign", *both, "--virtual", "--db", db)
    ran = run("record", "--virtual", "missing", "--seconds", 2, "--db", db, "--json")
    assert set(ran.json["notifications"]) == {"pelvis"}
    assert "not heard, and left out: thigh_left" in ran.err


def test_where_no_sensor_is_assigned_none_is_recorded(run, db):
    ran = run("record", "--virtual", "nobody", "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (4, "not_assigned")
    with open_store(db) as store:
        assert store.list_trials() == ()


def test_an_axis_of_a_segment_without_a_sensor_is_refused(run, db):
    ran = run("record", "--virtual", "--axis", "shank_left=+y", "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (2, "bad_axis")


def test_people_are_told_what_came(run, db):
    ran = run("record", *TWO, "--virtual", "--seconds", 3, "--db", db)
    assert "thigh_left" in ran.out
    assert "Stored as trial 1" in ran.err
