from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from motion_kit import UP, pitched, quaternions, times
from scipy.spatial.transform import Rotation

from collector.motion.quaternion import (
    multiply,
    normalized,
    rates_of_quat,
    rotation_angle_rad,
    up_of_euler,
    up_of_quat,
)

ANGLES = st.floats(-3.1, 3.1)


def wxyz(turn: Rotation) -> np.ndarray:
    return np.roll(np.atleast_2d(turn.as_quat()), 1, axis=1)


def test_the_identity_points_up_along_z():
    np.testing.assert_array_equal(up_of_quat(np.array([[1.0, 0, 0, 0]])), [[0.0, 0.0, 1.0]])


@given(ANGLES, ANGLES, ANGLES)
def test_up_from_quaternion_and_euler_agree_with_scipy(yaw: float, pitch: float, roll: float):
    turn = Rotation.from_euler("ZYX", [yaw, pitch, roll])
    expected = turn.inv().apply(UP)[None]

    np.testing.assert_allclose(up_of_quat(wxyz(turn)), expected, atol=1e-12)
    np.testing.assert_allclose(up_of_euler(np.array([[roll, pitch, yaw]])), expected, atol=1e-12)


@given(ANGLES, ANGLES, ANGLES)
def test_products_agree_with_scipy(a: float, b: float, c: float):
    one, two = Rotation.from_euler("ZYX", [a, b, c]), Rotation.from_euler("XYZ", [c, a, b])

    product = multiply(wxyz(one), wxyz(two))

    np.testing.assert_allclose(up_of_quat(product), up_of_quat(wxyz(one * two)), atol=1e-12)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_rotation_angle_does_not_depend_on_the_sign(sign):
    quarter = sign * np.array([np.sqrt(0.5), 0.0, np.sqrt(0.5), 0.0])

    assert rotation_angle_rad(quarter) == pytest.approx(np.pi / 2)


def test_rates_come_back_from_orientations():
    t_s = times(1.0)

    rates = rates_of_quat(quaternions(pitched(90.0 * t_s), Rotation.identity()), t_s)

    np.testing.assert_allclose(rates, np.radians([[0.0, 90.0, 0.0]] * 100), atol=1e-9)


def test_a_row_of_zeros_has_no_direction():
    assert np.isnan(normalized(np.zeros((1, 3)))).all()
