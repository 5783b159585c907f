"""The clock that gives every sample its time at once, against the fit of the whole recording."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from live_kit import Session, blocks, live_times, rows_of, session

from collector.live.angles.clocks import LiveClock
from collector.motion.clock import fit_clock
from collector.simulate.radio import RadioModel
from schemas.samples import Samples

WARM_S = 10.0
QUIET = RadioModel(retry_probability=0.02)


def clock_of(kind: str = "arrival", rate_hz: float | None = 100.0) -> LiveClock:
    return LiveClock(kind=kind, nominal_rate_hz=rate_hz, rates_hz=(100.0,))


def off_the_fit_ms(one: Session, kind: str, rate_hz: float) -> float:
    """RMS between live times and the fit of the whole, once warm."""
    whole = fit_clock(one.samples, kind=kind, nominal_rate_hz=rate_hz)
    off = live_times(clock_of(kind, rate_hz), one.samples) - whole.t_s
    return 1e3 * float(np.sqrt(np.mean(off[whole.t_s > WARM_S] ** 2)))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("interval_s", [0.0075, 0.015, 0.03, 0.045])
@pytest.mark.parametrize("batch", [1, 4, 8])
def test_without_losses_live_times_are_those_of_the_whole_within_milliseconds(
    seed, interval_s, batch
):
    model = RadioModel(interval_s=interval_s, frames_per_notification=batch)
    assert off_the_fit_ms(session(seed, model, span_s=30.0), "arrival", 100.0) < 8.0


@pytest.mark.parametrize("seed", range(6))
def test_a_burst_behind_a_stall_moves_no_sample(seed):
    model = RadioModel(stalls_per_min=20.0, stall_s=(0.2, 1.2))
    one, clock = session(seed, model), clock_of()
    t_s = live_times(clock, one.samples)
    warm = one.true_s > WARM_S
    assert float(np.abs(t_s - one.true_s)[warm].max()) < 0.02
    assert clock.lost == 0


@pytest.mark.parametrize("seed", range(4))
def test_losses_are_counted_and_shift_time_for_half_a_second_only(seed):
    one, clock = session(seed, RadioModel(loss_probability=0.01)), clock_of()
    t_s = live_times(clock, one.samples)
    off_ms = 1e3 * np.abs(t_s - one.true_s)[one.true_s > WARM_S]
    assert abs(clock.lost - one.lost) <= 0.35 * one.lost
    assert np.percentile(off_ms, 50) < 10.0
    assert np.sqrt(np.mean(off_ms**2)) < 35.0


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("loss", [0.0, 0.02])
def test_a_tick_clock_counts_its_losses_exactly_and_stays_on_the_fit(seed, loss):
    model = RadioModel(frames_per_notification=1, loss_probability=loss, stalls_per_min=6.0)
    one, clock = session(seed, model, rate_hz=60.0, ticks=True), clock_of("device", 60.0)
    live_times(clock, one.samples)
    whole = fit_clock(one.samples, kind="device", nominal_rate_hz=60.0)
    assert clock.lost == whole.lost
    assert len(clock.gaps) == len(whole.gaps)
    assert off_the_fit_ms(one, "device", 60.0) < 4.0


def test_a_rate_that_drifts_is_followed():
    period_s = 0.01 * (1.0 + 300e-6 * np.arange(30_000) / 30_000)
    ready_s = np.cumsum(period_s)
    arrival_us = np.rint(1e6 * (np.ceil(ready_s[3::4] / 0.015) * 0.015 + 0.003)).astype(np.int64)
    t_s = live_times(clock_of(), Samples(arrival_us=np.repeat(arrival_us, 4)))
    late_s = t_s - ready_s
    assert float(np.ptp(late_s[1_000:])) < 0.015


def test_the_rate_is_measured_within_a_tenth_of_a_percent():
    one, clock = session(3, QUIET), clock_of()
    live_times(clock, one.samples)
    true_hz = 1.0 / float(np.diff(one.true_s).mean())
    assert clock.rate_hz == pytest.approx(true_hz, rel=1e-3)


def test_a_sensor_whose_rate_nobody_knows_is_timed_by_what_it_sends():
    one, clock = session(2, QUIET, rate_hz=50.0), clock_of(rate_hz=None)
    t_s = live_times(clock, one.samples)
    assert float(np.abs(t_s - one.true_s)[one.true_s > WARM_S].max()) < 0.03


@pytest.mark.parametrize("seed", range(4))
def test_behind_a_reconnect_time_goes_on_true_and_the_hole_is_counted(seed):
    one, clock = session(seed, QUIET), clock_of()
    hole = (one.true_s > 20.0) & (one.true_s < 22.5)
    kept = Samples(arrival_us=one.samples.arrival_us[~hole])
    first = int(np.flatnonzero(hole)[0])
    before = live_times(clock, rows_of(kept, slice(0, first)))
    clock.new_segment()
    behind = live_times(clock, rows_of(kept, slice(first, None)))
    error_s = np.concatenate([before, behind]) - one.true_s[~hole]
    assert np.abs(error_s[first:]).max() < 0.06
    assert np.abs(error_s[first + 300 :]).max() < 0.025
    assert abs(clock.lost - int(hole.sum())) <= 6
    assert clock.segment == 1


def test_a_device_clock_that_begins_anew_begins_a_segment():
    one, clock = session(1, QUIET, rate_hz=60.0, ticks=True), clock_of("device", 60.0)
    half = len(one.samples) // 2
    device_s = one.samples.device_time_s.copy()
    device_s[half:] -= device_s[half]
    t_s = live_times(clock, Samples(arrival_us=one.samples.arrival_us, device_time_s=device_s))
    assert clock.segment == 1
    assert float(np.abs(t_s - one.true_s)[one.true_s > WARM_S].max()) < 0.05


def test_a_loss_that_was_none_is_taken_back():
    """The link delivers with a lag of two notifications for two seconds, and then catches up."""
    ready_s = np.arange(4_000) / 100.0
    last_s = ready_s[3::4].copy()
    last_s[(last_s > 20.0) & (last_s < 22.0)] += 0.1
    arrival_us = np.repeat(np.rint(1e6 * np.maximum.accumulate(last_s)).astype(np.int64), 4)
    clock = clock_of()
    t_s = live_times(clock, Samples(arrival_us=arrival_us))
    assert clock.lost == 0
    assert float(np.abs(t_s - ready_s)[ready_s > 25.0].max()) < 0.015


@settings(max_examples=60, deadline=None)
@given(
    arrival_us=st.lists(st.integers(0, 2**45), min_size=1, max_size=60),
    device_s=st.lists(st.floats(-1e6, 1e6), min_size=60, max_size=60),
    kind=st.sampled_from(["arrival", "device", "shared"]),
    cuts=st.lists(st.integers(1, 20), min_size=1, max_size=10),
    breaks=st.booleans(),
)
def test_whatever_comes_times_only_rise(arrival_us, device_s, kind, cuts, breaks):
    clock = clock_of(kind)
    device = None if kind == "arrival" else np.array(device_s[: len(arrival_us)])
    samples, given_s, at = Samples(np.array(arrival_us, np.int64), device), [], 0
    for cut in [*cuts, len(arrival_us)]:
        t_s, segment = clock.feed(rows_of(samples, slice(at, at + cut)))
        given_s.append(t_s)
        assert len(t_s) == len(segment)
        at += cut
        if breaks:
            clock.new_segment()
    t_s = np.concatenate(given_s)
    assert np.isfinite(t_s).all()
    assert (np.diff(t_s) > 0).all()


def test_two_hours_take_no_more_memory_than_ten_minutes():
    one, clock = session(1, QUIET, span_s=600.0), clock_of()
    live_times(clock, one.samples)
    tracemalloc.start()
    for part in range(1, 12):
        later = Samples(arrival_us=one.samples.arrival_us + part * 600_000_000)
        for block in blocks(later, every_us=5_000_000):
            clock.feed(block)
    del later, block
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 100_000
