"""Where bleak cannot be imported, or finds no Bluetooth, all that needs no radio works."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import NamedTuple

import pytest

PROBE = """
import contextlib, io, json, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
        return None

sys.meta_path.insert(0, Absent())
from collector.cli.main import main
ran = []
for words in {verbs!r}:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words)
    ran.append([" ".join(words), code, out.getvalue(), err.getvalue()])
print(json.dumps(ran))
"""
NO_RADIO = {"bleak", "dbus_fast", "bumble"}
OFFLINE = [
    ["--help"],
    ["--version"],
    ["scan", "--help"],
    ["measure", "--help"],
    ["devices", "list"],
    ["devices", "show", "witmotion"],
    ["devices", "assigned"],
    ["protocols", "list"],
    ["demo", "--help"],
    ["trials", "list"],
    ["db", "check"],
]
WITH_TRIAL = [
    ["demo", "--db", "site.db"],
    ["trials", "show", "1"],
    ["trials", "export", "1", "--out", "angles.csv"],
    ["trials", "export", "1", "--format", "trace", "--out", "trial.jsonl"],
    ["replay", "trial.jsonl"],
    ["import", "trace", "trial.jsonl"],
    ["trials", "rescore", "--all"],
    ["trials", "void", "2", "--reason", "imported twice"],
    ["subjects", "add", "S-0042"],
    ["subjects", "list"],
    ["sessions", "list"],
    ["db", "backup", "copy.db"],
    ["db", "recover", "mended.db"],
    ["db", "upgrade"],
]
LIVE = [
    ["scan"],
    ["devices", "check"],
    ["devices", "calibrate"],
    ["devices", "identify"],
    ["devices", "assign", "pelvis=WT901BLE67"],
    ["measure", "pslr", "--side", "left"],
    ["record", "--sensor", "pelvis=WT901BLE67"],
]


class Ran(NamedTuple):
    verb: str
    code: int
    out: str
    err: str


@pytest.fixture
def without(tmp_path):
    """Run the command in a process of its own in which `names` cannot be imported."""
    from collector.store import open_store

    path = tmp_path / "site.db"
    open_store(path).close()
    environment = {
        **os.environ,
        "HIPGONIO_DB": str(path),
        "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={tmp_path}/no-bus",
    }

    def call(names: set[str], *verbs: list[str]) -> list[Ran]:
        code = PROBE.format(names=names, verbs=verbs)
        ran = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            env=environment,
            cwd=tmp_path,
            check=True,
        )
        assert "Traceback" not in ran.stderr
        return [Ran(*row) for row in json.loads(ran.stdout)]

    return call


def test_every_offline_verb_works_where_bleak_cannot_be_imported(without):
    assert [(ran.verb, ran.code) for ran in without(NO_RADIO, *OFFLINE) if ran.code != 0] == []


def test_a_trial_is_simulated_kept_and_taken_along_where_bleak_cannot_be_imported(without):
    assert [ran for ran in without(NO_RADIO, *WITH_TRIAL) if ran.code != 0] == []


def test_every_live_verb_there_ends_with_3_and_one_sentence(without):
    for ran in without(NO_RADIO, *LIVE):
        assert ran.code == 3, ran
        assert "install hipgonio anew" in ran.err, ran


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no bus to take away")
def test_every_live_verb_without_a_bus_ends_with_3_and_advice(without):
    for ran in without(set(), *LIVE):
        assert ran.code == 3, ran
        assert "Plug in a Bluetooth adapter" in ran.err, ran


def test_virtual_sensors_say_that_bumble_is_missing(without):
    (ran,) = without({"bumble"}, ["scan", "--virtual"])
    assert ran.code == 2, ran
    assert "hipgonio[virtual]" in ran.err


def test_the_doctor_tells_that_bleak_is_missing(without):
    (ran,) = without(NO_RADIO, ["doctor"])
    assert ran.code == 3, ran
    assert "Bluetooth library" in ran.out
