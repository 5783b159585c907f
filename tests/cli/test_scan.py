from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from collector.cli.scenario import with_scenario
from collector.store import open_store


def test_a_scan_names_family_alias_segment_battery_and_strength(run, db):
    ran = run("scan", "--virtual", "--db", db, "--json")
    assert ran.code == 0, ran
    pelvis, thigh = sorted(ran.json["sensors"], key=lambda sensor: sensor["segment"])
    assert (pelvis["segment"], thigh["segment"]) == ("pelvis", "thigh_left")
    for sensor in (pelvis, thigh):
        assert (sensor["profile"], sensor["battery_percent"], sensor["rssi_dbm"]) == (
            "witmotion",
            100,
            -55,
        )
        assert len(sensor["alias"]) == 16


def test_the_alias_is_the_same_at_the_next_scan(run, db):
    scans = [run("scan", "--virtual", "--no-battery", "--db", db, "--json").json for _ in "ab"]
    aliases = [{s["alias"] for s in scan["sensors"]} for scan in scans]
    assert aliases[0] == aliases[1]


def test_without_battery_nobody_is_connected_to(run, db):
    ran = run("scan", "--virtual", "--no-battery", "--db", db, "--json")
    assert [s["battery_percent"] for s in ran.json["sensors"]] == [None, None]
    assert "Asking" not in ran.err


def test_a_sensor_that_never_tells_its_battery_is_listed(run, db):
    ran = run("scan", "--virtual", "no-battery", "--db", db, "--json")
    assert [(s["battery_percent"], s["answered"]) for s in ran.json["sensors"]] == [
        (None, True)
    ] * 2


def test_a_sensor_that_cannot_be_connected_to_is_listed_all_the_same(run, db):
    ran = run("scan", "--virtual", "vanish", "--db", db, "--json")
    assert sorted(s["answered"] for s in ran.json["sensors"]) == [False, True]
    assert "could not be asked" in ran.err


def test_where_nobody_is_heard_it_listens_twice_and_says_what_to_do(run, db):
    ran = run("scan", "--virtual", "nobody", "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (4, "no_sensor")
    assert "switch it on" in ran.json["error"]["message"]
    assert "listening once more" in ran.err


def test_all_shows_even_where_no_sensor_is(run, db):
    ran = run("scan", "--virtual", "nobody", "--all", "--db", db, "--json")
    assert (ran.code, ran.json["sensors"], ran.json["others"]) == (4, [], [])


@pytest.mark.parametrize(
    ("scenario", "reason"),
    [
        ("off", "adapter_off"),
        ("none", "no_adapter"),
        ("denied", "permission_denied"),
        ("wedged", "adapter_wedged"),
    ],
)
def test_a_radio_that_cannot_be_used_ends_with_3_and_advice(run, db, scenario, reason):
    ran = run("scan", "--virtual", scenario, "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (3, reason)
    assert len(ran.json["error"]["message"].split(". ")) >= 2


def test_virtual_sensors_do_not_get_into_the_users_database(run, tmp_path, monkeypatch):
    monkeypatch.setenv("HIPGONIO_DB", str(tmp_path / "patients.db"))
    assert run("scan", "--virtual", "--no-battery").code == 0
    assert {path.name for path in tmp_path.glob("*.db")} == {"demo.db"}


def test_a_virtual_radio_that_is_not_installed_says_how_to_get_it(run, db, monkeypatch):
    monkeypatch.setattr("collector.links.setup.find_spec", lambda _name: None)
    ran = run("scan", "--virtual", "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (2, "no_virtual_radio")
    assert "hipgonio[virtual]" in ran.json["error"]["message"]


def test_an_unknown_scenario_names_those_that_exist(run, db):
    ran = run("scan", "--virtual=moonshine", "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (2, "unknown_scenario")
    assert "same-name" in ran.json["error"]["message"]


def test_speed_is_for_virtual_sensors(run, db):
    assert run("scan", "--speed", "2", "--db", db).code == 2


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["scan", "--virtual"], ["scan", "--virtual=plain"]),
        (["scan", "--virtual", "--json"], ["scan", "--virtual=plain", "--json"]),
        (["scan", "--virtual", "lossy"], ["scan", "--virtual", "lossy"]),
        (["measure", "--virtual", "pslr"], ["measure", "--virtual=plain", "pslr"]),
        (["scan", "--", "--virtual"], ["scan", "--", "--virtual"]),
    ],
)
def test_the_scenario_may_be_left_out(words, meant):
    assert with_scenario(words) == meant


def test_the_salt_is_kept_as_soon_as_an_alias_was_shown(run, db):
    run("scan", "--virtual", "--no-battery", "--db", db)
    with open_store(db, create=False) as store:
        assert store.salt()


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_an_interrupt_ends_with_130_and_closes_everything(tmp_path):
    code = "import sys; from collector.cli.script import script; script()"
    words = ["scan", "--virtual", "--speed", "0.2", "--db", str(tmp_path / "a.db")]
    with subprocess.Popen(
        [sys.executable, "-X", "dev", "-c", code, *words], stderr=subprocess.PIPE, text=True
    ) as process:
        said = ""
        while "heard" not in said:
            said += process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said += process.stderr.read()
    assert process.returncode == 130, said
    assert "Interrupted" in said
    assert "Traceback" not in said
    assert "Warning" not in said
