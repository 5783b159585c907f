from __future__ import annotations

import numpy as np
import pytest
from motion_kit import (
    LEFT,
    MOUNT,
    UP,
    calibrate,
    clock,
    exact_tilt,
    lift_deg,
    only,
    pitched,
    times,
    worn,
)
from scipy.spatial.transform import Rotation

from collector.motion.calibrate import NO_TILT
from collector.motion.mounting.named import NO_AXIS
from collector.motion.sweep import ASSUMED, SMALL
from schemas.calibration import SegmentCalibration
from schemas.errors import InputError
from schemas.motion import Tilt
from schemas.recording import Window
from schemas.segments import Segment
from schemas.units import FloatArray

T_S = times(8.0)
STILL = Window(0.0, 0.9)
TRUE_LEFT = MOUNT.inv().apply(LEFT)


def calibrated(
    turn: Rotation, segment: Segment = "thigh_left", *, send: str = "gyr", **choices
) -> SegmentCalibration:
    """Calibrate a perfect sensor on a segment that turns so; zero is the first second."""
    tilt = exact_tilt(turn, T_S)
    samples = worn(turn, T_S)
    if send != "gyr":
        samples = only(samples, gyr_rad_s=None)
        source = "vendor_quaternion" if send == "quat" else "vendor_euler"
        tilt = Tilt(T_S, tilt.up, tilt.quat_wxyz, tilt.valid, source, None)
    return calibrate(samples, clock(T_S), tilt, segment=segment, **({"reference": STILL} | choices))


def off_left_deg(found: SegmentCalibration) -> float:
    assert found.axis_left is not None
    return float(np.degrees(np.arccos(np.clip(found.axis_left @ TRUE_LEFT, -1.0, 1.0))))


def flexed(peak_deg: float) -> Rotation:
    """A thigh's flexion turns it about -left."""
    return pitched(-lift_deg(T_S, peak_deg))


@pytest.mark.parametrize("send", ["gyr", "quat", "up"])
def test_a_lift_finds_the_axis_that_points_left(send):
    found = calibrated(flexed(80.0), send=send)

    assert off_left_deg(found) < 0.5
    assert (found.method, found.reasons) == ("sweep", ())
    assert found.variance_ratio == pytest.approx(1.0, abs=1e-3)
    np.testing.assert_allclose(found.up_reference, MOUNT.inv().apply(UP), atol=1e-9)


def test_turning_about_the_vertical_does_not_pull_the_axis():
    yaw = Rotation.from_rotvec(np.radians(lift_deg(T_S, 60.0, 1.0, 1.0))[:, None] * UP)

    assert off_left_deg(calibrated(yaw * flexed(40.0))) < 5.0


@pytest.mark.parametrize(
    ("segment", "turn_deg", "first"),
    [("pelvis", 30.0, 1), ("pelvis", -30.0, -1), ("trunk", 60.0, 1)],
)
def test_pelvis_and_trunk_take_the_sign_the_protocol_names(segment, turn_deg, first):
    found = calibrated(pitched(lift_deg(T_S, turn_deg)), segment, first=first)

    assert off_left_deg(found) < 0.5
    assert found.reasons == ()


def test_a_pelvis_nobody_named_a_direction_for_says_so():
    assert calibrated(pitched(lift_deg(T_S, 30.0)), "pelvis").reasons == (ASSUMED,)


def test_a_small_lift_gives_its_sign_with_a_reason():
    found = calibrated(flexed(15.0))

    assert off_left_deg(found) < 0.5
    assert found.reasons == (SMALL,)


def test_a_first_wobble_does_not_decide_the_sign():
    wobble = -lift_deg(T_S, 12.0, 0.9, 0.8)

    assert off_left_deg(calibrated(pitched(-(wobble + lift_deg(T_S, 80.0, 2.0))))) < 0.5


def test_a_sweep_counts_from_where_it_starts_not_from_the_reference():
    extended_then_lifted = -np.interp(T_S, [1.0, 2.0, 3.0, 5.0], [0.0, -30.0, -30.0, 5.0])

    found = calibrated(pitched(extended_then_lifted), sweep=Window(2.5, 7.0))

    assert off_left_deg(found) < 0.5


def test_gyroscope_bias_does_not_pull_the_axis():
    turn = flexed(15.0)
    samples = worn(turn, T_S)
    biased = only(samples, gyr_rad_s=samples.gyr_rad_s + np.radians([2.0, -2.0, 2.0]))

    found = calibrate(
        biased, clock(T_S), exact_tilt(turn, T_S), segment="thigh_left", reference=STILL
    )

    assert off_left_deg(found) < 0.5


@pytest.mark.parametrize(
    ("send", "peak_deg", "figure"),
    [("gyr", 8.0, "8.0"), ("quat", 8.0, "8.0"), ("up", 35.0, "35.0")],
)
def test_a_sweep_too_small_is_refused_with_its_size(send, peak_deg, figure):
    with pytest.raises(InputError, match=f"thigh_left.*{figure} degrees") as refusal:
        calibrated(flexed(peak_deg), send=send)

    assert refusal.value.reason == "sweep_too_small"


