"""Peak hold and the mark of what is lent, over hand-made courses."""

from __future__ import annotations

from collector.web.station.peaks import Lending, Peaks, farther


def held(course):
    peaks = Peaks()
    for hip_deg, at_start in course:
        peaks.look(hip_deg, None, at_start=at_start)
    return peaks.hip_deg


def test_the_peak_stays_while_the_leg_goes_down():
    assert held([(0.0, True), (30.0, False), (62.0, False), (40.0, False)]) == 62.0


def test_the_peak_can_be_read_at_the_start_until_the_next_movement():
    up = [(0.0, True), (62.0, False), (1.0, True)]
    assert held(up) == 62.0
    assert held([*up, (12.0, False)]) == 12.0


def test_extension_counts_by_its_own_sign():
    assert held([(0.0, True), (-18.0, False), (-9.0, False), (4.0, False)]) == -18.0


def test_an_angle_that_is_not_known_changes_nothing():
    assert held([(0.0, True), (50.0, False), (None, False)]) == 50.0
    assert farther(None, None) is None


def told(course, mark_deg=5.0):
    lending = Lending(mark_deg)
    return [lending.look(value) for value in course]


def test_lending_is_told_from_the_mark_on_in_either_direction():
    assert told([0.0, 4.9, 5.0, 8.0]) == [False, False, True, True]
    assert told([-4.9, -5.0]) == [False, True]


def test_lending_near_the_mark_does_not_flicker():
    assert told([5.1, 4.9, 5.1, 3.1, 2.9, 4.9]) == [True, True, True, True, False, False]


def test_lending_ends_where_it_is_not_known():
    assert told([8.0, None, 4.0]) == [True, False, False]
