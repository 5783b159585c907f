"""`import --sweep` of a test that is leaned forward for: the lean shows how the pelvis sits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.export.trace import write_trace
from collector.simulate import simulate_trial
from collector.store import open_store


@pytest.fixture
def recorded(tmp_path):
    """A trace whose head does not say when the person leaned; and when they did."""
    recording = simulate_trial("sir", "left", 2).recording
    path = tmp_path / "sir.jsonl.gz"
    write_trace(replace(recording, info=replace(recording.info, sweep=None)), path)
    return path, recording.info


def pelvis(db):
    with open_store(db) as store:
        certificate = store.latest_result(1).certificate
    return certificate.sensors["pelvis"].axis_method, {r.code for r in certificate.reasons}


def test_named_seconds_of_leaning_give_the_pelvis_its_axis(run, db, recorded):
    path, info = recorded
    lean = f"{info.sweep.start_s}:{info.sweep.end_s}"
    assert run("import", "trace", path, "--sweep", lean, "--db", db).code == 0
    assert pelvis(db) == ("sweep", set())


def test_without_them_the_site_does_as_before(run, db, recorded):
    path, _ = recorded
    assert run("import", "trace", path, "--db", db).code == 0
    assert pelvis(db) == ("preset", set())


def test_a_still_stretch_named_as_the_lean_falls_back_on_the_site_and_says_so(run, db, recorded):
    path, info = recorded
    still = f"{info.reference.start_s - 0.1}:{info.reference.end_s}"
    assert run("import", "trace", path, "--sweep", still, "--db", db).code == 0
    assert pelvis(db) == ("preset", {"lean_too_small"})
