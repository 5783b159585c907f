"""`--calibration`: sensors that sit as in an earlier trial, and what is said where they do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.export.trace import write_trace
from collector.simulate import simulate_trial
from collector.store import open_store


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "pslr.jsonl.gz"
    write_trace(simulate_trial("pslr", "left", 2).recording, path)
    return path


def measured(run, db, path, *words):
    return run("measure", "pslr", "--replay", path, "--db", db, "--json", *words)


def methods(db, trial):
    with open_store(db) as store:
        result = store.latest_result(trial)
    return {s: c.axis_method for s, c in result.certificate.sensors.items()}


@pytest.mark.parametrize("which", ["last", "1"])
def test_the_next_trial_uses_what_the_first_one_found(run, db, path, which):
    first = measured(run, db, path)
    again = measured(run, db, path, "--calibration", which)
    assert (first.code, again.code) == (0, 0)
    assert set(methods(db, 1).values()) == {"sweep"}
    assert set(methods(db, 2).values()) == {"kept"}
    with open_store(db) as store:
        a, b = (store.latest_result(trial).repetitions for trial in (1, 2))
    for one, other in zip(a, b, strict=True):
        assert other.hip_deg == pytest.approx(one.hip_deg, abs=0.2)


def test_an_imported_trial_is_remembered_as_well(run, db, path):
    run("import", "trace", path, "--db", db)
    assert measured(run, db, path, "--calibration", "last").code == 0


def test_a_named_axis_goes_before_what_was_kept(run, db, path):
    measured(run, db, path)
    measured(run, db, path, "--calibration", "last", "--axis", "pelvis=preset")
    assert methods(db, 2) == {"pelvis": "preset", "thigh_left": "kept"}


def test_a_sensor_that_has_slipped_since_is_told_at_zero(run, db, path, tmp_path):
    measured(run, db, path)
    other = simulate_trial("pslr", "left", 7).recording  # another person: the straps sit otherwise
    names = [use.alias for use in simulate_trial("pslr", "left", 2).recording.info.sensors]
    uses = tuple(replace(u, alias=a) for u, a in zip(other.info.sensors, names, strict=True))
    moved = tmp_path / "moved.jsonl.gz"
    write_trace(replace(other, info=replace(other.info, sensors=uses)), moved)
    ran = measured(run, db, moved, "--calibration", "last")
    assert (ran.code, ran.json["error"]["reason"]) == (6, "calibration_expired")
    said = [line for line in ran.err.splitlines() if "has expired" in line]
    assert said, "before anything has moved"
    assert "calibrate it anew" in said[0]
