"""Every way to an axis, on sensors whose mounting is built by hand from SciPy's rotations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from body_kit import AT, BACK, FORWARD, LEFT, LIES, ON_LEFT, SUPERIOR, about, up_in
from hypothesis import given
from hypothesis import strategies as st
from motion_kit import MOUNT, UP, lift_deg, times
from scipy.spatial.transform import Rotation

from collector.motion.mounting.choose import mount
from collector.motion.mounting.cue import Cue, Seen, Worn, cue_of
from collector.motion.mounting.lean import is_lean
from collector.motion.pose import Reference
from collector.motion.sweep import SMALL, Sweep
from schemas.calibration import KeptMounting, SegmentCalibration
from schemas.errors import InputError
from schemas.protocol import load
from schemas.recording import Window

T_S = times(8.0, 25.0)
UPSIDE_DOWN = Rotation.from_rotvec([0.0, 0.0, np.pi])
NOW = "2026-05-01T10:00:00+00:00"


def reference(up) -> Reference:
    return Reference(np.asarray(up), np.zeros(3), 0.1)


def seen(lies: Rotation, sits: Rotation, turn: Rotation | None = None, *, stood=False) -> Seen:
    """Return what a sensor showed: its pose, standing before it, and a turn in the body's frame."""
    upright = reference(up_in(sits, LIES["standing"])) if stood else None

    def sweep() -> Sweep:
        moved = lies * (turn if turn is not None else about(LEFT, np.zeros(len(T_S)))) * sits
        step = (moved[:-1].inv() * moved[1:]).as_rotvec() * 25.0
        return Sweep(moved.inv().apply(UP), np.concatenate((step[:1], step)), 25.0)

    return Seen(reference(up_in(sits, lies)), upright, sweep)


def off_deg(found: SegmentCalibration, sits: Rotation, axis=LEFT) -> float:
    """Return how far the found axis is from the body's own, in degrees."""
    true = sits.inv().apply(axis)
    return float(np.degrees(np.arccos(np.clip(np.dot(found.axis_left, true), -1.0, 1.0))))


def refusal(worn: Worn, cue: Cue, showed: Seen) -> InputError:
    with pytest.raises(InputError) as caught:
        mount(worn, cue, showed)
    assert worn.segment in caught.value.message
    assert caught.value.message.endswith(".")
    return caught.value


# -- preset ---------------------------------------------------------------------------------


@pytest.mark.parametrize("position", ["standing", "supine", "prone"])
@pytest.mark.parametrize(("site", "side"), list(AT))
def test_a_site_says_where_left_is(site, side, position):
    sits = AT[site, side]
    role = "thigh" if "thigh" in site else "shank" if "shank" in site else "pelvis"
    segment = role if role == "pelvis" else f"{role}_{side}"

    found = mount(
        Worn(segment, "preset", site), Cue(role, side, position), seen(LIES[position], sits)
    )

    assert off_deg(found, sits) < 1e-4
    assert (found.method, found.expected_off_deg) == ("preset", pytest.approx(0.0, abs=1e-4))


def test_a_strap_that_slants_by_20_degrees_is_told_and_laid_level():
    slanted = BACK * Rotation.from_rotvec(np.radians([0.0, 0.0, 20.0]))

    found = mount(
        Worn("pelvis", "preset", "sacrum"),
        Cue("pelvis", "left", "standing"),
        seen(LIES["standing"], slanted),
    )

    assert found.expected_off_deg == pytest.approx(20.0)
    assert found.axis_to_vertical_deg == pytest.approx(70.0)
    assert off_deg(found, slanted) < 1e-4


@given(st.floats(-34.0, 34.0))
def test_a_leaning_back_does_not_turn_left_away(lean_deg):
    lies = about(LEFT, lean_deg)[0]

    found = mount(
        Worn("pelvis", "preset", "sacrum"), Cue("pelvis", "left", "sitting"), seen(lies, BACK)
    )

    assert off_deg(found, BACK) < 1e-4


