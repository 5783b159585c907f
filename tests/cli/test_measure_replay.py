"""`measure --replay`: a recording goes the live way and comes to what an import comes to."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from collector.export.trace import write_trace
from collector.imports.trace import read_trace
from collector.simulate import RadioModel, TrialConfig, simulate_trial
from collector.store import open_store
from schemas.recording import Event


def trace(folder, protocol="pslr", side="left", **config):
    path = folder / f"{protocol}.jsonl.gz"
    simulated = simulate_trial(protocol, side, 2, TrialConfig(**config))
    write_trace(simulated.recording, path)
    return path, simulated


def rewritten(path, change):
    """The same trace with another recording in it."""
    new = path.with_name("changed.jsonl.gz")
    write_trace(change(read_trace(path).recording), new)
    return new


def kept(db, trial=1):
    with open_store(db) as store:
        return store.load_recording(trial), store.latest_result(trial), store.trial(trial)


def timeless(result):
    """All of a result but what says which database and moment it belongs to."""
    return replace(result, versions=None)


@pytest.mark.parametrize("protocol", ["pslr", "fb", "mtt", "pir", "ake", "sir"])
def test_a_replay_stores_what_an_import_stores_to_the_last_digit(run, tmp_path, protocol):
    path, _ = trace(tmp_path, protocol)
    replayed, imported = tmp_path / "replayed.db", tmp_path / "imported.db"
    ran = run("measure", protocol, "--replay", path, "--subject", "S-1", "--db", replayed)
    assert ran.code == run("import", "trace", path, "--db", imported).code == 0
    (live, result, row), (plain, expected, _) = kept(replayed), kept(imported)
    assert timeless(result) == timeless(expected)
    assert (live.info, live.sha256(), live.events) == (plain.info, plain.sha256(), plain.events)
    assert (row.subject, row.state) == ("S-1", "closed")


@pytest.mark.parametrize("protocol", ["pslr", "mtt", "pir", "abd"])
def test_what_is_counted_and_shown_on_the_way_is_what_is_stored(run, tmp_path, db, protocol):
    path, simulated = trace(tmp_path, protocol)
    ran = run("measure", protocol, "--replay", path, "--db", db, "--json")
    assert (ran.code, ran.json["end"]) == (0, "finished")
    live, stored = ran.json["live"]["repetitions"], kept(db)[1].repetitions
    assert len(live) == len(stored) == len(simulated.truth.repetitions)
    for shown, rep in zip(live, stored, strict=True):
        assert shown["hip_deg"] == pytest.approx(rep.hip_deg, abs=1.5)


def test_a_replay_keeps_times_windows_and_events_as_they_were_recorded(run, tmp_path, db):
    path, _ = trace(tmp_path, "pslr")
    events = (Event(4_000_001, "mark", ""), Event(9_000_000, "pain", "4"))
    path = rewritten(path, lambda r: replace(r, events=events))
    run("measure", "pslr", "--replay", path, "--db", db)
    recording, result, _ = kept(db)
    assert recording.events == events
    assert result.pain_nrs == 4.0
    original = read_trace(path).recording
    assert [c.t_us.tolist() for c in recording.chunks] == [c.t_us.tolist() for c in original.chunks]


def test_a_lost_link_is_lived_through_again(run, tmp_path, db):
    path, _ = trace(tmp_path, "pslr")
    lost = (Event(20_000_000, "link_lost", "pelvis"), Event(20_500_000, "reconnected", "pelvis"))
    path = rewritten(path, lambda r: replace(r, events=lost))
    ran = run("measure", "pslr", "--replay", path, "--db", db)
    assert "pelvis: the connection is lost" in ran.err
    assert "pelvis is connected again" in ran.err
    imported = tmp_path / "imported.db"
    run("import", "trace", path, "--db", imported)
    assert timeless(kept(db)[1]) == timeless(kept(imported)[1])


def test_a_recording_that_names_no_zero_is_led_to_one(run, tmp_path, db):
    path, simulated = trace(tmp_path, "pslr")
    path = rewritten(path, lambda r: replace(r, info=replace(r.info, reference=None)))
    run("measure", "pslr", "--replay", path, "--db", db)
    recording, result, _ = kept(db)
    reference = recording.info.reference
    assert reference.end_s < simulated.truth.repetitions[0].start_s
    assert [event.kind for event in recording.events] == ["test_begins"]
    for rep, true in zip(result.repetitions, simulated.truth.repetitions, strict=True):
        assert rep.hip_deg == pytest.approx(true.hip_deg, abs=1.2)


def test_the_gate_judges_the_first_second_that_was_recorded(run, tmp_path, db):
    path, _ = trace(tmp_path, "pslr", radio=RadioModel(loss_probability=0.3))
    ran = run("measure", "pslr", "--replay", path, "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (5, "gate_refused")
    assert "100 Hz was asked for" in ran.json["error"]["message"]
    with open_store(db) as store:
        assert store.list_trials() == ()


def test_a_reason_lets_a_weak_recording_through(run, tmp_path, db):
    path, _ = trace(tmp_path, "pslr", radio=RadioModel(loss_probability=0.3))
    run("measure", "pslr", "--replay", path, "--override", "all there is", "--db", db)
    (event,) = [e for e in kept(db)[0].events if e.kind == "gate_overridden"]
    assert event.text == "all there is"


def test_what_the_line_says_wins_over_the_recording(run, tmp_path, db):
    path, _ = trace(tmp_path, "pslr")
    words = ("--examiner", "E-2", "--pain", 3, "--end-point", "pain", "--note", "again")
    ran = run("measure", "aslr", "--replay", path, *words, "--db", db)
    recording, result, row = kept(db)
    assert (row.protocol, recording.info.examiner) == ("aslr", "E-2")
    assert (result.pain_nrs, result.end_point) == (3.0, "pain")
    assert "was recorded as pslr; it is scored as aslr" in ran.err


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (("pslr", "--replay", "none.jsonl"), 6, "file_missing"),
        (("fb", "--replay", "{pslr}"), 4, "sensor_missing"),
        (("pslr", "--side", "right", "--replay", "{pslr}"), 4, "sensor_missing"),
        (("pslr", "--replay", "{pslr}", "--virtual=plain"), 2, "usage"),
        (("pslr", "--replay", "{pslr}", "--rate", "50"), 2, "usage"),
        (("pslr", "--replay", "{pslr}", "--end-point", "bored"), 2, "bad_end_point"),
        (("pslr", "--replay", "{pslr}", "--calibration", "yes"), 2, "bad_calibration"),
        (("pslr", "--replay", "{pslr}", "--calibration", "last"), 2, "nothing_kept"),
        (("pslr", "--replay", "{pslr}", "--axis", "trunk=+y"), 2, "bad_axis"),
        (("pslr", "--replay", "{junk}"), 6, None),
    ],
)
def test_what_cannot_be_replayed_is_refused_in_one_sentence(run, tmp_path, db, words, code, reason):
    junk = tmp_path / "junk.jsonl"
    junk.write_text("this is no trace\n")
    files = {"pslr": trace(tmp_path, "pslr")[0], "junk": junk}
    ran = run("measure", *(word.format(**files) for word in words), "--db", db, "--json")
    assert ran.code == code
    assert reason in (None, ran.json["error"]["reason"])
    with open_store(db) as store:
        assert store.list_trials() == ()


def test_a_trace_that_was_cut_is_measured_as_far_as_it_goes(run, tmp_path, db):
    path, simulated = trace(tmp_path, "pslr")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    ran = run("measure", "pslr", "--replay", path, "--db", db)
    recording, result, _ = kept(db)
    assert ran.code == 0
    assert "trace_cut" in recording.info.faults
    assert 0 < len(result.repetitions) < len(simulated.truth.repetitions)


def test_a_replay_that_is_killed_keeps_what_had_come(run, tmp_path, db):
    path, _ = trace(tmp_path, "pslr")
    words = ["measure", "pslr", "--replay", str(path), "--speed", "8", "--db", str(db)]
    script = "from collector.cli.script import script; script()"
    with subprocess.Popen(
        [sys.executable, "-c", script, *words], stderr=subprocess.PIPE, text=True
    ) as process:
        for line in process.stderr:
            if "Repetition 1" in line:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL
    shown = run("trials", "list", "--db", db, "--json")
    assert "Trial 1 was left open by a crash" in shown.err
    recording, _, row = kept(db)
    whole = read_trace(path).recording.chunks[0].t_us.tolist()
    found = recording.chunks[0].t_us.tolist()
    assert row.state == "salvaged"
    assert found == whole[: len(found)]
    assert len(found) > 100
