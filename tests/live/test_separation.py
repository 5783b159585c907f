"""What is shown while a trial runs: angles near the truth, and nothing where nothing is known."""

from __future__ import annotations

import tracemalloc
from collections import deque
from dataclasses import replace

import numpy as np
import pytest
from live_kit import batches, first_seconds, play

from collector.live.angles import course, slowed, wearing
from collector.live.angles import separation as live_separation
from collector.live.angles.separation import Separation
from collector.pipeline import process
from collector.simulate import (
    Performance,
    RadioModel,
    SensorErrors,
    TrialConfig,
    simulate_trial,
)
from schemas.chunk import Notification
from schemas.errors import InputError
from schemas.protocol import protocol_of
from schemas.recording import Event, Window

BURSTS = RadioModel(stalls_per_min=6.0)


def simulated(protocol="pslr", side="left", seed=1, **config):
    return simulate_trial(protocol, side, seed, TrialConfig(**{"radio": BURSTS} | config))


@pytest.fixture(scope="module")
def trial():
    return simulated(how=Performance(peak_rate_deg_s=60.0, rest_s=1.5))


@pytest.fixture(scope="module")
def frames(trial):
    return list(play(trial.recording))


def shown(frames, name):
    """Times and values of one number, where it was shown behind the finding of all axes."""
    rows = [(f.t_s, getattr(f, name)) for f in frames if f.axis_found]
    return np.array([row for row in rows if row[1] is not None]).T


def rmse_deg(trial, frames, name="hip_deg"):
    t_s, values = shown(frames, name)
    return float(np.sqrt(np.mean((values - trial.truth.at(t_s)[name]) ** 2)))


@pytest.mark.parametrize(
    ("protocol", "seed", "peak_rate_deg_s", "profile_id"),
    [
        ("pslr", 2, 60.0, "witmotion"),
        ("pslr", 3, 150.0, "movella_dot"),
        ("k2c", 4, 150.0, "witmotion"),
        ("k2c", 5, 100.0, "movella_dot"),
    ],
)
def test_the_live_hip_is_within_a_degree_of_the_truth(protocol, seed, peak_rate_deg_s, profile_id):
    how = Performance(peak_rate_deg_s=peak_rate_deg_s, hold_s=1.0)
    errors = SensorErrors(rate_drift_per_min=100e-6)
    one = simulated(protocol, "right", seed, how=how, profile_id=profile_id, errors=errors)
    frames = list(play(one.recording))
    assert rmse_deg(one, frames) <= 1.0
    assert len(shown(frames, "hip_deg")[0]) > 0.5 * len(frames)


def test_pelvis_and_thigh_and_share_are_those_of_the_truth(trial, frames):
    assert rmse_deg(trial, frames, "pelvis_deg") < 1.0
    assert rmse_deg(trial, frames, "thigh_deg") < 1.0
    tops = [f for f in frames if (f.tot_deg or 0.0) > 40.0 and f.share_pct is not None]
    hip = trial.truth.at(np.array([f.t_s for f in tops]))
    share = 100.0 * -hip["pelvis_deg"] / (hip["hip_deg"] - hip["pelvis_deg"])
    assert float(np.abs([f.share_pct for f in tops] - share).max()) < 4.0


@pytest.fixture(scope="module")
def sweeping(trial):
    """Nobody says where the sensors are strapped: only the movement shows their axes."""
    info = trial.recording.info
    uses = tuple(replace(use, placement="") for use in info.sensors)
    return list(play(replace(trial.recording, info=replace(info, sensors=uses))))


def test_before_an_axis_is_found_tilt_is_shown_and_angles_are_not(sweeping):
    frames = sweeping
    early = [f for f in frames if not f.axis_found and f.thigh_tilt_deg is not None]
    assert early
    assert all(f.hip_deg is None for f in early)
    assert {"pelvis", "thigh_left"} >= set(early[-1].axis_missing)
    assert max(f.thigh_tilt_deg for f in early) > 15.0


