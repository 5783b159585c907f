"""The engine behind the page, with virtual sensors: every job, every order, every way to end."""

from __future__ import annotations

import pytest
from station_kit import PSLR, engine, to_the_end, to_the_gate

from collector.export.trace import write_trace
from collector.simulate import simulate_trial
from collector.store import open_store
from collector.web.station.wishes import TrialWish
from schemas.errors import HipgonioError


@pytest.fixture
def db(tmp_path):
    with open_store(tmp_path / "trials.db") as store:
        store.add_subject("S-0001")
    return tmp_path / "trials.db"


@pytest.fixture
def virtual(db):
    station, board = engine(db)
    yield station, board
    station.close()


def test_a_trial_goes_from_sensors_to_a_stored_scored_result(virtual, db):
    station, board = virtual
    run = to_the_gate(station, board)
    assert [sensor.segment for sensor in run.sensors] == ["pelvis", "thigh_left"]
    assert all(sensor.ready and sensor.words == "streaming" for sensor in run.sensors)
    station.begin()
    done = to_the_end(station, board)
    assert board.states == ["looking", "gate", "still", "move", "asking", "scoring", "done"]
    assert len(done.repetitions) == 3
    with open_store(db) as store:
        (row,) = store.list_trials()
        assert (row.id, row.subject, row.grade) == (done.result, "S-0001", "A")


def test_nothing_begins_before_it_is_said(virtual):
    station, board = virtual
    to_the_gate(station, board)
    held = board.until(lambda run: bool(run.sensors) and run.sensors[0].received > 200)
    assert held.state == "gate"
    assert held.trial is None


def test_only_one_job_runs_at_a_time(virtual):
    station, board = virtual
    to_the_gate(station, board)
    with pytest.raises(HipgonioError) as refused:
        station.search()
    assert refused.value.reason == "busy"


def test_leaving_the_gate_leaves_nothing_behind(virtual, db):
    station, board = virtual
    to_the_gate(station, board)
    station.stop()
    board.until_state("idle")
    with open_store(db) as store:
        assert store.list_trials() == ()
    to_the_gate(station, board)  # and it can be begun anew


def test_a_trial_that_is_stopped_in_mid_movement_is_kept(virtual, db):
    station, board = virtual
    to_the_gate(station, board)
    station.begin()
    board.until(lambda run: run.counted == 1)
    station.stop()
    board.until_state("done")
    with open_store(db) as store:
        (row,) = store.list_trials()
        assert (row.state, len(store.latest_result(row.id).repetitions)) == ("interrupted", 1)


def test_marks_pain_and_end_point_are_kept_with_the_trial(virtual, db):
    station, board = virtual
    to_the_gate(station, board)
    station.begin()
    board.until(lambda run: run.counted == 1)
    station.mark()
    board.until(lambda run: any(cue.code == "mark" for cue in run.cues))
    station.finish()
    asks = board.until_state("asking").asks
    assert "knee_bends" in asks.end_points
    station.answer(2.5, "knee_bends")
    done = board.until_state("done")
    with open_store(db) as store:
        events = [(e.kind, e.text) for e in store.load_recording(done.result).events]
        result = store.latest_result(done.result)
    assert ("mark", "") in events
    assert (result.pain_nrs, result.end_point) == (2.5, "knee_bends")


def test_a_pain_stop_ends_the_movement_by_pain_without_being_asked(virtual, db):
    station, board = virtual
    to_the_gate(station, board)
    station.begin()
    board.until(lambda run: run.counted == 1)
    station.stop_for_pain()
    board.until_state("asking")
    station.answer(6.0, "")
    done = board.until_state("done")
    with open_store(db) as store:
        assert store.latest_result(done.result).end_point == "pain"


def test_orders_without_a_trial_are_refused_in_a_sentence(virtual):
    station, _ = virtual
    for order in (station.mark, station.finish, station.begin, station.stop_for_pain):
        with pytest.raises(HipgonioError) as refused:
            order()
        assert refused.value.reason == "not_now"


def test_a_sensor_that_delivers_nothing_keeps_the_gate_shut_until_a_reason_is_given(db):
    station, board = engine(db, "saturated")
    try:
        to_the_gate(station, board)
    finally:
        station.close()
    station, board = engine(db, "silent")
    try:
        station.start(PSLR)
        board.until(lambda run: bool(run.gate and run.gate.blocks))
        with pytest.raises(HipgonioError) as refused:
            station.begin()
        assert refused.value.reason == "gate_shut"
        assert "thigh_left" in refused.value.message
    finally:
        station.close()


def test_sensors_that_are_not_there_are_told_with_what_to_try(db):
    station, board = engine(db, "nobody")
    station.start(PSLR)
    with pytest.raises(AssertionError):
        board.until_state("gate")
    error = board.run.error
    station.close()
    assert (error.code, error.reason) == (4, "no_sensor")
    assert "switch" in error.message.lower()
    station.dismiss()
    assert board.run.state == "idle"


def test_a_search_finds_sensors_and_tapping_tells_them_apart(virtual, db):
    station, board = virtual
    station.search(2.0)
    board.until_state("idle")
    assert len(station.sensors.found) == 2
    station.identify(("thigh_left", "pelvis"))
    board.until(lambda run: run.tap is not None and run.tap.segment == "thigh_left")
    board.until_state("idle")
    with open_store(db) as store:
        assert {row.segment for row in store.assignments()} == {"pelvis", "thigh_left"}


def test_a_sensor_lost_in_mid_repetition_is_told_and_the_trial_goes_on(db):
    station, board = engine(db, "dropout")
    try:
        to_the_gate(station, board)
        station.begin()
        lost = board.until(lambda run: any(s.glyph == "bad" for s in run.sensors))
        assert next(s.segment for s in lost.sensors if s.glyph == "bad") == "thigh_left"
        board.until(lambda run: run.counted >= 1 and all(s.glyph == "ok" for s in run.sensors))
        done = to_the_end(station, board)
    finally:
        station.close()
    with open_store(db) as store:
        first, second, third, *_more = store.latest_result(done.result).repetitions
    assert second.grade == "X"
    assert "X" not in (first.grade, third.grade)


def test_a_recorded_trace_is_led_through_like_sensors(db, tmp_path):
    lifted = simulate_trial("pslr", "left", 100)
    write_trace(lifted.recording, tmp_path / "trial.jsonl")
    station, board = engine(db, mode="replay", replay=tmp_path / "trial.jsonl")
    try:
        to_the_gate(station, board)
        station.begin()
        trial = board.until_state("done").result
    finally:
        station.close()
    with open_store(db) as store:
        repetitions = store.latest_result(trial).repetitions
    for found, true in zip(repetitions, lifted.truth.repetitions, strict=True):
        assert found.tot_deg == pytest.approx(true.tot_deg, abs=1.0)
        assert found.hip_deg == pytest.approx(true.hip_deg, abs=1.0)


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        (TrialWish("S-0001", "pslr"), "side_missing"),
        (TrialWish("Anna Muster", "pslr", "left"), "bad_subject_code"),
        (TrialWish("S-0001", "nosuch", "left"), "unknown_protocol"),
        (TrialWish("S-0001", "pslr", "left", calibration="yesterday"), "bad_calibration"),
        (TrialWish("S-0001", "pslr", "left", sites={"trunk": "t12"}), "bad_site"),
    ],
)
def test_what_cannot_be_measured_is_refused_before_a_radio_is_touched(virtual, wish, reason):
    station, board = virtual
    with pytest.raises(HipgonioError) as refused:
        station.start(wish)
    assert refused.value.reason == reason
    assert board.run.state == "idle"
