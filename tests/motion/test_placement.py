from __future__ import annotations

import numpy as np
import pytest

from collector.motion.placement import has_slipped, lifts_backward, posture_of, slip_deg

FORWARD, LEFT = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])


@pytest.mark.parametrize(
    ("up", "posture"),
    [
        ((0.0, 0.0, 1.0), "upright"),
        ((0.0, 0.0, -1.0), "inverted"),
        ((1.0, 0.0, 0.0), "supine"),
        ((-1.0, 0.0, 0.0), "prone"),
        ((0.0, 1.0, 0.0), "right_side"),
        ((0.0, -1.0, 0.0), "left_side"),
        ((0.0, 0.6, 0.8), "upright"),
        ((np.sqrt(0.5), 0.0, np.sqrt(0.5)), None),
    ],
)
def test_the_direction_that_points_up_names_the_posture(up, posture):
    assert posture_of(np.array(up), forward=FORWARD, left=LEFT) == posture


@pytest.mark.parametrize(("turn_deg", "slipped"), [(4.9, False), (5.1, True)])
def test_more_than_five_degrees_in_one_posture_is_a_slip(turn_deg, slipped):
    angle = np.radians(turn_deg)
    again = np.array([np.sin(angle), 0.0, np.cos(angle)])

    assert slip_deg(np.array([0.0, 0.0, 1.0]), again) == pytest.approx(turn_deg)
    assert has_slipped(np.array([0.0, 0.0, 1.0]), again) is slipped


@pytest.mark.parametrize(("peak_deg", "backward"), [(60.0, False), (-60.0, True), (-10.0, False)])
def test_a_cued_lift_must_read_as_flexion(peak_deg, backward):
    lift = 5.0 + peak_deg * np.sin(np.linspace(0.0, np.pi, 50))

    assert lifts_backward(lift) is backward
