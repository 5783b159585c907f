from __future__ import annotations

import numpy as np
import pytest

from collector.live.sensors.poses import (
    FACES,
    PoseGuide,
    calibration_of,
    face_up,
    recorded_samples,
    too_few,
)
from collector.simulate.six_poses import simulate_six_poses
from schemas.errors import InputError
from schemas.samples import Samples

G = 9.80665
RATE_HZ = 100
UTC = "2026-01-01T00:00:00+00:00"
AXIS = {face: np.eye(3)["xyz".index(face[1])] * (-1 if face[0] == "-" else 1) for face in FACES}


def block(acc: np.ndarray) -> Samples:
    n = len(acc)
    return Samples(np.zeros(n, dtype=np.int64), acc_m_s2=acc, gyr_rad_s=np.zeros((n, 3)))


def still(up: np.ndarray, seconds: float = 3.0) -> Samples:
    return block(np.tile(up * G, (round(seconds * RATE_HZ), 1)))


def moving(seconds: float = 1.0) -> Samples:
    acc = np.random.default_rng(0).normal(0.0, 8.0, (round(seconds * RATE_HZ), 3))
    return block(acc)


def guided(*parts: Samples) -> PoseGuide:
    guide = PoseGuide(RATE_HZ)
    for samples in parts:
        guide.feed(samples)
    return guide


def test_six_sides_in_any_order_complete_it():
    order = ("-y", "+x", "-z", "+y", "-x", "+z")
    guide = guided(*(part for face in order for part in (still(AXIS[face]), moving())))
    assert guide.state.done == order
    assert guide.state.complete


def test_it_says_what_is_done_and_what_is_wanted():
    state = guided(still(AXIS["+z"]), moving(), still(AXIS["+x"])).state
    assert state.done == ("+z", "+x")
    assert state.wanted == ("-z", "-x", "+y", "-y")


def test_a_side_counts_only_after_two_still_seconds():
    assert guided(still(AXIS["+z"], 1.5)).state.doing == "holding"
    assert guided(still(AXIS["+z"], 1.5)).state.done == ()
    assert guided(still(AXIS["+z"], 2.0)).state.done == ("+z",)


def test_a_pose_broken_off_is_counted_and_begins_again():
    state = guided(still(AXIS["+z"], 1.2), moving(), still(AXIS["+z"], 1.2)).state
    assert (state.done, state.moved) == ((), 1)
    assert "moved 1 times" in too_few(state).message


def test_the_same_side_twice_counts_once_and_is_told():
    state = guided(still(AXIS["+z"]), moving(), still(AXIS["+z"])).state
    assert (state.done, state.doing) == (("+z",), "known_side")


def test_a_leaning_sensor_is_told_so():
    state = guided(still(np.array((1.0, 1.0, 1.0)) / np.sqrt(3.0))).state
    assert (state.done, state.doing) == ((), "slanted")


def test_slow_turning_is_no_pose():
    turn = moving(4.0)
    slow = Samples(
        turn.arrival_us,
        acc_m_s2=still(AXIS["+z"], 4.0).acc_m_s2,
        gyr_rad_s=np.random.default_rng(1).normal(0.0, 0.3, (400, 3)),
    )
    assert guided(slow).state.done == ()


@pytest.mark.parametrize("size", [1, 7, 100, 5000])
def test_how_the_samples_are_cut_does_not_matter(size):
    acc = np.concatenate(
        [part.acc_m_s2 for face in FACES for part in (still(AXIS[face]), moving())]
    )
    guide = PoseGuide(RATE_HZ)
    for start in range(0, len(acc), size):
        guide.feed(block(acc[start : start + size]))
    assert guide.state.done == FACES


@pytest.mark.parametrize("face", FACES)
def test_the_side_that_lies_up_is_the_axis_that_feels_gravity(face):
    assert face_up(AXIS[face] * G) == face
    assert face_up(np.array((0.6, 0.6, 0.6))) is None


@pytest.mark.parametrize("seed", range(4))
def test_guide_and_recording_find_the_errors_that_the_simulator_drew(seed):
    made = simulate_six_poses(seed, poses=6, hold_s=4.0)
    for use, chunk in zip(made.recording.info.sensors, made.recording.chunks, strict=True):
        samples, rate_hz = recorded_samples(use, chunk)
        guide = PoseGuide(rate_hz)
        guide.feed(samples)
        true = made.sensors[use.segment]
        for found in (guide.calibration(UTC), calibration_of(samples, rate_hz, UTC)):
            np.testing.assert_allclose(found.bias_m_s2, true.acc_bias_m_s2, atol=0.015)
            np.testing.assert_allclose(found.scale, true.acc_scale, atol=0.0015)


def test_a_bias_that_no_sound_sensor_has_is_refused():
    offset = np.array((1.5, 0.0, 0.0))  # 150 mg
    parts = [block(still(AXIS[face]).acc_m_s2 + offset) for face in FACES]
    with pytest.raises(InputError, match="153 mg") as caught:
        guided(*parts).calibration(UTC)
    assert caught.value.reason == "calibration_implausible"


def test_a_mode_without_acceleration_is_refused():
    silent = Samples(np.zeros(5, dtype=np.int64), quat_wxyz=np.ones((5, 4)))
    with pytest.raises(InputError, match="no acceleration") as caught:
        PoseGuide(RATE_HZ).feed(silent)
    assert caught.value.reason == "no_acceleration"
