"""Simulated people of all tests, seen by gravity alone with the formula of the specification."""

from __future__ import annotations

import numpy as np
import pytest

from collector.simulate import Performance, TrialConfig, simulate_trial
from collector.simulate.people import TRAITS
from collector.simulate.person import Person
from collector.simulate.placement import placement_of
from collector.simulate.variants import VARIANTS
from collector.simulate.worn import felt_by
from schemas.protocol import load
from schemas.recording import BEGINS, Window
from schemas.segments import SIDES, Role, Side
from schemas.sites import SITES, axis_to_left

LATER = tuple(name for name in TRAITS if name not in ("pslr", "k2c", "fb", "sts"))
STANDING_FIRST = ("mtt", "ely", "pir", "per", "phe")
PLANAR = Performance(out_of_plane_deg=0.0, sway_deg=0.0, repetitions=1)


def person_of(protocol_id: str, side: Side, how: Performance = PLANAR) -> Person:
    return simulate_trial(protocol_id, side, 4, TrialConfig(how=how)).truth.person


def ups(person: Person, role: Role, side: Side, t_s: np.ndarray) -> np.ndarray:
    """Up-vectors of an ideal sensor, without strap error, at rest."""
    posture = TRAITS[person.protocol_id].posture
    placement = placement_of(role, side, posture)
    rotation = felt_by(person, role, placement, posture, mounting=np.eye(3), t_s=t_s).rotation
    return rotation[:, 2, :]


def left_of(role: Role, side: Side, posture: str) -> np.ndarray:
    axis = axis_to_left(placement_of(role, side, posture).name, side)
    return (-1.0 if axis[0] == "-" else 1.0) * np.eye(3)["xyz".index(axis[1])]


def inclination(u0: np.ndarray, u: np.ndarray, e: np.ndarray) -> float:
    """Inclination by hand: angle between up-vectors about one axis, degrees."""
    a, b = u0 - e * (e @ u0), u - e * (e @ u)
    return float(np.degrees(-np.arctan2(e @ np.cross(a, b), a @ b)))


def seen(person: Person, role: Role, side: Side, symbol: str) -> float:
    """One angle on the first plateau, against the reference, by gravity alone."""
    posture = TRAITS[person.protocol_id].posture
    middle = np.array([sum((w.start_s, w.end_s)) / 2.0 for w in zeros(person)])
    up0, up = ups(person, role, side, middle)
    left = left_of(role, side, posture)
    flip = 1.0 if side == "right" else -1.0
    forward = np.cross(left, up0)
    match symbol:
        case "P" | "T":
            return inclination(up0, up, left)
        case "F" | "S":
            return -inclination(up0, up, left)
        case "O" | "A":
            return -flip * inclination(up0, up, forward)
        case "Y":  # prone: back up, so the head is left x back... the right hand finds it
            return flip * inclination(up0, up, np.cross(-up0, left))
    femur = -forward if posture == "sitting" else np.cross(-up0, left) * -1.0
    # prone: the shank points up, knee at 90; the femur points to the head as the body does
    return flip * inclination(up0, up, femur)


def zeros(person: Person) -> tuple[Window, Window]:
    return person.reference, person.truth().repetitions[0].plateau


