from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from motion_kit import MOUNT, clock, lift_deg, pitched, times, worn
from vqf import VQF, offlineVQF

from collector.motion.inclination import angle_between_rad
from collector.motion.orientation import LiveTilt, Orientation, offline_orientation
from collector.motion.quaternion import up_of_quat
from schemas.samples import Samples
from schemas.units import FloatArray

T_S = times(8.0)
WORN = worn(pitched(lift_deg(T_S, 120.0)), T_S)
TRUE_UP = (pitched(lift_deg(T_S, 120.0)) * MOUNT).inv().apply([0.0, 0.0, 1.0])


def columns(samples: Samples) -> tuple[FloatArray, FloatArray]:
    assert samples.acc_m_s2 is not None
    assert samples.gyr_rad_s is not None
    return samples.acc_m_s2, samples.gyr_rad_s


def run(kept: np.ndarray, how: str) -> Orientation:
    acc, gyr = (column[kept] for column in columns(WORN))
    t_s, segment = T_S[kept], clock(T_S[kept]).segment
    if how == "live":
        return LiveTilt(100.0).feed(t_s, segment, acc, gyr)
    return offline_orientation(t_s, segment, acc, gyr, 100.0)


def error_deg(found: Orientation, kept: np.ndarray) -> FloatArray:
    return np.degrees(angle_between_rad(up_of_quat(found.quat_wxyz), TRUE_UP[kept]))


def without(start_s: float, end_s: float) -> np.ndarray:
    return ~((start_s <= T_S) & (end_s > T_S))


def test_without_holes_it_is_vqf_itself():
    acc, gyr = columns(WORN)
    everything = np.ones(len(T_S), dtype=np.bool_)

    np.testing.assert_array_equal(
        run(everything, "live").quat_wxyz, VQF(0.01).updateBatch(gyr, acc)["quat6D"]
    )
    np.testing.assert_array_equal(
        run(everything, "offline").quat_wxyz, offlineVQF(gyr, acc, None, 0.01)["quat6D"]
    )


@pytest.mark.parametrize("how", ["live", "offline"])
def test_a_short_hole_in_a_fast_movement_costs_little(how):
    kept = without(1.8, 2.1)  # the lift passes 28 degrees in it

    found = run(kept, how)

    assert len(found.quat_wxyz) == kept.sum()
    assert error_deg(found, kept).max() < 0.6
    assert found.first_heading.all()


@pytest.mark.parametrize("how", ["live", "offline"])
def test_a_long_hole_starts_the_filter_anew(how):
    kept = without(1.5, 3.0)

    found = run(kept, how)

    assert error_deg(found, kept).max() < 1.0
    np.testing.assert_array_equal(found.first_heading, T_S[kept] < 1.5)


@pytest.mark.parametrize("how", ["live", "offline"])
def test_unusable_rows_get_no_orientation_and_spoil_no_other(how):
    acc, gyr = (column.copy() for column in columns(WORN))
    acc[300:310] = np.nan
    live = LiveTilt(100.0)

    found = (
        live.feed(T_S, clock(T_S).segment, acc, gyr)
        if how == "live"
        else offline_orientation(T_S, clock(T_S).segment, acc, gyr, 100.0)
    )

    np.testing.assert_array_equal(np.flatnonzero(np.isnan(found.quat_wxyz[:, 0])), range(300, 310))
    assert np.nanmax(error_deg(found, np.arange(len(T_S)))) < 0.5


@settings(max_examples=40, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 800), max_size=6),
    holes=st.lists(st.tuples(st.integers(0, 780), st.integers(1, 250)), max_size=3),
    spoiled=st.lists(st.integers(0, 799), max_size=4),
)
def test_fed_in_pieces_it_gives_what_the_whole_gives(cuts, holes, spoiled):
    kept = np.ones(len(T_S), dtype=np.bool_)
    for start, width in holes:
        kept[start : start + width] = False
    kept[-1] = True
    acc, gyr = (column.copy() for column in columns(WORN))
    gyr[spoiled] = np.inf
    data = (T_S[kept], clock(T_S[kept]).segment, acc[kept], gyr[kept])

    whole = LiveTilt(100.0).feed(*data)
    live, edges = LiveTilt(100.0), [0, *sorted(cuts), len(data[0])]
    parts = [live.feed(*(c[a:b] for c in data)) for a, b in pairwise(edges)]

    np.testing.assert_array_equal(
        np.concatenate([part.quat_wxyz for part in parts]), whole.quat_wxyz
    )
    np.testing.assert_array_equal(
        np.concatenate([part.first_heading for part in parts]), whole.first_heading
    )
