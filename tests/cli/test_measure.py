from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from contextlib import suppress
from functools import partial
from importlib.resources import files

import pytest

from collector.cli import radio
from collector.cli.live_trial import live_trial
from collector.cli.live_view import PlainView
from collector.links.virtual.faults import RandomLoss
from collector.links.virtual.scenarios import SEED
from collector.links.virtual.sensor import SensorPlan
from collector.links.virtual.world import World
from collector.live.trial.plan import TrialPlan, plan_segments
from collector.simulate.script import Performance
from collector.simulate.wearer import Wearer
from collector.store import open_store
from schemas import protocol
from schemas.errors import QualityError

PSLR = ("measure", "pslr", "--side", "left")


def truth():
    """The person of the virtual world, who owes the measurement nothing."""
    wearer = Wearer("pslr", Performance(), SEED)
    wearer.begin(0.0)
    return wearer.truth.repetitions


def test_a_trial_is_measured_scored_and_stored(run, db):
    ran = run(*PSLR, "--virtual", "--subject", "S-7", "--note", "first", "--db", db, "--json")
    body = ran.json
    assert (ran.code, body["end"], body["live"]["grade"] in "ABC") == (0, "finished", True)
    shown = run("trials", "show", body["trial"], "--db", db, "--json").json
    assert all(body[key] == shown[key] for key in ("repetitions", "set", "grade", "sentences"))
    for rep, true in zip(shown["repetitions"], truth(), strict=True):
        assert rep["hip_deg"] == pytest.approx(true.hip_deg, abs=1.2)
        assert rep["share_pct"] == pytest.approx(true.share_pct, abs=1.0)
    with open_store(db) as store:
        row, info = store.trial(body["trial"]), store.load_info(body["trial"])
        assert [one.kind for one in store.results(row.id)] == ["live", "stored"]
    assert (row.subject, row.note, row.state) == ("S-7", "simulated; first", "closed")
    assert info.reference is not None
    assert {use.firmware for use in info.sensors} != {""}
    assert all(use.placement for use in info.sensors)


def test_a_sensor_that_drops_out_costs_its_repetition_alone(run, db):
    ran = run(*PSLR, "--virtual", "dropout", "--db", db)
    shown = run("trials", "show", 1, "--db", db, "--json").json
    assert ran.code == 0
    lost = [rep["hip_deg"] is None for rep in shown["repetitions"]]
    assert lost == [False, True, False, False], "what was lost was asked for again"
    assert "One more, for repetition 2 does not count" in ran.err
    assert "gap_in_plateau" in shown["repetitions"][1]["reasons"]
    thigh = shown["certificate"]["sensors"]["thigh_left"]
    assert (thigh["clock_segments"], len(thigh["gaps"])) == (2, 1)
    for rep, true in zip(shown["repetitions"][:3:2], truth()[::2], strict=True):
        assert rep["hip_deg"] == pytest.approx(true.hip_deg, abs=1.2)
    assert "the connection is lost" in ran.err
    assert "connected again" in ran.err
    with open_store(db) as store:
        kinds = [event.kind for event in store.load_recording(1).events]
        assert len(store.list_trials()) == 1
    assert kinds.index("link_lost") < kinds.index("reconnected")


