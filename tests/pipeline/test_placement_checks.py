"""Sensors that are not where they should be; and silence where nothing was declared."""

from __future__ import annotations

import numpy as np
import pytest
from room_kit import (
    BACK,
    FORWARD,
    LEFT,
    LIES,
    ODD,
    ON_LEFT,
    UPSIDE_DOWN,
    about,
    codes,
    lifts,
    scored,
    times,
)

from collector.pipeline import process
from collector.simulate import simulate_trial
from schemas.errors import InputError
from schemas.recording import Window

T_S, LONG_S = times(26.0), times(34.0)
GO = lifts(T_S, 1.0)
WORN = {"pelvis": "iliac_crest", "thigh_left": "lateral_thigh"}
PLACEMENT = {"wrong_posture", "upside_down", "swapped", "other_leg", "mounted_otherwise"}


def leg_raise(
    *, lies="supine", pelvis=ON_LEFT, thigh=ON_LEFT, pelvis_deg=-25.0, thigh_deg=75.0, **choices
):
    """A straight-leg raise; by default as it should be."""
    body = about(LEFT, LIES[lies])
    segments = {
        "pelvis": (body * about(LEFT, pelvis_deg * GO), pelvis),
        "thigh_left": (body * about(LEFT, -thigh_deg * GO), thigh),
    }
    return scored(T_S, segments, "pslr", **choices)


def sentence(processed, code: str) -> str:
    return next(r.sentence for r in processed.result.reasons if r.code == code)


def test_sensors_that_sit_as_declared_give_no_reason():
    assert not codes(leg_raise(sites=WORN)) & PLACEMENT


def test_standing_in_a_test_done_lying_is_refused_and_named():
    found = leg_raise(lies="standing", sites=WORN)

    assert (found.result.grade, codes(found) & PLACEMENT) == ("X", {"wrong_posture"})
    assert "the person was standing." in sentence(found, "wrong_posture")


def test_one_sensor_upside_down_among_others_is_named():
    # the sacral sensor of a standing person looks at the floor with its +y
    segments = {
        "pelvis": (about(LEFT, 50.0 * GO), BACK * UPSIDE_DOWN),
        "trunk": (about(LEFT, 100.0 * GO), BACK),
    }

    found = scored(T_S, segments, "fb", sites={"pelvis": "sacrum", "trunk": "t12_l1"})

    assert (found.result.grade, codes(found) & PLACEMENT) == ("X", {"upside_down"})
    assert sentence(found, "upside_down").startswith("pelvis: -y was up")


def test_a_sensor_half_turned_is_only_remarked():
    turned = ON_LEFT * about(FORWARD, 0.0)[0] * about([0.0, 0.0, 1.0], 50.0)[0]

    found = leg_raise(pelvis=turned, sites=WORN)

    assert codes(found) & PLACEMENT == {"mounted_otherwise"}
    assert found.result.grade == "A"


@pytest.mark.parametrize("lies", ["standing", "prone"])
def test_without_a_declared_site_no_posture_is_wrong(lies):
    assert not codes(leg_raise(lies=lies)) & PLACEMENT


def test_pelvis_and_thigh_swapped_are_told_by_which_of_them_turned():
    found = leg_raise(pelvis_deg=-75.0, thigh_deg=25.0, pelvis=ODD, thigh=ODD)

    assert (found.result.grade, codes(found) & PLACEMENT) == ("X", {"swapped"})


def test_a_pelvis_that_makes_half_of_the_movement_is_no_swap():
    assert not codes(leg_raise(pelvis_deg=-45.0, thigh_deg=50.0)) & PLACEMENT


def two_legs(tested_deg: float, other_deg: float):
    body = about(LEFT, LIES["supine"])
    segments = {
        "pelvis": (body * about(LEFT, -20.0 * GO), ODD),
        "thigh_left": (body * about(LEFT, -tested_deg * GO), ODD),
        "thigh_right": (body * about(LEFT, -other_deg * GO), ODD),
    }
    return scored(T_S, segments, "pslr", "left")


def test_the_other_leg_that_made_the_movement_is_named():
    found = two_legs(15.0, 70.0)

    assert "other_leg" in codes(found)
    assert found.result.grade == "X"


def test_a_tested_leg_that_rested_names_the_other_side():
    with pytest.raises(InputError, match="--side right") as refusal:
        two_legs(1.0, 70.0)

    assert refusal.value.reason == "other_leg"


def test_another_leg_that_rests_is_no_fault():
    assert not codes(two_legs(70.0, 2.0)) & PLACEMENT


@pytest.mark.parametrize("test", ["pslr", "k2c", "fb", "sts"])
@pytest.mark.parametrize("seed", range(3))
def test_clean_trials_give_no_reason(test, seed):
    assert not codes(process(simulate_trial(test, "left", seed).recording)) & PLACEMENT


def test_a_sensor_that_lying_cannot_show_upside_down_was_so_while_the_person_stood():
    # face down a sacral sensor looks at the ceiling whichever end is up
    lies = np.interp(LONG_S, [3.0, 6.0], [0.0, 90.0])
    go = lifts(LONG_S, 1.0, start_s=10.0)
    segments = {
        "pelvis": (about(LEFT, lies + 5.0 * go), BACK * UPSIDE_DOWN),
        "thigh_left": (about(LEFT, lies + 15.0 * go), ON_LEFT),
    }
    sites = {"pelvis": "sacrum", "thigh_left": "lateral_thigh"}

    found = scored(
        LONG_S, segments, "phe", sites=sites, reference=Window(6.5, 8.7), upright=Window(0.3, 2.7)
    )

    assert codes(found) & PLACEMENT == {"upside_down"}
    assert "while the person stood" in sentence(found, "upside_down")