READ = {
    "aslr": ("thigh F", "pelvis P"),
    "ely": ("shank S", "pelvis P", "pelvis Y"),
    "pir": ("pelvis Y",),
    "per": ("pelvis Y",),
    "sir": ("shank R", "pelvis O"),
    "ser": ("shank R", "pelvis O"),
    "phe": ("thigh F", "pelvis P"),
    "ret": ("trunk T", "pelvis P"),
    "sit": ("thigh F", "trunk T", "pelvis P"),
    "squat": ("thigh F", "pelvis P"),
    "march": ("thigh F", "pelvis P"),
    "abd": ("thigh A", "pelvis O"),
    "ake": ("thigh F", "shank S", "pelvis P"),
    "pke": ("thigh F", "shank S"),
}
CHANNEL = {
    "F": "thigh_deg", "S": "shank_deg", "P": "pelvis_deg", "T": "trunk_deg",
    "Y": "pelvis_axial_deg", "O": "pelvis_frontal_deg", "A": "thigh_frontal_deg",
    "R": "shank_roll_deg",
}  # fmt: skip


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("protocol_id", "what"), [(k, w) for k, v in READ.items() for w in v])
def test_gravity_shows_the_angle_that_the_truth_says(
    protocol_id: str, what: str, side: Side
) -> None:
    role, symbol = what.split()
    person = person_of(protocol_id, side)
    plateau = zeros(person)[1]
    middle = np.array([(plateau.start_s + plateau.end_s) / 2.0])
    true = float(person.angles_deg(middle)[CHANNEL[symbol]][0])
    assert abs(true) > 1.0
    # a pelvis that tilts and turns at once is seen a little skew, and so is a body not quite flat
    assert seen(person, role, side, symbol) == pytest.approx(true, abs=0.35)


@pytest.mark.parametrize("protocol_id", LATER)
def test_both_sides_are_the_same_person_in_a_mirror(protocol_id: str) -> None:
    left, right = (simulate_trial(protocol_id, side, 5).truth.repetitions for side in SIDES)
    for a, b in zip(left, right, strict=True):
        assert (a.tot_deg, a.hip_deg, a.comp_deg) == pytest.approx(
            (b.tot_deg, b.hip_deg, b.comp_deg), abs=1e-9
        )


@pytest.mark.parametrize("protocol_id", TRAITS)
def test_people_wear_what_the_test_requires_and_do_it_often_enough(protocol_id: str) -> None:
    protocol, traits = load(protocol_id), TRAITS[protocol_id]
    assert set(traits.roles) == set(protocol.required)
    assert traits.posture == protocol.position
    assert traits.stands_first == protocol.standing_first
    assert traits.repetitions >= protocol.repetitions.least


@pytest.mark.parametrize("protocol_id", TRAITS)
def test_the_head_says_which_site_every_sensor_is_worn_on(protocol_id: str) -> None:
    info = simulate_trial(protocol_id, "left", 1).recording.info
    assert all(use.placement in SITES for use in info.sensors)
    supine = TRAITS[protocol_id].posture == "supine"
    for use in info.sensors:
        if use.segment == "pelvis":
            assert use.placement == ("iliac_crest" if supine else "sacrum")


@pytest.mark.parametrize("protocol_id", STANDING_FIRST)
def test_who_stands_first_stands_upright_and_then_lies_still(protocol_id: str) -> None:
    trial = simulate_trial(protocol_id, "right", 6, TrialConfig(how=PLANAR))
    info, person = trial.recording.info, trial.truth.person
    assert info.upright is not None
    assert info.reference is not None
    (begins,) = [event for event in trial.recording.events if event.kind == BEGINS]
    first_s = trial.truth.repetitions[0].start_s
    assert info.upright.end_s < info.reference.start_s < info.reference.end_s
    assert info.reference.end_s < begins.t_us / 1e6 < first_s
    for window, head_up in ((info.upright, 1.0), (info.reference, 0.0)):
        t_s = np.linspace(window.start_s, window.end_s, 9)
        along = ups(person, "pelvis", "right", t_s)[:, 1]  # +y of a pelvis sensor: to the head
        assert np.ptp(along) < 0.01
        assert along.mean() == pytest.approx(head_up, abs=0.18)  # the pelvis tilts by up to 10


def test_thomas_zero_is_standing_not_the_held_knees() -> None:
    """Knees held: thigh 110 up, pelvis 10 back; lowered: below the horizontal is negative."""
    truth = simulate_trial("mtt", "left", 2, TrialConfig(how=PLANAR)).truth
    held = truth.at(np.array([truth.person.reference.start_s]))
    assert held["thigh_deg"][0] == pytest.approx(110.0)
    assert held["pelvis_deg"][0] == pytest.approx(-10.0)
    (true,) = truth.repetitions
    assert true.tot_deg < 0.0
    assert true.hip_deg == pytest.approx(true.tot_deg + true.comp_deg)