@pytest.mark.parametrize(
    ("sits", "words"),
    [
        (BACK * UPSIDE_DOWN, "-y is up (it is upside-down)"),
        (BACK * Rotation.from_rotvec([0, 0, np.pi / 2]), "it is turned by 90 degrees"),
        (BACK * Rotation.from_rotvec([np.pi / 2, 0, 0]), "90 degrees from there"),
    ],
)
def test_a_sacral_sensor_that_gravity_contradicts_is_refused_with_what_came(sits, words):
    error = refusal(
        Worn("pelvis", "preset", "sacrum"),
        Cue("pelvis", "left", "standing"),
        seen(LIES["standing"], sits),
    )

    assert error.reason == "preset_refused"
    assert "must have its +y up when standing" in error.message
    assert words in error.message


def test_a_lateral_sensor_on_the_other_leg_is_refused_with_its_side():
    error = refusal(
        Worn("thigh_right", "preset", "lateral_thigh"),
        Cue("thigh", "right", "supine"),
        seen(LIES["supine"], ON_LEFT),
    )

    assert "must have its +x up when lying on the back, and -x is up" in error.message
    assert "upside-down or on the other side of the body" in error.message


@pytest.mark.parametrize(
    ("role", "position", "knee_bent", "turn_deg"),
    [
        ("thigh", "sitting", False, -90.0),  # a seated thigh's front looks up
        ("shank", "prone", True, 90.0),  # knee bent, face down: the foot is up
        ("thigh", "supine", True, -90.0),  # hip at 90: the knee is up
    ],
)
def test_a_bent_leg_is_expected_as_it_lies(role, position, knee_bent, turn_deg):
    lies = LIES[position] * about(LEFT, turn_deg)[0]
    cue = Cue(role, "left", position, knee_bent=knee_bent)

    found = mount(Worn(f"{role}_left", "preset", f"lateral_{role}"), cue, seen(lies, ON_LEFT))

    assert off_deg(found, ON_LEFT) < 1e-4


def test_a_preset_needs_a_site():
    error = refusal(
        Worn("pelvis", "preset"), Cue("pelvis", "left", "supine"), seen(LIES["supine"], BACK)
    )

    assert error.reason == "no_site"


@pytest.mark.parametrize(("tested", "lies"), [("left", "left_up"), ("right", "right_up")])
def test_on_the_side_a_site_gives_forward_and_the_upper_leg_is_up(tested, lies):
    sits = AT["lateral_thigh", tested]

    found = mount(
        Worn(f"thigh_{tested}", "preset", "lateral_thigh"),
        Cue("thigh", tested, "side_lying", "A", 1),
        seen(LIES[lies], sits),
    )

    assert off_deg(found, sits) < 1e-4
    np.testing.assert_allclose(found.axis_forward, sits.inv().apply(FORWARD), atol=1e-9)


# -- two poses ------------------------------------------------------------------------------


@pytest.mark.parametrize("position", ["supine", "prone"])
@pytest.mark.parametrize("segment", ["pelvis", "trunk"])
def test_standing_and_lying_show_left_whatever_the_mounting(segment, position):
    found = mount(
        Worn(segment), Cue(segment, "left", position), seen(LIES[position], MOUNT, stood=True)
    )

    assert off_deg(found, MOUNT) < 1e-4
    assert (found.method, found.poses_deg) == ("two_poses", pytest.approx(90.0))


@pytest.mark.parametrize(("tested", "lies"), [("left", "left_up"), ("right", "right_up")])
def test_standing_and_lying_on_the_side_show_forward_too(tested, lies):
    found = mount(
        Worn("pelvis"),
        Cue("pelvis", tested, "side_lying", "O"),
        seen(LIES[lies], MOUNT, stood=True),
    )

    assert off_deg(found, MOUNT) < 1e-4
    np.testing.assert_allclose(found.axis_forward, MOUNT.inv().apply(FORWARD), atol=1e-9)


def test_a_pelvis_that_tilts_between_the_poses_still_shows_left():
    lies = LIES["supine"] * about(LEFT, -15.0)[0]

    found = mount(Worn("pelvis"), Cue("pelvis", "left", "supine"), seen(lies, MOUNT, stood=True))

    assert off_deg(found, MOUNT) < 1e-4
    assert found.poses_deg == pytest.approx(105.0)