def test_at_a_known_site_there_are_angles_before_anything_has_moved(trial, frames):
    still = [f for f in frames if f.referenced and f.t_s < trial.truth.repetitions[0].start_s]
    assert all(f.axis_found for f in still)
    assert max(abs(f.hip_deg) for f in still) < 1.5


def test_the_axes_are_found_in_the_first_lift(trial, sweeping):
    frames = sweeping
    found = next(f for f in frames if f.axis_found)
    (first, *_) = trial.truth.repetitions
    assert found.t_s < first.end_s
    assert rmse_deg(trial, frames[frames.index(found) : frames.index(found) + 30]) < 1.5


def test_a_named_axis_is_taken_at_once(trial):
    info = trial.recording.info
    named = {s: c.axis_left for s, c in _calibrations(trial).items()}
    axis = {s: _nearest(v) for s, v in named.items()}
    uses = tuple(replace(use, axis=axis[use.segment]) for use in info.sensors)
    short = first_seconds(replace(trial.recording, info=replace(info, sensors=uses)), 4.5)
    frames = list(play(short))
    referenced = [f for f in frames if f.referenced]
    assert referenced
    assert all(f.axis_found and f.hip_deg is not None for f in referenced[3:-10])


def _calibrations(trial):
    separation = Separation(trial.recording.info, protocol_of(trial.recording.info))
    deque(play(trial.recording, separation), maxlen=0)
    return separation.calibrations


def _nearest(axis):
    largest = int(np.argmax(np.abs(axis)))
    return ("+" if axis[largest] > 0 else "-") + "xyz"[largest]


def test_repetitions_are_counted_when_they_are_over_and_measured_like_the_stored_ones(
    trial, frames
):
    stored = process(trial.recording).result.repetitions
    assert [f.repetitions for f in frames] == sorted(f.repetitions for f in frames)
    assert frames[-1].repetitions == 3
    for n, one in enumerate(stored, start=1):
        counted = next(f for f in frames if f.repetitions == n)
        assert one.plateau_end_s < counted.t_s < one.end_s + 2.0
        assert counted.last_rep.hip_deg == pytest.approx(one.hip_deg, abs=1.0)
        assert counted.last_rep.share_pct == pytest.approx(one.share_pct, abs=1.5)


def test_still_is_told_in_the_reference_and_in_the_rests_and_never_in_a_lift(trial, frames):
    reference = trial.recording.info.reference
    inside = [f for f in frames if reference.start_s + 0.7 < f.t_s < reference.end_s]
    assert all(f.still for f in inside)
    t_s = np.array([f.t_s for f in frames])
    thigh = [trial.truth.at(t_s - back)["thigh_deg"] for back in (0.0, 0.4)]
    lifts = [f for f, by in zip(frames, thigh[0] - thigh[1], strict=True) if abs(by) > 5.0]
    assert lifts
    assert not any(f.still for f in lifts)
    assert min(f.moving_deg for f in lifts) > 1.0


def test_a_sensor_that_falls_silent_gives_none_and_not_its_last_value(trial):
    pelvis, thigh = trial.recording.chunks
    rows = [row for row in thigh.notifications() if row.t_us < 20_000_000]
    cut = replace(trial.recording, chunks=(pelvis, type(thigh).of(rows)))
    late = [f for f in play(cut) if f.t_s > 21.0]
    assert all(f.hip_deg is None and f.thigh_deg is None for f in late)
    assert all(f.thigh_tilt_deg is None and not f.still for f in late)
    assert all(f.pelvis_deg is not None for f in late[:-20])
    assert not late[0].sensors["thigh_left"].fresh
    assert late[-1].sensors["thigh_left"].latency_s > 5.0


