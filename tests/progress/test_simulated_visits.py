"""Twelve simulated visits of one leg, from the bytes on: what progress says of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from progress_scenes import MAN, START

from collector.pipeline import process
from collector.scoring.progress import progress_of
from collector.scoring.visit import SetInput, visit_of
from collector.simulate import Performance, TrialConfig, simulate_trial
from schemas.norm_file import packaged_norms
from schemas.protocol import load

PSLR = load("pslr")


def visit(week, tot_deg, hip_deg):
    how = Performance(range_deg=tot_deg, share=1.0 - hip_deg / tot_deg, repetition_sd_deg=1.0)
    trial = simulate_trial("pslr", "left", 40 + week, TrialConfig(how=how))
    utc = (START + timedelta(weeks=week)).isoformat()
    item = SetInput(week, utc, PSLR, "left", process(trial.recording).result)
    return visit_of(week, utc, [item], MAN, packaged_norms())


def told(tot_per_week, hip_per_week):
    """Return what is said of a raise of 60 degrees, 40 of them the hip's, and its weekly gains."""
    visits = [visit(w, 60.0 + w * tot_per_week, 40.0 + w * hip_per_week) for w in range(12)]
    found = progress_of(visits, {"pslr": PSLR}, (), packaged_norms(), MAN)
    courses = {course.measure: course for course in found.courses}
    return courses, [statement.code for statement in found.sentences]


@pytest.fixture(scope="module")
def pelvis():
    return told(1.5, 0.0)


def test_gains_of_the_pelvis_alone_are_said_to_be_none_of_the_hip(pelvis):
    _, codes = pelvis
    assert codes[0] == "gain_not_from_hip"
    assert "pelvis_lends_more" in codes
    assert "hip_improved" not in codes


def test_the_course_is_that_of_the_person(pelvis):
    courses, _ = pelvis
    assert courses["tot"].since_baseline.difference == pytest.approx(16.5, abs=2.0)
    assert courses["hip"].since_baseline.difference == pytest.approx(0.0, abs=2.0)
    assert courses["tot"].trend.slope_per_week == pytest.approx(1.5, abs=0.15)
    assert all(point.usable for point in courses["tot"].points)


def test_gains_of_the_hip_are_said_to_be_the_hips():
    courses, codes = told(1.5, 1.5)
    assert codes[0] == "hip_improved"
    assert "gain_not_from_hip" not in codes
    assert courses["hip"].since_baseline.direction == "improved"


def test_a_leg_that_stays_the_same_comes_to_nothing_beyond_error():
    _, codes = told(0.0, 0.0)
    assert codes == ["nothing_beyond_error"]
