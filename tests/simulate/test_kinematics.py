from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from collector.simulate.body import POSTURES, Posture, arm_acceleration, pose_of
from collector.simulate.course import Coupling, Motion, Steps, Sway
from collector.simulate.people import TRAITS
from collector.simulate.person import Person
from collector.simulate.placement import placement_of
from collector.simulate.script import Performance, person_for
from collector.simulate.worn import Felt, felt_by
from schemas.segments import ROLES, Role, Side

G = 9.80665
RNG = np.random.default_rng(5)
FINE_S = np.arange(0.0, 4.0, 1e-3)


def slope(y: np.ndarray, t: np.ndarray = FINE_S) -> np.ndarray:
    return np.gradient(y, t, axis=0)


def assert_derivatives_agree(motion: Motion) -> None:
    rate_scale, accel_scale = (np.abs(x).max() for x in (motion.rate, motion.accel))
    inner = slice(2, -2)
    assert np.allclose(slope(motion.value)[inner], motion.rate[inner], atol=1e-4 * rate_scale)
    assert np.allclose(slope(motion.rate)[inner], motion.accel[inner], atol=1e-2 * accel_scale)


COURSES = {
    "steps": Steps.of([(0.5, 1.0, 70.0), (1.2, 1.5, -40.0)]).at(FINE_S),
    "sway": Sway.drawn(0.3, RNG).at(FINE_S),
    "coupled": Coupling.reaching(8.0, 12.0, driver=70.0, follower=-26.0).apply(
        Steps.of([(0.5, 2.0, 70.0)]).at(FINE_S)
    ),
}


@pytest.mark.parametrize("name", COURSES)
def test_rates_are_the_slopes_of_their_values(name: str) -> None:
    assert_derivatives_agree(COURSES[name])


def test_a_step_peaks_at_15_eighths_of_its_mean_rate() -> None:
    motion = Steps.of([(1.0, 2.0, 60.0)]).at(FINE_S)
    assert motion.rate.max() == pytest.approx(1.875 * 30.0, rel=1e-6)
    assert motion.value[-1] == 60.0


def test_the_follower_waits_for_its_onset_and_arrives() -> None:
    coupling = Coupling.reaching(8.0, 12.0, driver=70.0, follower=-26.0)
    still = np.zeros(3)
    value = coupling.apply(Motion(np.array([0.0, 8.0, 70.0]), still, still)).value
    assert value == pytest.approx([0.0, 0.0, -26.0])


def test_sway_has_the_rms_that_was_asked_for() -> None:
    values = Sway.drawn(0.3, RNG).at(np.arange(0.0, 600.0, 0.05)).value
    assert np.sqrt(np.mean(values**2)) == pytest.approx(0.3, rel=0.02)


@pytest.mark.parametrize("posture", POSTURES)
def test_reference_frames_are_right_handed(posture: str) -> None:
    x, y, z = POSTURES[posture].T
    assert np.array_equal(np.cross(x, y), z)


def test_lying_forward_is_up_and_standing_up_is_up() -> None:
    assert np.array_equal(POSTURES["supine"] @ (1, 0, 0), (0, 0, 1))
    assert np.array_equal(POSTURES["standing"] @ (0, 1, 0), (0, 0, 1))
    assert np.array_equal(POSTURES["prone"] @ (1, 0, 0), (0, 0, -1))
    assert np.array_equal(POSTURES["side_lying"] @ (0, 0, 1), (0, 0, 1))


def test_rate_and_acceleration_follow_from_the_orientation() -> None:
    swing = Steps.of([(0.2, 1.5, 70.0), (2.0, 1.5, -50.0)]).at(FINE_S)
    roll, twist = (Sway.drawn(x, RNG).at(FINE_S) for x in (8.0, 12.0))
    pose = pose_of(swing, roll, twist, "supine")
    spin = np.einsum("nji,njk->nik", pose.rotation, slope(pose.rotation))
    by_hand = np.stack([spin[:, 2, 1], spin[:, 0, 2], spin[:, 1, 0]], axis=-1)
    assert np.allclose(by_hand[2:-2], pose.rate[2:-2], atol=1e-4)
    assert np.allclose(slope(pose.rate)[2:-2], pose.accel[2:-2], atol=0.02)


def performer(protocol_id: str, side: Side = "left") -> Person:
    how = Performance(peak_rate_deg_s=120.0)
    return person_for(protocol_id, how, np.random.default_rng(3), ready_s=0.0, side=side)


def cardan(angles: np.ndarray) -> np.ndarray:
    return Rotation.from_euler("ZXY", angles, degrees=True).as_matrix()


