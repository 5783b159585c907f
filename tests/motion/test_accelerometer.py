from __future__ import annotations

import numpy as np
import pytest

from collector.motion.accelerometer import apply, calibrate_accelerometer, still_poses
from schemas.errors import InputError
from schemas.units import G_M_S2, FloatArray

FACES = np.concatenate([np.eye(3), -np.eye(3)])
MILLI_G = 1e-3 * G_M_S2


def held(directions: FloatArray, seed: int = 0, seconds: float = 2.5) -> FloatArray:
    """Hold the directions one after the other, carelessly, with a second of waving between."""
    rng = np.random.default_rng(seed)
    parts = []
    for direction in directions:
        tilted = direction + rng.normal(0.0, 0.1, 3)
        parts.append(np.tile(tilted / np.linalg.norm(tilted), (round(100 * seconds), 1)) * G_M_S2)
        parts.append(rng.normal(0.0, 8.0, (100, 3)))
    return np.concatenate(parts)


def spoiled(acc: FloatArray, bias_mg: FloatArray, scale: FloatArray, seed: int = 1) -> FloatArray:
    """Return what a cheap sensor makes of it: bias, scale, 2 mg of noise."""
    noise = np.random.default_rng(seed).normal(0.0, 2.0 * MILLI_G, acc.shape)
    return acc * scale + bias_mg * MILLI_G + noise


@pytest.mark.parametrize("seed", range(5))
def test_bias_and_scale_come_back_from_six_careless_poses(seed):
    rng = np.random.default_rng(100 + seed)
    bias_mg, scale = rng.uniform(-15.0, 15.0, 3), rng.uniform(0.995, 1.005, 3)

    found = calibrate_accelerometer(
        spoiled(held(FACES, seed), bias_mg, scale), None, 100.0, utc="2026-01-01T00:00:00+00:00"
    )

    np.testing.assert_allclose(np.array(found.bias_m_s2) / MILLI_G, bias_mg, atol=1.0)
    np.testing.assert_allclose(found.scale, scale, atol=1e-3)
    assert (found.poses, found.utc) == (6, "2026-01-01T00:00:00+00:00")
    assert found.residual_m_s2 is None  # six poses, six unknowns


def test_poses_beyond_the_six_faces_tell_the_residual():
    corners = held(np.array([[1.0, 1.0, 1.0], [-1.0, 1.0, -1.0]]), seed=1)

    true = calibrate_accelerometer(np.concatenate([held(FACES), corners]), None, 100.0)
    bent = calibrate_accelerometer(np.concatenate([held(FACES), 1.005 * corners]), None, 100.0)

    assert true.poses == bent.poses == 8
    assert true.residual_m_s2 == pytest.approx(0.0, abs=1e-6)
    assert bent.residual_m_s2 is not None
    assert bent.residual_m_s2 > 0.5 * MILLI_G  # no bias and no scale makes corners longer


def test_a_calibrated_sensor_tells_inclination_to_a_tenth_of_a_degree():
    bias_mg, scale = np.array([15.0, -15.0, 15.0]), np.array([1.005, 0.995, 1.005])
    found = calibrate_accelerometer(spoiled(held(FACES), bias_mg, scale), None, 100.0)
    angle = np.radians(np.arange(0.0, 360.0, 10.0))
    true = np.stack([np.sin(angle), 0.0 * angle, np.cos(angle)], axis=1) * G_M_S2

    mended = apply(true * scale + bias_mg * MILLI_G, found)

    error = np.degrees(np.arctan2(mended[:, 0], mended[:, 2]) - angle)
    assert np.abs((error + 180.0) % 360.0 - 180.0).max() < 0.1


def test_correction_is_bias_then_scale():
    found = calibrate_accelerometer(held(FACES), None, 100.0)

    raw = np.array([[1.0, 2.0, 3.0]])
    expected = (raw - np.array(found.bias_m_s2)) / np.array(found.scale)
    np.testing.assert_array_equal(apply(raw, found), expected)


def test_one_pose_held_twice_counts_once():
    acc = np.concatenate([held(FACES), held(FACES)])

    assert len(still_poses(acc, None, 100.0)) == 6


def test_slow_turning_is_not_a_pose():
    acc = held(FACES)
    wobble = np.random.default_rng(0).normal(0.0, 0.3, acc.shape)

    assert len(still_poses(acc, wobble, 100.0)) == 0


def test_five_poses_are_refused_with_their_number():
    with pytest.raises(InputError, match=r"6 still poses .* and 5 came") as refusal:
        calibrate_accelerometer(held(FACES[:5]), None, 100.0)

    assert refusal.value.reason == "too_few_poses"


def test_poses_about_one_axis_are_refused():
    angle = np.radians(np.arange(0.0, 360.0, 45.0))
    ring = np.stack([np.cos(angle), np.sin(angle), 0.0 * angle], axis=1)
    acc = np.repeat(ring, 250, axis=0) * G_M_S2

    with pytest.raises(InputError, match="too alike") as refusal:
        calibrate_accelerometer(acc, None, 100.0)

    assert refusal.value.reason == "poses_too_alike"


def test_poses_that_fit_no_sensor_are_refused():
    directions = np.concatenate([FACES, [[0.6, 0.8, 0.0], [0.0, 0.6, 0.8]]])
    size = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.1, 0.9])[:, None]
    acc = np.repeat(directions * size, 250, axis=0) * G_M_S2

    with pytest.raises(InputError, match="do not fit one accelerometer") as refusal:
        calibrate_accelerometer(acc, None, 100.0)

    assert refusal.value.reason == "accelerometer_misfit"