def test_the_thigh_is_upright_while_the_knee_is_extended() -> None:
    truth = simulate_trial("ake", "left", 2).truth
    deg = truth.at(np.array([truth.repetitions[0].plateau.end_s]))
    assert deg["thigh_deg"][0] == pytest.approx(90.0, abs=3.0)
    assert truth.repetitions[0].tot_deg == pytest.approx(
        deg["thigh_deg"][0] - deg["shank_deg"][0], abs=0.5
    )


@pytest.mark.parametrize("protocol_id", LATER)
def test_without_compensation_there_is_none(protocol_id: str) -> None:
    how = Performance(variant="none", sway_deg=0.0, out_of_plane_deg=0.0, return_error_deg=0.0)
    for true in simulate_trial(protocol_id, "left", 3, TrialConfig(how=how)).truth.repetitions:
        # while the leg is raised to 90 the pelvis goes along by 10; that is no compensation
        raised = 10.0 if protocol_id in ("ake", "pke") else 0.0
        assert true.comp_deg == pytest.approx(raised, abs=0.5)


@pytest.mark.parametrize("protocol_id", LATER)
def test_the_stiff_go_less_far_and_the_mobile_further(protocol_id: str) -> None:
    reach = {}
    for variant in VARIANTS:
        config = TrialConfig(how=Performance(variant=variant))
        person = simulate_trial(protocol_id, "left", 3, config).truth.person
        moved = person.angles_deg(np.linspace(person.begins_s or 0.0, person.duration_s, 2000))
        drive = {"mtt": "thigh_deg", "ret": "trunk_deg", "abd": "thigh_frontal_deg"}.get(
            protocol_id,
            "shank_roll_deg" if "shank_roll_deg" in load(protocol_id).formulae.drive.channels
            else load(protocol_id).formulae.drive.channels[0],
        )  # fmt: skip
        reach[variant] = float(np.ptp(moved[drive]))
    assert reach["stiff"] < reach["usual"] < reach["hypermobile"]


def test_a_late_pelvis_stands_still_for_more_than_half_of_the_way() -> None:
    how = Performance(variant="late", sway_deg=0.0)
    truth = simulate_trial("pir", "left", 3, TrialConfig(how=how)).truth
    early = (truth.deg["shank_roll_deg"] < 20.0) & (truth.t_s > truth.repetitions[0].start_s)
    assert np.abs(truth.deg["pelvis_axial_deg"][early]).max() < 0.3


def test_a_pelvis_that_goes_first_goes_first() -> None:
    how = Performance(variant="pelvis_first", sway_deg=0.0)
    truth = simulate_trial("phe", "left", 3, TrialConfig(how=how)).truth
    moving = truth.t_s > truth.person.reference.end_s
    pelvis, thigh = (
        truth.t_s[moving & (np.abs(truth.deg[name]) > 0.5)][0]
        for name in ("pelvis_deg", "thigh_deg")
    )
    assert pelvis < thigh


def test_a_squat_turns_the_pelvis_back_before_the_bottom() -> None:
    truth = simulate_trial("squat", "left", 3).truth
    for true in truth.repetitions:
        down = (truth.t_s > true.start_s) & (truth.t_s < true.plateau.start_s)
        most = truth.deg["pelvis_deg"][down].max()
        bottom = truth.at(np.array([true.plateau.end_s]))["pelvis_deg"][0]
        assert true.comp_deg == pytest.approx(most - bottom, abs=0.4)
        assert true.comp_deg > 3.0


def test_every_stride_has_the_ranges_of_a_walk() -> None:
    """Published ranges in walking (Zugner 2019): hip about 37, pelvis about 5 degrees."""
    repetitions = simulate_trial("gait", "left", 3).truth.repetitions
    assert len(repetitions) == 8
    for true in repetitions:
        assert 30.0 < true.hip_deg < 50.0
        assert 3.0 < true.comp_deg < 8.0
