from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from motion_kit import clock, exact_tilt, lift_deg, pitched, times

from collector.motion.align import align
from collector.motion.angles import relative_rotation_deg
from collector.motion.inclination import angle_between_rad
from schemas.errors import InputError
from schemas.motion import Streams, Tilt
from schemas.segments import Segment
from schemas.units import FloatArray

T_S = times(6.0)


def tilt_at(t_s: FloatArray) -> Tilt:
    return exact_tilt(pitched(lift_deg(t_s, 90.0)), t_s)


def aligned(**t_s: FloatArray) -> Streams:
    """Align perfect sensors, all on the same movement, each with its own times."""
    return align(
        {name: tilt_at(t) for name, t in t_s.items()},
        {name: clock(t) for name, t in t_s.items()},
    )


def off_deg(streams: Streams, name: Segment) -> FloatArray:
    true = tilt_at(streams.t_s).up
    return np.degrees(angle_between_rad(streams.up[name], true))


def test_identical_times_pass_through_unchanged():
    streams = aligned(pelvis=T_S, thigh_left=T_S)

    np.testing.assert_array_equal(streams.t_s, T_S)
    np.testing.assert_array_equal(streams.up["thigh_left"], tilt_at(T_S).up)
    np.testing.assert_array_equal(streams.quat_wxyz["pelvis"], tilt_at(T_S).quat_wxyz)
    assert streams.mask["pelvis"].all()


def test_a_known_shift_of_half_a_sample_is_interpolated():
    streams = aligned(pelvis=T_S, thigh_left=T_S + 0.005)

    assert streams.mask["thigh_left"].all()
    assert max(off_deg(streams, "pelvis").max(), off_deg(streams, "thigh_left").max()) < 2e-3


def test_the_grid_is_the_common_time_at_the_fastest_rate():
    slow = times(6.0, 60.0)[:300] + 1.0
    streams = align(
        {"pelvis": tilt_at(T_S), "trunk": tilt_at(slow)},
        {"pelvis": clock(T_S), "trunk": clock(slow, rate_hz=60.0)},
    )

    assert streams.rate_hz == 100.0
    assert (streams.t_s[0], streams.t_s[-1]) == (1.0, pytest.approx(slow[-1], abs=0.01))
    assert off_deg(streams, "trunk").max() < 0.02


def test_times_shared_but_for_the_start_stay_exact():
    streams = aligned(pelvis=T_S, thigh_left=T_S[3:])

    np.testing.assert_array_equal(streams.t_s, T_S[3:])
    np.testing.assert_array_equal(streams.up["pelvis"], tilt_at(T_S).up[3:])


def test_a_gap_is_masked_and_never_bridged():
    kept = ~((T_S > 2.0) & (T_S < 2.5))
    streams = aligned(pelvis=T_S, thigh_left=T_S[kept])

    np.testing.assert_array_equal(streams.mask["thigh_left"], kept)
    assert np.isnan(streams.up["thigh_left"][~kept]).all()
    np.testing.assert_allclose(streams.up["thigh_left"][kept], tilt_at(T_S).up[kept], atol=1e-15)


def test_gaps_in_all_sensors_leave_an_even_grid():
    one, two = T_S[np.abs(T_S - 2.0) > 0.2], T_S[np.abs(T_S - 4.0) > 0.2] + 0.003
    streams = aligned(pelvis=one, thigh_left=two)

    np.testing.assert_allclose(np.diff(streams.t_s), 0.01, atol=1e-9)
    assert not streams.mask["pelvis"][np.abs(streams.t_s - 2.0) < 0.19].any()
    assert not streams.mask["thigh_left"][np.abs(streams.t_s - 4.003) < 0.19].any()


@settings(max_examples=50, deadline=None)
@given(
    lost=st.lists(st.tuples(st.integers(1, 590), st.integers(1, 40)), max_size=4),
    shift_ms=st.floats(0.0, 30.0),
)
def test_a_cell_has_data_only_between_neighbors_that_were_received(lost, shift_ms):
    kept = np.ones(len(T_S), dtype=np.bool_)
    for start, width in lost:
        kept[start : start + width] = False
    kept[[0, -1]] = True
    shifted = T_S + shift_ms / 1000.0

    streams = aligned(pelvis=T_S, trunk=shifted[kept])

    row = (streams.t_s - shift_ms / 1000.0) * 100.0
    below, above = np.floor(row + 1e-4).astype(int), np.ceil(row - 1e-4).astype(int)
    np.testing.assert_array_equal(streams.mask["trunk"], kept[below] & kept[above])
    assert np.nanmax(off_deg(streams, "trunk")) < 2e-3


def test_what_cannot_be_trusted_is_masked():
    late = replace(tilt_at(T_S), valid=T_S > 3.0)
    clocks = {"pelvis": clock(T_S), "thigh_left": clock(T_S + 0.002)}
    streams = align({"pelvis": tilt_at(T_S), "thigh_left": late}, clocks)

    np.testing.assert_array_equal(streams.mask["thigh_left"][1:], streams.t_s[1:] > 3.012)


def test_orientations_may_be_left_out():
    tilts, clocks = {"pelvis": tilt_at(T_S)}, {"pelvis": clock(T_S)}

    assert align(tilts, clocks, orientation=False).quat_wxyz == {}


def test_a_flipped_quaternion_is_the_same_orientation():
    tilt = tilt_at(T_S)
    flipped = replace(
        tilt, quat_wxyz=tilt.quat_wxyz * np.where(np.arange(600) % 7, 1.0, -1.0)[:, None]
    )
    late = T_S + 0.004
    streams = align(
        {"pelvis": tilt_at(late), "trunk": flipped}, {"pelvis": clock(late), "trunk": clock(T_S)}
    )

    assert np.nanmax(relative_rotation_deg(streams, "trunk")) < 0.01


def test_sensors_of_different_times_are_refused_by_name():
    with pytest.raises(
        InputError, match=r"thigh_left begins at 20\.00 s and pelvis ends"
    ) as refusal:
        aligned(pelvis=T_S, thigh_left=T_S + 20.0)

    assert refusal.value.reason == "no_overlap"


def test_a_sensor_without_samples_is_refused_by_name():
    with pytest.raises(InputError, match="sensor on trunk sent no samples"):
        aligned(pelvis=T_S, trunk=np.zeros(0))


def test_one_common_sample_is_enough():
    streams = aligned(pelvis=T_S, trunk=T_S + T_S[-1])

    assert len(streams.t_s) == 1
    assert streams.mask["pelvis"].all()
