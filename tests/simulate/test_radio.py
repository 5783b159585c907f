"""The radio timing model: arrivals follow from the link, not from the sensor."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.simulate.radio import RadioModel, deliver

CLEAN = RadioModel(interval_s=0.03, phase_s=0.0, latency_s=0.0, jitter_s=0.0, retry_probability=0.0)


def model(**changes):
    return RadioModel(**{name: getattr(CLEAN, name) for name in CLEAN.__slots__} | changes)


def sent(ready_s, radio, seed=0):
    return deliver(np.asarray(ready_s), radio, np.random.default_rng(seed))


def test_a_notification_waits_for_the_next_event():
    came = sent([0.001, 0.002, 0.003, 0.031, 0.032, 0.033, 0.034, 0.061], CLEAN)
    np.testing.assert_array_equal(came.arrival_us, [60_000, 90_000])
    np.testing.assert_array_equal(came.first, [0, 4])
    np.testing.assert_array_equal(came.last, [3, 7])


def test_frames_that_fill_no_notification_stay_in_the_sensor():
    came = sent(np.arange(10) * 0.01, CLEAN)
    assert (came.last[-1], len(came.lost)) == (7, 0)


def test_fixed_latency_is_added():
    came = sent(np.arange(4) * 0.01, model(latency_s=0.004))
    assert came.arrival_us[0] == 34_000


def test_an_event_carries_no_more_than_its_packets():
    came = sent([0.001] * 8, model(frames_per_notification=1, packets_per_event=3))
    np.testing.assert_array_equal(came.arrival_us // 30_000, [1, 1, 1, 2, 2, 2, 3, 3])


def test_packets_of_one_event_follow_each_other():
    came = sent([0.001] * 3, model(frames_per_notification=1, packet_s=0.001))
    np.testing.assert_array_equal(came.arrival_us, [30_000, 31_000, 32_000])


def test_delays_fill_the_interval_when_the_beat_sweeps():
    ready_s = np.arange(6000) * 0.01007
    came = sent(ready_s, CLEAN)
    late_s = came.arrival_us * 1e-6 - ready_s[came.last]
    assert np.histogram(late_s, bins=6, range=(0.0, 0.03))[0].min() > 200
    assert late_s.min() + 1e-6 >= 0.0
    assert late_s.max() <= 0.03 + 1e-6


def test_a_locked_rate_always_waits_the_same():
    ready_s = 0.005 + np.arange(400) * 0.01
    came = sent(ready_s, model(interval_s=0.04))
    late_s = came.arrival_us * 1e-6 - ready_s[came.last]
    assert np.ptp(late_s) < 1e-6


def test_retransmissions_cost_whole_intervals():
    ready_s = np.arange(4000) * 0.01007
    once, again = sent(ready_s, CLEAN), sent(ready_s, model(retry_probability=0.2))
    extra_us = again.arrival_us - once.arrival_us
    assert set(np.unique(extra_us % 30_000)) == {0}
    assert 0.1 < np.mean(extra_us > 0) < 0.5


def test_a_stall_ends_in_a_burst_without_loss():
    came = sent(np.arange(6000) * 0.01, model(stalls_per_min=10.0, stall_s=(0.2, 0.3)), 3)
    wait_us = np.diff(came.arrival_us)
    assert wait_us.max() > 200_000
    assert np.count_nonzero(wait_us == 0) > 10
    assert len(came.lost) == 0


def test_a_full_queue_loses_what_comes_next():
    radio = model(stalls_per_min=10.0, stall_s=(0.3, 0.3), queue=2)
    came = sent(np.arange(6000) * 0.01, radio, 3)
    assert len(came.lost) > 0
    assert len(came.lost) % 4 == 0


def test_lost_and_delivered_frames_are_all_frames():
    came = sent(np.arange(4000) * 0.01, model(loss_probability=0.05))
    frames = (came.first[:, None] + np.arange(4)).ravel()
    assert len(came.lost) == pytest.approx(200, abs=80)
    np.testing.assert_array_equal(np.sort(np.concatenate([frames, came.lost])), np.arange(4000))


@given(
    st.integers(0, 300),
    st.integers(1, 9),
    st.floats(0.0075, 0.06),
    st.integers(1, 8),
    st.integers(0, 2**32),
)
@settings(max_examples=80, deadline=None)
def test_arrivals_never_go_back_or_come_early(n, batch, interval_s, packets, seed):
    radio = RadioModel(
        interval_s=interval_s,
        frames_per_notification=batch,
        packets_per_event=packets,
        stalls_per_min=20.0,
        loss_probability=0.1,
        queue=5,
    )
    ready_s = np.cumsum(np.random.default_rng(seed).uniform(0.0, 0.02, n))
    came = sent(ready_s, radio, seed)
    assert (np.diff(came.arrival_us) >= 0).all()
    assert (came.arrival_us * 1e-6 >= ready_s[came.last] - 1e-6).all()


def test_the_same_seed_delivers_the_same():
    one, two = (sent(np.arange(400) * 0.01, RadioModel(), 5) for _ in range(2))
    np.testing.assert_array_equal(one.arrival_us, two.arrival_us)