def test_poses_that_are_not_across_are_refused_with_their_angle():
    lies = about(LEFT, -40.0)[0]

    error = refusal(Worn("pelvis"), Cue("pelvis", "left", "supine"), seen(lies, MOUNT, stood=True))

    assert error.reason == "poses_not_across"
    assert "40 degrees came" in error.message


# -- sweep about the test's own plane -------------------------------------------------------

RISE = lift_deg(T_S, 35.0)


@pytest.mark.parametrize(
    ("test", "segment", "lies", "axis", "sign"),
    [
        ("pir", "shank_right", "prone", SUPERIOR, 1.0),
        ("pir", "shank_left", "prone", SUPERIOR, -1.0),
        ("per", "shank_right", "prone", SUPERIOR, -1.0),
        ("sir", "shank_right", "sitting", FORWARD, -1.0),
        ("ser", "shank_left", "sitting", FORWARD, -1.0),
        ("abd", "thigh_right", "standing", FORWARD, -1.0),
        ("abd", "thigh_left", "standing", FORWARD, 1.0),
    ],
)
def test_off_the_sagittal_plane_the_sweep_shows_its_own_axis_and_left_follows(
    test, segment, lies, axis, sign
):
    side = segment.rpartition("_")[2]
    turn = about(axis, sign * RISE)

    found = mount(Worn(segment), cue_of(load(test), segment, side), seen(LIES[lies], MOUNT, turn))

    assert off_deg(found, MOUNT) < 0.5
    assert (found.method, found.reasons) == ("sweep", ())


@pytest.mark.parametrize(
    ("test", "segment", "lies", "turn_deg"),
    [
        ("phe", "thigh_left", "prone", RISE),  # extension first: the thigh turns about +left
        ("pslr", "thigh_left", "supine", -RISE),
        ("ely", "shank_left", "prone", RISE),  # the foot goes back first
        ("fb", "trunk", "standing", RISE),
    ],
)
def test_in_the_sagittal_plane_the_first_movement_is_that_of_the_test(
    test, segment, lies, turn_deg
):
    showed = seen(LIES[lies], MOUNT, about(LEFT, turn_deg))

    assert off_deg(mount(Worn(segment), cue_of(load(test), segment, "left"), showed), MOUNT) < 0.5


def test_a_pelvis_in_an_off_plane_test_is_not_swept():
    error = refusal(
        Worn("pelvis"),
        cue_of(load("sir"), "pelvis", "left"),
        seen(LIES["sitting"], BACK, about(LEFT, RISE)),
    )

    assert error.reason == "axis_not_found"
    assert "--site pelvis=sacrum" in error.message


def test_where_the_sweep_shows_nothing_the_site_does():
    found = mount(
        Worn("pelvis", site="sacrum"),
        cue_of(load("sir"), "pelvis", "left"),
        seen(LIES["sitting"], BACK),
    )

    assert (found.method, off_deg(found, BACK)) == ("preset", pytest.approx(0.0, abs=1e-4))


# -- leaning forward before the test --------------------------------------------------------

TWICE = lift_deg(T_S, 28.0)


def leaning(sits, turn_deg=TWICE, axis=LEFT) -> Seen:
    """Return what a sensor showed that sat, leaned first and then hiked a little in the test."""
    lean = seen(LIES["sitting"], sits, about(axis, turn_deg)).sweep
    return replace(seen(LIES["sitting"], sits, about(FORWARD, 0.2 * RISE)), lean=lean)


@pytest.mark.parametrize("segment", ["pelvis", "trunk"])
@pytest.mark.parametrize("test", ["sir", "ser", "abd"])
def test_leaning_forward_shows_left_whatever_the_mounting(test, segment):
    found = mount(Worn(segment), cue_of(load(test), segment, "left"), leaning(MOUNT))

    assert off_deg(found, MOUNT) < 0.5
    assert (found.method, found.reasons) == ("sweep", ())


def test_a_slanted_strap_costs_nothing_once_somebody_leaned():
    slanted = BACK * Rotation.from_rotvec(np.radians([10.0, 15.0, -12.0]))
    worn, cue = Worn("pelvis", site="sacrum"), cue_of(load("sir"), "pelvis", "left")

    assert off_deg(mount(worn, cue, leaning(slanted)), slanted) < 0.5
    assert off_deg(mount(worn, cue, seen(LIES["sitting"], slanted)), slanted) > 10.0


