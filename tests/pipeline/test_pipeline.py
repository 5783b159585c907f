"""The whole way on simulated trials: the same bytes give the same result, however they come."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from collector.export.trace import write_trace
from collector.imports.trace import read_trace
from collector.links.replay import replay
from collector.pipeline import process, process_many
from collector.rescore import rescore_trials
from collector.simulate import TrialConfig, simulate_trial
from collector.store import open_store
from devices.registry import profile
from schemas.errors import SensorMissingError, UsageError
from schemas.recording import Window
from schemas.samples import Samples


@pytest.fixture(scope="module")
def simulated():
    return simulate_trial("pslr", "left", 11)


@pytest.fixture(scope="module")
def recording(simulated):
    return simulated.recording


@pytest.fixture(scope="module")
def processed(recording):
    return process(recording)


def test_the_same_recording_scores_bit_identically_twice(recording, processed):
    again = process(recording)
    assert again.result == processed.result
    for name, values in processed.angles.deg.items():
        assert again.angles.deg[name].tobytes() == values.tobytes()


def test_many_together_score_as_each_alone_and_a_refused_one_stops_no_other(recording, processed):
    alone = replace(recording.info, sensors=recording.info.sensors[:1])
    broken = replace(recording, info=alone, chunks=recording.chunks[:1])
    other = simulate_trial("pslr", "right", 12).recording
    first, refused, last = process_many([recording, broken, other])
    assert first.result == processed.result
    assert isinstance(refused, SensorMissingError)
    assert last.result == process(other).result


def test_through_the_replay_link_nothing_changes(recording, processed):
    assert process(replay(recording)).result == processed.result


@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_a_trace_exported_and_imported_scores_the_same(recording, processed, tmp_path, suffix):
    path = tmp_path / f"trial{suffix}"
    write_trace(recording, path)
    assert process(read_trace(path).recording).result == processed.result


def test_stored_and_loaded_scores_the_same(recording, processed, tmp_path):
    with open_store(tmp_path / "t.db") as store:
        trial = store.add_trial(recording, result=processed.result)
        assert store.latest_result(trial) == processed.result
        (outcome,) = rescore_trials(store, [trial])
        assert outcome.grade == processed.result.grade
        assert store.latest_result(trial) == processed.result
        assert len(store.results(trial)) == 2


@pytest.mark.parametrize("size", [1, 7, 64])
def test_decoding_in_blocks_equals_decoding_the_whole(recording, size):
    family = profile("witmotion")
    chunk = recording.chunks[0]
    whole = family.decoder(None).feed(chunk).samples
    decoder, rows = family.decoder(None), list(chunk.notifications())
    parts = [
        decoder.feed(type(chunk).of(rows[i : i + size])).samples for i in range(0, len(rows), size)
    ]
    joined = Samples.joined([part for part in parts if len(part)])
    assert joined.arrival_us.tobytes() == whole.arrival_us.tobytes()
    assert joined.acc_m_s2.tobytes() == whole.acc_m_s2.tobytes()
    assert joined.euler_rad.tobytes() == whole.euler_rad.tobytes()


def test_hip_is_thigh_plus_pelvis_at_every_instant(processed):
    deg = processed.angles.deg
    np.testing.assert_allclose(deg["hip_deg"], deg["thigh_deg"] + deg["pelvis_deg"], atol=1e-9)


def test_without_a_trunk_sensor_lumbar_is_a_proxy_and_says_so(processed):
    assert processed.result.certificate.lumbar_is_proxy
    deg = processed.angles.deg
    np.testing.assert_allclose(deg["lumbar_deg"], -deg["pelvis_deg"])


def test_every_repetition_comes_near_its_truth(simulated, processed):
    pairs = zip(processed.result.repetitions, simulated.truth.repetitions, strict=True)
    for found, true in pairs:
        assert found.hip_deg == pytest.approx(true.hip_deg, abs=1.0)
        assert found.comp_deg == pytest.approx(true.comp_deg, abs=1.0)
        assert found.share_pct == pytest.approx(true.share_pct, abs=1.0)


def test_left_and_right_are_measured_alike():
    grades = {side: process(simulate_trial("k2c", side, 4).recording) for side in ("left", "right")}
    left, right = (grades[side].result.set for side in ("left", "right"))
    assert left.hip_mean_deg == pytest.approx(right.hip_mean_deg, abs=1.0)
    assert left.hip_mean_deg > 40.0


def test_without_a_reference_a_test_is_refused_with_its_reason(recording):
    info = replace(recording.info, reference=None)
    result = process(replace(recording, info=info)).result
    assert result.grade == "X"
    assert "no_reference" in {reason.code for reason in result.certificate.reasons}
    assert all(rep.grade == "X" for rep in result.repetitions)


def test_frozen_vendor_angles_are_refused_with_a_reason():
    config = TrialConfig()
    config = replace(config, errors=replace(config.errors, frozen_frames=900))
    recording = simulate_trial("pslr", "left", 5, config).recording
    result = process(recording).result
    assert "vendor_angles_frozen" in {reason.code for reason in result.certificate.reasons}
    assert result.grade == "A"  # raw acceleration and rate are not touched by the fault


def test_a_missing_sensor_is_named(recording):
    info = replace(recording.info, sensors=recording.info.sensors[:1])
    with pytest.raises(SensorMissingError, match="thigh_left"):
        process(replace(recording, info=info, chunks=recording.chunks[:1]))


def test_two_legs_without_a_side_are_refused(recording):
    other = replace(recording.info.sensors[1], segment="thigh_right")
    info = replace(recording.info, side=None, sensors=(*recording.info.sensors, other))
    with pytest.raises(UsageError, match="--side"):
        process(replace(recording, info=info, chunks=(*recording.chunks, recording.chunks[1])))


def test_windows_follow_the_recordings_own_times(recording, processed):
    reference = recording.info.reference
    info = replace(
        recording.info,
        origin_s=100.0,
        reference=Window(reference.start_s + 100.0, reference.end_s + 100.0),
    )
    shifted = process(replace(recording, info=info)).result
    assert shifted.repetitions[0].start_s == pytest.approx(
        processed.result.repetitions[0].start_s + 100.0
    )
    assert shifted.repetitions[0].tot_deg == pytest.approx(
        processed.result.repetitions[0].tot_deg, abs=1e-9
    )


def changed(recording, index, change):
    """Return the recording with one sensor's samples changed and encoded again."""
    family = profile("witmotion")
    chunk = recording.chunks[index]
    samples = family.decoder(None).feed(chunk).samples
    payload = b"".join(family.encode(change(samples), None))
    chunks = list(recording.chunks)
    chunks[index] = replace(chunk, payload=payload)
    return replace(recording, chunks=tuple(chunks))


def test_a_sensor_without_gravity_is_refused(recording):
    dead = changed(recording, 0, lambda s: replace(s, acc_m_s2=np.zeros_like(s.acc_m_s2)))
    result = process(dead).result
    assert result.grade == "X"
    assert "no_gravity" in {reason.code for reason in result.certificate.reasons}
    assert all(rep.hip_deg is None for rep in result.repetitions)


def test_a_sensor_that_sticks_halfway_is_refused(recording):
    def stick(samples):
        half = len(samples) // 2
        acc, gyr = samples.acc_m_s2.copy(), samples.gyr_rad_s.copy()
        acc[half:], gyr[half:] = acc[half], gyr[half]
        return replace(samples, acc_m_s2=acc, gyr_rad_s=gyr)

    result = process(changed(recording, 1, stick)).result
    assert result.grade == "X"
    assert "sensor_stuck" in {reason.code for reason in result.certificate.reasons}


def test_a_side_that_carries_no_sensor_is_refused(recording):
    info = replace(recording.info, side="right", protocol=None)
    with pytest.raises(UsageError, match="left leg"):
        process(replace(recording, info=info))
