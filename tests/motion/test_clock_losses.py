"""Many losses, and what they must not be taken for; the right answer is known from the draw."""

from __future__ import annotations

import numpy as np
import pytest
from clock_kit import arrivals

from collector.motion.clock import fit_clock
from schemas.motion import ClockFit
from schemas.samples import Samples

OFFERED_HZ = (10.0, 20.0, 50.0, 100.0, 200.0)


def recorded(
    *,
    rate_hz: float = 99.3,
    batch: int = 4,
    interval_s: float = 0.03,
    loss: float = 0.0,
    seconds: float = 40.0,
    seed: int = 1,
) -> tuple[np.ndarray, np.ndarray, int]:
    """Return arrivals, true times and how many samples were lost between the first and last.

    Every notification waits for the next connection event, one in fifty for the one after it, and
    then for the host, a millisecond in the mean.
    """
    rng = np.random.default_rng(seed)
    count = int(seconds * rate_hz) // batch
    ready_s = np.arange(count * batch) / rate_hz
    last_s = ready_s[batch - 1 :: batch]
    phase = rng.random()
    event = np.ceil(last_s / interval_s - phase) + phase + (rng.random(count) < 0.02)
    delay_s = event * interval_s - last_s + rng.exponential(0.001, count)
    kept = rng.random(count) >= loss
    kept[[0, -1]] = True
    frames = np.repeat(kept, batch)
    came = arrivals(ready_s, batch, delay_s)
    return came[frames], ready_s[frames], int(np.count_nonzero(~frames))


def fit(came: np.ndarray, nominal_rate_hz: float | None = None) -> ClockFit:
    samples = Samples(arrival_us=came)
    return fit_clock(samples, kind="arrival", nominal_rate_hz=nominal_rate_hz, rates_hz=OFFERED_HZ)


@pytest.mark.parametrize("loss", [0.05, 0.1, 0.2, 0.3])
@pytest.mark.parametrize("nominal_rate_hz", [None, 100.0])
def test_many_lost_notifications_are_not_a_slower_sensor(loss, nominal_rate_hz):
    came, _, lost = recorded(loss=loss)
    fitted = fit(came, nominal_rate_hz)
    assert fitted.rate_hz == pytest.approx(99.3, abs=0.05)
    assert abs(fitted.lost - lost) <= fitted.lost_uncertainty <= 12


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("batch", "rate_hz"), [(1, 50.4), (4, 100.6), (8, 198.5)])
def test_the_loss_lies_within_what_is_stated(batch, rate_hz, seed):
    came, _, lost = recorded(batch=batch, rate_hz=rate_hz, loss=0.1, seed=seed)
    fitted = fit(came)
    assert abs(fitted.lost - lost) <= fitted.lost_uncertainty
    assert fitted.lost_uncertainty <= 0.05 * len(came)


def test_all_losses_lie_in_gaps():
    came, _, _ = recorded(loss=0.2)
    fitted = fit(came)
    assert sum(gap.samples for gap in fitted.gaps) == fitted.lost > 0


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("interval_s", [0.0075, 0.015, 0.03, 0.0375, 0.045, 0.06])
def test_the_bound_holds_beside_losses(interval_s, seed):
    came, true_s, _ = recorded(interval_s=interval_s, loss=0.02, seed=seed)
    fitted = fit(came)
    off = np.abs(fitted.t_s - true_s)
    assert np.percentile(off, 98) <= fitted.bound_s


def test_samples_that_may_belong_before_a_loss_widen_the_bound():
    few, many = recorded(interval_s=0.05, loss=0.002), recorded(interval_s=0.05, loss=0.04)
    assert fit(many[0]).bound_s > 0.04 > fit(few[0]).bound_s


def test_losses_to_the_very_end_do_not_pull_the_last_samples():
    came, true_s, _ = recorded(loss=0.2, interval_s=0.015, seed=3)
    assert abs(fit(came).t_s[-1] - true_s[-1]) < 0.05


def test_a_steady_rate_that_no_sensor_offers_is_loss_nobody_can_place():
    fitted = fit(arrivals(np.arange(3200) / 80.0, 4))
    assert fitted.gaps == ()
    assert fitted.lost == pytest.approx(800, abs=10)
    assert fitted.lost_uncertainty >= fitted.lost
    assert fitted.rate_hz == pytest.approx(80.0, rel=1e-4)


@pytest.mark.parametrize("rate_hz", [98.2, 101.8, 106.0, 49.5, 200.9])
def test_a_steady_rate_near_an_offered_one_lost_nothing(rate_hz):
    fitted = fit(arrivals(np.arange(3200) / rate_hz, 4))
    assert (fitted.lost, fitted.lost_uncertainty) == (0, 0)


def test_without_any_known_rate_a_steady_one_is_believed():
    samples = Samples(arrival_us=arrivals(np.arange(3200) / 80.0, 4))
    assert fit_clock(samples, kind="arrival", nominal_rate_hz=None).lost == 0


@pytest.mark.parametrize("seed", range(4))
def test_a_rate_locked_to_the_link_leaves_its_losses_in_doubt(seed):
    came, _, lost = recorded(rate_hz=50.0, batch=1, interval_s=0.02, loss=0.02, seed=seed)
    fitted = fit(came)
    assert abs(fitted.lost - lost) <= fitted.lost_uncertainty
    assert fitted.lost_uncertainty > 3


def test_an_answer_in_step_with_the_link_knows_of_the_other():
    came, _, lost = recorded(rate_hz=99.3, interval_s=0.02, loss=0.01, seconds=60.0)
    fitted = fit(came)
    assert fitted.lost_uncertainty >= abs(fitted.lost - lost) > 0


@pytest.mark.parametrize("rate_hz", [99.0, 100.7, 101.0])
def test_half_an_interval_a_notification_is_not_mirrored(rate_hz):
    came, _, lost = recorded(rate_hz=rate_hz, interval_s=0.02, loss=0.01, seconds=60.0)
    fitted = fit(came)
    assert fitted.rate_hz == pytest.approx(rate_hz, rel=2e-4)
    assert abs(fitted.lost - lost) <= fitted.lost_uncertainty


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("interval_s", [0.04, 0.06])
def test_a_slow_beat_with_the_link_is_not_a_loss(interval_s, seed):
    came, true_s, _ = recorded(rate_hz=99.82, interval_s=interval_s, seconds=28.0, seed=seed)
    fitted = fit(came)
    assert fitted.lost == 0
    assert np.abs(fitted.t_s - true_s).max() <= fitted.bound_s


@pytest.mark.parametrize("seed", range(6))
def test_a_few_losses_in_a_short_recording_do_not_bend_its_rate(seed):
    came, true_s, _ = recorded(seconds=15.0, loss=0.01, seed=seed)
    fitted = fit(came)
    assert np.sqrt(np.mean((fitted.t_s - true_s) ** 2)) <= fitted.bound_s
