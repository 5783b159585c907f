from __future__ import annotations

import numpy as np
import pytest
from motion_kit import MOUNT, clock, exact_tilt, lift_deg, only, pitched, quaternions, times, worn

from collector.motion.inclination import angle_between_rad
from collector.motion.startup import FROZEN, OFF_GRAVITY
from collector.motion.tilt import HELD, RESTARTED, tilt_of
from schemas.calibration import AccelerometerCalibration
from schemas.errors import InputError
from schemas.samples import Samples
from schemas.units import FloatArray

T_S = times(8.0)
TURN = pitched(lift_deg(T_S, 90.0))
RAW = worn(TURN, T_S)
EULER = (TURN * MOUNT).as_euler("ZYX")[:, ::-1].copy()
WITH_EULER = only(RAW, euler_rad=EULER)


def off_deg(found: FloatArray, rows: slice = slice(None)) -> float:
    """Largest angle to the true up-vectors."""
    true = exact_tilt(TURN, T_S).up
    return float(np.degrees(angle_between_rad(found[rows], true[rows])).max())


@pytest.mark.parametrize(
    ("samples", "source"),
    [
        (only(WITH_EULER, quat_wxyz=quaternions(TURN)), "vqf"),
        (only(WITH_EULER, gyr_rad_s=None, quat_wxyz=quaternions(TURN)), "vendor_quaternion"),
        (only(WITH_EULER, gyr_rad_s=None), "vendor_euler"),
        (only(RAW, gyr_rad_s=None), "acceleration"),
    ],
)
def test_auto_takes_the_best_source_there_is(samples: Samples, source: str):
    tilt = tilt_of(samples, clock(T_S), choice="auto")

    assert (tilt.source, tilt.reasons) == (source, ())
    assert tilt.valid.all()
    assert off_deg(tilt.up) < 0.5


@pytest.mark.parametrize(
    ("choice", "samples"),
    [
        ("vqf", only(RAW, gyr_rad_s=None)),
        ("vendor", RAW),
        ("acc", only(RAW, acc_m_s2=None)),
        ("auto", only(RAW, acc_m_s2=None)),
    ],
)
def test_a_source_that_was_not_sent_is_refused(choice, samples):
    with pytest.raises(InputError, match=f"--tilt {choice} needs") as refusal:
        tilt_of(samples, clock(T_S), choice=choice)

    assert refusal.value.reason == "tilt_source_missing"


def test_vendor_angles_may_be_insisted_on():
    tilt = tilt_of(WITH_EULER, clock(T_S), choice="vendor")

    assert (tilt.source, tilt.filter, tilt.quat_wxyz) == ("vendor_euler", None, None)
    assert off_deg(tilt.up) < 1e-6


@pytest.mark.parametrize("filter_", ["live", "offline"])
def test_both_filters_are_named_and_right(filter_):
    tilt = tilt_of(RAW, clock(T_S), filter_=filter_)

    assert tilt.filter == filter_
    assert off_deg(tilt.up) < 0.1


def test_calibration_is_applied_before_anything_else():
    calibration = AccelerometerCalibration((0.3, -0.2, 0.1), (1.01, 0.99, 1.02), 0.0, 6, "")
    assert RAW.acc_m_s2 is not None
    biased = only(RAW, acc_m_s2=RAW.acc_m_s2 * [1.01, 0.99, 1.02] + [0.3, -0.2, 0.1])

    spoiled = tilt_of(biased, clock(T_S), acc_calibration=None)
    mended = tilt_of(biased, clock(T_S), acc_calibration=calibration)

    assert off_deg(spoiled.up) > 1.0
    assert off_deg(mended.up) < 0.1


def test_samples_are_given_out_where_they_were_and_nowhere_else():
    kept = (T_S < 2.0) | (T_S > 2.2)
    part = Samples(RAW.arrival_us[kept], T_S[kept], RAW.acc_m_s2[kept], RAW.gyr_rad_s[kept])

    tilt = tilt_of(part, clock(T_S[kept]))

    np.testing.assert_array_equal(tilt.t_s, T_S[kept])
    assert len(tilt.up) == kept.sum()


