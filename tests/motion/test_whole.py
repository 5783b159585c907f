"""Angles about an upright axis: gravity is blind there, whole orientations are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from body_kit import FORWARD, LEFT, LIES, SUPERIOR, about, streams_of, tilt_of_sensor
from hypothesis import given, settings
from hypothesis import strategies as st
from motion_kit import MOUNT, times
from scipy.spatial.transform import Rotation

from collector.motion.anatomy import is_upright
from collector.motion.angles import angles_of
from schemas.calibration import SegmentCalibration
from schemas.motion import CHANNELS, Angles
from schemas.recording import Window

T_S = times(2.0)
RAMP = np.clip(T_S - 0.5, 0.0, 1.0)
STILL = Window(0.0, 0.4)


def calibration(lies: Rotation, sits: Rotation = MOUNT, *, on_side=False) -> SegmentCalibration:
    to_sensor = sits.inv()
    up = tuple((lies * sits).inv().apply([0.0, 0.0, 1.0]))
    left, forward = (tuple(to_sensor.apply(axis)) for axis in (LEFT, FORWARD))
    ahead = forward if on_side else None
    return SegmentCalibration(up, left, "axis", None, 90.0, 0.0, axis_forward=ahead)


def measured(turns, position, side, extra, *, lies=None, headings=(37.0, -121.0)) -> Angles:
    """Let segments turn in the body's frame, each with a sensor whose heading is its own."""
    room = lies or LIES[position]
    tilts = {
        name: tilt_of_sensor(room * turn, MOUNT, T_S, heading)
        for (name, turn), heading in zip(turns.items(), headings, strict=False)
    }
    on_side = position == "side_lying"
    return angles_of(
        streams_of(T_S, **tilts),
        {name: calibration(room, on_side=on_side) for name in turns},
        side=side,
        position=position,
        extra=extra,
        heading=STILL,
    )


RIGHT_SIGN = {"O": (FORWARD, -1.0), "A": (FORWARD, -1.0), "Y": (SUPERIOR, 1.0)}
"""Hike and abduction lift the right side, as a turn about -forward does."""


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(
    ("symbol", "position"), [("A", "supine"), ("A", "prone"), ("O", "supine"), ("Y", "standing")]
)
def test_upright_axes_give_clinical_signs(symbol, position, side):
    axis, sign = RIGHT_SIGN[symbol]
    sign = sign if side == "right" else -sign
    limb = f"thigh_{side}" if symbol == "A" else "pelvis"

    found = measured({limb: about(axis, sign * 35.0 * RAMP)}, position, side, [symbol])

    assert is_upright(symbol, position, side)
    np.testing.assert_allclose(found.deg[CHANNELS[symbol]], 35.0 * RAMP, atol=1e-6)
    assert found.by_orientation == (CHANNELS[symbol],)


@pytest.mark.parametrize(("side", "sign"), [("right", -1.0), ("left", 1.0)])
def test_supine_rotation_at_90_90_is_seen_by_the_shank(side, sign):
    # thigh upright, shank level: inside rotation takes the foot outward, about the body's forward
    turn = about(FORWARD, sign * 30.0 * RAMP)

    found = measured({f"shank_{side}": turn}, "supine", side, ["R"])

    np.testing.assert_allclose(found.deg["shank_roll_deg"], 30.0 * RAMP, atol=1e-6)


@pytest.mark.parametrize(("side", "sign"), [("right", -1.0), ("left", 1.0)])
def test_seated_abduction_turns_the_thigh_outward_about_the_vertical(side, sign):
    turn = about(SUPERIOR, sign * 25.0 * RAMP)

    found = measured({f"thigh_{side}": turn}, "sitting", side, ["A"])

    np.testing.assert_allclose(found.deg["thigh_frontal_deg"], 25.0 * RAMP, atol=1e-6)


@pytest.mark.parametrize(
    ("side", "lies", "sign"), [("right", "right_up", -1), ("left", "left_up", 1)]
)
def test_on_the_side_abduction_needs_gravity_alone_and_flexion_the_whole(side, lies, sign):
    lifted = about(FORWARD, sign * 40.0 * RAMP)
    flexed = about(LEFT, -20.0 * RAMP)
    limb = f"thigh_{side}"

    up = measured({limb: lifted}, "side_lying", side, ["A", "F"], lies=LIES[lies])
    ahead = measured({limb: flexed}, "side_lying", side, ["A", "F"], lies=LIES[lies])

    np.testing.assert_allclose(up.deg["thigh_frontal_deg"], 40.0 * RAMP, atol=1e-6)
    np.testing.assert_allclose(ahead.deg["thigh_deg"], 20.0 * RAMP, atol=1e-6)
    assert ahead.by_orientation == ("thigh_deg",)


@settings(max_examples=25, deadline=None)
@given(st.floats(-180.0, 180.0), st.floats(-180.0, 180.0), st.floats(5.0, 60.0))
def test_no_heading_of_a_sensor_matters(first_deg, second_deg, size_deg):
    turns = {
        "thigh_right": about(FORWARD, -size_deg * RAMP),
        "pelvis": about(FORWARD, -0.25 * size_deg * RAMP),
    }

    found = measured(turns, "supine", "right", ["A", "O"], headings=(first_deg, second_deg))

    np.testing.assert_allclose(found.deg["thigh_frontal_deg"], size_deg * RAMP, atol=1e-6)
    np.testing.assert_allclose(found.deg["pelvis_frontal_deg"], 0.25 * size_deg * RAMP, atol=1e-6)


def test_abduction_of_a_flexed_thigh_is_told_apart_from_its_flexion():
    turn = about(LEFT, -50.0 * RAMP) * about(FORWARD, -20.0 * RAMP)

    found = measured({"thigh_right": turn}, "supine", "right", ["A"])

    np.testing.assert_allclose(found.deg["thigh_frontal_deg"], 20.0 * RAMP, atol=1e-6)


def test_a_sensor_without_orientation_has_no_such_angle():
    tilt = tilt_of_sensor(LIES["supine"] * about(FORWARD, -35.0 * RAMP), MOUNT, T_S, 0.0)
    streams = streams_of(T_S, thigh_right=replace(tilt, quat_wxyz=None))

    found = angles_of(
        streams,
        {"thigh_right": calibration(LIES["supine"])},
        side="right",
        position="supine",
        extra=["A"],
        heading=STILL,
    )

    assert "thigh_frontal_deg" not in found.deg
    assert found.by_orientation == ()


def test_what_leaves_the_plane_is_told_about_the_planes_own_axis():
    lies = LIES["standing"]
    tilt = tilt_of_sensor(lies * about(FORWARD, -35.0 * RAMP), MOUNT, T_S, 0.0)
    streams, calibrations = streams_of(T_S, thigh_right=tilt), {"thigh_right": calibration(lies)}
    choices = {"side": "right", "position": "standing", "extra": ["A"]}

    in_plane = angles_of(streams, calibrations, **choices, planes={"thigh": "A"})
    sagittal = angles_of(streams, calibrations, **choices)

    np.testing.assert_allclose(in_plane.out_of_plane_deg["thigh"], 0.0, atol=1e-6)
    assert abs(sagittal.out_of_plane_deg["thigh"][-1]) == pytest.approx(35.0)
