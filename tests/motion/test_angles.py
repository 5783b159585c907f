from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from motion_kit import LEFT, MOUNT, UP, clock, exact_tilt, pitched, times
from scipy.spatial.transform import Rotation

from collector.motion.align import align
from collector.motion.angles import angles_of, joints, relative_rotation_deg
from schemas.calibration import SegmentCalibration
from schemas.errors import InputError
from schemas.motion import Angles, Gap, Streams
from schemas.segments import Segment, Side
from schemas.units import FloatArray

T_S = times(1.0)
RAMP = T_S / T_S[-1]
FORWARD = {"pelvis": 1.0, "trunk": 1.0}
"""Rotation about left per flexion-type angle: -1 for the limbs."""


def turned(**to_deg: float) -> Streams:
    """Let every segment go from zero to its clinical angle."""
    return moved(
        **{name: pitched(FORWARD.get(name, -1.0) * deg * RAMP) for name, deg in to_deg.items()}
    )


def moved(**turn: Rotation) -> Streams:
    return align(
        {name: exact_tilt(t, T_S) for name, t in turn.items()},
        {name: clock(T_S) for name in turn},
    )


def exact(streams: Streams) -> dict[Segment, SegmentCalibration]:
    up, left = tuple(MOUNT.inv().apply(UP)), tuple(MOUNT.inv().apply(LEFT))
    return {name: SegmentCalibration(up, left, "axis", None, 90.0, 0.0) for name in streams.up}


def last(angles: Angles) -> dict[str, float]:
    return {name: round(float(deg[-1]), 6) for name, deg in angles.deg.items()}


def measured(side: Side | None = "left", **to_deg: float) -> dict[str, float]:
    streams = turned(**to_deg)
    return last(angles_of(streams, exact(streams), side=side))


@pytest.mark.parametrize(
    ("what", "thigh", "pelvis", "hip"),
    [
        ("knee to chest", 120, -30, 90),
        ("forward bend", -3, 60, 57),
        ("prone extension", -20, 8, -12),
        ("Thomas test", -10, 10, 0),
    ],
)
def test_the_true_hip_is_thigh_plus_pelvis(what, thigh, pelvis, hip):
    found = measured(thigh_left=thigh, pelvis=pelvis)

    assert (found["thigh_deg"], found["pelvis_deg"]) == (thigh, pelvis)
    assert found["hip_deg"] == pytest.approx(hip)


def test_lumbar_flexion_is_trunk_minus_pelvis():
    assert measured(trunk=110, pelvis=60)["lumbar_deg"] == pytest.approx(50.0)


def test_without_a_trunk_sensor_lumbar_is_a_proxy_and_says_so():
    streams = turned(pelvis=-30, thigh_left=120)
    angles = angles_of(streams, exact(streams), side="left", position="supine")

    assert last(angles)["lumbar_deg"] == 30.0
    assert angles.lumbar_is_proxy


@pytest.mark.parametrize("position", [None, "standing", "sitting"])
def test_there_is_no_lumbar_proxy_where_the_thorax_may_move(position):
    streams = turned(pelvis=-30, thigh_left=120)
    angles = angles_of(streams, exact(streams), side="left", position=position)

    assert "lumbar_deg" not in angles.deg
    assert not angles.lumbar_is_proxy


@pytest.mark.parametrize(("shank", "knee"), [(90, 0), (60, 30)])
def test_the_knee_is_thigh_minus_shank(shank, knee):
    assert measured(thigh_left=90, shank_left=shank)["knee_deg"] == pytest.approx(knee)


def test_the_other_leg_goes_by_other_names():
    found = measured("right", thigh_right=70, thigh_left=20, shank_left=5)

    assert found == {"thigh_deg": 70.0, "thigh_other_deg": 20.0, "shank_other_deg": 5.0}


@pytest.mark.parametrize("limb", ["thigh_right", "thigh_left"])
def test_without_a_side_the_only_leg_is_tested(limb):
    assert measured(None, **{limb: 10.0}) == {"thigh_deg": 10.0}


def test_without_a_side_the_left_of_two_legs_is_tested():
    assert measured(None, thigh_right=10, thigh_left=20)["thigh_deg"] == 20.0


def test_a_segment_without_an_axis_has_no_angle_and_no_joint():
    streams = turned(pelvis=-20, thigh_left=60)
    unknown = SegmentCalibration((0.0, 0.0, 1.0), None, "none", None, float("nan"), None)

    found = last(angles_of(streams, exact(streams) | {"pelvis": unknown}, side="left"))

    assert found == {"thigh_deg": 60.0}


def test_masked_times_stay_empty():
    tilts = {"pelvis": exact_tilt(pitched(30.0 * RAMP), T_S)}
    kept = np.abs(T_S - 0.5) > 0.1
    tilts["thigh_left"] = exact_tilt(pitched(-60.0 * RAMP[kept]), T_S[kept])
    clocks = {"pelvis": clock(T_S), "thigh_left": clock(T_S[kept])}
    streams = align(tilts, clocks)

    hip = angles_of(streams, exact(streams), side="left").deg["hip_deg"]

    np.testing.assert_array_equal(np.isnan(hip), ~kept)


def test_gaps_are_told_by_role():
    streams = turned(thigh_right=30.0)
    gap = Gap(0.2, 0.4, 19)

    angles = angles_of(streams, exact(streams), side="right", gaps={"thigh_right": [gap]})

    assert angles.gaps == {"thigh": (gap,)}