def rotations(person: Person, role: Role, t_s: np.ndarray) -> np.ndarray:
    """Segment to earth, from scipy's Cardan angles; the body's own turns first."""
    channel = person.channels[role]
    bend = channel.at(t_s).value
    out, inward = channel.aside.at(t_s).value, channel.twist.at(t_s).value
    flip = 1.0 if person.side == "right" else -1.0
    sign = -1.0 if role in ("pelvis", "trunk") else 1.0
    frontal = channel.frontal * bend - flip * out
    turned = cardan(np.stack([sign * bend, frontal, channel.axial * bend + flip * inward], axis=-1))
    if (body := person.body) is None:
        return POSTURES[TRAITS[person.protocol_id].posture] @ turned
    heading, turn, roll = (c.at(t_s).value for c in (body.heading, body.turn, body.roll))
    none = np.zeros_like(t_s)
    facing = cardan(np.stack([none, none, heading], axis=-1))
    down = cardan(np.stack([turn, roll, none], axis=-1))
    return POSTURES["standing"] @ facing @ down @ turned


def hip_centre(person: Person, t_s: np.ndarray) -> np.ndarray:
    if (body := person.body) is None:
        return np.zeros((len(t_s), 3))
    ahead, rise = body.ahead_m.at(t_s).value, body.rise_m.at(t_s).value
    return np.stack([ahead, np.zeros_like(ahead), rise], axis=-1)


def felt_of(person: Person, role: Role, t_s: np.ndarray, mounting: np.ndarray) -> Felt:
    posture = TRAITS[person.protocol_id].posture
    placement = placement_of(role, "left", posture)
    return felt_by(person, role, placement, posture, mounting=mounting, t_s=t_s)


@pytest.mark.parametrize("protocol_id", TRAITS)
@pytest.mark.parametrize("role", ["pelvis", "trunk", "thigh", "shank"])
def test_specific_force_is_gravity_and_the_second_difference_of_position(
    protocol_id: str, role: Role
) -> None:
    person = performer(protocol_id)
    first_s = 0.0 if person.body is None else -6.0
    t_s = np.arange(first_s, 8.0, 1e-3)
    felt = felt_of(person, role, t_s, np.eye(3))
    arms = placement_of(role, "left", TRAITS[protocol_id].posture).arms
    if person.planted_m:
        arms += (("thigh", np.array((0.0, person.planted_m, 0.0))),)
    position = hip_centre(person, t_s)
    position += sum(rotations(person, name, t_s) @ arm for name, arm in arms)
    moved = np.einsum("nij,nj->ni", felt.rotation, felt.force_m_s2) - (0.0, 0.0, G)
    second = slope(slope(position, t_s), t_s)[3:-3]
    # a second difference smears where a follower sets in or turns back
    assert np.abs(second - moved[3:-3]).max() < 0.02 + 0.02 * np.abs(second).max()


def test_a_steady_turn_pulls_with_the_square_of_its_rate() -> None:
    """w = 3 rad/s about a hip 0.25 m away: 2.25 m/s2 towards the hip, nothing across."""
    steady = np.degrees(3.0 * FINE_S)
    motion = Motion(steady, np.full_like(steady, np.degrees(3.0)), np.zeros_like(steady))
    nothing = Motion(*np.zeros((3, len(FINE_S))))
    pose = pose_of(motion, nothing, nothing, "supine")
    pull = np.einsum(
        "nji,nj->ni", pose.rotation, arm_acceleration(pose, np.array((0.0, -0.25, 0.0)))
    )
    assert np.allclose(pull, (0.0, 2.25, 0.0))


@pytest.mark.parametrize("protocol_id", ["pslr", "k2c", "fb", "sts"])
def test_gravity_alone_shows_the_true_tilt_at_rest(protocol_id: str) -> None:
    """Whatever the strap does, the up-vector in the segment's frame is the segment's tilt."""
    person = performer(protocol_id)
    hold = person.phases[0].hold
    t_s = np.linspace(hold.start_s + 0.5, hold.end_s, 50)
    mounting = Rotation.from_euler("ZYX", (11.0, -14.0, 7.0), degrees=True).as_matrix()
    role: Role = "trunk" if protocol_id == "fb" else "thigh"
    felt = felt_of(person, role, t_s, mounting)
    axes = placement_of(role, "left", TRAITS[protocol_id].posture).axes @ mounting
    forward, upward, _ = (felt.force_m_s2 @ axes.T).T
    if TRAITS[protocol_id].posture == "supine":
        tilt = np.arctan2(-upward, forward)
    else:
        tilt = np.arctan2(-forward if role == "trunk" else forward, upward)
    expected = person.channels[role].at(t_s).value
    assert np.degrees(tilt) == pytest.approx(expected, abs=0.15)
    assert np.linalg.norm(felt.force_m_s2, axis=1) == pytest.approx(G, abs=0.02)


@pytest.mark.parametrize("posture", ["standing", "supine"])
@pytest.mark.parametrize(("role", "metres"), [("thigh", 0.25), ("pelvis", 0.08)])
def test_sensors_sit_as_far_from_the_hip_as_the_bars_say(
    posture: Posture, role: Role, metres: float
) -> None:
    (_, arm), *more = placement_of(role, "right", posture).arms
    assert not more
    assert np.linalg.norm(arm) == pytest.approx(metres)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("posture", ["standing", "supine"])
@pytest.mark.parametrize("role", ROLES)
def test_sensor_axes_are_right_handed_everywhere(role: Role, side: Side, posture: Posture) -> None:
    assert np.linalg.det(placement_of(role, side, posture).axes) == pytest.approx(1.0)
