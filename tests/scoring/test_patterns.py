from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import circmean

from collector.scoring.patterns.bands import bands_of, quarters_of
from collector.scoring.patterns.break_point import break_point
from collector.scoring.patterns.circular import angular_deviation_deg, circular_mean_deg, resultant
from collector.scoring.patterns.coupling import (
    CHANG,
    NEEDHAM,
    cav_deg,
    coupling_angles,
    coupling_of,
    shares_pct,
)
from collector.scoring.patterns.lag import cross_lag
from collector.scoring.patterns.phase import relative_phase
from collector.scoring.patterns.reversal import reversal_of

RATE_HZ = 100.0


# bands


def esola():
    """A bend to 90 degrees whose low back and pelvis give 20 and 10, 15 and 15, 10 and 20."""
    tot = np.array([0.0, 30.0, 60.0, 90.0])
    return tot, np.array([0.0, 20.0, 35.0, 45.0]), np.array([0.0, 10.0, 25.0, 45.0])


def test_the_ratio_of_every_band_of_total_flexion():
    bands = bands_of(*esola())
    assert [(band.low, band.high) for band in bands] == [(0, 30), (30, 60), (60, 90)]
    assert [band.ratio for band in bands] == pytest.approx([2.0, 1.0, 0.5])
    assert [band.comp_deg for band in bands] == pytest.approx([20.0, 15.0, 10.0])


def test_edges_are_found_between_samples():
    tot = np.linspace(0.0, 95.0, 38)
    bands = bands_of(tot, 0.4 * tot, 0.6 * tot)
    assert [band.comp_deg for band in bands] == pytest.approx([12.0] * 3)
    assert [band.hip_deg for band in bands] == pytest.approx([18.0] * 3)


def test_a_band_that_was_not_passed_whole_has_no_ratio():
    tot, comp, hip = esola()
    (*_, last) = bands_of(0.9 * tot, comp, hip)
    assert (last.comp_deg, last.ratio) == (None, None)


@pytest.mark.parametrize(("moved", "known"), [(2.9, False), (3.1, True), (-10.0, False)])
def test_a_hip_that_hardly_moves_has_no_ratio(moved, known):
    tot, comp = np.array([0.0, 30.0]), np.array([0.0, 20.0])
    first = bands_of(tot, comp, np.array([0.0, moved]))[0]
    assert (first.ratio is not None) is known
    assert first.hip_deg == pytest.approx(moved)


def test_quarters_of_the_way_back_are_counted_from_the_bend():
    """From 100 back to 0: the low back leads, 20 of the first 25; then the pelvis."""
    tot = np.array([100.0, 75.0, 50.0, 25.0, 0.0])
    hip = np.array([55.0, 50.0, 35.0, 15.0, 0.0])
    quarters = quarters_of(tot, tot - hip, hip)
    assert [quarter.ratio for quarter in quarters] == pytest.approx([4.0, 10 / 15, 0.25, 10 / 15])
    assert quarters[0].comp_deg == pytest.approx(20.0)


def test_quarters_are_parts_of_the_range_wherever_it_begins():
    tot = np.linspace(10.0, 50.0, 81)
    quarters = quarters_of(tot, 0.25 * tot, 0.75 * tot)
    assert [quarter.ratio for quarter in quarters] == pytest.approx([1 / 3] * 4)
    assert [quarter.unit for quarter in quarters] == ["pct"] * 4


# break point


def bent(before, after, at_deg=50.0):
    drive = np.linspace(0.0, 90.0, 400)
    return drive, before * drive + (after - before) * np.maximum(0.0, drive - at_deg)


@pytest.mark.parametrize(("before", "after", "bend"), [(0.1, 0.8, "late"), (0.8, 0.1, "early")])
@pytest.mark.parametrize("at_deg", [30.0, 47.3, 65.0])
def test_two_lines_are_found_where_they_meet(before, after, bend, at_deg):
    found = break_point(*bent(before, after, at_deg))
    assert found.at_deg == pytest.approx(at_deg, abs=0.1)
    assert (found.slope_before, found.slope_after) == pytest.approx((before, after), abs=1e-3)
    assert found.bend == bend
    assert found.explained > 0.99


