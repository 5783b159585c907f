from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scoring_scenes import PSLR, angles_of, certificate, leg_raise, movement

from collector.scoring.gates import clock_findings
from collector.scoring.score import score
from schemas.result import Reason


def trial(angles, **kw):
    return score(angles, PSLR, certificate(**kw), side="left")


def codes(found):
    return [reason.code for reason in found.reasons]


def with_nan(angles, start_s, samples, channel="pelvis_deg"):
    deg = {name: x.copy() for name, x in angles.deg.items()}
    first = round(start_s * angles.rate_hz)
    deg[channel][first : first + samples] = np.nan
    return angles_of(angles.t_s, **{name.removesuffix("_deg"): x for name, x in deg.items()})


def test_a_clean_trial_is_grade_a_with_nothing_to_say():
    found = trial(leg_raise())
    assert (found.grade, found.reasons) == ("A", ())


@pytest.mark.parametrize(
    ("change", "code", "grade"),
    [
        ({"bound_ms": 20.0}, None, "A"),
        ({"bound_ms": 20.1}, "clock_bound", "B"),
        ({"calibration_age_min": 60.0}, None, "A"),
        ({"calibration_age_min": 60.1}, "calibration_old", "B"),
        ({"axis_to_vertical_deg": 45.0}, None, "A"),
        ({"axis_to_vertical_deg": 44.9}, "axis_slanted", "B"),
        ({"axis_to_vertical_deg": 30.0}, "axis_slanted", "B"),
        ({"axis_to_vertical_deg": 29.9}, "axis_refused", "X"),
        ({"reference_sd_deg": 0.5}, None, "A"),
        ({"reference_sd_deg": 0.51}, "reference_moving", "X"),
        ({"lost": 29}, None, "A"),
        ({"lost": 30}, "loss", "B"),
        ({"reasons": [Reason("wrong_posture", "Prone.")]}, "wrong_posture", "X"),
        ({"reasons": [Reason("device_zero_reference", "Kept.")]}, None, "A"),
    ],
)
def test_what_the_certificate_says_grades_the_trial(change, code, grade):
    found = trial(leg_raise(), **change)
    assert found.grade == grade
    assert (code in codes(found)) is (code is not None)


def test_the_clock_of_one_sensor_alone_has_nobody_to_disagree_with():
    gates = PSLR.gates
    assert not list(clock_findings(certificate(("pelvis",), bound_ms=500.0), gates))
    assert list(clock_findings(certificate(("pelvis", "trunk"), bound_ms=500.0), gates))


@pytest.mark.parametrize(
    ("change", "grade"),
    [
        ({"bound_ms": 25.0, "axis_to_vertical_deg": 40.0}, "B"),
        ({"bound_ms": 25.0, "axis_to_vertical_deg": 40.0, "calibration_age_min": 90.0}, "C"),
    ],
)
def test_two_findings_make_b_and_three_make_c(change, grade):
    assert trial(leg_raise(), **change).grade == grade


def test_no_reference_refuses_the_trial_but_shows_its_angles():
    t, thigh = movement([71.0, 72.0, 73.0])
    found = trial(angles_of(t, thigh=thigh, pelvis=-0.3 * thigh, zero="first_sample"))
    assert found.grade == "X"
    assert "no_reference" in codes(found)
    assert found.repetitions[0].tot_deg == pytest.approx(71.0)
    assert found.set.used == ()


@pytest.mark.parametrize(
    ("tilt", "code", "grade"),
    [
        (10.0, None, "A"),
        (10.1, "out_of_plane", "C"),
        (-20.0, "out_of_plane", "C"),
        (20.1, "out_of_plane_high", "X"),
    ],
)
def test_movement_out_of_the_plane(tilt, code, grade):
    t, thigh = movement([72.0])
    oop = {"pelvis": np.zeros_like(t), "thigh": tilt * thigh / thigh.max()}
    (found,) = trial(angles_of(t, thigh=thigh, pelvis=-0.3 * thigh, oop=oop)).repetitions
    assert found.grade == grade
    assert found.out_of_plane_deg == pytest.approx(abs(tilt))
    assert (code in codes(found)) is (code is not None)


def test_an_optional_sensor_out_of_the_plane_is_nobodys_fault():
    t, thigh = movement([72.0])
    angles = angles_of(t, thigh=thigh, pelvis=-0.3 * thigh, oop={"shank": 40.0 + 0.0 * t})
    assert trial(angles).grade == "A"


@pytest.mark.parametrize(
    ("missed", "code", "grade"),
    [(2.9, None, "A"), (-3.1, "drift", "C"), (4.9, "drift", "C"), (-5.1, "drift_high", "X")],
)
def test_a_start_position_missed_on_return(missed, code, grade):
    t, thigh = movement([72.0])
    pelvis = -0.3 * thigh + missed * np.clip((t - 6.0) / 3.0, 0.0, 1.0)
    (found,) = trial(angles_of(t, thigh=thigh, pelvis=pelvis)).repetitions
    assert found.grade == grade
    assert abs(found.drift_deg) == pytest.approx(abs(missed), abs=0.05)
    assert (code in codes(found)) is (code is not None)


def test_a_peak_without_a_hold_is_grade_c():
    found = trial(leg_raise(hold_s=0.0, rise_s=1.0))
    assert (found.grade, codes(found)) == ("C", ["peak_only"])


