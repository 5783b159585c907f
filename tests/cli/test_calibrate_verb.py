from __future__ import annotations

import numpy as np
import pytest

from collector.export.trace import write_trace
from collector.links.virtual.scenarios import SEED
from collector.simulate.six_poses import simulate_six_poses
from collector.simulate.wire import TrialConfig, sensor_of
from collector.store import open_store


def test_six_virtual_poses_find_what_the_sensor_was_drawn_with(run, db):
    ran = run("devices", "calibrate", "pelvis", "--virtual", "--db", db, "--json")
    assert ran.code == 0, ran
    (row,) = ran.json["calibrations"]
    true = sensor_of(SEED, "pelvis", TrialConfig())
    np.testing.assert_allclose(row["bias_m_s2"], true.acc_bias_m_s2, atol=0.015)
    np.testing.assert_allclose(row["scale"], true.acc_scale, atol=0.0015)
    assert "Side 6 of 6" in ran.err


def test_the_calibration_is_kept_and_shown_by_the_scan(run, db):
    alias = run("devices", "calibrate", "pelvis", "--virtual", "--db", db, "--json").json[
        "calibrations"
    ][0]["alias"]
    with open_store(db, create=False) as store:
        assert store.latest_calibration(alias) is not None
    sensors = run("scan", "--virtual", "--no-battery", "--db", db, "--json").json["sensors"]
    assert {s["alias"]: bool(s["calibrated"]) for s in sensors}[alias]


def test_a_movella_dot_is_calibrated_in_a_mode_with_gravity(run, db):
    ran = run("devices", "calibrate", "pelvis", "--virtual", "dot", "--db", db, "--json")
    assert ran.json["calibrations"][0]["poses"] == 6


def test_two_sensors_must_be_told_apart(run, db):
    ran = run("devices", "calibrate", "--virtual", "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (4, "ambiguous_sensor")


def test_a_sensor_that_sends_nothing_is_named(run, db):
    ran = run("devices", "calibrate", "thigh_left", "--virtual", "silent", "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (4, "not_streaming")


@pytest.fixture
def trace(tmp_path):
    path = tmp_path / "poses.jsonl.gz"
    write_trace(simulate_six_poses(5, poses=6).recording, path)
    return path


def test_a_recording_of_still_poses_calibrates_all_its_sensors(run, db, trace):
    made = simulate_six_poses(5, poses=6)
    rows = run("devices", "calibrate", "--trace", trace, "--db", db, "--json").json["calibrations"]
    for row, use in zip(rows, made.recording.info.sensors, strict=True):
        assert (row["alias"], row["poses"]) == (use.alias, 6)
        true = made.sensors[use.segment].acc_bias_m_s2
        np.testing.assert_allclose(row["bias_m_s2"], true, atol=0.015)


def test_a_stored_trial_calibrates_one_sensor_by_its_segment(run, db):
    with open_store(db) as store:
        number = store.add_trial(simulate_six_poses(5, poses=6).recording)
    words = ("devices", "calibrate", "pelvis", "--from", number, "--db", db, "--json")
    assert len(run(*words).json["calibrations"]) == 1


def test_too_few_poses_are_refused_and_nothing_is_kept(run, db, tmp_path):
    short = tmp_path / "short.jsonl"
    write_trace(simulate_six_poses(5, poses=4).recording, short)
    ran = run("devices", "calibrate", "--trace", short, "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (6, "too_few_poses")
    assert not db.exists()


def test_an_unknown_sensor_of_a_recording_names_its_own(run, db, trace):
    ran = run("devices", "calibrate", "trunk", "--trace", trace, "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (2, "bad_sensor")
    assert "pelvis" in ran.json["error"]["message"]


def test_trial_and_trace_together_are_refused(run, db, trace):
    assert run("devices", "calibrate", "--from", 1, "--trace", trace, "--db", db).code == 2
