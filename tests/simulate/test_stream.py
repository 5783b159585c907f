from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.simulate import SensorErrors, TrialConfig, simulate_trial
from collector.simulate.sensor import Sensor
from collector.simulate.stream import OwnClock, SensorStream
from collector.simulate.wearer import Wearer
from collector.simulate.wire import sensor_of
from schemas.errors import UsageError
from schemas.segments import Role

PERFECT = TrialConfig(
    errors=SensorErrors(
        acc_bias_mg=0.0,
        gyr_bias_deg_s=0.0,
        scale=0.0,
        acc_noise_mg=0.0,
        gyr_noise_deg_s=0.0,
        rate_error=0.0,
        start_spread_s=0.0,
        vendor_tilt_deg=0.0,
    )
)


def wearer(seed: int = 3, protocol: str = "pslr") -> Wearer:
    return Wearer(protocol, PERFECT.how, seed)


def stream(
    who: Wearer | None = None,
    role: Role = "thigh",
    config: TrialConfig = PERFECT,
    sensor: Sensor | None = None,
) -> SensorStream:
    return SensorStream(who or wearer(), role, "left", seed=3, config=config, sensor=sensor)


def column(s: SensorStream, count: int, name: str) -> np.ndarray:
    return getattr(s.take(count).samples, name)


def test_the_same_seed_gives_the_same_samples_however_they_are_cut():
    config = TrialConfig()
    whole, pieces = stream(config=config), stream(config=config)
    expected = whole.take(600).samples
    got = [pieces.take(n).samples for n in (1, 99, 300, 200)]
    for name in ("acc_m_s2", "gyr_rad_s", "euler_rad"):
        np.testing.assert_allclose(
            np.concatenate([getattr(b, name) for b in got]), getattr(expected, name), atol=1e-12
        )


def test_until_told_to_begin_a_person_keeps_still():
    s = stream()
    s.skip_to(500.0)
    block = s.take(1000).samples
    assert np.degrees(np.linalg.norm(block.gyr_rad_s, axis=1)).max() < 1.0
    np.testing.assert_allclose(np.linalg.norm(block.acc_m_s2, axis=1), 9.80665, atol=0.02)


@pytest.mark.parametrize("protocol", ["pslr", "k2c", "fb", "sts"])
def test_the_person_is_the_one_of_the_offline_trial(protocol):
    offline = simulate_trial(protocol, "left", 3).truth
    who = wearer(protocol=protocol)
    who.begin(0.3)  # the spread of starts that an offline trial waits for
    assert who.truth.repetitions == offline.repetitions
    np.testing.assert_array_equal(who.truth.deg["hip_deg"], offline.deg["hip_deg"])


def test_beginning_later_shifts_the_test_and_nothing_else():
    early, late = wearer(), wearer()
    early.begin(10.0)
    late.begin(3600.0)
    for a, b in zip(early.truth.repetitions, late.truth.repetitions, strict=True):
        assert b.start_s - a.start_s == pytest.approx(3590.0)
        assert b.tot_deg == pytest.approx(a.tot_deg, abs=0.5)  # breathing


def test_nothing_jumps_when_the_test_begins():
    s = stream(who := wearer())
    s.skip_to(19.0)
    before = s.take(100).samples.acc_m_s2
    who.begin(20.0)
    after = s.take(100).samples.acc_m_s2
    assert np.abs(after[0] - before[-1]).max() < 0.01


def test_after_the_test_they_keep_still_for_ever():
    s = stream(who := wearer())
    who.begin(1.0)
    s.skip_to(who.truth.person.duration_s + 1.0)
    assert np.degrees(np.abs(s.take(3000).samples.gyr_rad_s)).max() < 1.0


def test_a_test_done_again_starts_where_the_first_one_ended():
    who = wearer()
    who.begin(1.0)
    first = who.truth
    end_s = first.person.duration_s
    who.begin(5.0)
    again = who.truth
    assert again.repetitions[0].start_s > end_s + 2.9
    left = [truth.person.channels["thigh"].at(np.array([end_s])).value for truth in (first, again)]
    assert left[0] == pytest.approx(left[1], abs=1e-9)
    assert len(again.repetitions) == len(first.repetitions)


def test_there_is_no_truth_before_the_test():
    with pytest.raises(UsageError, match="not begun"):
        _ = wearer().truth


def test_rates_of_turn_add_up_to_the_true_angle():
    s = stream(who := wearer())
    who.begin(0.0)
    rep = who.truth.repetitions[0]
    s.skip_to(rep.start_s)
    count = round((rep.plateau.end_s - rep.start_s) * 100)
    rates = s.take(count).samples.gyr_rad_s
    axis = rates[np.argmax(np.linalg.norm(rates, axis=1))]
    turned = np.degrees((rates @ (axis / np.linalg.norm(axis))).sum() / 100.0)
    assert turned == pytest.approx(rep.tot_deg, abs=0.6)  # up to 2 degrees leave the plane


def test_gravity_turns_by_the_true_angle():
    s = stream(who := wearer())
    who.begin(0.0)
    rep = who.truth.repetitions[0]
    s.skip_to(1.0)
    rest = column(s, 50, "acc_m_s2").mean(axis=0)
    s.skip_to(rep.plateau.start_s + 0.5)
    raised = column(s, 50, "acc_m_s2").mean(axis=0)
    cosine = rest @ raised / np.linalg.norm(rest) / np.linalg.norm(raised)
    assert np.degrees(np.arccos(cosine)) == pytest.approx(rep.tot_deg, abs=0.6)


