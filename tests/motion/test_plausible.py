from __future__ import annotations

import numpy as np
import pytest

from collector.motion.plausible import has_gravity, stuck
from schemas.samples import Samples


def noisy(n: int = 400, size_m_s2: float = 9.81) -> Samples:
    rng = np.random.default_rng(0)
    acc = np.array([0.0, 0.0, size_m_s2]) + rng.normal(0.0, 0.02, (n, 3))
    gyr = rng.normal(0.0, 0.001, (n, 3))
    return Samples(arrival_us=np.arange(n) * 10_000, acc_m_s2=acc, gyr_rad_s=gyr)


@pytest.mark.parametrize(
    ("size_m_s2", "expected"),
    [(9.81, True), (8.5, True), (1.0, False), (0.0, False), (98.1, False)],
)
def test_only_about_one_g_is_gravity(size_m_s2, expected):
    assert has_gravity(noisy(size_m_s2=size_m_s2).acc_m_s2) is expected


def test_a_sensor_that_lives_is_not_stuck():
    assert not stuck(noisy(), 100.0).any()


@pytest.mark.parametrize("first", [0, 37, 299])
def test_a_second_of_the_same_values_is_stuck_and_nothing_else_is(first):
    samples = noisy()
    acc, gyr = samples.acc_m_s2.copy(), samples.gyr_rad_s.copy()
    acc[first : first + 101], gyr[first : first + 101] = acc[first], gyr[first]
    held = Samples(arrival_us=samples.arrival_us, acc_m_s2=acc, gyr_rad_s=gyr)
    assert np.flatnonzero(stuck(held, 100.0)).tolist() == list(range(first, first + 101))


def test_half_a_second_of_the_same_values_is_let_pass():
    samples = noisy()
    acc, gyr = samples.acc_m_s2.copy(), samples.gyr_rad_s.copy()
    acc[100:150], gyr[100:150] = acc[100], gyr[100]
    assert not stuck(Samples(samples.arrival_us, acc_m_s2=acc, gyr_rad_s=gyr), 100.0).any()


def test_acceleration_alone_may_repeat_while_the_rate_changes():
    samples = noisy()
    acc = np.tile(samples.acc_m_s2[0], (len(samples), 1))
    steady = Samples(samples.arrival_us, acc_m_s2=acc, gyr_rad_s=samples.gyr_rad_s)
    assert not stuck(steady, 100.0).any()


def test_a_few_samples_are_never_stuck():
    few = Samples(arrival_us=np.arange(3) * 10_000, acc_m_s2=np.ones((3, 3)))
    assert not stuck(few, 100.0).any()
    assert not stuck(Samples(arrival_us=np.zeros(0, dtype=np.int64)), float("nan")).any()
