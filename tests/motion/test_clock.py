"""Clocks: analytic cases, then what must hold for any input."""

from __future__ import annotations

import numpy as np
import pytest
from clock_kit import arrivals, delays, fit, shared, ticks
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.motion.clock import fit_clock
from schemas.samples import Samples


def test_perfect_arrivals_give_the_exact_rate():
    fitted = fit(arrivals(np.arange(1000) * 0.0101, 1))
    assert fitted.rate_hz == pytest.approx(1 / 0.0101, rel=1e-7)


def test_perfect_arrivals_are_their_own_times():
    true_s = 3.0 + np.arange(1000) * 0.01
    np.testing.assert_allclose(fit(arrivals(true_s, 1)).t_s, true_s, atol=2e-6)


def test_frames_of_a_batch_are_spread_backwards():
    true_s = np.arange(400) * 0.01
    np.testing.assert_allclose(fit(arrivals(true_s, 4)).t_s, true_s, atol=2e-6)


def test_a_constant_delay_shifts_every_time():
    true_s = np.arange(400) * 0.01
    np.testing.assert_allclose(fit(arrivals(true_s, 4, 0.005)).t_s, true_s + 0.005, atol=2e-6)


def test_late_arrivals_do_not_pull_the_line():
    true_s = np.arange(4000) * 0.01007
    fitted = fit(arrivals(true_s, 4, delays(1000)))
    np.testing.assert_allclose(fitted.t_s, true_s, atol=0.0005)


@pytest.mark.parametrize("nominal_rate_hz", [None, 99.0, 100.0, 200.0])
def test_the_nominal_rate_is_not_a_clock(nominal_rate_hz):
    true_s = np.arange(4000) * 0.01007
    fitted = fit(arrivals(true_s, 4, delays(1000)), nominal_rate_hz)
    assert fitted.rate_hz == pytest.approx(1 / 0.01007, rel=2e-5)


def test_the_residual_is_the_median_delay():
    fitted = fit(arrivals(np.arange(3600) * 0.01, 4, delays(900)))
    assert fitted.residual_s == pytest.approx(0.013, abs=0.0005)


def test_without_loss_there_is_one_segment_and_no_gap():
    fitted = fit(arrivals(np.arange(3600) * 0.01007, 4, delays(900)))
    assert (fitted.lost, fitted.gaps, fitted.segment.max()) == (0, (), 0)


def test_one_notification_is_spread_at_the_nominal_rate():
    fitted = fit(np.full(4, 1_000_000))
    np.testing.assert_allclose(fitted.t_s, [0.97, 0.98, 0.99, 1.0])


def test_no_samples_are_no_error():
    fitted = fit(np.zeros(0, dtype=np.int64))
    assert len(fitted.t_s) == 0
    assert np.isnan(fitted.rate_hz)


def test_device_ticks_lie_under_the_arrivals():
    device_s = 500.0 + np.arange(1800) / 60.0
    came_s = 2.0 + np.arange(1800) / 60.0 * (1 + 40e-6) + np.resize(delays(9), 1800) / 2
    fitted = ticks(device_s, came_s)
    np.testing.assert_allclose(fitted.t_s, 2.0 + (device_s - 500.0) * (1 + 40e-6), atol=0.0005)


def test_an_implausible_device_clock_widens_the_bound():
    device_s = np.arange(1800) / 60.0
    sound = ticks(device_s, device_s * (1 + 100e-6) + np.resize(delays(9), 1800) / 2)
    odd = ticks(device_s, device_s * (1 + 2000e-6) + np.resize(delays(9), 1800) / 2)
    assert odd.bound_s > sound.bound_s + 0.01


def test_shared_time_is_session_time():
    fitted = shared(7.0 + np.arange(50) / 60.0)
    np.testing.assert_array_equal(fitted.t_s, 7.0 + np.arange(50) / 60.0)
    assert (fitted.bound_s, fitted.lost) == (0.0, 0)


def test_shared_time_shows_missing_samples():
    kept = np.delete(np.arange(50), [10, 11, 30]) / 60.0
    fitted = shared(kept)
    assert fitted.lost == 3
    assert [gap.samples for gap in fitted.gaps] == [2, 1]
    assert fitted.gaps[0].start_s == pytest.approx(9 / 60)
    assert fitted.gaps[0].end_s == pytest.approx(12 / 60)


def test_the_period_is_found_though_most_steps_are_double():
    kept = np.delete(np.arange(60), np.arange(10, 60, 2)) / 60.0
    assert shared(kept).lost == 25
    assert shared(kept).rate_hz == pytest.approx(60.0)


times = st.lists(st.integers(0, 10**12), max_size=60)
kinds = st.sampled_from(["arrival", "device", "shared"])
rates = st.sampled_from([None, 1.0, 100.0])


@given(times, st.lists(st.floats(-1e6, 1e6), max_size=60), kinds, rates)
@settings(max_examples=200, deadline=None)
def test_whatever_the_times_all_samples_keep_their_order(came, device, kind, rate):
    n = min(len(came), len(device))
    samples = Samples(
        arrival_us=np.array(came[:n], dtype=np.int64), device_time_s=np.array(device[:n])
    )
    fitted = fit_clock(samples, kind=kind, nominal_rate_hz=rate)
    assert len(fitted.t_s) == len(fitted.segment) == n
    assert np.isfinite(fitted.t_s).all()
    assert (np.diff(fitted.t_s) > 0).all()
    assert np.isfinite(fitted.bound_s)


steps = st.lists(st.integers(0, 120_000), min_size=2, max_size=200)


@given(steps, st.integers(-(10**9), 10**9))
@settings(max_examples=100, deadline=None)
def test_moving_all_arrivals_moves_all_times(wait_us, shift_us):
    came = 10**10 + np.cumsum(np.array(wait_us, dtype=np.int64))
    here, there = fit(came), fit(came + shift_us)
    np.testing.assert_allclose(there.t_s - here.t_s, shift_us / 1e6, atol=1e-5)
    assert (here.lost, here.bound_s) == (there.lost, there.bound_s)


@given(steps, st.data())
@settings(max_examples=100, deadline=None)
def test_split_data_equals_whole_data(wait_us, data):
    came = np.cumsum(np.array(wait_us, dtype=np.int64))
    cut = data.draw(st.integers(0, len(came)))
    joined = Samples.joined([Samples(arrival_us=came[:cut]), Samples(arrival_us=came[cut:])])
    whole = fit(came)
    parts = fit_clock(joined, kind="arrival", nominal_rate_hz=100.0)
    np.testing.assert_array_equal(parts.t_s, whole.t_s)


def test_the_same_arrivals_give_the_same_bits():
    came = arrivals(np.arange(1200) * 0.01007, 4, delays(300))
    assert fit(came).t_s.tobytes() == fit(came.copy()).t_s.tobytes()
