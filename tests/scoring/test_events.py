from __future__ import annotations

import numpy as np
import pytest
from scoring_scenes import PSLR, angles_of, certificate, leg_raise, movement

from collector.scoring.score import score
from schemas.protocol import load


def first(angles, protocol=PSLR, **kw):
    return score(angles, protocol, certificate(**kw), side="left").repetitions[0]


def codes(repetition):
    return [reason.code for reason in repetition.reasons]


@pytest.mark.parametrize("rise_s", [1.5, 2.5, 4.0])
def test_onset_is_where_the_movement_leaves_rest(rise_s):
    assert first(leg_raise(rise_s=rise_s)).onset_s == pytest.approx(3.0, abs=0.06)


@pytest.mark.parametrize("lag_s", [0.2, 0.5, 0.8, 1.2])
def test_lag_is_the_known_difference_of_onsets(lag_s):
    found = first(leg_raise(lag_s=lag_s))
    assert found.lag_s == pytest.approx(lag_s, abs=0.03)
    assert found.lag_pct == pytest.approx(100.0 * lag_s / 2.5, abs=2.0)


def test_lag_survives_noise():
    angles = leg_raise(lag_s=0.5)
    rng = np.random.default_rng(3)
    deg = {n.removesuffix("_deg"): x + rng.normal(0, 0.1, len(x)) for n, x in angles.deg.items()}
    assert first(angles_of(angles.t_s, **deg)).lag_s == pytest.approx(0.5, abs=0.12)


def test_a_pelvis_that_leads_has_a_negative_lag():
    t, thigh = movement([72.0], lag_s=0.4)
    _, pelvis = movement([-26.0])
    assert first(angles_of(t, thigh=thigh, pelvis=pelvis)).lag_s == pytest.approx(-0.4, abs=0.03)


@pytest.mark.parametrize(("lag_s", "told_apart"), [(0.05, False), (0.15, True)])
def test_a_lag_below_a_tenth_of_a_second_is_withheld(lag_s, told_apart):
    found = first(leg_raise(lag_s=lag_s))
    assert (found.lag_s is not None) is told_apart
    assert ("lag_unresolved" in codes(found)) is not told_apart
    assert found.grade == "A"


def test_a_lag_within_the_clock_bound_is_withheld():
    assert first(leg_raise(lag_s=0.3), bound_ms=15.0).lag_s is not None
    assert first(leg_raise(lag_s=0.3), bound_ms=400.0).lag_s is None


def test_no_compensation_has_no_lag_and_no_early_share():
    found = first(leg_raise(pelvis=(-1.0, -1.0, -1.0)))
    assert (found.lag_s, found.early_pct, found.hip_at_c5_deg) == (None, None, None)
    assert "no_compensation" in codes(found)


def test_forward_bend_lag_is_lumbar_after_pelvis():
    t, lumbar = movement([50.0])
    _, pelvis = movement([60.0], lag_s=0.4)
    angles = angles_of(t, trunk=lumbar + pelvis, pelvis=pelvis)
    assert first(angles, load("fb"), segments=("trunk", "pelvis")).lag_s == pytest.approx(
        -0.4, abs=0.03
    )


def test_slope_of_a_proportional_pelvis_is_its_proportion():
    t, thigh = movement([80.0])
    found = first(angles_of(t, thigh=thigh, pelvis=-0.35 * thigh))
    assert found.slope == pytest.approx(0.35, abs=1e-6)
    assert found.slope_r == pytest.approx(1.0, abs=1e-9)


def test_slope_leaves_out_the_first_and_last_tenth():
    t, thigh = movement([80.0])
    bent = np.interp(thigh, [0.0, 7.0, 73.0, 80.0], [0.0, 7.0, 73.0 - 0.65 * 66.0, 40.0])
    found = first(angles_of(t, thigh=thigh, pelvis=-bent))
    assert found.slope == pytest.approx(0.35, abs=0.005)


def test_hip_is_read_where_compensation_reaches_five_degrees():
    t, thigh = movement([80.0])
    pelvis = -0.4 * np.maximum(thigh - 10.0, 0.0)
    found = first(angles_of(t, thigh=thigh, pelvis=pelvis))
    assert found.hip_at_c5_deg == pytest.approx(22.5 - 5.0, abs=0.3)


