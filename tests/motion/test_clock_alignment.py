"""Two sensors aligned by arrivals alone: the bars of the design, over a few seeds."""

from __future__ import annotations

import numpy as np
import pytest

from collector.bench.alignment import alignment_rows, alignment_study


@pytest.fixture(scope="module")
def sessions():
    return alignment_study(160, 20)


def test_two_sensors_are_aligned_to_ten_milliseconds(sessions):
    assert sessions.aligned >= 0.95


def test_the_stated_bound_holds(sessions):
    assert sessions.bound_holds >= 0.99


def test_the_bound_is_small_where_the_beat_was_swept(sessions):
    swept = sessions.bound_s[(sessions.interval_s <= 0.015) & ~sessions.lossy]
    assert np.median(swept) <= 0.020


def test_the_bound_holds_where_rates_stand_still():
    assert alignment_study(40, 21, near_locked=1.0, lossy=0.0).bound_holds >= 0.99


def test_the_bound_holds_for_short_sessions():
    assert alignment_study(60, 22, duration_s=15.0).bound_holds >= 0.98


def test_the_bench_says_what_it_measured():
    rows = alignment_rows(3)
    assert [row.at_most for row in rows] == [False, False, True]