def test_who_arches_back_first_is_put_right_by_the_site():
    worn, cue = Worn("pelvis", site="sacrum"), cue_of(load("sir"), "pelvis", "left")

    assert off_deg(mount(worn, cue, leaning(BACK, -TWICE)), BACK) < 0.5


@pytest.mark.parametrize(
    ("turn_deg", "axis", "reason", "words"),
    [
        (TWICE / 4.0, LEFT, "lean_too_small", "lean further forward"),
        (TWICE, FORWARD, "lean_not_straight", "lean straight forward"),
    ],
)
def test_a_lean_that_shows_nothing_falls_back_on_the_site_and_says_so(
    turn_deg, axis, reason, words
):
    cue, showed = cue_of(load("sir"), "pelvis", "left"), leaning(BACK, turn_deg, axis)

    found = mount(Worn("pelvis", site="sacrum"), cue, showed)

    assert (found.method, found.reasons) == ("preset", (reason,))
    if reason == "lean_too_small":
        assert words in refusal(Worn("pelvis"), cue, showed).message


def test_a_lean_about_two_axes_is_refused_without_a_site():
    about_both = about(LEFT, TWICE) * about(FORWARD, np.roll(TWICE, 60))
    lean = seen(LIES["sitting"], MOUNT, about_both).sweep
    showed = replace(seen(LIES["sitting"], MOUNT), lean=lean)

    error = refusal(Worn("pelvis"), cue_of(load("sir"), "pelvis", "left"), showed)

    assert error.reason == "lean_not_straight"
    assert "lean straight forward and come back, slowly, twice" in error.message


def test_legs_are_not_taken_from_the_lean():
    showed = replace(leaning(MOUNT), sweep=seen(LIES["sitting"], MOUNT, about(FORWARD, RISE)).sweep)

    found = mount(Worn("shank_left"), cue_of(load("ser"), "shank_left", "left"), showed)

    assert found.method == "sweep"


@pytest.mark.parametrize(
    ("test", "sweep", "is_one"),
    [
        ("sir", Window(1.0, 9.0), True),
        ("sir", Window(9.0, 30.0), False),  # holds the test itself
        ("sir", Window(12.0, 13.0), False),
        ("fb", Window(1.0, 9.0), False),
    ],
)
def test_a_sweep_that_is_over_when_the_reference_is_is_the_lean(test, sweep, is_one):
    cue = cue_of(load(test), "pelvis", "left")

    assert is_lean(cue, sweep, Window(10.0, 13.0)) is is_one


def test_without_a_site_a_small_sweep_is_still_refused():
    error = refusal(
        Worn("thigh_left"), cue_of(load("pslr"), "thigh_left", "left"), seen(LIES["supine"], MOUNT)
    )

    assert error.reason == "sweep_too_small"


# -- kept -----------------------------------------------------------------------------------


def kept(up, position="supine", utc="2026-05-01T09:00:00+00:00") -> KeptMounting:
    left = tuple(float(x) for x in MOUNT.inv().apply(LEFT))
    return KeptMounting(left, tuple(float(x) for x in up), position, "sweep", utc, 41)


def slipped(deg: float) -> np.ndarray:
    return up_in(MOUNT, LIES["supine"] * about(LEFT, deg)[0])


def test_a_kept_axis_is_used_again_with_its_age():
    worn = Worn("pelvis", "kept", kept=kept(slipped(4.0)), utc=NOW)

    found = mount(worn, Cue("pelvis", "left", "supine"), seen(LIES["supine"], MOUNT))

    assert off_deg(found, MOUNT) < 1e-4
    assert (found.method, found.age_min) == ("kept", 60.0)
    assert found.expected_off_deg == pytest.approx(4.0)


def test_a_kept_axis_of_a_sensor_that_moved_has_expired():
    worn = Worn("pelvis", "kept", kept=kept(slipped(6.0)), utc=NOW)

    error = refusal(worn, Cue("pelvis", "left", "supine"), seen(LIES["supine"], MOUNT))

    assert error.reason == "calibration_expired"
    assert "kept from trial 41" in error.message
    assert "6 degrees off" in error.message


