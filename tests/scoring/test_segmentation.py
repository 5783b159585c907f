from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_scenes import PSLR, angles_of, certificate, leg_raise, movement

from collector.scoring.score import score


def repetitions(angles):
    return score(angles, PSLR, certificate(), side="left").repetitions


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("hold_s", [0.0, 2.0])
def test_every_repetition_is_found_held_or_not(count, hold_s):
    angles = leg_raise([70.0] * count, [-26.0] * count, hold_s=hold_s)
    assert [r.n for r in repetitions(angles)] == list(range(1, count + 1))


def test_repetitions_without_rest_between_them_are_split_at_the_valley():
    t = np.arange(3000) / 100.0
    thigh = 35.0 * (1.0 - np.cos(2.0 * np.pi * t / 5.0))
    found = repetitions(angles_of(t, thigh=thigh, pelvis=-0.3 * thigh))
    assert len(found) == 6
    assert [r.end_s for r in found] == pytest.approx([5, 10, 15, 20, 25, 29.99], abs=0.15)


def test_a_repetition_lasts_from_rest_to_rest():
    (found,) = repetitions(leg_raise([70.0], [-26.0]))
    assert found.start_s == pytest.approx(3.0, abs=0.06)
    assert found.end_s == pytest.approx(10.0, abs=0.06)


def test_rest_may_lie_far_from_zero():
    t, thigh = movement([60.0, 60.0, 60.0])
    found = repetitions(angles_of(t, thigh=20.0 + thigh, pelvis=-0.3 * thigh))
    assert [r.tot_deg for r in found] == pytest.approx([80.0, 80.0, 80.0])


def test_noise_makes_no_repetitions():
    angles = leg_raise()
    rng = np.random.default_rng(7)
    noisy = {
        name.removesuffix("_deg"): x + rng.normal(0.0, 0.2, len(x))
        for name, x in angles.deg.items()
    }
    found = repetitions(angles_of(angles.t_s, **noisy))
    assert [r.tot_deg for r in found] == pytest.approx([71.0, 72.0, 73.0], abs=0.1)


def test_a_twitch_below_a_third_of_the_usual_range_is_no_repetition():
    found = repetitions(leg_raise([70.0, 15.0, 70.0, 70.0], [-26.0, -5.0, -26.0, -26.0]))
    assert [r.tot_deg for r in found] == pytest.approx([70.0, 70.0, 70.0])


@pytest.mark.parametrize(("peak", "count"), [(9.5, 0), (10.5, 1)])
def test_a_repetition_rises_by_ten_degrees(peak, count):
    assert len(repetitions(leg_raise([peak], [-2.0]))) == count


def test_stillness_has_no_repetition_and_no_score():
    t = np.arange(1000) / 100.0
    scored = score(
        angles_of(t, thigh=np.zeros(1000), pelvis=np.zeros(1000)), PSLR, certificate(), side="left"
    )
    assert scored.grade == "X"
    assert [reason.code for reason in scored.reasons] == ["no_repetition"]
    assert scored.set.tot_mean_deg is None


@pytest.mark.parametrize("samples", [0, 1, 2, 5])
def test_a_recording_too_short_for_anything_is_refused(samples):
    t = np.arange(samples) / 100.0
    scored = score(angles_of(t, thigh=t, pelvis=t), PSLR, certificate(), side="left")
    assert scored.grade == "X"


def test_a_recording_with_no_valid_sample_is_refused():
    t = np.arange(500) / 100.0
    scored = score(angles_of(t, thigh=t * np.nan, pelvis=t), PSLR, certificate(), side="left")
    assert [reason.code for reason in scored.reasons] == ["no_repetition"]


def test_a_lift_cut_before_it_came_down_misses_its_start_position():
    angles = leg_raise([70.0], [-26.0])
    keep = angles.t_s < 9.0
    cut = {name.removesuffix("_deg"): x[keep] for name, x in angles.deg.items()}
    (found,) = repetitions(angles_of(angles.t_s[keep], **cut))
    assert found.grade == "X"
    assert "drift_high" in [reason.code for reason in found.reasons]


@settings(max_examples=25, deadline=None)
@given(shift_s=st.floats(-1e4, 1e4), rise_s=st.floats(1.5, 4.0), peak=st.floats(30.0, 120.0))
def test_when_a_recording_was_made_changes_no_number(shift_s, rise_s, peak):
    here = leg_raise([peak], [-0.3 * peak], rise_s=rise_s)
    deg = {name.removesuffix("_deg"): x for name, x in here.deg.items()}
    (a,), (b,) = repetitions(here), repetitions(angles_of(here.t_s + shift_s, **deg))
    assert (a.tot_deg, a.share_pct, a.slope, a.early_pct) == (
        b.tot_deg, b.share_pct, b.slope, b.early_pct,
    )  # fmt: skip
    assert b.start_s - a.start_s == pytest.approx(shift_s, abs=1e-9 + 1e-12 * abs(shift_s))


def _getting_into_position():
    """Return a leg raise of 20 degrees behind a movement of 90: rest at 4 to 5 s, then raises."""
    t, thigh = movement([90.0, 20.0, 20.0, 20.0], hold_s=1.0, rise_s=1.0, first_s=1.0)
    return angles_of(t, thigh=thigh, pelvis=-0.3 * thigh)


def _tots(angles, begin_s):
    found = score(angles, PSLR, certificate(), side="left", begin_s=begin_s).repetitions
    return [r.n for r in found], [r.tot_deg for r in found]


def test_what_is_moved_before_the_test_begins_is_not_scored():
    angles = _getting_into_position()
    assert _tots(angles, None)[1] == pytest.approx([90.0, 20.0, 20.0, 20.0])
    numbers, tots = _tots(angles, 5.0)
    assert numbers == [1, 2, 3]
    assert tots == pytest.approx([20.0] * 3)


@pytest.mark.parametrize("begin_s", [6.3, 6.9, 7.5, 8.4])
def test_a_repetition_under_way_when_the_test_begins_is_not_scored(begin_s):
    assert _tots(_getting_into_position(), begin_s)[1] == pytest.approx([20.0] * 2)


def test_a_test_that_begins_after_all_movement_has_no_repetition():
    assert _tots(_getting_into_position(), 30.0)[0] == []
