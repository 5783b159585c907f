from __future__ import annotations

import pytest


def checked(run, db, scenario, *words):
    ran = run("devices", "check", *words, "--virtual", scenario, "--db", db, "--json")
    return ran, {s["segment"]: s for s in ran.json["sensors"]}


def found(sensor) -> set[str]:
    return {finding["code"] for finding in sensor["findings"]}


@pytest.mark.parametrize("scenario", ["plain", "dot", "no-battery"])
def test_sound_sensors_are_fit(run, db, scenario):
    ran, sensors = checked(run, db, scenario)
    assert ran.code == 0
    assert {s["verdict"] for s in sensors.values()} == {"fit"}
    for sensor in sensors.values():
        assert sensor["figures"]["gravity_m_s2"] == pytest.approx(9.81, abs=0.15)
        assert sensor["figures"]["lost_pct"] < 0.5


@pytest.mark.parametrize(
    ("scenario", "segment", "code"),
    [
        ("frozen", "thigh_left", "zero_reference"),
        ("low-battery", "thigh_left", "battery"),
        ("lossy", "pelvis", "weak_signal"),
    ],
)
def test_what_is_wrong_is_a_warning_of_that_sensor(run, db, scenario, segment, code):
    ran, sensors = checked(run, db, scenario)
    assert ran.code == 0
    assert sensors[segment]["verdict"] == "fit_with_warnings"
    assert code in found(sensors[segment])


def test_a_sensor_that_sends_nothing_is_unfit_and_the_other_is_not(run, db):
    ran, sensors = checked(run, db, "silent", "--seconds", 3)
    assert ran.code == 5
    assert sensors["pelvis"]["verdict"] == "fit"
    assert {"silent", "not_streaming"} <= found(sensors["thigh_left"])


def test_one_sensor_can_be_named(run, db):
    _, sensors = checked(run, db, "plain", "pelvis", "--seconds", 3)
    assert set(sensors) == {"pelvis"}


def test_an_unknown_sensor_names_those_that_were_heard(run, db):
    ran = run("devices", "check", "nobody", "--virtual", "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (4, "sensor_missing")
    assert "WT901BLE67" in ran.json["error"]["message"]


def test_an_unfit_sensor_is_named_on_the_screen(run, db):
    ran = run("devices", "check", "--seconds", 3, "--virtual", "silent", "--db", db)
    assert ran.code == 5
    assert "unfit" in ran.out
    assert "Unfit for use: WT901BLE68" in ran.err
