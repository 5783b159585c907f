from __future__ import annotations

import numpy as np
import pytest

from collector.live.sensors.tapping import TapDetector
from schemas.samples import Samples

G = 9.80665
RATE_HZ = 100


def samples(seconds: float, taps: dict[float, float], *, delay_s: float = 0.02, seed: int = 0):
    """Lie still, and jump by so many m/s2 for 60 ms at the times of `taps`."""
    rng = np.random.default_rng(seed)
    t_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    acc = rng.normal(0.0, 0.05, (len(t_s), 3)) + np.array((0.0, 0.0, G))
    for at_s, size in taps.items():
        acc[(t_s >= at_s) & (t_s < at_s + 0.06), 2] += size
    return Samples(
        arrival_us=np.round((t_s + delay_s) * 1e6).astype(np.int64),
        acc_m_s2=acc,
        gyr_rad_s=rng.normal(0.0, 0.01, (len(t_s), 3)),
    )


def part(block: Samples, chosen: np.ndarray) -> Samples:
    return Samples(
        block.arrival_us[chosen], acc_m_s2=block.acc_m_s2[chosen], gyr_rad_s=block.gyr_rad_s[chosen]
    )


def heard(*blocks: Samples, until_s: float = 6.0):
    """Feed all sensors in steps of 50 ms as they arrive, and ask after each."""
    detector, taps = TapDetector(len(blocks)), []
    for now_us in range(0, round(until_s * 1e6), 50_000):
        for i, block in enumerate(blocks):
            new = (block.arrival_us >= now_us - 50_000) & (block.arrival_us < now_us)
            detector.feed(i, part(block, new))
        tap = detector.heard(now_us)
        if tap:
            taps.append(tap)
    return taps


@pytest.mark.parametrize("tapped", [0, 1, 2])
def test_the_sensor_that_was_tapped_is_named_once(tapped):
    blocks = [samples(6.0, {2.0: 15.0} if i == tapped else {}, seed=i) for i in range(3)]
    (tap,) = heard(*blocks)
    assert tap.sensor == tapped
    assert tap.t_us == pytest.approx(2.02e6, abs=2e4)


def test_the_other_one_may_shake_a_little():
    (tap,) = heard(samples(6.0, {2.0: 20.0}), samples(6.0, {2.0: 6.0}))
    assert tap.sensor == 0


def test_where_two_move_nobody_is_named():
    (tap,) = heard(samples(6.0, {2.0: 15.0}), samples(6.0, {2.05: 12.0}))
    assert tap.sensor is None


def test_the_others_samples_are_waited_for():
    (tap,) = heard(samples(6.0, {2.0: 15.0}), samples(6.0, {2.0: 15.0}, delay_s=0.7))
    assert tap.sensor is None


def test_stillness_is_no_tap():
    assert heard(samples(6.0, {}), samples(6.0, {})) == []


def test_ringing_after_a_tap_does_not_count_again_but_a_later_tap_does():
    taps = heard(samples(6.0, {2.0: 15.0, 2.3: 8.0, 2.9: 6.0, 4.5: 15.0}), samples(6.0, {}))
    assert [round(tap.t_us / 1e6, 1) for tap in taps] == [2.0, 4.5]


def test_what_comes_with_the_first_samples_is_of_before():
    assert heard(samples(6.0, {0.1: 30.0}), samples(6.0, {})) == []


def test_a_sensor_without_gravity_is_heard_by_its_free_acceleration():
    block = samples(6.0, {5.0: 15.0})
    free = Samples(block.arrival_us, free_acc_m_s2=block.acc_m_s2 - np.array((0.0, 0.0, G)))
    detector = TapDetector(1)
    detector.feed(0, free)
    assert detector.heard(6_000_000).sensor == 0
