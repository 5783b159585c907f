from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from api_kit import FIRST, UNSCORED, lifted, refused

from collector.pipeline import process
from collector.store import open_store
from collector.web.api.thinning import kept_rows
from schemas.chunk import Chunk
from schemas.recording import Event


def test_a_curve_shows_the_angles_that_the_trial_was_scored_from(api, db):
    body = api.get(f"/trials/{FIRST}/curves?points=50000")
    with open_store(db) as store:
        angles = process(store.load_recording(FIRST)).angles
    assert list(body["series"]) == ["hip_deg", "pelvis_deg", "thigh_deg"]
    assert body["names"] == {"hip_deg": "hip", "pelvis_deg": "pelvis", "thigh_deg": "thigh"}
    assert len(body["t_s"]) == len(angles.t_s)
    assert body["series"]["hip_deg"] == pytest.approx(list(angles.deg["hip_deg"]), abs=0.001)


def test_repetitions_lie_where_the_result_has_them(api):
    body, trial = api.get(f"/trials/{FIRST}/curves"), api.get(f"/trials/{FIRST}")["trial"]
    spans = [(r["n"], r["start_s"], r["end_s"], r["grade"]) for r in body["repetitions"]]
    assert spans == [(r["n"], r["start_s"], r["end_s"], r["grade"]) for r in trial["repetitions"]]
    assert all(
        r["start_s"] < r["plateau"][0] < r["plateau"][1] < r["end_s"] for r in body["repetitions"]
    )


def test_no_more_points_come_than_were_asked_for(api):
    whole = api.get(f"/trials/{FIRST}/curves?points=50000")
    thin = api.get(f"/trials/{FIRST}/curves?points=200")
    assert 100 <= len(thin["t_s"]) <= 200
    assert max(thin["series"]["hip_deg"]) == max(whole["series"]["hip_deg"])
    assert min(thin["series"]["pelvis_deg"]) == min(whole["series"]["pelvis_deg"])


@pytest.mark.parametrize("points", ["0", "-5", "x", "1e9", "50001"])
def test_a_number_of_points_that_cannot_be_is_said(api, points):
    assert "points" in refused(api("GET", f"/trials/{FIRST}/curves?points={points}"), 422)["fields"]


def test_a_trial_that_gives_no_angles_says_why(api):
    assert refused(api("GET", f"/trials/{UNSCORED}/curves"), 422)["reason"] == "reference_moving"


def with_hole(seconds: tuple[float, float]):
    """The same recording, of whose thigh nothing came between two times; and a mark."""
    recording = lifted(66.0, 42.0, 9)
    pelvis, thigh = recording.chunks
    left = [n for n in thigh.notifications() if not seconds[0] <= n.t_us / 1e6 < seconds[1]]
    events = (*recording.events, Event(4_000_000, "mark", "<b>here</b>"))
    return replace(recording, chunks=(pelvis, Chunk.of(left)), events=events)


def test_a_gap_is_null_and_never_bridged(api, db):
    with open_store(db) as store:
        number = store.add_trial(with_hole((20.0, 22.0)), subject="S-1")
    body = api.get(f"/trials/{number}/curves?points=300")
    inside = [
        v for t, v in zip(body["t_s"], body["series"]["hip_deg"], strict=True) if 20.5 < t < 21.5
    ]
    assert inside
    assert set(inside) == {None}
    pelvis = body["series"]["pelvis_deg"]
    assert None not in [p for t, p in zip(body["t_s"], pelvis, strict=True) if 20.5 < t < 21.5]
    marks = [e for e in body["events"] if e["kind"] == "mark"]
    assert [(e["t_s"], e["text"]) for e in marks] == [(4.0, "<b>here</b>")]


def test_thinning_keeps_a_peak_of_one_sample_and_a_hole_of_one_sample():
    wave = np.sin(np.linspace(0.0, 20.0, 10_000))
    wave[1234], wave[7777] = 50.0, np.nan
    kept = kept_rows([wave, -wave], 400)
    assert {0, 1234, 7777, 9_999} <= set(kept.tolist())
    assert len(kept) <= 400
    assert np.all(np.diff(kept) > 0)


def test_what_is_short_enough_is_kept_whole():
    assert kept_rows([np.arange(5.0)], 50).tolist() == [0, 1, 2, 3, 4]
    assert kept_rows([], 50).tolist() == []


def test_thinning_what_was_never_measured_ends():
    assert len(kept_rows([np.full(5_000, np.nan)] * 6, 50)) <= 50
