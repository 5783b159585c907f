"""Three angles of a joint; SciPy's Euler angles and the planar sum are the independent sources."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from collector.motion.cardan import cardan_zxy_rad, hip_joint_deg
from collector.motion.quaternion import up_of_quat

wide = st.floats(-175.0, 175.0)
middle = st.floats(-85.0, 85.0)
Z, Y = np.array([0.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.0])


def wxyz(rotation: Rotation) -> np.ndarray:
    return np.roll(np.atleast_2d(rotation.as_quat()), 1, axis=1)


@given(wide, middle, wide)
def test_the_angles_are_those_of_scipy_in_zxy_order(z_deg, x_deg, y_deg):
    turn = Rotation.from_euler("ZXY", [z_deg, x_deg, y_deg], degrees=True)

    found = np.degrees(cardan_zxy_rad(wxyz(turn)))[0]

    np.testing.assert_allclose(found, [z_deg, x_deg, y_deg], atol=1e-6)


@given(wide, middle, wide)
def test_both_signs_of_a_quaternion_are_one_rotation(z_deg, x_deg, y_deg):
    quat = wxyz(Rotation.from_euler("ZXY", [z_deg, x_deg, y_deg], degrees=True))

    np.testing.assert_array_equal(cardan_zxy_rad(quat), cardan_zxy_rad(-quat))


@given(wide)
def test_a_turn_about_the_long_axis_alone_is_rotation_alone(twist_deg):
    twist = wxyz(Rotation.from_rotvec(np.radians(twist_deg) * Y))

    np.testing.assert_allclose(np.degrees(cardan_zxy_rad(twist))[0], [0, 0, twist_deg], atol=1e-6)


@given(st.floats(-30.0, 60.0), st.floats(-20.0, 110.0))
@pytest.mark.parametrize("side", ["left", "right"])
def test_of_planar_motion_the_hip_is_thigh_plus_pelvis(side, pelvis_deg, thigh_deg):
    pelvis = wxyz(Rotation.from_rotvec(np.radians(-pelvis_deg) * Z))  # anterior turns about -z
    thigh = wxyz(Rotation.from_rotvec(np.radians(thigh_deg) * Z))

    hip = hip_joint_deg(pelvis, thigh, side)

    assert hip["flexion_deg"][0] == pytest.approx(thigh_deg + pelvis_deg, abs=1e-6)
    assert hip["adduction_deg"][0] == pytest.approx(0.0, abs=1e-6)
    assert hip["internal_rotation_deg"][0] == pytest.approx(0.0, abs=1e-6)


@given(wide, middle, wide)
def test_the_mirrored_hip_on_the_other_side_has_the_same_angles(z_deg, x_deg, y_deg):
    still = wxyz(Rotation.identity())
    right = wxyz(Rotation.from_euler("ZXY", [z_deg, x_deg, y_deg], degrees=True))
    left = right * np.array([1.0, -1.0, -1.0, 1.0])  # reflected across the sagittal plane

    on_right, on_left = hip_joint_deg(still, right, "right"), hip_joint_deg(still, left, "left")

    for name, values in on_right.items():
        np.testing.assert_allclose(on_left[name], values, atol=1e-6)


@given(wide)
def test_gravity_does_not_see_a_turn_about_the_vertical(turn_deg):
    spun = wxyz(Rotation.from_rotvec(np.radians(turn_deg) * Z))

    np.testing.assert_allclose(up_of_quat(spun), [[0.0, 0.0, 1.0]], atol=1e-12)


def test_what_is_not_known_stays_unknown():
    assert np.isnan(cardan_zxy_rad(np.full((1, 4), np.nan))).all()