def test_another_rate_holds_from_then_on():
    s = stream()
    at_100 = s.take(50)
    s.set_rate(200.0, 0.5)
    at_200 = s.take(50)
    np.testing.assert_allclose(np.diff(at_100.t_s), 0.01)
    np.testing.assert_allclose(np.diff(at_200.t_s), 0.005)
    assert at_200.t_s[0] == pytest.approx(0.505)
    assert (at_100.first, at_200.first) == (0, 50)


def test_a_skipped_stretch_shows_in_the_running_number():
    s = stream()
    s.take(10)
    s.skip_to(1.0)
    assert s.take(1).first == 100


def test_a_slow_and_drifting_clock_is_the_offline_one():
    config = replace(PERFECT, errors=SensorErrors(rate_drift_per_min=0.001))
    sensor = sensor_of(3, "thigh", config)
    t_s = stream(config=config, sensor=sensor).take(5000).t_s
    np.testing.assert_allclose(t_s, sensor.sample_times_s(100.0, 60.0)[1:5001], atol=1e-9)


@given(st.floats(0.98, 1.02), st.floats(-0.002, 0.002), st.floats(0.0, 0.3), st.floats(0.3, 7200.0))
def test_a_clock_read_back_gives_the_time(factor, drift, start_s, true_s):
    clock = OwnClock(factor, drift, start_s)
    own_s = np.array([clock.own_s(true_s)])
    assert clock.true_s(own_s)[0] == pytest.approx(true_s, abs=1e-6)


def test_a_tap_is_short_and_felt_by_one_sensor():
    who = wearer()
    tapped, other = stream(who), stream(who, "pelvis")
    tapped.tap(2.0)
    shaken = np.linalg.norm(column(tapped, 500, "acc_m_s2"), axis=1) - 9.80665
    assert np.abs(shaken[:198]).max() < 0.02
    assert np.abs(shaken[200:220]).max() > 3.0
    assert np.abs(shaken[262:]).max() < 0.02
    assert np.ptp(np.linalg.norm(column(other, 500, "acc_m_s2"), axis=1)) < 0.02


@pytest.mark.parametrize(
    ("index", "up"),
    [
        (0, (0, 0, 1)),
        (1, (1, 0, 0)),
        (2, (0, 1, 0)),
        (3, (0, 0, -1)),
        (4, (-1, 0, 0)),
        (5, (0, -1, 0)),
    ],
)
def test_a_pose_lays_the_sensor_on_its_side(index, up):
    s = stream()
    s.pose(index, 1.0)
    s.skip_to(2.6)
    block = s.take(100).samples
    assert np.abs(block.gyr_rad_s).max() == 0.0
    assert block.acc_m_s2.mean(axis=0) @ up > 9.80665 * np.cos(np.radians(21.0))
    assert np.ptp(block.acc_m_s2, axis=0).max() < 1e-9


def test_turning_to_a_pose_takes_what_the_gyroscope_says():
    s = stream()
    s.pose(0, 0.0)
    s.skip_to(2.0)
    first = s.take(10).samples.acc_m_s2[-1]
    s.pose(1, 2.1)
    turning = s.take(200).samples
    angle = np.degrees(np.linalg.norm(turning.gyr_rad_s.sum(axis=0)) / 100.0)
    last = turning.acc_m_s2[-1]
    cosine = first @ last / 9.80665**2
    assert angle == pytest.approx(np.degrees(np.arccos(cosine)), abs=0.1)


def test_frozen_angles_thaw_off_gravity_and_creep_back():
    config = replace(PERFECT, errors=replace(PERFECT.errors, frozen_frames=256))
    s = stream(config=config)
    angles = np.degrees(np.concatenate([column(s, n, "euler_rad") for n in (100, 300, 3000)]))
    truth = np.degrees(column(stream(), 3400, "euler_rad"))
    np.testing.assert_allclose(angles[:256] - [0.34, -0.12, 0.0], 0.0, atol=1e-9)
    off = np.abs(angles - truth)[:, :2].max(axis=1)
    assert not (angles[256:] == angles[0]).all(axis=1).any()
    assert off[256] > 20.0
    assert off[-1] < 0.2


def test_frames_taken_in_advance_and_again_are_frozen_again():
    s = stream(config=replace(PERFECT, errors=replace(PERFECT.errors, frozen_frames=100)))
    s.take(400)
    s.skip_to(0.5)
    again = np.degrees(column(s, 100, "euler_rad"))
    frozen = np.isclose(again, [0.34, -0.12, 0.0]).all(axis=1)
    assert frozen.tolist() == [True] * 50 + [False] * 50


def test_who_stands_first_stands_until_told_to_lie_down():
    who = wearer(protocol="phe")
    standing = stream(who, role="pelvis")
    up = column(standing, 300, "acc_m_s2").mean(axis=0)
    assert who.get_into_position(5.0) == 11.0
    assert who.get_into_position(7.0) == 11.0  # they lie down once
    standing.skip_to(12.0)
    lying = column(standing, 300, "acc_m_s2").mean(axis=0)
    between = np.degrees(np.arccos(up @ lying / np.linalg.norm(up) / np.linalg.norm(lying)))
    assert between == pytest.approx(90.0, abs=2.0)


def test_who_was_not_told_lies_down_before_the_test():
    who = wearer(protocol="phe")
    reference = who.begin(20.0)
    assert reference.start_s > 26.0
    assert who.truth.repetitions[0].tot_deg > 10.0


def test_told_again_they_do_the_test_again_where_they_lie():
    who = wearer(protocol="mtt")
    who.get_into_position(5.0)
    who.begin(15.0)
    first, over_s = who.truth.repetitions, who.person.duration_s
    who.begin(over_s + 10.0)
    again = who.truth.repetitions
    assert again[0].start_s > over_s + 10.0
    for a, b in zip(first, again, strict=True):
        assert (a.tot_deg, a.hip_deg) == pytest.approx((b.tot_deg, b.hip_deg), abs=1.5)