def test_after_a_long_hole_inclination_holds_and_heading_does_not():
    kept = (T_S < 1.5) | (T_S > 4.0)
    part = Samples(RAW.arrival_us[kept], T_S[kept], RAW.acc_m_s2[kept], RAW.gyr_rad_s[kept])

    tilt = tilt_of(part, clock(T_S[kept]))

    assert tilt.reasons == (RESTARTED,)
    assert tilt.valid.all()
    assert tilt.quat_wxyz is not None
    np.testing.assert_array_equal(np.isnan(tilt.quat_wxyz[:, 0]), T_S[kept] > 1.5)


def test_unusable_rows_are_masked_and_are_no_restart():
    spoiled = RAW.gyr_rad_s.copy()
    spoiled[100:103] = np.nan

    tilt = tilt_of(only(RAW, gyr_rad_s=spoiled), clock(T_S))

    np.testing.assert_array_equal(np.flatnonzero(~tilt.valid), [100, 101, 102])
    assert tilt.reasons == ()


def test_no_samples_give_no_tilt():
    none = Samples(np.zeros(0, np.int64), None, np.zeros((0, 3)), np.zeros((0, 3)))
    empty = np.zeros(0)

    assert len(tilt_of(none, clock(empty, empty.astype(np.int64))).t_s) == 0


@pytest.mark.parametrize("choice", ["auto", "vendor"])
def test_angles_frozen_while_the_sensor_turns_are_refused(choice):
    stuck = EULER.copy()
    stuck[:250] = EULER[0]
    tilt = tilt_of(only(RAW, euler_rad=stuck), clock(T_S), choice=choice)

    assert FROZEN in tilt.reasons
    np.testing.assert_array_equal(tilt.valid[:240], choice == "auto")
    assert tilt.valid[300:].all()


def test_angles_that_rest_with_the_sensor_are_not_called_frozen():
    still = worn(pitched(np.zeros(len(T_S))), T_S)
    level = only(still, euler_rad=np.tile(EULER[0], (len(T_S), 1)))

    assert tilt_of(level, clock(T_S), choice="vendor").valid.all()


def test_angles_off_gravity_are_refused_until_they_agree():
    wrong = EULER.copy()
    wrong[:100, 0] += np.radians(22.0)
    tilt = tilt_of(only(RAW, euler_rad=wrong), clock(T_S), choice="vendor")

    assert tilt.reasons == (OFF_GRAVITY,)
    assert not tilt.valid[:100].any()
    assert tilt.valid[-200:].all()


def test_angles_before_the_first_rest_are_judged_by_it():
    turn = pitched(np.interp(T_S, [0.0, 0.5], [0.0, 60.0]))
    wrong = (turn * MOUNT).as_euler("ZYX")[:, ::-1].copy()
    wrong[:200, 0] += np.radians(22.0)
    tilt = tilt_of(only(worn(turn, T_S), euler_rad=wrong), clock(T_S), choice="vendor")

    assert not tilt.valid[:200].any()
    assert tilt.valid[220:].all()


def test_shaking_is_not_taken_for_gravity():
    rng = np.random.default_rng(3)
    shaken = RAW.acc_m_s2 + rng.normal(0.0, 12.0, (80, 3)).repeat(10, axis=0)
    tilt = tilt_of(only(WITH_EULER, acc_m_s2=shaken, gyr_rad_s=None), clock(T_S))

    assert tilt.reasons == ()


def test_a_quaternion_polled_now_and_then_gives_way_to_the_angles():
    polled = quaternions(TURN)[np.arange(len(T_S)) // 20 * 20]
    tilt = tilt_of(only(WITH_EULER, gyr_rad_s=None, quat_wxyz=polled), clock(T_S))

    assert (tilt.source, tilt.reasons) == ("vendor_euler", (HELD,))


def test_acceleration_alone_is_smoothed_without_delay():
    rng = np.random.default_rng(5)
    noisy = RAW.acc_m_s2 + rng.normal(0.0, 0.3, RAW.acc_m_s2.shape)
    tilt = tilt_of(only(RAW, acc_m_s2=noisy, gyr_rad_s=None), clock(T_S))

    assert off_deg(tilt.up) < 3.0
