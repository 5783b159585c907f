"""The thigh sensor drops in the second of three repetitions and comes back; live and replayed."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise

import pytest
from trial_kit import Ran, check_ledger, ran

from collector.simulate import Performance
from collector.store import open_store

TRIAL = ("measure", "pslr", "--side", "left", "--yes", "--json", "--repetitions", 3)
MEASURE = (*TRIAL, "--virtual", "dropout")
TOLERANCE_DEG = 1.5


@pytest.fixture(scope="module")
def dropped(tmp_path_factory) -> Ran:
    run = ran(MEASURE, tmp_path_factory.mktemp("dropout") / "trials.db", how=Performance())
    assert run.code == 0
    return run


def gap_of(run: Ran):
    (gap,) = run.sensor("thigh_left").gaps
    return gap


def test_a_dropout_costs_the_repetition_it_hit_and_no_other(dropped):
    assert dropped.trials() == [(1, "closed")]
    assert dropped.sensor("thigh_left").clock_segments == 2
    assert dropped.sensor("pelvis").clock_segments == 1
    check_ledger(dropped, "pelvis", "thigh_left")
    grades = [rep.grade for rep in dropped.result.repetitions]
    assert [grade == "X" for grade in grades] == [False, True, False]
    assert {"gap_long", "loss_high", "gap_in_plateau"} <= dropped.codes(2)


def test_the_gap_is_shown_where_the_world_lost_the_link(dropped):
    gap, second = gap_of(dropped), dropped.world.truth.repetitions[1]
    begun_s = dropped.world.heard[dropped.world.addresses["pelvis"]][0].t_s
    thigh = dropped.world.heard[dropped.world.addresses["thigh_left"]]
    silence_s = max(later.t_s - row.t_s for row, later in pairwise(thigh))
    assert second.plateau.start_s > begun_s
    assert gap.end_s - gap.start_s > silence_s - 0.1
    assert gap.samples == pytest.approx(100 * (gap.end_s - gap.start_s), abs=8)
    assert gap.samples == dropped.sensor("thigh_left").lost
    said = dropped.reasons()["sensor_reconnected"]
    assert f"about {gap.samples} samples are missing, and none was filled in" in said


def test_what_was_not_hit_is_measured_as_the_person_moved(dropped):
    truth = {rep.n: rep for rep in dropped.world.truth.repetitions}
    for rep in dropped.result.repetitions:
        if rep.n == 2:
            assert (rep.hip_deg, rep.comp_deg) == (None, None)
        else:
            assert rep.hip_deg == pytest.approx(truth[rep.n].hip_deg, abs=TOLERANCE_DEG)
            assert rep.comp_deg == pytest.approx(truth[rep.n].comp_deg, abs=TOLERANCE_DEG)


def test_a_replayed_trace_gives_the_stored_result_to_the_last_digit(hipgonio, dropped, tmp_path):
    trace, other = tmp_path / "trial.jsonl.gz", tmp_path / "other.db"
    words = ("trials", "export", 1, "--format", "trace", "--out", trace)
    assert hipgonio(*words, into=dropped.db).code == 0
    assert hipgonio("import", "trace", trace, into=other).code == 0
    with open_store(dropped.db) as one, open_store(other) as two:
        assert one.load_recording(1).sha256() == two.load_recording(1).sha256()
        assert one.load_recording(1).events == two.load_recording(1).events
        live, replayed = asdict(one.latest_result(1)), asdict(two.latest_result(1))
    assert live == replayed
    assert live["certificate"]["raw_sha256"]
