from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from motion_kit import LEFT, UP, pitched
from scipy.spatial.transform import Rotation

from collector.motion.inclination import (
    angle_between_rad,
    inclination_rad,
    noise_gain,
    out_of_plane_rad,
)

PITCH_DEG = np.linspace(-30.0, 150.0, 181)
ANGLES = st.floats(-180.0, 180.0)


def seen(turn: Rotation, sits: Rotation) -> np.ndarray:
    return (turn * sits).inv().apply(UP)


def test_a_segment_at_rest_has_no_inclination():
    up = np.tile(UP, (3, 1))

    np.testing.assert_array_equal(inclination_rad(up, UP, LEFT), 0.0)


def test_a_quarter_turn_forward_is_ninety_degrees():
    backward = np.array([[-1.0, 0.0, 0.0]])

    assert np.degrees(inclination_rad(backward, UP, LEFT)) == pytest.approx(90.0)


def test_pitch_from_minus_30_to_150_comes_back_exactly():
    up = seen(pitched(PITCH_DEG), Rotation.identity())

    found = np.degrees(inclination_rad(up, UP, LEFT))

    np.testing.assert_allclose(found, PITCH_DEG, atol=1e-9)


def test_turns_beyond_a_half_turn_are_unwrapped():
    turn = np.linspace(0.0, 400.0, 401)

    found = np.degrees(inclination_rad(seen(pitched(turn), Rotation.identity()), UP, LEFT))

    np.testing.assert_allclose(found, turn, atol=1e-9)


def test_unwrapping_remembers_the_turn_across_missing_values():
    up = seen(pitched(np.array([0.0, 100.0, 0.0, 200.0])), Rotation.identity())
    up[2] = np.nan

    found = np.degrees(inclination_rad(up, UP, LEFT))

    np.testing.assert_allclose(found, [0.0, 100.0, np.nan, 200.0], atol=1e-9)


@given(ANGLES, ANGLES, ANGLES)
def test_any_mounting_gives_the_same_angle(a: float, b: float, c: float):
    sits = Rotation.from_euler("ZYX", [a, b, c], degrees=True)
    up = seen(pitched(PITCH_DEG), sits)

    found = np.degrees(inclination_rad(up, sits.inv().apply(UP), sits.inv().apply(LEFT)))

    np.testing.assert_allclose(found, PITCH_DEG, atol=1e-6)


@given(ANGLES, ANGLES, ANGLES)
def test_left_and_right_are_mirror_images(a: float, b: float, c: float):
    sits = Rotation.from_euler("ZYX", [a, b, c], degrees=True)
    mirror = np.array([1.0, -1.0, 1.0])
    up, up0, left = (
        seen(pitched(PITCH_DEG), sits),
        sits.inv().apply(UP),
        sits.inv().apply(LEFT),
    )

    there = inclination_rad(up, up0, left)
    mirrored = inclination_rad(up * mirror, up0 * mirror, -left * mirror)

    np.testing.assert_allclose(mirrored, there, atol=1e-9)


@pytest.mark.parametrize(
    ("misaligned_deg", "worst_deg"),
    [(5.0, 0.1), (10.0, 0.4), (15.0, 0.9), (20.0, 1.6), (30.0, 3.7)],
)
def test_a_misaligned_axis_costs_little_between_60_and_120(misaligned_deg, worst_deg):
    arc = np.linspace(60.0, 120.0, 61)
    axis = Rotation.from_rotvec(np.radians(misaligned_deg) * UP).apply(LEFT)

    error = np.degrees(inclination_rad(seen(pitched(arc), Rotation.identity()), UP, axis)) - arc

    assert round(float(np.abs(error).max()), 1) == worst_deg
    assert error[30] == pytest.approx(0.0, abs=1e-9)


def test_abduction_about_the_rooms_forward_axis_costs_nothing():
    abduction = Rotation.from_rotvec(np.radians([20.0, 0.0, 0.0]))
    up = seen(abduction * pitched(PITCH_DEG), Rotation.identity())

    np.testing.assert_allclose(np.degrees(inclination_rad(up, UP, LEFT)), PITCH_DEG, atol=1e-9)


@pytest.mark.parametrize(
    ("beta_deg", "gain"), [(90, 1.0), (60, 1.15), (45, 1.41), (30, 2.0), (20, 2.9), (10, 5.8)]
)
def test_noise_grows_as_the_axis_nears_the_vertical(beta_deg, gain):
    beta = np.radians(beta_deg)
    axis = np.array([np.sin(beta), 0.0, np.cos(beta)])
    wobble = np.stack([UP, UP + 1e-6 * LEFT])

    measured = abs(np.diff(inclination_rad(wobble, UP, axis))[0]) / 1e-6

    assert measured == pytest.approx(gain, rel=0.01)
    assert noise_gain(beta) == pytest.approx(gain, rel=0.01)


def test_out_of_plane_is_the_rise_of_the_left_axis():
    rolled = Rotation.from_rotvec(np.radians([[0.0, 0, 0], [12.0, 0, 0]]))
    turned = pitched(np.array([70.0, 70.0])) * rolled

    found = np.degrees(out_of_plane_rad(seen(turned, Rotation.identity()), UP, LEFT))

    assert found[0] == pytest.approx(0.0, abs=1e-9)
    rise = np.sin(np.radians(12.0)) * np.cos(np.radians(70.0))
    assert found[1] == pytest.approx(np.degrees(np.arcsin(rise)))


def test_tiny_angles_between_directions_keep_their_digits():
    near = np.array([[1e-9, 0.0, 1.0]])

    assert angle_between_rad(near, UP[None]) == pytest.approx(1e-9)


def test_whole_turns_before_the_reference_pose_do_not_count():
    """Lying down may lead the long way round; in the reference pose the angle is zero."""
    turn = np.concatenate([np.linspace(-300.0, 0.0, 301), np.linspace(0.0, 40.0, 41)])
    way = np.degrees(inclination_rad(seen(pitched(turn + 360.0), Rotation.identity()), UP, LEFT))
    np.testing.assert_allclose(way[300:], turn[300:], atol=1e-9)
