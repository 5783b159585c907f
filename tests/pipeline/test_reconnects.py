"""A connection that is lost and comes back: one trial, two clock segments, nothing filled in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dropouts import restarted_ticks, without

from collector.measured import timed
from collector.pipeline import process
from collector.simulate import RadioModel, TrialConfig, simulate_trial
from schemas.chunk import Chunk, Notification
from schemas.recording import Event


@pytest.fixture(scope="module", params=["witmotion", "movella_dot"])
def recording(request):
    return simulate_trial("pslr", "left", 1, TrialConfig(profile_id=request.param)).recording


@pytest.fixture(scope="module")
def whole(recording):
    return process(recording).result


def dropped(recording, whole, length_s, part=0.4, sensor=1):
    """The recording without `length_s` of one sensor from a part of the second repetition on."""
    second = whole.repetitions[1]
    start_s = second.start_s + part * (second.end_s - second.start_s)
    torn = recording.info.sensors[sensor].profile_id == "witmotion"
    return without(recording, sensor, start_s, start_s + length_s, torn=torn)


def sensor_of(result, segment="thigh_left"):
    return result.certificate.sensors[segment]


@pytest.mark.parametrize("length_s", [1.0, 3.0])
@pytest.mark.parametrize("part", [0.2, 0.4, 0.6])
def test_a_dropout_in_the_second_repetition_refuses_that_one_alone(
    recording, whole, length_s, part
):
    result = process(dropped(recording, whole, length_s, part)).result
    assert [repetition.grade for repetition in result.repetitions] == ["A", "X", "A"]
    assert "gap_long" in {reason.code for reason in result.repetitions[1].reasons}
    assert result.grade == "B"
    for n in (0, 2):
        now, before = result.repetitions[n], whole.repetitions[n]
        assert now.hip_deg == pytest.approx(before.hip_deg, abs=0.1)


def test_one_gap_stands_in_the_certificate_where_the_dropout_was(recording, whole):
    cut = dropped(recording, whole, 2.0)
    came_s = cut.events[-1].t_us / 1e6
    sensor = sensor_of(process(cut).result)
    (gap,) = sensor.gaps
    assert sensor.clock_segments == 2
    assert gap.samples == sensor.lost
    assert gap.start_s == pytest.approx(came_s - 2.0, abs=0.1)
    assert gap.end_s == pytest.approx(came_s, abs=0.1)


@pytest.mark.parametrize("length_s", [0.5, 1.0, 3.0, 8.0])
def test_what_was_lost_is_what_was_sent_within_what_is_stated(recording, whole, length_s):
    sensor = sensor_of(process(dropped(recording, whole, length_s)).result)
    really_lost = sensor_of(whole).received - sensor.received
    assert abs(sensor.lost - really_lost) <= sensor.lost_uncertainty
    assert sensor.lost_uncertainty <= 5


def test_the_certificate_tells_of_it_in_one_sentence(recording, whole):
    result = process(dropped(recording, whole, 2.0)).result
    told = result.certificate.reasons
    (reason,) = [r for r in told if r.code == "sensor_reconnected"]
    assert reason.sentence.startswith("thigh_left: the connection was lost and came back;")
    assert not [r for r in told if r.code == "silence"]


def test_the_other_sensor_has_neither_gap_nor_segment(recording, whole):
    pelvis = sensor_of(process(dropped(recording, whole, 2.0)).result, "pelvis")
    assert pelvis == sensor_of(whole, "pelvis")


def test_half_a_frame_before_the_break_is_never_joined_to_half_a_frame_behind_it():
    recording = simulate_trial("pslr", "left", 1).recording
    sent = recording.chunks[1].payload
    frames = [sent[i : i + 20] for i in range(0, 200, 20)]
    before, behind = b"".join(frames[:4]) + frames[4][:17], frames[5][17:] + b"".join(frames[6:])
    rows = [Notification(0, False, "ffe4", before), Notification(900_000, False, "ffe4", behind)]
    use, chunk = recording.info.sensors[1], Chunk.of(rows)
    assert len(timed(use, chunk).samples) == 9
    sensor = timed(use, chunk, reconnects_us=[900_000])
    assert len(sensor.samples) == 8
    assert sensor.counters.skipped_bytes == 20


def test_a_tick_clock_that_began_anew_is_bridged_by_the_time_that_passed():
    config = TrialConfig(profile_id="movella_dot")
    recording = simulate_trial("pslr", "left", 2, config).recording
    cut = restarted_ticks(without(recording, 1, 20.0, 22.0, torn=False), 1, 22.0)
    sensor = sensor_of(process(cut).result)
    really_lost = len(recording.chunks[1]) - len(cut.chunks[1])
    assert sensor.clock_segments == 2
    assert abs(sensor.lost - really_lost) <= sensor.lost_uncertainty
    assert sensor.lost_uncertainty > 0


def test_many_short_connections_are_all_put_on_one_time():
    trial = simulate_trial("pslr", "left", 4)
    cut = trial.recording
    for at_s in (8.0, 11.0, 12.5, 20.0, 24.0):
        cut = without(cut, 1, at_s, at_s + 0.7)
    result = process(cut)
    truth = trial.truth.at(result.angles.t_s)["hip_deg"]
    hip = result.angles.deg["hip_deg"]
    assert sensor_of(result.result).clock_segments == 6
    assert float(np.sqrt(np.nanmean((hip - truth) ** 2))) < 1.0


@pytest.mark.parametrize("seed", range(8))
def test_times_behind_a_break_are_true_whatever_the_link_does(seed):
    radio = RadioModel(interval_s=(0.0075, 0.015, 0.03, 0.045)[seed % 4], stalls_per_min=4.0)
    trial = simulate_trial("pslr", "left", seed, TrialConfig(radio=radio))
    cut = without(trial.recording, 1, 12.0, 13.7)
    use, chunk = cut.info.sensors[1], cut.chunks[1]
    clock = timed(use, chunk, reconnects_us=[13_700_000]).clock
    sent_s = trial.sensors[use.segment].sample_times_s(100.0, 1e3)
    behind = len(trial.recording.chunks[1].payload) // 20 - int((clock.segment > 0).sum())
    true_s = sent_s[behind : behind + int((clock.segment > 0).sum())]
    error_s = clock.t_s[clock.segment > 0] - true_s
    assert float(np.sqrt(np.mean(error_s**2))) < clock.bound_s


def test_an_event_of_another_segment_or_before_the_first_sample_changes_nothing(recording, whole):
    events = (Event(20_000_000, "reconnected", "trunk"), Event(0, "reconnected", "thigh_left"))
    assert process(replace(recording, events=events)).result == whole


def test_a_recording_that_ends_before_the_sensor_came_back_says_so(recording, whole):
    cut = dropped(recording, whole, 1e3)
    cut = replace(cut, events=cut.events[:1])
    result = process(cut).result
    (reason,) = [r for r in result.certificate.reasons if r.code == "sensor_lost"]
    assert "did not come back" in reason.sentence
    assert len(result.repetitions) == 1


def test_a_trial_started_against_the_gate_is_b_and_says_why(recording, whole):
    event = Event(0, "gate_overridden", "pelvis sensor slow, patient in pain")
    result = process(replace(recording, events=(event,))).result
    assert whole.grade == "A"
    assert result.grade == "B"
    (reason,) = [r for r in result.reasons if r.code == "gate_overridden"]
    assert "patient in pain" in reason.sentence


def test_a_salvaged_trial_is_b_at_best(recording):
    info = replace(recording.info, faults=("salvaged",))
    result = process(replace(recording, info=info)).result
    assert result.grade == "B"
    assert "salvaged" in {reason.code for reason in result.reasons}


def test_a_break_without_a_dropout_costs_next_to_nothing():
    recording = simulate_trial("pslr", "left", 5).recording
    events = (Event(int(recording.chunks[1].t_us[300]), "reconnected", "thigh_left"),)
    sensor = sensor_of(process(replace(recording, events=events)).result)
    assert sensor.clock_segments == 2
    assert sensor.lost <= sensor.lost_uncertainty