@pytest.mark.parametrize(
    ("scenario", "code", "reason"),
    [
        ("missing", 4, "too_few_sensors"),
        ("nobody", 4, "no_sensor"),
        ("vanish", 4, "sensor_silent"),
        ("silent", 4, "sensor_silent"),
        ("off", 3, "adapter_off"),
        ("none", 3, "no_adapter"),
    ],
)
def test_without_its_sensors_nothing_is_begun(run, db, scenario, code, reason):
    ran = run(*PSLR, "--virtual", scenario, "--wait", 15, "--db", db, "--json")
    error = ran.json["error"]
    assert (ran.code, error["code"], error["reason"]) == (code, code, reason)
    with open_store(db) as store:
        assert store.list_trials() == ()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("pslr",), "side_missing"),
        (("nonsense", "--side", "left"), "unknown_protocol"),
        (("pslr", "--side", "left", "--override", " "), "no_override_reason"),
        (("pslr", "--side", "left", "--sensor", "pelvis"), "bad_sensor"),
        (("pslr", "--side", "left", "--sensor", "elbow=X"), "unknown_segment"),
        (("pslr", "--side", "left", "--axis", "trunk=+y"), "bad_axis"),
        (("pslr", "--side", "left", "--rate", "123"), "bad_rate"),
        (("pslr", "--side", "left", "--virtual=storm"), "unknown_scenario"),
        (("pslr", "--side", "left", "--subject", "Jane Doe"), "bad_subject_code"),
        (("pslr", "--side", "left", "--examiner", "Dr. No"), "bad_examiner_code"),
    ],
)
def test_what_cannot_be_meant_is_said_before_anything_happens(run, db, words, reason):
    virtual = () if words[-1].startswith("--virtual") else ("--virtual",)
    ran = run("measure", *words, *virtual, "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (2, reason)


def test_a_code_that_cannot_be_stored_is_told_before_anybody_is_looked_for(run, db):
    ran = run("measure", "pslr", "--side", "left", "--virtual", "--subject", "J D", "--db", db)
    assert ran.code == 2
    assert "Looking for" not in ran.err


def measured(db, world_of, **how):
    test = protocol.load("pslr")
    segments = plan_segments(test, "left", {})
    plan = TrialPlan(protocol=test, side="left", segments=segments, db=db, gate_s=12.0, **how)
    body = partial(live_trial, plan=plan, view=PlainView())
    return radio.run_live(body, virtual="plain", adapter=None, world=world_of)


def lossy(_scenario):
    """The thigh sensor's link loses every fifth notification from the beginning."""
    faults = (RandomLoss(0.0, 0.2),)
    return World([SensorPlan("pelvis"), SensorPlan("thigh", faults=faults)])


def test_a_rate_that_is_too_low_keeps_the_gate_shut(db):
    with pytest.raises(QualityError) as refused:
        measured(db, lossy)
    assert refused.value.reason == "gate_refused"
    assert "thigh_left: 100 Hz was asked for" in refused.value.message
    assert "--override" in refused.value.message


def test_what_was_begun_all_the_same_keeps_the_reason(db, capsys):
    outcome = measured(db, lossy, override="the only sensor left", repetitions=1)
    (event,) = [e for e in outcome.taken.recording.events if e.kind == "gate_overridden"]
    assert event.text == "the only sensor left"
    assert "the only sensor left" in capsys.readouterr().err
    assert outcome.processed.result.certificate.sensors["thigh_left"].lost > 0


def test_ctrl_c_in_mid_trial_keeps_what_was_recorded(db):
    words = [*PSLR, "--virtual", "--db", str(db)]
    script = "from collector.cli.script import script; script()"
    with subprocess.Popen(
        [sys.executable, "-c", script, *words], stderr=subprocess.PIPE, text=True
    ) as process:
        for line in process.stderr:
            if "Repetition 1" in line:
                process.send_signal(signal.SIGINT)
                break
        rest = process.stderr.read()
    assert process.returncode == 130
    assert "Stopped" in rest
    with open_store(db) as store:
        (row,) = store.list_trials()
        assert (row.state, len(store.latest_result(row.id).repetitions)) == ("interrupted", 1)


def test_a_ctrl_c_that_was_swallowed_during_the_search_ends_the_trial_all_the_same(db, monkeypatch):
    async def found(*_):
        task = asyncio.current_task()
        task.cancel()
        with suppress(asyncio.CancelledError):  # as asyncio.wait_for of Python 3.11 may
            await asyncio.sleep(0)
        return {}

    monkeypatch.setattr("collector.live.trial.lead._found", found)
    plan = TrialPlan(protocol=None, side=None, segments=(), db=db)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(live_trial(None, plan, PlainView()))
    assert not db.exists()


def without_sites(folder):
    """The same test, but nobody knows where the sensors are strapped."""
    text = (files("schemas") / "protocols" / "pslr.toml").read_text()
    head, _, tail = text.partition("[sensors.sites]")
    path = folder / "pslr.toml"
    path.write_text(head + "[" + tail.partition("\n[")[2])
    return path


def test_a_trial_that_nothing_can_be_made_of_stays_stored(run, db, monkeypatch, tmp_path):
    """Somebody ends it in the first second after the reference: no movement shows the axes."""
    from collector.live.trial.guide import Guide

    at_frame = Guide.at_frame

    def ended(self, now_s, seen):
        cues = at_frame(self, now_s, seen)
        return (*cues, *self.finish(now_s)) if self.reference else cues

    monkeypatch.setattr(Guide, "at_frame", ended)
    test = without_sites(tmp_path)
    ran = run("measure", test, "--side", "left", "--virtual", "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (6, "sweep_too_small")
    assert "stored as trial 1" in ran.json["error"]["message"]
    with open_store(db) as store:
        assert store.trial(1).state == "closed"
    monkeypatch.chdir(db.parent)
    advised = ran.json["error"]["message"].rpartition("`hipgonio ")[2].partition("`")[0]
    assert run(*advised.split()).code == 0