def test_early_share_counts_up_to_half_the_hips_own_maximum():
    t, thigh = movement([80.0])
    found = first(angles_of(t, thigh=thigh, pelvis=-0.35 * thigh))
    assert found.early_pct == pytest.approx(50.0, abs=0.1)


def test_a_late_pelvis_has_a_small_early_share():
    t, thigh = movement([80.0])
    pelvis = -0.6 * np.maximum(thigh - 40.0, 0.0)
    # HIP = 40 + 0.4 (F - 40) ends at 56; half is 28, where F = 28 and the pelvis has not moved.
    assert first(angles_of(t, thigh=thigh, pelvis=pelvis)).early_pct == pytest.approx(0.0, abs=0.5)


def test_the_plateau_is_the_held_part():
    found = first(leg_raise(hold_s=2.0))
    assert found.plateau_start_s == pytest.approx(5.5, abs=0.1)
    assert found.plateau_end_s == pytest.approx(7.5, abs=0.1)
    assert not found.peak_only


@pytest.mark.parametrize(("hold_s", "peak_only"), [(0.3, True), (0.6, False)])
def test_half_a_second_makes_a_plateau(hold_s, peak_only):
    t, thigh = movement([72.0], hold_s=hold_s, rise_s=1.0)
    found = first(angles_of(t, thigh=thigh, pelvis=-0.3 * thigh))
    assert found.peak_only is peak_only


@pytest.mark.parametrize(("rate_deg_s", "peak_only"), [(2.5, False), (3.5, True)])
def test_a_passive_plateau_creeps_at_most_three_degrees_a_second(rate_deg_s, peak_only):
    t, thigh = movement([70.0], hold_s=2.0)
    creep = np.clip((t - 5.5) / 2.0, 0.0, 1.0) * 2.0 * rate_deg_s
    thigh = thigh * (1.0 + creep / 70.0)
    assert first(angles_of(t, thigh=thigh, pelvis=-0.3 * thigh)).peak_only is peak_only


def test_a_plateau_reaches_five_degrees_below_the_top_and_no_further():
    t, thigh = movement([60.0], hold_s=4.0)
    thigh = thigh * (1.0 + np.clip((t - 5.5) / 4.0, 0.0, 1.0) * 8.0 / 60.0)  # 2 degrees/s to 68
    found = first(angles_of(t, thigh=thigh, pelvis=-0.3 * thigh))
    assert found.plateau_start_s == pytest.approx(5.5 + 3.0 / 2.0, abs=0.1)  # 63 degrees


def test_a_peak_is_the_95th_percentile_of_its_200_ms_and_stays_additive():
    t, thigh = movement([72.0], hold_s=0.0, rise_s=0.8)
    found = first(angles_of(t, thigh=thigh, pelvis=-0.36 * thigh))
    top = int(np.argmax(thigh))
    assert found.peak_only
    assert found.tot_deg == pytest.approx(np.percentile(thigh[top - 10 : top + 11], 95.0), abs=0.01)
    assert found.hip_deg + found.comp_deg == pytest.approx(found.tot_deg, abs=1e-9)


def test_sit_to_stand_takes_the_lean_not_the_upright_seat():
    t, thigh = movement([85.0], hold_s=6.0)
    trunk = np.zeros_like(t)
    for start, end in ((8.0, 9.0), (11.0, 13.0)):  # lean at 8 to 9 s, back by 13 s
        sign = 1.0 if start == 8.0 else -1.0
        x = np.clip((t - start) / (end - start), 0.0, 1.0)
        trunk += sign * 45.0 * x * x * (3.0 - 2.0 * x)
    angles = angles_of(t, thigh=thigh, trunk=trunk, pelvis=0.6 * trunk)
    found = first(angles, load("sts"), segments=("pelvis", "thigh_left", "trunk"))
    assert found.tot_deg == pytest.approx(130.0, abs=0.2)
    assert found.comp_deg == pytest.approx(18.0, abs=0.2)
    assert found.hip_deg == pytest.approx(112.0, abs=0.2)
