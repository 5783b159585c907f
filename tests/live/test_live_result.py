"""The result of the live way, kept beside the one that is computed from the raw bytes."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import pytest
from live_kit import play

from collector.live.angles.separation import Separation
from collector.pipeline import process
from collector.simulate import TrialConfig, simulate_trial
from collector.store import open_store
from schemas.protocol import protocol_of


def live_and_stored(recording):
    separation = Separation(recording.info, protocol_of(recording.info))
    deque(play(recording, separation), maxlen=0)
    return separation.result(recording), process(recording).result


@pytest.fixture(scope="module", params=["witmotion", "movella_dot"])
def recording(request):
    return simulate_trial("pslr", "left", 6, TrialConfig(profile_id=request.param)).recording


@pytest.fixture(scope="module")
def results(recording):
    return live_and_stored(recording)


def test_both_ways_agree_within_a_degree(results):
    live, stored = results
    assert live.set.hip_mean_deg == pytest.approx(stored.set.hip_mean_deg, abs=1.0)
    assert live.set.share_mean_pct == pytest.approx(stored.set.share_mean_pct, abs=1.0)
    assert len(live.repetitions) == len(stored.repetitions) == 3


def test_the_live_result_says_that_its_filter_was_live(results):
    live, stored = results
    assert live.versions.filter == "live"
    assert stored.versions.filter == "offline"
    assert {s.filter for s in live.certificate.sensors.values()} == {"live"}


def test_it_is_of_the_same_bytes_and_says_so(results, recording):
    live, stored = results
    assert live.certificate.raw_sha256 == stored.certificate.raw_sha256 == recording.sha256()


def test_what_came_is_counted_alike(results):
    live, stored = results
    for segment, sensor in stored.certificate.sensors.items():
        assert live.certificate.sensors[segment].received == sensor.received
        assert live.certificate.sensors[segment].damaged == sensor.damaged


def test_both_kinds_are_kept(results, recording, tmp_path):
    live, stored = results
    with open_store(tmp_path / "t.db") as store:
        trial = store.add_trial(recording, result=stored)
        store.add_result(trial, live, kind="live")
        assert store.latest_result(trial, kind="live") == live
        assert store.latest_result(trial) == stored


def test_a_trial_without_a_sensors_data_has_no_live_result(recording):
    pelvis, thigh = recording.chunks
    silent = replace(recording, chunks=(pelvis, type(thigh).of([])))
    separation = Separation(silent.info, protocol_of(silent.info))
    deque(play(silent, separation), maxlen=0)
    assert separation.result(silent) is None
