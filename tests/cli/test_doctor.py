from __future__ import annotations

import os
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from collector.cli import checkup
from collector.cli.checkup import Line
from collector.cli.doctor import exit_code
from collector.pipeline import process
from collector.simulate import simulate_trial
from collector.store import open_store
from schemas import protocol_file

SECRETS = {
    "subject": "Erika-Mustermann",
    "note": "left-hip-of-the-mayor",
    "user": "dr-secret",
    "alias": "feedfacecafe0123",
    "address": "C0:FF:EE:12:34:56",
    "folder": "private-folder",
    "fault": "erika_was_here",
    "variable": "ward-7-adapter",
    "firmware": "serial-778899",
}


def examined(run, db, *words):
    ran = run("doctor", "--virtual", *words, "--db", db, "--json")
    return ran, {check["topic"]: check for check in ran.json["checks"]}


def test_a_sound_machine_ends_with_0(run, db, tmp_path, monkeypatch):
    monkeypatch.setenv("HIPGONIO_CONFIG", str(tmp_path))
    ran, checks = examined(run, db)
    assert (ran.code, ran.json["code"]) == (0, 0)
    assert {check["status"] for check in checks.values()} == {"ok"}
    assert "bleak" in checks["libraries"]["found"]


def test_a_config_folder_that_is_not_there_is_told(run, db, tmp_path, monkeypatch):
    monkeypatch.setenv("HIPGONIO_CONFIG", str(tmp_path / "mistyped"))
    ran, checks = examined(run, db)
    assert (ran.code, checks["own files"]["status"]) == (0, "warn")
    assert "HIPGONIO_CONFIG names a folder that is not there" in checks["own files"]["advice"]


def test_broken_files_of_ones_own_are_told_and_sound_ones_counted(run, db, tmp_path, monkeypatch):
    monkeypatch.setenv("HIPGONIO_CONFIG", str(tmp_path))
    (tmp_path / "protocols").mkdir()
    shipped = Path(protocol_file.__file__).parents[1] / "protocols" / "aslr.toml"
    own = shipped.read_text(encoding="utf-8").replace('id = "aslr"', 'id = "mine"', 1)
    (tmp_path / "protocols" / "mine.toml").write_text(own, encoding="utf-8")
    (tmp_path / "protocols" / "bad.toml").write_text("format = 2", encoding="utf-8")
    (tmp_path / "norms.csv").write_text("id,motion\n", encoding="utf-8")
    _, checks = examined(run, db)
    assert checks["own files"]["facts"] == {"tests": 1, "norms": 0, "broken": 2}
    assert "bad.toml" in checks["own files"]["advice"]
    assert "norms.csv" in checks["own files"]["advice"]


@pytest.mark.parametrize("scenario", ["off", "none", "denied", "wedged"])
def test_a_radio_that_cannot_be_used_ends_with_3_and_advice(run, db, scenario):
    ran = run("doctor", "--virtual", scenario, "--db", db, "--json")
    (radio,) = [check for check in ran.json["checks"] if check["topic"] == "radio"]
    assert (ran.code, radio["status"]) == (3, "bad")
    assert radio["advice"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"not a database at all" * 100, "not_a_database"), (None, "foreign_database")],
)
def test_a_file_that_is_no_database_of_ours_ends_with_7(run, db, content, reason):
    if content is None:
        with closing(sqlite3.connect(db)) as other:
            other.execute("CREATE TABLE notes (text)")
            other.commit()
    else:
        db.write_bytes(content)
    ran, checks = examined(run, db)
    assert (ran.code, checks["database"]["reason"]) == (7, reason)
    assert checks["database"]["advice"]


def test_a_newer_database_says_to_upgrade(run, db):
    open_store(db).close()
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    ran, checks = examined(run, db)
    assert (ran.code, checks["database"]["reason"]) == (7, "newer_database")


def test_a_trial_left_open_is_told_and_not_touched(run, db):
    with open_store(db) as store:
        store.begin_trial(simulate_trial("pslr", "left", 1).recording.info)
    before = db.read_bytes()
    ran, checks = examined(run, db)
    assert (ran.code, checks["database"]["reason"]) == (0, "trial_open")
    assert db.read_bytes() == before


