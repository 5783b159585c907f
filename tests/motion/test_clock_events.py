"""What happens to a link, one thing at a time, and what the clock makes of it."""

from __future__ import annotations

import numpy as np
import pytest
from clock_kit import arrivals, delays, fit, ticks

PERIOD_S = 0.01007
READY_S = np.arange(6000) * PERIOD_S
WAIT_S = delays(1500)


def without(*notifications: int) -> tuple[np.ndarray, np.ndarray]:
    """Arrivals of frames, four at a time, some notifications lost; and their true times."""
    keep = np.ones(1500, dtype=bool)
    keep[list(notifications)] = False
    frames = np.repeat(keep, 4)
    return arrivals(READY_S, 4, WAIT_S)[frames], READY_S[frames]


@pytest.mark.parametrize("gone", [[400], [400, 401, 402], [90, 700, 1300], [3]])
def test_lost_notifications_are_counted(gone):
    came, true_s = without(*gone)
    fitted = fit(came)
    assert fitted.lost == 4 * len(gone)
    np.testing.assert_allclose(fitted.t_s, true_s, atol=0.001)


def test_a_loss_is_a_gap_in_a_new_segment():
    came, true_s = without(700, 701)
    fitted = fit(came)
    (gap,) = fitted.gaps
    assert gap.samples == 8
    assert gap.start_s == pytest.approx(true_s[2799], abs=0.001)
    assert gap.end_s == pytest.approx(true_s[2800], abs=0.001)
    np.testing.assert_array_equal(fitted.segment, np.arange(len(came)) >= 2800)


def test_a_loss_without_a_nominal_rate_is_counted():
    came, _ = without(400, 800)
    assert fit(came, None).lost == 8


@pytest.mark.parametrize("silence_s", [0.2, 0.3, 0.6])
def test_a_stall_costs_nothing(silence_s):
    wait_s = WAIT_S.copy()
    late = np.arange(0.0, silence_s, 4 * PERIOD_S)[::-1]
    wait_s[600 : 600 + len(late)] += late
    fitted = fit(arrivals(READY_S, 4, wait_s))
    assert (fitted.lost, fitted.stalls, fitted.gaps) == (0, 1, ())
    np.testing.assert_allclose(fitted.t_s, READY_S, atol=0.001)


def test_a_long_silence_is_flagged_as_complete():
    wait_s = WAIT_S.copy()
    wait_s[600:610] += np.linspace(0.4, 0.04, 10)
    (silence,) = fit(arrivals(READY_S, 4, wait_s)).silences
    assert silence.samples == 0
    assert silence.end_s - silence.start_s > 0.2


def test_a_long_silence_is_flagged_with_its_loss():
    came, _ = without(*range(600, 608))
    fitted = fit(came)
    assert [silence.samples for silence in fitted.silences] == [32]
    assert fitted.stalls == 0


def test_a_burst_at_the_end_is_no_loss():
    wait_s = WAIT_S.copy()
    wait_s[-6:] += 0.25
    assert fit(arrivals(READY_S, 4, wait_s)).lost == 0


def test_a_backlog_at_the_start_is_no_loss():
    wait_s = WAIT_S.copy()
    wait_s[:15] += np.linspace(0.6, 0.0, 15)
    fitted = fit(arrivals(READY_S, 4, wait_s))
    assert fitted.lost == 0
    np.testing.assert_allclose(fitted.t_s, READY_S, atol=0.001)


def test_a_drifting_rate_stays_close():
    true_s = READY_S + 50e-6 * READY_S**2 / (2 * READY_S[-1])
    fitted = fit(arrivals(true_s, 4, WAIT_S))
    np.testing.assert_allclose(fitted.t_s, true_s, atol=0.0015)


def test_an_arrival_that_goes_back_is_held():
    came = arrivals(READY_S, 4, WAIT_S)
    came[2000:2004] -= 500_000
    np.testing.assert_allclose(fit(came).t_s, READY_S, atol=0.001)


def test_a_standing_beat_is_bounded_by_the_interval():
    came = arrivals(np.arange(6000) * 0.01, 4, 0.02)
    assert fit(came).bound_s > 0.04


def test_a_beat_that_was_swept_is_bounded_tightly():
    assert fit(arrivals(READY_S, 4, WAIT_S)).bound_s < 0.012


def test_two_places_of_the_beat_leave_half_an_interval():
    came = arrivals(np.arange(6000) * 0.0075, 4, np.resize([0.0, 0.01], 1500))
    assert 0.01 < fit(came, 133.0).bound_s < 0.05


def test_a_short_recording_is_bounded_loosely():
    assert fit(arrivals(READY_S[:40], 4, WAIT_S[:10])).bound_s > 0.02


DEVICE_S = 100.0 + np.arange(1800) / 60.0
CAME_S = np.arange(1800) / 60.0 + np.resize(delays(9), 1800) / 2


def test_a_device_counts_its_losses_exactly():
    keep = np.ones(1800, dtype=bool)
    keep[[50, 51, 900]] = False
    fitted = ticks(DEVICE_S[keep], CAME_S[keep])
    assert (fitted.lost, fitted.lost_uncertainty) == (3, 0)
    assert [gap.samples for gap in fitted.gaps] == [2, 1]


def test_a_device_that_starts_anew_begins_a_segment():
    device_s = np.concatenate([DEVICE_S[:900], DEVICE_S[:900] - 99.0])
    fitted = ticks(device_s, CAME_S)
    assert (fitted.lost, int(fitted.segment[-1])) == (0, 1)
    np.testing.assert_allclose(fitted.t_s, np.arange(1800) / 60.0, atol=0.004)


def test_a_device_clock_set_forward_loses_nothing():
    device_s = DEVICE_S + np.where(np.arange(1800) >= 900, 3600.0, 0.0)
    assert ticks(device_s, CAME_S).lost == 0


def test_late_device_samples_do_not_move_the_others():
    late = CAME_S.copy()
    late[600:630] = np.maximum.accumulate(late[600:630] + np.linspace(0.5, 0.0, 30))
    np.testing.assert_allclose(ticks(DEVICE_S, late).t_s, ticks(DEVICE_S, CAME_S).t_s, atol=1e-9)


def test_a_device_sample_stamped_before_the_one_before_it_proves_nothing():
    held = CAME_S.copy()
    held[600] -= 0.5
    np.testing.assert_allclose(ticks(DEVICE_S, held).t_s, ticks(DEVICE_S, CAME_S).t_s, atol=0.001)