def test_first_sample_zero_is_the_first_time_common_to_all():
    late = T_S[20:]
    tilts = {
        "pelvis": exact_tilt(pitched(30.0 * RAMP), T_S),
        "thigh_left": exact_tilt(pitched(-60.0 * RAMP[20:]), late),
    }
    streams = align(tilts, {"pelvis": clock(T_S), "thigh_left": clock(late)})

    angles = angles_of(streams, exact(streams), side="left", zero="first_sample")

    assert angles.zero == "first_sample"
    assert all(deg[0] == pytest.approx(0.0, abs=1e-9) for deg in angles.deg.values())
    assert last(angles)["hip_deg"] == pytest.approx(90.0 * (1.0 - RAMP[20]))


def test_first_sample_zero_waits_for_the_sensor_that_can_be_trusted_last():
    tilts = {
        "pelvis": exact_tilt(pitched(30.0 * RAMP), T_S),
        "thigh_left": replace(exact_tilt(pitched(-60.0 * RAMP), T_S), valid=T_S > 0.495),
    }
    streams = align(tilts, {name: clock(T_S) for name in tilts})

    angles = angles_of(streams, exact(streams), side="left", zero="first_sample")

    assert angles.deg["pelvis_deg"][50] == pytest.approx(0.0, abs=1e-9)
    assert angles.deg["hip_deg"][50] == pytest.approx(0.0, abs=1e-9)


def test_leaving_the_plane_is_told_beside_the_angle():
    rolled = pitched(np.zeros(100)) * Rotation.from_rotvec(
        (RAMP * np.radians(15.0))[:, None] * [1.0, 0, 0]
    )
    streams = moved(thigh_left=rolled)

    angles = angles_of(streams, exact(streams), side="left")

    assert angles.out_of_plane_deg["thigh"][-1] == pytest.approx(15.0)


def test_a_delay_of_20_ms_at_75_degrees_a_second_costs_one_and_a_half():
    together = 75.0 * T_S  # pelvis and thigh turn as one: the hip does not move
    tilts = {
        "pelvis": exact_tilt(pitched(together), T_S),
        "thigh_left": exact_tilt(pitched(together), T_S),
    }
    late = exact_tilt(pitched(together), T_S + 0.020)
    skewed = align(
        tilts | {"thigh_left": late}, {"pelvis": clock(T_S), "thigh_left": clock(T_S + 0.020)}
    )

    hip = angles_of(skewed, exact(skewed), side="left").deg["hip_deg"]

    np.testing.assert_allclose(hip[2:-2], 1.5, atol=1e-3)


def test_relative_rotation_counts_any_axis_since_the_start():
    twist = Rotation.from_rotvec((RAMP * np.radians(50.0))[:, None] * [0.6, 0.0, 0.8])
    streams = moved(pelvis=pitched(40.0 * RAMP), thigh_left=pitched(40.0 * RAMP) * twist)

    relative = relative_rotation_deg(streams, "thigh_left")

    assert (relative[0], relative[-1]) == (pytest.approx(0.0, abs=1e-5), pytest.approx(50.0))


def test_relative_rotation_needs_orientations():
    streams = align(
        {"pelvis": exact_tilt(pitched(RAMP), T_S)}, {"pelvis": clock(T_S)}, orientation=False
    )

    with pytest.raises(InputError, match="needs the orientation of pelvis"):
        relative_rotation_deg(streams, "pelvis")


def test_joints_need_both_neighbors():
    zero: FloatArray = np.zeros(1)

    assert joints({"thigh_deg": zero}) == {}
    assert set(joints({"thigh_deg": zero, "shank_deg": zero})) == {"knee_deg"}


ROOM = {
    "standing": {"forward": [1.0, 0, 0], "head": UP},
    "sitting": {"forward": [1.0, 0, 0], "head": UP},
    "supine": {"forward": UP, "head": [-1.0, 0, 0]},
    "prone": {"forward": -UP, "head": [1.0, 0, 0]},
}
"""Where the body's directions point in the room when left is y."""


@pytest.mark.parametrize(
    ("symbol", "position", "segment", "about", "right_sign"),
    [
        ("O", "standing", "pelvis", "forward", -1.0),  # hike: the right side goes up
        ("O", "sitting", "pelvis", "forward", -1.0),
        ("A", "standing", "thigh", "forward", -1.0),  # abduction: the right knee goes right
        ("Y", "prone", "pelvis", "head", 1.0),
        ("Y", "supine", "pelvis", "head", 1.0),
        ("R", "prone", "shank", "head", 1.0),  # the foot, above the knee, goes right
        ("R", "sitting", "shank", "forward", -1.0),  # the foot, below the knee, goes right
    ],
)
@pytest.mark.parametrize("side", ["right", "left"])
def test_off_plane_channels_have_clinical_signs(symbol, position, segment, about, right_sign, side):
    name = {"O": "pelvis_frontal_deg", "A": "thigh_frontal_deg", "Y": "pelvis_axial_deg"}
    sign = right_sign if side == "right" else -right_sign
    axis = np.array(ROOM[position][about])
    turn = Rotation.from_rotvec((sign * np.radians(25.0) * RAMP)[:, None] * axis)
    limb = segment if segment == "pelvis" else f"{segment}_{side}"
    streams = moved(**{limb: turn})

    found = angles_of(streams, exact(streams), side=side, position=position, extra=[symbol])

    assert last(found)[name.get(symbol, "shank_roll_deg")] == pytest.approx(25.0)


@pytest.mark.parametrize(
    ("symbol", "position"), [("O", "supine"), ("A", "sitting"), ("Y", "standing"), ("R", "supine")]
)
def test_what_gravity_cannot_show_is_not_given_without_orientations(symbol, position):
    streams = replace(turned(pelvis=10, thigh_left=10, shank_left=10), quat_wxyz={})

    with_it = angles_of(streams, exact(streams), side="left", position=position, extra=[symbol])

    without = angles_of(streams, exact(streams), side="left", position=position)
    assert set(with_it.deg) == set(without.deg)