def test_the_break_survives_noise():
    drive, comp = bent(0.05, 0.7)
    noisy = comp + np.random.default_rng(3).normal(0.0, 0.3, len(comp))
    found = break_point(drive, noisy)
    assert found.at_deg == pytest.approx(50.0, abs=1.0)
    assert found.bend == "late"


@pytest.mark.parametrize("noise_deg", [0.0, 0.3])
def test_one_line_has_no_break(noise_deg):
    drive, comp = bent(0.4, 0.4)
    noisy = comp + np.random.default_rng(5).normal(0.0, noise_deg, len(comp))
    assert break_point(drive, noisy).bend == "straight"


def test_a_change_of_slope_that_is_hardly_one_is_straight():
    assert break_point(*bent(0.40, 0.49)).bend == "straight"
    assert break_point(*bent(0.40, 0.51)).bend == "late"


def test_the_lines_meet_so_a_step_is_no_break_of_its_own():
    """Level of both lines at the break: the fit is continuous, its error is what a step leaves."""
    drive = np.linspace(0.0, 90.0, 400)
    found = break_point(drive, np.where(drive > 45.0, 10.0, 0.0))
    assert found.explained < 0.5


def test_a_wave_about_one_line_is_no_break():
    """Half a wave more at one end pulls the second line up; it explains next to nothing."""
    drive = np.linspace(0.0, 90.0, 400)
    found = break_point(drive, 0.4 * drive + 4.0 * np.sin(2.0 * np.pi * drive / 32.0))
    assert abs(found.slope_after - found.slope_before) > 0.1
    assert found.bend == "straight"


@pytest.mark.parametrize("drive", [np.zeros(50), np.linspace(0.0, 1.0, 5)])
def test_nothing_to_fit_gives_no_break(drive):
    assert break_point(drive, drive) is None


# circular statistics


@given(st.lists(st.floats(0.0, 359.9), min_size=1, max_size=30))
def test_the_circular_mean_is_that_of_scipy(angles):
    found = np.array(angles)
    assume(resultant(found) > 1e-3)
    off = circular_mean_deg(found) - circmean(found, high=360.0, low=0.0)
    assert abs((off + 180.0) % 360.0 - 180.0) < 1e-6


def test_the_mean_of_350_and_10_is_0():
    mean = circular_mean_deg(np.array([350.0, 10.0]))
    assert min(mean, 360.0 - mean) == pytest.approx(0.0, abs=1e-9)
    assert resultant(np.array([350.0, 10.0])) == pytest.approx(np.cos(np.radians(10.0)))


def test_opposite_angles_have_no_direction_and_the_widest_spread():
    """sqrt 2 in degrees is 81.03."""
    r = resultant(np.array([0.0, 180.0]))
    assert r == pytest.approx(0.0, abs=1e-12)
    assert angular_deviation_deg(np.array(r)) == pytest.approx(81.028, abs=1e-3)


# vector coding


@pytest.mark.parametrize(
    ("dx", "dy", "angle_deg"),
    [(1, 0, 0), (1, 1, 45), (0, 1, 90), (-1, 1, 135), (-1, 0, 180), (-1, -1, 225), (1, -1, 315)],
)
def test_the_coupling_angle_keeps_all_four_quadrants(dx, dy, angle_deg):
    ramp = np.linspace(0.0, 40.0, 250)
    angles = coupling_angles(dx * ramp, dy * ramp)
    assert angles.shape == (100,)
    assert angles == pytest.approx(angle_deg)


