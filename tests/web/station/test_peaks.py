"""Peak hold and the mark of what is lent, over hand-made courses."""

from __future__ import annotations

from collector.web.station.peaks import Lending, Peaks


def held(course):
    """Play frames of (whole angle, at start, repetitions so far)."""
    peaks = Peaks()
    for tot_deg, at_start, counted in course:
        peaks.look(tot_deg, tot_deg, at_start=at_start, counted=counted)
    assert peaks.hip_deg == peaks.tot_deg
    return peaks.tot_deg


UP = [(0.0, True, 0), (30.0, False, 0), (62.0, False, 0)]


def test_the_peak_stays_while_the_leg_goes_down():
    assert held([*UP, (40.0, False, 0)]) == 62.0


def test_the_peak_can_be_read_at_the_start_until_the_next_movement():
    assert held([*UP, (1.0, True, 1)]) == 62.0
    assert held([*UP, (1.0, True, 1), (12.0, False, 1)]) == 12.0


def test_extension_counts_by_its_own_sign():
    assert held([(0.0, True, 0), (-18.0, False, 0), (-9.0, False, 0), (4.0, False, 0)]) == -18.0


def test_a_thigh_that_is_let_down_peaks_where_it_hangs():
    knees_at_chest = (94.0, True, 0)
    assert held([knees_at_chest, (60.0, False, 0), (2.0, False, 0), (30.0, False, 0)]) == 2.0


def test_a_knee_that_is_straightened_peaks_at_what_it_lacks():
    """There is no start to return to: the next begins where the angle moves on."""
    first = [(90.0, False, 0), (60.0, False, 0), (26.0, False, 0), (70.0, False, 0)]
    assert held(first) == 26.0
    assert held([*first, (88.0, False, 1), (86.0, False, 1)]) == 26.0
    assert held([*first, (88.0, False, 1), (80.0, False, 1), (31.0, False, 1)]) == 31.0


def test_an_angle_that_is_not_known_changes_nothing():
    assert held([(0.0, True, 0), (50.0, False, 0), (None, False, 0)]) == 50.0
    assert held([(None, True, 0)]) is None


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