def test_a_sweep_out_of_one_plane_is_refused_with_its_ratio():
    sideways = Rotation.from_rotvec(np.radians(lift_deg(T_S, 50.0, 2.0))[:, None] * [1.0, 0, 0])

    with pytest.raises(InputError, match=r"thigh_left.*0\.\d\d") as refusal:
        calibrated(sideways * flexed(50.0))

    assert refusal.value.reason == "sweep_not_planar"


def test_where_nobody_insists_a_missing_axis_is_a_reason():
    found = calibrated(flexed(8.0), must_find_axis=False)

    assert found.axis_left is None
    assert (found.method, found.reasons) == ("none", (NO_AXIS, "sweep_too_small"))
    assert found.up_reference is not None


def test_a_named_axis_is_laid_level_and_its_lean_is_kept():
    leaning = Rotation.from_rotvec(np.radians([10.0, 0.0, 0.0]))
    turn = pitched(lift_deg(T_S, 60.0))
    found = calibrate(
        worn(turn, T_S, leaning),
        clock(T_S),
        exact_tilt(turn, T_S, leaning),
        segment="pelvis",
        axis="-y",
        reference=STILL,
    )

    assert found.method == "axis"
    assert found.axis_to_vertical_deg == pytest.approx(80.0)
    np.testing.assert_allclose(found.axis_left, -leaning.inv().apply(LEFT), atol=1e-9)


def test_a_named_axis_that_points_up_is_no_axis():
    found = calibrate(
        worn(flexed(60.0), T_S, Rotation.identity()),
        clock(T_S),
        exact_tilt(flexed(60.0), T_S, Rotation.identity()),
        segment="thigh_left",
        axis="+z",
        reference=STILL,
    )

    assert (found.axis_left, found.axis_to_vertical_deg) == (None, 0.0)
    assert NO_AXIS in found.reasons


def test_without_a_window_the_first_sample_that_can_be_trusted_is_zero():
    turn = flexed(80.0)
    tilt = exact_tilt(turn, T_S)
    valid = T_S >= 2.0
    late = Tilt(T_S, tilt.up, tilt.quat_wxyz, valid, "vqf", "offline")

    found = calibrate(worn(turn, T_S), clock(T_S), late, segment="thigh_left", axis="+y")

    np.testing.assert_array_equal(found.up_reference, tilt.up[200])
    assert found.reference_sd_deg is None


def test_a_sensor_whose_tilt_cannot_be_trusted_gets_no_calibration():
    tilt = exact_tilt(flexed(80.0), T_S)
    none = Tilt(T_S, tilt.up, None, np.zeros(len(T_S), np.bool_), "vendor_euler", None)

    found = calibrate(worn(flexed(80.0), T_S), clock(T_S), none, segment="pelvis")

    assert (found.up_reference, found.axis_left, found.reasons) == (None, None, (NO_TILT,))


@pytest.mark.parametrize("window", [Window(-2.0, 1.0), Window(7.0, 9.0), Window(2.0, 1.0)])
def test_a_window_outside_the_recording_is_refused(window):
    for choice in ("reference", "sweep"):
        with pytest.raises(InputError, match=rf"{choice} window .* 0\.00 to 7\.99 s") as refusal:
            calibrated(flexed(80.0), **{choice: window})
        assert refusal.value.reason == "window_outside"


def test_a_reference_with_movement_in_it_is_refused():
    with pytest.raises(InputError, match="must be still, but thigh_left moves") as refusal:
        calibrated(flexed(80.0), reference=Window(0.5, 1.8))

    assert refusal.value.reason == "reference_moving"


def test_turning_about_the_vertical_is_movement_too():
    spin = Rotation.from_rotvec(np.radians(30.0 * T_S)[:, None] * UP)

    with pytest.raises(InputError, match=r"turning at 30\.0 degrees/s"):
        calibrated(spin * flexed(80.0))


def test_a_reference_in_which_nothing_can_be_trusted_is_no_zero():
    tilt = exact_tilt(flexed(80.0), T_S)
    late = Tilt(T_S, tilt.up, None, T_S > 2.0, "vendor_euler", None)

    found = calibrate(worn(flexed(80.0), T_S), clock(T_S), late, segment="pelvis", reference=STILL)

    assert (found.up_reference, found.axis_left, found.reasons) == (None, None, (NO_TILT,))


def test_a_reference_in_a_gap_is_refused():
    kept = T_S > 0.95
    kept[0] = True
    turn = flexed(80.0)[np.flatnonzero(kept)]
    t_s = T_S[kept]

    with pytest.raises(InputError, match="1 usable samples of pelvis, at least 3") as refusal:
        calibrate(
            worn(turn, t_s), clock(t_s), exact_tilt(turn, t_s), segment="pelvis", reference=STILL
        )

    assert refusal.value.reason == "reference_empty"


def test_the_unrest_of_the_reference_is_stated():
    sway: FloatArray = 0.3 * np.sqrt(2.0) * np.sin(2.0 * np.pi * T_S / 0.9)
    found = calibrated(pitched(np.where(T_S < 0.9, sway, -lift_deg(T_S, 80.0, 1.0))))

    assert found.reference_sd_deg == pytest.approx(0.3, rel=0.02)