@pytest.mark.parametrize(
    ("angle_deg", "chang", "needham"),
    [
        (22.4, "proximal", "in_phase_proximal"),
        (22.5, "in_phase", "in_phase_proximal"),
        (45.0, "in_phase", "in_phase_distal"),
        (67.5, "distal", "in_phase_distal"),
        (90.0, "distal", "anti_phase_distal"),
        (112.5, "anti_phase", "anti_phase_distal"),
        (135.0, "anti_phase", "anti_phase_proximal"),
        (157.5, "proximal", "anti_phase_proximal"),
        (180.0, "proximal", "in_phase_proximal"),
        (202.5, "in_phase", "in_phase_proximal"),
        (225.0, "in_phase", "in_phase_distal"),
        (247.5, "distal", "in_phase_distal"),
        (270.0, "distal", "anti_phase_distal"),
        (292.5, "anti_phase", "anti_phase_distal"),
        (315.0, "anti_phase", "anti_phase_proximal"),
        (337.5, "proximal", "anti_phase_proximal"),
        (359.9, "proximal", "anti_phase_proximal"),
    ],
)
def test_every_edge_of_the_named_bins(angle_deg, chang, needham):
    found = coupling_of(np.array([angle_deg]))
    assert found.chang_pct[chang] == 100.0
    assert found.needham_pct[needham] == 100.0


def test_shares_of_the_bins_come_to_a_hundred():
    angles = np.linspace(0.0, 359.0, 360)
    assert shares_pct(angles, CHANG, offset_deg=22.5) == dict.fromkeys(CHANG, 25.0)
    assert shares_pct(angles, NEEDHAM, offset_deg=0.0) == dict.fromkeys(NEEDHAM, 25.0)


def test_the_variability_of_two_repetitions_by_hand():
    """Angles of 40 and 60 degrees: r = cos 10, sqrt(2 (1 - r)) = 0.17431 rad = 9.987 degrees."""
    rows = [np.full(100, 40.0), np.full(100, 60.0)]
    assert cav_deg(rows) == pytest.approx(9.987, abs=1e-3)
    assert cav_deg([np.full(100, 350.0), np.full(100, 10.0)]) == pytest.approx(9.987, abs=1e-3)
    assert cav_deg(rows[:1]) is None


# continuous relative phase


def waves(phase_deg, *, cycles=5, samples=200):
    """Return a proximal sine that is ahead of the distal cosine by `phase_deg`, and its cycles."""
    t = np.arange(cycles * samples) / samples
    distal = 60.0 + 30.0 * np.sin(2.0 * np.pi * t)
    proximal = -4.0 + 8.0 * np.sin(2.0 * np.pi * t + np.radians(phase_deg))
    return proximal, distal, [(k * samples, (k + 1) * samples - 1) for k in range(cycles)]


@pytest.mark.parametrize("phase_deg", [0.0, 30.0, -30.0, 90.0, 150.0])
def test_two_sines_have_the_phase_that_they_were_given(phase_deg):
    found = relative_phase(*waves(phase_deg))
    assert found.marp_deg == pytest.approx(abs(phase_deg), abs=0.2)
    assert found.mean_deg == pytest.approx(phase_deg, abs=0.2)
    assert found.dp_deg == pytest.approx(0.0, abs=0.2)
    assert found.cycles == 5


def test_opposite_phases_do_not_cancel_at_the_seam():
    assert relative_phase(*waves(180.0)).marp_deg == pytest.approx(180.0, abs=0.5)


def test_cycles_that_differ_have_a_deviation():
    """Cycles lead by 20, 30 and 40 degrees in turn: their standard deviation is 10."""
    t = np.arange(1800) / 200.0
    lead = np.radians(np.repeat([20.0, 30.0, 40.0] * 3, 200))
    cycles = [(k * 200, k * 200 + 199) for k in range(1, 7)]
    found = relative_phase(np.sin(2 * np.pi * t + lead), np.sin(2 * np.pi * t), cycles)
    assert found.marp_deg == pytest.approx(30.0, abs=1.5)
    assert found.dp_deg == pytest.approx(np.std([20, 30, 40] * 2, ddof=1), abs=2.5)