def test_ranges_need_no_end_position_that_is_held():
    how = dict.fromkeys(("tot", "hip", "comp"), "range")
    ranges = replace(PSLR, formulae=replace(PSLR.formulae, how=how))
    t = np.arange(3000) / 100.0
    thigh = 35.0 * (1.0 - np.cos(2.0 * np.pi * t / 5.0))
    found = score(
        angles_of(t, thigh=thigh, pelvis=-0.3 * thigh), ranges, certificate(), side="left"
    )
    assert (found.grade, found.reasons) == ("A", ())
    assert not any(repetition.peak_only for repetition in found.repetitions)
    assert found.set.tot_mean_deg == pytest.approx(70.0, abs=0.1)


def test_a_stride_out_of_standing_is_no_whole_stride():
    how = dict.fromkeys(("tot", "hip", "comp"), "range")
    ranges = replace(
        PSLR, formulae=replace(PSLR.formulae, how=how, extra={"thigh": PSLR.formulae.tot})
    )
    t = np.arange(3000) / 100.0
    walks = (t > 4.0) & (t < 24.0)
    thigh = np.where(walks, 20.0 * (1.0 - np.cos(2.0 * np.pi * (t - 4.0) / 2.0)), 0.0)
    found = score(
        angles_of(t, thigh=thigh, pelvis=-0.1 * thigh), ranges, certificate(), side="left"
    )
    grades = [repetition.grade for repetition in found.repetitions]
    assert grades == ["X", *["A"] * 8, "X"]
    assert "part_stride" in codes(found.repetitions[0])
    assert found.extra["thigh_deg"] == pytest.approx(40.0, abs=0.1)
    assert (found.repetitions[4].lag_s, found.repetitions[4].slope) == (None, None)


@pytest.mark.parametrize(
    ("samples", "code", "grade"),
    [(6, None, "A"), (8, "loss", "B"), (19, "loss", "B"), (20, "gap_long", "X")],
)
def test_a_gap_on_the_way_up_counts_by_length_and_share(samples, code, grade):
    first = trial(with_nan(leg_raise(), 4.0, samples)).repetitions[0]
    assert first.grade == grade
    assert (code in codes(first)) is (code is not None)
    assert first.tot_deg == pytest.approx(71.0)


def test_more_than_five_percent_lost_in_short_gaps_refuses_the_repetition():
    angles = leg_raise()
    for start_s in (3.4, 4.0, 4.6, 8.0, 8.6):
        angles = with_nan(angles, start_s, 8)
    first, second, _ = trial(angles).repetitions
    assert (first.grade, second.grade) == ("X", "A")
    assert "loss_high" in codes(first)


@pytest.mark.parametrize("channel", ["pelvis_deg", "thigh_deg"])
@pytest.mark.parametrize("start_s", [6.0, 5.55, 7.3])
def test_a_gap_that_touches_the_plateau_refuses_its_value(channel, start_s):
    found = trial(with_nan(leg_raise(), start_s, 5, channel))
    first = found.repetitions[0]
    assert (first.tot_deg, first.hip_deg, first.comp_deg, first.share_pct) == (None,) * 4
    assert "gap_in_plateau" in codes(first)
    assert first.grade == "X"
    assert found.set.used == (2, 3)


def test_a_gap_that_hides_the_top_of_a_swing_refuses_its_value():
    angles = leg_raise([70.0], [-26.0], hold_s=0.0, rise_s=1.0)
    top_s = float(angles.t_s[np.argmax(angles.deg["thigh_deg"])])
    first = trial(with_nan(angles, top_s - 0.05, 10)).repetitions[0]
    assert "gap_in_plateau" in codes(first)
    assert first.tot_deg is None


def test_a_gap_elsewhere_changes_no_value():
    clean, torn = trial(leg_raise()), trial(with_nan(leg_raise(), 10.5, 60))
    for a, b in zip(clean.repetitions, torn.repetitions, strict=True):
        assert (a.tot_deg, a.hip_deg, a.share_pct) == (b.tot_deg, b.hip_deg, b.share_pct)
        assert b.grade == "A"


def test_an_onset_behind_a_gap_is_withheld():
    first = trial(with_nan(leg_raise(), 2.9, 15)).repetitions[0]
    assert first.onset_s is None
    assert first.lag_s is None
    assert "onset_hidden" in codes(first)


def test_a_missing_segment_is_not_scored():
    t, thigh = movement([72.0])
    found = trial(angles_of(t, pelvis=-0.3 * thigh))
    assert (found.grade, found.repetitions) == ("X", ())
    assert codes(found) == ["calibration_missing"]


def test_a_small_movement_has_no_share():
    (found,) = trial(leg_raise([19.0], [-6.0])).repetitions
    assert found.share_pct is None
    assert "share_withheld" in codes(found)


def test_compensation_the_other_way_counts_zero_and_is_kept_signed():
    (found,) = trial(leg_raise([70.0], [6.0])).repetitions
    assert (found.comp_deg, found.share_pct) == (0.0, 0.0)
    assert found.comp_signed_deg == pytest.approx(-6.0)


def test_a_bent_knee_is_said_where_the_shank_is_measured():
    t, thigh = movement([72.0, 72.0, 72.0])
    knee = 0.2 * thigh
    found = trial(angles_of(t, thigh=thigh, pelvis=-0.3 * thigh, shank=thigh - knee, knee=knee))
    assert found.grade == "A"
    assert "guard" in codes(found.repetitions[0])


def test_a_loss_that_lies_in_no_gap_may_be_in_any_repetition():
    found = trial(leg_raise(), lost=300)
    assert found.grade == "X"
    assert all("loss_high" in [r.code for r in rep.reasons] for rep in found.repetitions)
