from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scoring_scenes import PSLR, angles_of, certificate, movement

from collector.scoring.score import score


def slipped(protocol=PSLR, **offsets):
    """Return the repetitions of three leg raises in which a channel sits off by so much.

    The offset is there from the start, or with `_later` only from the second repetition on.
    """
    t, thigh = movement([72.0] * 3)
    deg = {"thigh": thigh, "pelvis": -0.3 * thigh}
    for name, off_deg in offsets.items():
        channel, _, later = name.partition("_")
        deg[channel] = deg[channel] + off_deg * (
            np.clip(2.0 * (t - 10.2), 0.0, 1.0) if later else 1.0
        )
    return score(angles_of(t, **deg), protocol, certificate(), side="left").repetitions


def told(repetitions):
    return [
        next((r.sentence for r in rep.reasons if r.code == "placement_changed"), None)
        for rep in repetitions
    ]


@pytest.mark.parametrize(("off_deg", "fires"), [(4.9, False), (5.1, True), (-5.1, True)])
def test_a_sensor_off_its_reference_at_rest_is_refused(off_deg, fires):
    found = slipped(thigh=off_deg)
    assert [sentence is not None for sentence in told(found)] == [fires] * 3
    assert {rep.grade for rep in found} == ({"X"} if fires else {"A"})


def test_the_sentence_names_the_sensor_and_how_far():
    first, second, third = told(slipped(pelvis_later=7.0))
    assert first is None
    assert "pelvis" in second
    assert "7.0" in second
    assert second == third


def test_only_the_repetitions_after_the_slip_are_refused():
    first, *others = told(slipped(thigh_later=6.0))
    assert first is None
    assert all(others)


def test_a_slip_out_of_the_plane_counts_as_well():
    t, thigh = movement([72.0] * 2)
    tilt = {"thigh": 6.0 * np.clip(2.0 * (t - 10.2), 0.0, 1.0)}
    angles = angles_of(t, thigh=thigh, pelvis=-0.3 * thigh, oop=tilt)
    _, second = told(score(angles, PSLR, certificate(), side="right").repetitions)
    assert "thigh_right" in second


def test_a_test_that_does_not_come_back_is_held_against_its_first_rest():
    away = replace(PSLR, reference=replace(PSLR.reference, returns=False))
    assert told(slipped(away, thigh=90.0)) == [None] * 3
    assert [bool(s) for s in told(slipped(away, thigh=90.0, pelvis_later=6.0))] == [
        False,
        True,
        True,
    ]


def test_a_zero_carried_from_standing_is_no_start_position():
    carried = replace(PSLR, reference=replace(PSLR.reference, zero="standing"))
    assert told(slipped(carried, thigh=20.0)) == [None] * 3


def test_the_limit_is_the_protocols_own():
    wide = replace(PSLR, gates=replace(PSLR.gates, slip_x_deg=12.0))
    assert told(slipped(wide, thigh=11.0)) == [None] * 3


def test_a_heading_that_drifts_is_no_slip():
    t, thigh = movement([72.0] * 2)
    angles = angles_of(t, thigh=thigh, pelvis=-0.3 * thigh, pelvis_axial=20.0 + 0.0 * t)
    assert any(told(score(angles, PSLR, certificate(), side="left").repetitions))
    drifting = replace(angles, by_orientation=("pelvis_axial_deg",))
    found = score(drifting, PSLR, certificate(), side="left").repetitions
    assert told(found) == [None] * 2


def test_movements_without_a_rest_between_them_have_no_pose_to_compare():
    t = np.arange(3000) / 100.0
    thigh = 12.0 + 35.0 * (1.0 - np.cos(2.0 * np.pi * t / 5.0))
    angles = angles_of(t, thigh=thigh, pelvis=-0.3 * thigh)
    assert told(score(angles, PSLR, certificate(), side="left").repetitions) == [None] * 6


def test_a_gap_in_the_rest_leaves_out_only_what_is_missing():
    t, thigh = movement([72.0] * 2)
    off = thigh + 8.0
    off[250:270] = np.nan
    angles = angles_of(t, thigh=off, pelvis=-0.3 * thigh)
    first, _ = told(score(angles, PSLR, certificate(), side="left").repetitions)
    assert "8.0" in first
