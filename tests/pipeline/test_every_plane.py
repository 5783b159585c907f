"""Whole trials whose angles are prescribed: off the sagittal plane, upright axes, standing zero."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from room_kit import (
    BACK,
    FORWARD,
    LEFT,
    LIES,
    ODD,
    ON_LEFT,
    SUPERIOR,
    about,
    codes,
    lifts,
    own_test,
    recording_of,
    scored,
    times,
    with_kept,
)

from collector.pipeline import process
from schemas.calibration import KeptMounting
from schemas.errors import InputError
from schemas.recording import Window

T_S = times(26.0)
STOOD = Window(0.3, 2.7)
"""Standing first: still until 3 s, lying still from 6 s to 9 s, then the repetitions."""
LATER_S = times(34.0)
LAIN = Window(6.5, 8.7)


def lying_down(position: str):
    """Return the turn about left while the person stands, lies down and stays."""
    return np.interp(LATER_S, [3.0, 6.0], [0.0, LIES[position]])


def first_set(processed):
    result = processed.result.set
    assert result is not None
    assert len(processed.result.repetitions) == 3, processed.result.reasons
    return result


@pytest.fixture(scope="module")
def thomas():
    """Both knees held, then the left thigh sinks 10 below level and the pelvis tips to 5."""
    go = lifts(LATER_S, 1.0, start_s=10.0)
    lies = lying_down("supine")
    held = np.interp(LATER_S, [4.0, 6.0], [0.0, 1.0])
    pelvis, thigh, shank = -15 * held + 20 * go, 120 * held - 130 * go, -10 * held - 50 * go
    return recording_of(
        LATER_S,
        {
            "pelvis": (about(LEFT, lies + pelvis), ODD),
            "thigh_left": (about(LEFT, lies - thigh), ODD),
            "shank_left": (about(LEFT, lies - shank), ODD),
        },
        "mtt",
        reference=LAIN,
        upright=STOOD,
        begins_s=9.0,
    )


def test_the_hip_of_a_thomas_test_counts_from_standing(thomas):
    found = process(thomas)

    assert found.angles.zero == "standing"
    assert first_set(found).tot_mean_deg == pytest.approx(-10.0, abs=0.5)
    assert found.result.set.hip_mean_deg == pytest.approx(-5.0, abs=0.5)
    assert found.result.extra["knee_deg"] == pytest.approx(50.0, abs=0.7)
    assert {s.axis_method for s in found.result.certificate.sensors.values()} == {
        "two_poses",
        "sweep",
    }


def test_the_certificate_keeps_the_angle_between_standing_and_lying(thomas):
    sensors = process(thomas).result.certificate.sensors

    assert sensors["pelvis"].poses_deg == pytest.approx(105.0, abs=0.5)  # 15 posterior
    assert sensors["thigh_left"].poses_deg is None


def test_a_thomas_test_without_a_standing_pose_is_refused(thomas):
    info = replace(thomas.info, upright=None)

    found = process(replace(thomas, info=info))

    assert found.result.grade == "X"
    assert "no_standing_zero" in codes(found)


def test_what_was_moved_before_the_test_began_is_not_scored(thomas):
    # after the first of the three, which lasts from 10.0 to 15.5 s
    later = replace(thomas, events=(replace(thomas.events[0], t_us=16_000_000),))

    assert len(process(later).result.repetitions) == 2


def test_without_the_event_repetitions_begin_when_the_reference_was_held(thomas):
    assert len(process(replace(thomas, events=())).result.repetitions) == 3


def test_prone_rotation_counts_the_shank_less_the_pelvis():
    go, lies = lifts(LATER_S, 1.0, start_s=10.0), lying_down("prone")
    bent = about(LEFT, lies + np.interp(LATER_S, [4.0, 6.0], [0.0, 90.0]))
    prone = about(LEFT, lies)
    # inside rotation of the left hip turns the shank about -superior, the pelvis follows
    twist = about(SUPERIOR, -35.0 * go)
    shank = prone * twist * prone.inv() * bent

    found = scored(
        LATER_S,
        {"pelvis": (prone * about(SUPERIOR, -6.0 * go), ODD), "shank_left": (shank, ODD)},
        "pir",
        reference=LAIN,
        upright=STOOD,
        begins_s=9.0,
    )

    assert first_set(found).tot_mean_deg == pytest.approx(35.0, abs=0.5)
    assert found.result.set.hip_mean_deg == pytest.approx(29.0, abs=0.7)
    assert found.result.set.comp_mean_deg == pytest.approx(6.0, abs=0.5)


SITES = {
    "pelvis": "iliac_crest",
    "thigh_left": "lateral_thigh",
    "shank_left": "lateral_shank",
}


@pytest.mark.parametrize("position", ["standing", "supine"])
def test_abduction_is_measured_standing_and_supine(position):
    go, lies = lifts(T_S, 1.0), about(LEFT, LIES[position])
    text = "" if position == "standing" else own_test("abd", "abd_mine", position)

    found = scored(
        T_S,
        {
            "pelvis": (lies * about(FORWARD, 8.0 * go), ON_LEFT),
            "thigh_left": (lies * about(FORWARD, 40.0 * go), ON_LEFT),
        },
        "abd_mine" if text else "abd",
        sites=SITES,
        text=text,
    )

    assert first_set(found).tot_mean_deg == pytest.approx(40.0, abs=0.5)
    assert found.result.set.hip_mean_deg == pytest.approx(32.0, abs=0.5)
    assert ("by_orientation" in codes(found)) == (position == "supine")


def test_rotation_supine_at_90_90_is_measured_by_whole_orientations():
    go, lies = lifts(T_S, 1.0), about(LEFT, LIES["supine"])

    found = scored(
        T_S,
        {
            "pelvis": (lies * about(FORWARD, 5.0 * go), ON_LEFT),
            "shank_left": (lies * about(FORWARD, 30.0 * go), ON_LEFT),
        },
        "sir_mine",
        sites=SITES,
        text=own_test("sir", "sir_mine", "supine"),
    )

    assert first_set(found).tot_mean_deg == pytest.approx(30.0, abs=0.5)
    assert found.result.set.hip_mean_deg == pytest.approx(25.0, abs=0.7)


def test_abduction_on_the_side_is_seen_by_gravity_alone():
    go, lies = lifts(T_S, 1.0), about(FORWARD, 90.0)

    found = scored(
        T_S,
        {
            "pelvis": (lies * about(FORWARD, 4.0 * go), ON_LEFT),
            "thigh_left": (lies * about(FORWARD, 36.0 * go), ODD),
        },
        "abd_side",
        sites={"pelvis": "iliac_crest"},
        text=own_test("abd", "abd_side", "side_lying"),
    )

    assert first_set(found).tot_mean_deg == pytest.approx(36.0, abs=0.5)
    assert found.result.set.hip_mean_deg == pytest.approx(32.0, abs=0.5)
    assert "by_orientation" not in codes(found)


def seated_rotation(**choices):
    go = lifts(T_S, 1.0)
    segments = {
        "pelvis": (about(FORWARD, 3.0 * go), BACK),
        "shank_left": (about(FORWARD, 35.0 * go), ODD),
    }
    return recording_of(T_S, segments, "sir", **choices)


def test_a_seated_pelvis_takes_left_from_its_site():
    found = process(seated_rotation(sites={"pelvis": "sacrum"}))

    assert first_set(found).hip_mean_deg == pytest.approx(32.0, abs=0.5)
    sensor = found.result.certificate.sensors["pelvis"]
    assert (sensor.axis_method, sensor.expected_off_deg) == ("preset", pytest.approx(0.0, abs=0.2))


def test_a_seated_pelvis_without_site_or_axis_is_refused_with_what_to_do():
    with pytest.raises(InputError, match="--site pelvis=sacrum") as refusal:
        process(seated_rotation())

    assert refusal.value.reason == "axis_not_found"


def leaned_first(sweep):
    """Lean by 28 and swing the foot by 25 meanwhile; then keep still, and do the test."""
    lean, go = lifts(LATER_S, 1.0, start_s=0.6, n=1), lifts(LATER_S, 1.0, start_s=10.0)
    segments = {
        "pelvis": (about(LEFT, 28.0 * lean) * about(FORWARD, 3.0 * go), ODD),
        "shank_left": (about(FORWARD, 25.0 * lean + 35.0 * go), ODD),
    }
    recording = recording_of(LATER_S, segments, "sir", reference=LAIN)
    return replace(recording, info=replace(recording.info, sweep=sweep))


def test_leaning_forward_shows_a_pelvis_that_sits_anyhow_and_is_no_repetition():
    found = process(leaned_first(Window(0.0, 6.3)))

    assert first_set(found).hip_mean_deg == pytest.approx(32.0, abs=0.3)
    assert found.result.set.comp_mean_deg == pytest.approx(3.0, abs=0.2)
    assert found.result.certificate.sensors["pelvis"].axis_method == "sweep"
    assert "swapped" not in codes(found)


def test_without_the_seconds_of_leaning_nothing_shows_it():
    with pytest.raises(InputError) as refusal:
        process(leaned_first(None))

    assert refusal.value.reason == "axis_not_found"


def kept_at(utc: str, up=(0.0, 1.0, 0.0)) -> KeptMounting:
    return KeptMounting((-1.0, 0.0, 0.0), up, "sitting", "two_poses", utc, 7)


def test_a_kept_calibration_of_two_hours_ago_lowers_the_grade_to_b():
    young = with_kept(seated_rotation(), "pelvis", kept_at("2026-05-01T09:30:00+00:00"))
    old = with_kept(seated_rotation(), "pelvis", kept_at("2026-05-01T08:00:00+00:00"))

    assert process(young).result.grade == "A"
    found = process(old).result
    assert (found.grade, found.reasons[0].code) == ("B", "calibration_old")
    assert found.certificate.sensors["pelvis"].calibration_age_min == pytest.approx(120.0)


def test_a_kept_calibration_of_a_strap_that_slipped_is_refused():
    slipped = kept_at("2026-05-01T09:30:00+00:00", (0.0, np.cos(0.2), np.sin(0.2)))

    with pytest.raises(InputError, match="kept from trial 7 has expired") as refusal:
        process(with_kept(seated_rotation(), "pelvis", slipped))

    assert refusal.value.reason == "calibration_expired"
