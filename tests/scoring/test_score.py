from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_scenes import PSLR, SENSOR, angles_of, certificate, leg_raise, movement

from collector.scoring.reasons import finding, grade_of
from collector.scoring.score import grade_without_protocol, score
from collector.scoring.signals import signals_of
from schemas.motion import Gap
from schemas.protocol import load
from schemas.result import Reason


def test_the_worked_straight_leg_raise_comes_out_to_the_digit():
    found = score(leg_raise(), PSLR, certificate(), side="left")
    assert [r.hip_deg for r in found.repetitions] == pytest.approx([45.0, 45.0, 47.0])
    assert found.set.tot_mean_deg == pytest.approx(72.0, abs=0.005)
    assert found.set.hip_mean_deg == pytest.approx(45.67, abs=0.005)
    assert found.set.comp_mean_deg == pytest.approx(26.33, abs=0.005)
    assert found.set.share_mean_pct == pytest.approx(36.6, abs=0.05)
    assert found.set.consistent is True


def test_forward_bend_shares_between_low_back_and_pelvis():
    t, trunk = movement([111.0] * 3)
    thigh = -0.02 * trunk
    angles = angles_of(t, trunk=trunk, pelvis=trunk * 59.0 / 111.0, thigh=thigh)
    found = score(angles, load("fb"), certificate(("trunk", "pelvis")), side=None)
    first = found.repetitions[0]
    assert first.lum_deg == pytest.approx(52.0)
    assert first.share_pct == pytest.approx(100.0 * 52.0 / 111.0)
    assert found.extra["hip_joint_deg"] == pytest.approx(59.0 - 0.02 * 111.0)


def test_without_a_thigh_sensor_the_bend_has_no_hip_joint_angle():
    t, trunk = movement([111.0] * 3)
    angles = angles_of(t, trunk=trunk, pelvis=0.5 * trunk)
    assert score(angles, load("fb"), certificate(("trunk", "pelvis")), side=None).extra == {}


def test_a_reversal_has_no_early_share():
    """What turned back at the end is no total that something could be early of."""
    t, thigh = movement([100.0] * 3)
    pelvis = 20.0 * np.sin(np.pi * np.clip(thigh / 115.0, 0.0, 1.0))
    angles = angles_of(t, thigh=thigh, pelvis=pelvis, shank=0.0 * t)
    turned = replace(PSLR.formulae, comp=load("squat").formulae.comp, how={"comp": "reversal"})
    squat = replace(PSLR, formulae=turned)
    first = score(angles, squat, certificate(), side="left").repetitions[0]
    assert first.early_pct is None
    end_deg = 20.0 * np.sin(np.pi * 100.0 / 115.0)
    assert first.comp_deg == pytest.approx(20.0 - end_deg, abs=0.05)


def test_the_same_angles_score_the_same_twice():
    angles = leg_raise()
    assert score(angles, PSLR, certificate(), side="left") == score(
        angles, PSLR, certificate(), side="left"
    )


def test_scoring_leaves_the_angles_alone():
    angles = leg_raise()
    before = {name: x.copy() for name, x in angles.deg.items()}
    score(angles, PSLR, certificate(), side="left")
    assert all(np.array_equal(before[name], x) for name, x in angles.deg.items())


@settings(max_examples=30, deadline=None)
@given(scale=st.floats(0.6, 1.6))
def test_scaling_a_movement_scales_its_angles_and_keeps_its_share(scale):
    a = score(leg_raise(), PSLR, certificate(), side="left").repetitions[0]
    scaled = leg_raise([71.0 * scale], [-26.0 * scale])
    (b,) = score(scaled, PSLR, certificate(), side="left").repetitions
    assert b.tot_deg == pytest.approx(scale * a.tot_deg)
    assert b.share_pct == pytest.approx(a.share_pct)
    assert b.slope == pytest.approx(a.slope, rel=0.02)


@settings(max_examples=150, deadline=None)
@given(
    starts=st.lists(st.integers(0, 2990), max_size=12),
    samples=st.integers(1, 90),
    channel=st.sampled_from(["pelvis_deg", "thigh_deg"]),
)
def test_no_hole_breaks_scoring_or_reaches_a_number(starts, samples, channel):
    angles = leg_raise()
    deg = {name: x.copy() for name, x in angles.deg.items()}
    for start in starts:
        deg[channel][start : start + samples] = np.nan
    torn = angles_of(angles.t_s, **{n.removesuffix("_deg"): x for n, x in deg.items()})
    found = score(torn, PSLR, certificate(), side="left").repetitions
    assert all(np.isfinite(x) for r in found for x in numbers_of(r))
    ends = [r.tot_deg for r in found if r.tot_deg is not None]
    assert all(min(abs(end - true) for true in (71.0, 72.0, 73.0)) < 0.5 for end in ends)