def test_the_deviation_is_that_of_a_sample():
    """Two cycles that lead by 20 and 40 degrees: divisor 1 gives 14.1, divisor 2 gave 10."""
    t = np.arange(2000) / 200.0
    lead = np.radians(np.repeat([20.0, 20.0, 40.0, 40.0, 20.0] * 2, 200))
    cycles = [(200, 399), (600, 799)]
    found = relative_phase(np.sin(2 * np.pi * t + lead), np.sin(2 * np.pi * t), cycles)
    assert found.dp_deg == pytest.approx(14.1, abs=2.0)


def test_the_ends_of_the_series_do_not_count():
    """The first 4 % lead by 150 degrees instead of 30: counted, they would add 4.8 degrees."""
    t = np.arange(2000) / 200.0
    lead = np.radians(np.where(np.arange(2000) < 80, 150.0, 30.0))
    found = relative_phase(np.sin(2 * np.pi * t + lead), np.sin(2 * np.pi * t), [(0, 1999)])
    assert found.marp_deg == pytest.approx(30.0, abs=1.5)


def test_one_cycle_has_no_deviation():
    proximal, distal, cycles = waves(30.0, cycles=1)
    assert relative_phase(proximal, distal, cycles).dp_deg is None


def test_a_segment_that_does_not_move_has_no_phase():
    assert relative_phase(np.zeros(400), np.sin(np.arange(400) / 30.0), [(0, 399)]) is None


# cross-correlation


@pytest.mark.parametrize("lag_s", [-0.36, -0.125, 0.0, 0.21, 0.6])
def test_the_shift_is_found_between_samples(lag_s):
    t = np.arange(400) / RATE_HZ

    def bump(at_s):
        return np.exp(-(((t - at_s) / 0.4) ** 2))

    found = cross_lag(3.0 + 20.0 * bump(2.0 + lag_s), 50.0 * bump(2.0), RATE_HZ)
    assert found.lag_s == pytest.approx(lag_s, abs=0.005)
    assert found.r == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("lag_s", [-0.4, 0.3])
def test_two_rises_of_another_size_and_offset_have_the_lag_between_them(lag_s):
    t = np.arange(500) / RATE_HZ

    def rise(at_s):
        return 1.0 / (1.0 + np.exp(-(t - at_s) / 0.25))

    found = cross_lag(-7.0 + 20.0 * rise(2.5 + lag_s), 60.0 * rise(2.5), RATE_HZ)
    assert found.lag_s == pytest.approx(lag_s, abs=0.005)


def test_a_fit_at_the_end_of_the_search_is_no_lag():
    t = np.arange(600) / RATE_HZ
    found = cross_lag(np.exp(-((t - 4.5) ** 2)), np.exp(-((t - 1.5) ** 2)), RATE_HZ)
    assert found.lag_s is None


def test_a_segment_that_does_not_move_has_no_lag():
    assert cross_lag(np.zeros(300), np.sin(np.arange(300) / 30.0), RATE_HZ) is None


# squat


def test_the_reversal_is_maximum_minus_bottom():
    comp = np.array([0.0, 10.0, 22.0, 15.0, 9.0, 8.0, 9.0])
    thigh = np.array([0.0, 40.0, 80.0, 100.0, 118.0, 120.0, 119.0])
    found = reversal_of(comp, slice(4, 7), drive=thigh, hip=thigh + comp, lum=-comp)
    assert (found.most_deg, found.end_deg, found.reversal_deg) == (22.0, 9.0, 13.0)
    assert found.hip_at_level_deg == pytest.approx(90.0 + 18.5)
    assert found.lum_at_level_deg == pytest.approx(-18.5)


def test_a_shallow_squat_is_not_read_at_a_level_thigh():
    x = np.array([0.0, 30.0, 60.0])
    assert reversal_of(x, slice(2, 3), drive=x, hip=x).hip_at_level_deg is None