def test_in_another_position_nothing_can_be_held_against_the_kept_pose():
    worn = Worn("pelvis", "kept", kept=kept(up_in(MOUNT, LIES["standing"]), "standing"), utc=NOW)

    found = mount(worn, Cue("pelvis", "left", "supine"), seen(LIES["supine"], MOUNT))

    assert found.expected_off_deg is None
    assert off_deg(found, MOUNT) < 1e-4


def test_a_kept_axis_that_nobody_kept_is_refused():
    error = refusal(
        Worn("pelvis", "kept"), Cue("pelvis", "left", "supine"), seen(LIES["supine"], MOUNT)
    )

    assert error.reason == "nothing_kept"


# -- named, and what is not needed ----------------------------------------------------------


def test_on_the_side_no_axis_to_the_left_can_be_named():
    error = refusal(
        Worn("pelvis", "+y"), Cue("pelvis", "left", "side_lying", "O"), seen(LIES["left_up"], MOUNT)
    )

    assert error.reason == "axis_upright"


def test_a_sensor_that_the_test_can_do_without_goes_without_an_axis():
    found = mount(
        Worn("pelvis", "kept"),
        Cue("pelvis", "left", "supine"),
        seen(LIES["supine"], MOUNT),
        must_find_axis=False,
    )

    assert (found.axis_left, found.method) == (None, "none")
    assert found.reasons == ("axis_not_found", "nothing_kept")


# -- the zero of standing -------------------------------------------------------------------


@pytest.mark.parametrize(("position", "forward_up"), [("supine", 1.0), ("prone", -1.0)])
def test_the_standing_pose_laid_down_is_zero(position, forward_up):
    held = LIES[position] * about(LEFT, -120.0)[0]
    cue = replace(cue_of(load("mtt"), "thigh_left", "left"), position=position)

    found = mount(Worn("thigh_left"), cue, seen(held, MOUNT, about(LEFT, RISE), stood=True))

    np.testing.assert_allclose(found.up_zero, forward_up * MOUNT.inv().apply(FORWARD), atol=1e-2)
    np.testing.assert_allclose(found.up_reference, up_in(MOUNT, held), atol=1e-9)


# -- limbs whose first movement no test names -----------------------------------------------


def test_in_the_thomas_test_the_shank_falls_first_and_lying_down_says_where_left_is():
    lies = LIES["supine"] * about(LEFT, 10.0)[0]
    showed = seen(lies, MOUNT, about(LEFT, RISE), stood=True)

    found = mount(Worn("shank_left"), cue_of(load("mtt"), "shank_left", "left"), showed)

    assert off_deg(found, MOUNT) < 0.5


def test_without_a_standing_pose_the_site_says_where_left_is():
    showed = seen(LIES["supine"], ON_LEFT, about(LEFT, RISE))
    cue = replace(cue_of(load("mtt"), "shank_left", "left"), standing_zero=False)

    found = mount(Worn("shank_left", site="lateral_shank"), cue, showed)

    assert off_deg(found, ON_LEFT) < 0.5


def test_a_shank_over_a_foot_on_the_floor_leans_forward_first():
    showed = seen(LIES["standing"], MOUNT, about(LEFT, RISE))

    found = mount(Worn("shank_left"), cue_of(load("squat"), "shank_left", "left"), showed)

    assert off_deg(found, MOUNT) < 0.5


def test_a_small_lift_takes_its_sign_from_lying_down_and_says_nothing_of_it():
    # a wobble the wrong way is larger than the extension itself
    turn = about(LEFT, lift_deg(T_S, -12.0, 1.0, 2.0) + lift_deg(T_S, 11.0, 4.0, 3.0))
    cue = cue_of(load("phe"), "thigh_left", "left")

    alone = mount(Worn("thigh_left"), cue, seen(LIES["prone"], MOUNT, turn))
    stood = mount(Worn("thigh_left"), cue, seen(LIES["prone"], MOUNT, turn, stood=True))

    assert (off_deg(alone, MOUNT) > 170.0, alone.reasons) == (True, (SMALL,))
    assert (off_deg(stood, MOUNT) < 0.5, stood.reasons) == (True, ())