def test_a_reconnect_live_brings_the_angles_back(trial):
    rows = list(trial.recording.chunks[1].notifications())
    kept = [row for row in rows if not 15e6 < row.t_us < 17e6]
    torn = Notification(15_000_001, False, kept[0].characteristic, kept[0].payload[:13])
    at = sum(row.t_us <= 15e6 for row in kept)
    chunk = type(trial.recording.chunks[1]).of([*kept[:at], torn, *kept[at:]])
    event = Event(17_000_000, "reconnected", "thigh_left")
    cut = replace(trial.recording, chunks=(trial.recording.chunks[0], chunk), events=(event,))
    frames = list(play(cut))
    back = [f.sensors["thigh_left"] for f in frames if 17.1 < f.t_s < 17.5]
    assert back
    assert all(sensor.latency_s < 0.3 for sensor in back)
    behind = [f for f in frames if f.t_s > 19.0]
    assert rmse_deg(trial, behind) < 1.5
    assert len(shown(behind, "hip_deg")[0]) == len(behind)
    assert abs(frames[-1].sensors["thigh_left"].lost - 200) <= 8


def test_a_reference_that_moves_is_refused_and_the_old_one_stays(trial):
    separation = Separation(trial.recording.info, protocol_of(trial.recording.info))
    deque(play(trial.recording, separation), maxlen=0)
    before = dict(separation.calibrations)
    peak = process(trial.recording).result.repetitions[1].plateau_start_s
    with pytest.raises(InputError, match="must be still"):
        separation.set_reference(Window(peak - 2.0, peak))
    assert separation.calibrations == before


def test_without_a_test_angles_are_shown_and_nothing_is_counted(trial):
    separation = Separation(trial.recording.info, None)
    frames = list(play(trial.recording, separation))
    assert frames[-1].hip_deg is not None
    assert frames[-1].repetitions == 0
    assert frames[-1].share_pct is None


def test_any_bytes_give_frames_and_never_an_error(trial):
    rng = np.random.default_rng(0)
    separation = Separation(trial.recording.info, protocol_of(trial.recording.info))
    for now_us, batch in batches(first_seconds(trial.recording, 6.0)):
        separation.feed(tuple(_damaged(row, rng) for row in batch))
        assert separation.tick(now_us).t_s >= 0.0


def _damaged(row, rng):
    payload = bytearray(row.notification.payload)
    if rng.random() < 0.3:
        payload[rng.integers(len(payload))] = int(rng.integers(256))
    if rng.random() < 0.1:
        payload = bytearray(rng.bytes(int(rng.integers(1, 60))))
    return row._replace(notification=row.notification._replace(payload=bytes(payload)))


def test_an_endless_recording_keeps_a_window_only(trial, monkeypatch):
    monkeypatch.setattr(live_separation, "ENDLESS_S", 3.0)
    monkeypatch.setattr(slowed, "SWEEP_S", 3.0)
    separation = Separation(trial.recording.info, None)
    ticks = list(batches(first_seconds(trial.recording, 8.0), 100_000))
    tracemalloc.start()
    held = []
    for part in range(6):
        for now_us, batch in ticks:
            separation.feed(tuple(_later(row, part * 8_000_000) for row in batch))
            separation.tick(now_us + part * 8_000_000)
        held.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert held[-1] < 1.1 * held[-3]


def _later(row, by_us):
    return row._replace(notification=row.notification._replace(t_us=row.notification.t_us + by_us))


def test_what_a_tick_looks_at_does_not_grow_with_the_trial(trial, monkeypatch):
    looked_at = []
    whole = course.find_spans
    monkeypatch.setattr(course, "WINDOW_S", 10.0)
    monkeypatch.setattr(
        course,
        "find_spans",
        lambda s, gates, **since: looked_at.append(len(s.t_s)) or whole(s, gates, **since),
    )
    frames = list(play(trial.recording))
    assert frames[-1].repetitions == 3
    assert max(looked_at) < 2 * 10.0 * course.GRID_HZ + course.GRID_HZ
    assert frames[-1].t_s > 2 * 10.0 + 5.0


def test_no_two_axes_are_looked_for_in_one_tick(trial, monkeypatch):
    looks = []
    look = wearing.LiveWearing._look
    monkeypatch.setattr(
        wearing.LiveWearing, "_look", lambda self, s: looks.append(s) or look(self, s)
    )
    separation = Separation(trial.recording.info, protocol_of(trial.recording.info))
    for now_us, batch in batches(trial.recording):
        looks.clear()
        separation.feed(batch)
        separation.tick(now_us)
        assert len(looks) <= 1
