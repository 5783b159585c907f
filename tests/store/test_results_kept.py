from __future__ import annotations

import json
import math
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.store import Store
from schemas.errors import StoreError
from schemas.motion import Gap
from schemas.result import TrialResult
from schemas.result_json import from_plain, result_from_json, result_to_json, to_plain


def test_a_result_comes_back_to_the_last_digit(store: Store, make_recording, make_result):
    trial = store.add_trial(make_recording())
    store.add_result(trial, make_result())
    assert store.latest_result(trial) == make_result()


def test_old_results_stay_beside_new_ones(store: Store, make_recording, make_result):
    trial = store.add_trial(make_recording(), result=make_result(grade="C"))
    store.add_result(trial, make_result(grade="X"), kind="live")
    store.add_result(trial, make_result(grade="A"))
    assert [(r.kind, r.grade) for r in store.results(trial)] == [
        ("stored", "C"), ("live", "X"), ("stored", "A"),
    ]  # fmt: skip
    assert store.latest_result(trial).grade == "A"
    assert store.latest_result(trial, "live").grade == "X"


def test_a_result_row_says_what_made_it(store: Store, make_recording, make_result):
    trial = store.add_trial(make_recording(), result=make_result())
    (row,) = store.results(trial)
    assert (row.software, row.algorithm, row.protocol_version) == ("0.1.0", 1, 1)
    assert (row.tilt, row.filter, row.calibration) == ("auto", "offline", "2026-05-01T08:00:00Z")
    assert row.reasons == ("loss", "late")


def test_repetitions_can_be_queried(store: Store, path: Path, make_recording, make_result):
    store.add_trial(make_recording(), result=make_result())
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT n, tot_deg, hip_deg, lum_deg, grade, reasons FROM repetition"
        found = connection.execute(query).fetchall()
    assert found == [(n, 80.1, 0.1 + 0.2, None, "B", "late") for n in (1, 2)]


def test_many_results_are_one_transaction(store: Store, make_recording, make_result):
    trials = [store.add_trial(make_recording()) for _ in range(3)]
    outcomes = {t: make_result(grade=g) for t, g in zip(trials, "ABC", strict=True)}
    store.add_results(outcomes)
    assert [store.latest_result(t).grade for t in trials] == ["A", "B", "C"]
    assert store.audit_trail()[-1].target == "trials 1 to 3"
    with pytest.raises(StoreError, match="no trial 9"):
        store.add_results({1: make_result(), 9: make_result()})
    assert len(store.results(1)) == 1
    assert store.add_results({}) == ()


def test_a_trial_without_result_says_how_to_make_one(store: Store, make_recording):
    trial = store.add_trial(make_recording())
    with pytest.raises(StoreError, match=f"rescore {trial}") as caught:
        store.latest_result(trial)
    assert caught.value.reason == "no_result"


def test_a_damaged_result_is_one_sentence(store: Store, path: Path, make_recording, make_result):
    trial = store.add_trial(make_recording(), result=make_result())
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE result SET body = '{\"schema\": 1}'")
        connection.commit()
    with pytest.raises(StoreError, match="cannot be read") as caught:
        store.latest_result(trial)
    assert caught.value.reason == "damaged_result"


@given(st.floats(), st.floats(allow_nan=False))
def test_any_number_survives_json(first: float, second: float):
    gap = from_plain(Gap, json.loads(json.dumps(to_plain(Gap(first, second, 3)), allow_nan=False)))
    assert gap.end_s == second
    assert gap.start_s == first or (math.isnan(gap.start_s) and math.isnan(first))


def test_numbers_of_numpy_become_plain(make_result):
    odd = make_result(extra={"a": np.float64(0.1), "b": np.int64(3), "c": np.float32(0.5)})
    assert result_from_json(result_to_json(odd)).extra == {"a": 0.1, "b": 3.0, "c": 0.5}


def test_the_body_is_strict_json(make_result):
    body = result_to_json(make_result(extra={"a": math.nan}))
    assert json.loads(body, parse_constant=pytest.fail)["extra"] == {"a": "NaN"}


def test_a_result_of_another_version_is_still_read(make_result):
    body = json.loads(result_to_json(make_result()))
    body["invented_later"] = [1, 2]
    body["repetitions"][0]["invented_later"] = "x"
    del body["extra"], body["set"]["tot_sd_deg"], body["repetitions"][0]["lag_pct"]
    read = result_from_json(json.dumps(body))
    assert read.extra == {}
    assert read.repetitions[0].lag_pct is None
    assert read.repetitions[1] == make_result().repetitions[1]


@pytest.mark.parametrize("text", ["[]", "{}", '{"schema": 2}', '{"schema": 1, "grade": "A"}', "x"])
def test_what_is_no_result_is_refused(text: str):
    with pytest.raises(ValueError):  # noqa: PT011  # the reader's words differ
        result_from_json(text)


def test_what_cannot_be_written_is_a_defect(make_result):
    result: TrialResult = make_result(extra={"a": object()})
    with pytest.raises(TypeError):
        result_to_json(result)
