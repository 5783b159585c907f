from __future__ import annotations

from dataclasses import replace

import pytest

from collector.pipeline import process
from collector.report.history import history_of
from collector.simulate import simulate_trial
from collector.store import open_store


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "some.db") as opened:
        opened.add_subject("S-1")
        yield opened


def keep(store, seed, *, side="left", utc="2026-05-04T09:00:00+00:00", grade=None):
    recording = simulate_trial("pslr", side, seed).recording
    recording = replace(recording, info=replace(recording.info, utc=utc))
    result = process(recording).result
    if grade is not None:
        result = replace(result, grade=grade)
    return store.add_trial(recording, subject="S-1", result=result)


def test_of_a_repeated_test_the_last_usable_trial_counts_and_the_others_are_named(store):
    first, second = keep(store, 1), keep(store, 2)
    visit = history_of(store, "S-1").visits[0]
    assert [s.trial for s in visit.sets] == [second]
    assert [r.code for r in visit.left_out] == ["superseded"]
    assert f"Trial {first} " in visit.left_out[0].sentence


def test_a_refused_repeat_does_not_replace_a_usable_trial(store):
    first, second = keep(store, 1), keep(store, 2, grade="X")
    visit = history_of(store, "S-1").visits[0]
    assert [s.trial for s in visit.sets] == [first]
    assert f"Trial {second} " in visit.left_out[0].sentence


def test_both_sides_of_one_visit_are_two_sets(store):
    keep(store, 1)
    keep(store, 2, side="right")
    visit = history_of(store, "S-1").visits[0]
    assert [s.side for s in visit.sets] == ["left", "right"]


def test_voided_trials_are_left_out_and_said(store):
    keep(store, 1)
    void = keep(store, 2, side="right")
    store.void_trial(void, "wrong leg")
    visit = history_of(store, "S-1").visits[0]
    assert len(visit.sets) == 1
    assert visit.left_out[0].code == "trial_void"


def test_a_trial_without_a_test_or_a_result_is_left_out_and_said(store):
    recording = simulate_trial("pslr", "left", 3).recording
    plain = replace(recording, info=replace(recording.info, protocol=None))
    store.add_trial(plain, subject="S-1", result=process(plain).result)
    store.add_trial(recording, subject="S-1")
    codes = {r.code for visit in history_of(store, "S-1").visits for r in visit.left_out}
    assert codes == {"no_protocol", "no_result"}


def test_visits_come_oldest_first_whenever_they_were_stored(store):
    keep(store, 1, utc="2026-05-11T09:00:00+00:00")
    keep(store, 2, utc="2026-05-04T09:00:00+00:00")
    assert [v.utc[:10] for v in history_of(store, "S-1").visits] == ["2026-05-04", "2026-05-11"]


def test_a_bend_has_no_side_whichever_thigh_was_measured_beside_it(store):
    recording = simulate_trial("fb", "left", 4).recording
    assert recording.info.side == "left"
    store.add_trial(recording, subject="S-1", result=process(recording).result)
    assert [s.side for s in history_of(store, "S-1").visits[0].sets] == [None]