def test_looking_does_not_make_a_database(run, db):
    examined(run, db)
    assert not db.exists()


def test_a_full_disk_ends_with_7(run, db, monkeypatch):
    usage = checkup.shutil.disk_usage("/")
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda _path: usage._replace(free=5_000_000))
    ran, checks = examined(run, db)
    assert (ran.code, checks["disk"]["reason"]) == (7, "disk_low")


def test_another_package_of_our_names_is_found(tmp_path, monkeypatch):
    (tmp_path / "devices").mkdir()
    (tmp_path / "devices" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    line = checkup.packages()
    assert (line.status, line.reason) == ("bad", "package_names")
    assert str(tmp_path / "devices") in line.found


def test_another_distribution_with_our_names_is_found(monkeypatch):
    owners = {"schemas": ["hipgonio", "other-schemas"]}
    monkeypatch.setattr(checkup, "packages_distributions", lambda: owners)
    assert "other-schemas" in checkup.packages().found


def test_a_misspelled_variable_is_told(run, db, monkeypatch):
    monkeypatch.setenv("HIPGONIO_DBASE", "x")
    _, checks = examined(run, db)
    assert checks["environment"]["status"] == "warn"
    assert "HIPGONIO_DBASE has no effect" in checks["environment"]["advice"]


@pytest.mark.parametrize(
    ("bad", "code"),
    [((), 0), (("radio",), 3), (("radio", "database"), 7), (("packages",), 2), (("disk",), 7)],
)
def test_the_data_come_before_the_radio_in_the_exit_code(bad, code):
    lines = [Line(topic, "bad", "") for topic in bad]
    assert exit_code([Line("radio", "warn", ""), *lines]) == code


@pytest.fixture
def telling(tmp_path, monkeypatch) -> Path:
    """A database in which all that must not get out is planted."""
    monkeypatch.setattr("getpass.getuser", lambda: SECRETS["user"])
    monkeypatch.setenv("HIPGONIO_ADAPTER", SECRETS["variable"])
    folder = tmp_path / SECRETS["folder"]
    folder.mkdir()
    recording = simulate_trial("pslr", "left", 1).recording
    marked = replace(
        recording.info.sensors[0], alias=SECRETS["alias"], firmware=SECRETS["firmware"]
    )
    info = replace(
        recording.info,
        note=SECRETS["note"],
        sensors=(marked, *recording.info.sensors[1:]),
        faults=(SECRETS["fault"],),
    )
    with open_store(folder / "site.db") as store:
        told = replace(recording, info=info)
        store.add_trial(told, subject=SECRETS["subject"], result=process(told).result)
        store.assign(SECRETS["alias"], "pelvis", "witmotion", SECRETS["address"])
    return folder / "site.db"


def test_the_bundle_holds_nothing_about_anybody(run, telling, tmp_path):
    bundle = tmp_path / "support.zip"
    assert run("doctor", "--virtual", "--bundle", bundle, "--db", telling).code == 0
    with zipfile.ZipFile(bundle) as packed:
        text = "".join(f"{name}\n{packed.read(name).decode()}" for name in packed.namelist())
    for what, secret in {**SECRETS, "home": str(Path.home()), "node": os.uname().nodename}.items():
        assert secret.lower() not in text.lower(), what
    assert str(tmp_path) not in text


def test_the_bundle_says_what_helps(run, db, tmp_path):
    bundle = tmp_path / "support.zip"
    run("demo", "--db", db)
    run("doctor", "--virtual", "--bundle", bundle, "--db", db)
    with zipfile.ZipFile(bundle) as packed:
        assert set(packed.namelist()) == {"about.txt", "doctor.json", "statistics.json"}
        statistics = packed.read("statistics.json").decode()
    for word in ('"trial.add": 1', '"witmotion": 2', '"received"'):
        assert word in statistics


def test_a_bundle_never_overwrites(run, db, tmp_path):
    bundle = tmp_path / "support.zip"
    bundle.write_bytes(b"mine")
    assert run("doctor", "--virtual", "--bundle", bundle, "--db", db).code == 2
    assert bundle.read_bytes() == b"mine"