def numbers_of(repetition):
    values = (getattr(repetition, name) for name in repetition.__dataclass_fields__)
    return [value for value in values if isinstance(value, float)]


def test_smoothing_reaches_across_no_gap():
    angles = leg_raise()
    deg = {name: x.copy() for name, x in angles.deg.items()}
    deg["thigh_deg"][1000:1050] = np.nan
    deg["thigh_deg"][1050:] += 40.0
    torn = signals_of(angles_of(angles.t_s, thigh=deg["thigh_deg"], pelvis=deg["pelvis_deg"]), PSLR)
    clean = signals_of(angles, PSLR)
    far = slice(0, 900)
    assert np.allclose(torn.of["drive"].smooth[far], clean.of["drive"].smooth[far], atol=1e-6)
    assert np.nanmax(torn.of["drive"].smooth[:1000] - clean.of["drive"].smooth[:1000]) < 0.1


@pytest.mark.parametrize(
    ("effects", "grade"),
    [
        ((), "A"),
        (("loss",), "B"),
        (("loss", "clock_bound"), "B"),
        (("loss", "clock_bound", "calibration_old"), "C"),
        (("peak_only",), "C"),
        (("peak_only", "gap_long"), "X"),
        (("lag_unresolved",), "A"),
    ],
)
def test_grades_follow_from_findings(effects, grade):
    assert grade_of([finding(code) for code in effects]) == grade


@pytest.mark.parametrize(
    ("change", "code", "grade"),
    [
        ({}, None, "A"),
        ({"lost": 29}, None, "A"),
        ({"lost": 30}, "loss", "B"),
        ({"lost": 150}, "loss", "B"),
        ({"lost": 151}, "loss_high", "X"),
        ({"lost": 157, "expected": 352}, "loss_high", "X"),
        ({"gaps": (Gap(1.0, 1.19, 18),)}, None, "A"),
        ({"gaps": (Gap(1.0, 1.3, 29),)}, "gap_long", "X"),
        ({"received": 0, "expected": 0}, "no_samples", "X"),
        ({"axis_method": "none", "axis_to_vertical_deg": None}, "calibration_missing", "X"),
        ({"axis_to_vertical_deg": 40.0}, "axis_slanted", "B"),
        ({"bound_ms": 30.0}, "clock_bound", "B"),
    ],
)
def test_without_a_protocol_the_certificate_alone_is_graded(change, code, grade):
    found, reasons = grade_without_protocol(certificate(**change))
    assert found == grade
    assert [reason.code for reason in reasons] == ([code] if code else [])


def test_without_a_reference_a_recording_is_refused_once():
    known = replace(certificate(), zero="first_sample", reasons=(Reason("no_reference", "No."),))
    found, reasons = grade_without_protocol(known)
    assert (found, len(reasons)) == ("X", 1)


def test_lost_samples_outside_the_repetitions_lower_the_trial():
    known = certificate(lost=300, gaps=(Gap(0.1, 3.1, 300),))
    found = score(leg_raise(), PSLR, known, side="left")
    assert {r.grade for r in found.repetitions} == {"A"}
    assert (found.grade, found.reasons[0].code) == ("B", "loss")


def test_the_trial_is_as_good_as_the_worst_repetition_it_uses():
    t, thigh = movement([72.0] * 3)
    pelvis = -0.3 * thigh + 4.0 * np.clip((t - 6.0) / 3.0, 0.0, 1.0)
    found = score(angles_of(t, thigh=thigh, pelvis=pelvis), PSLR, certificate(), side="left")
    assert [r.grade for r in found.repetitions] == ["C", "A", "A"]
    assert (found.grade, found.reasons[0].code) == ("C", "drift")


def test_too_few_repetitions_are_mentioned():
    found = score(leg_raise([70.0], [-26.0]), PSLR, certificate(), side="left")
    assert (found.grade, [r.code for r in found.reasons]) == ("A", ["too_few_repetitions"])


def test_the_tested_side_picks_the_certificate_that_counts():
    known = certificate(("pelvis", "thigh_left", "thigh_right"))
    known = replace(
        known, sensors={**known.sensors, "thigh_right": replace(SENSOR, axis_to_vertical_deg=20.0)}
    )
    assert score(leg_raise(), PSLR, known, side="left").grade == "A"
    assert score(leg_raise(), PSLR, known, side="right").grade == "X"
