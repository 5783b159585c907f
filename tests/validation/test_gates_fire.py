"""Every gate on a fault that was made for it: what was wrong is told, by the right word."""

from __future__ import annotations

import pytest

from collector.pipeline import process
from collector.simulate import Performance, RadioModel, Simulated, TrialConfig, simulate_trial
from collector.simulate.mishaps import (
    HalfLying,
    Mishap,
    OtherLeg,
    PainStop,
    Restless,
    Sideways,
    Silence,
    Slip,
    Swapped,
    UpsideDown,
    WrongPosture,
)
from schemas.errors import InputError
from schemas.segments import SIDES, Role, Side


def told(trial: Simulated) -> set[str]:
    """Everything that is said of a trial and its repetitions, or why it was refused."""
    try:
        result = process(trial.recording).result
    except InputError as refusal:
        return {refusal.reason, "refused"}
    codes = {reason.code for reason in result.reasons}
    codes |= {reason.code for rep in result.repetitions for reason in rep.reasons}
    return codes | ({"refused"} if result.grade == "X" else set())


def befallen(protocol_id: str, *mishaps: Mishap, side: Side = "left", seed: int = 3) -> set[str]:
    return told(simulate_trial(protocol_id, side, seed, TrialConfig(mishaps=mishaps)))


def performed(protocol_id: str, how: Performance, *roles: Role, side: Side = "left") -> set[str]:
    return told(simulate_trial(protocol_id, side, 3, TrialConfig(how=how, roles=roles or None)))


SLIPS: dict[tuple[str, Role], str] = {
    ("pslr", "pelvis"): "placement_changed",
    ("phe", "pelvis"): "placement_changed",
    ("fb", "pelvis"): "placement_changed",
    ("march", "pelvis"): "placement_changed",
    ("ely", "shank"): "placement_changed",
    ("pslr", "thigh"): "drift_high",
    ("march", "thigh"): "drift_high",
    ("fb", "trunk"): "placement_changed",
    ("ake", "shank"): "drift",
    ("ake", "thigh"): "guard",
    ("mtt", "thigh"): "inconsistent",
}
"""Who does not come back to the reference (`ake`, `mtt`) is told otherwise."""


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(("what", "code"), SLIPS.items())
def test_a_strap_that_slips_is_told(what: tuple[str, Role], code: str, side: Side) -> None:
    protocol_id, role = what
    assert code in befallen(protocol_id, Slip(role), side=side)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("protocol_id", "role"),
    [
        ("pslr", "pelvis"), ("fb", "pelvis"), ("march", "pelvis"), ("squat", "pelvis"),
        ("pslr", "thigh"), ("ake", "shank"), ("pir", "shank"), ("fb", "trunk"),
        ("march", "thigh"), ("phe", "thigh"), ("abd", "thigh"), ("sir", "shank"),
    ],
)  # fmt: skip
def test_a_sensor_upside_down_is_told(protocol_id: str, role: Role, side: Side) -> None:
    assert {"upside_down", "refused"} <= befallen(protocol_id, UpsideDown(role), side=side)


@pytest.mark.parametrize("protocol_id", ["sir", "abd"])
def test_a_pelvis_sensor_upside_down_is_told_although_somebody_leaned(
    protocol_id: str,
) -> None:
    """Leaning shows an axis all the same; which end of it is left is then nobody's to say."""
    assert {"upside_down", "refused"} <= befallen(protocol_id, UpsideDown("pelvis"))


@pytest.mark.parametrize("protocol_id", ["phe", "pir", "ely"])
def test_two_poses_do_not_mind_a_sensor_upside_down(protocol_id: str) -> None:
    """Left is where standing and lying say, whichever end of the sensor is up."""
    usual = process(simulate_trial(protocol_id, "left", 3).recording).result
    config = TrialConfig(mishaps=(UpsideDown("pelvis"),))
    turned = process(simulate_trial(protocol_id, "left", 3, config).recording).result
    for a, b in zip(usual.repetitions, turned.repetitions, strict=True):
        assert b.comp_deg == pytest.approx(a.comp_deg, abs=0.3)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("protocol_id", "swap", "code"),
    [
        ("pslr", Swapped(), "swapped"),
        ("k2c", Swapped(), "swapped"),
        ("march", Swapped(), "swapped"),
        ("squat", Swapped(), "swapped"),
        ("abd", Swapped(), "swapped"),
        ("fb", Swapped("pelvis", "trunk"), "swapped"),
        ("phe", Swapped(), "preset_refused"),
        ("mtt", Swapped(), "poses_not_across"),
        ("pir", Swapped("pelvis", "shank"), "poses_not_across"),
        ("ake", Swapped("thigh", "shank"), "no_repetition"),
    ],
)
def test_two_sensors_on_each_others_segments_are_refused(
    protocol_id: str, swap: Swapped, code: str, side: Side
) -> None:
    assert {code, "refused"} <= befallen(protocol_id, swap, side=side)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("protocol_id", ["pslr", "k2c", "phe", "ake", "pir", "ely"])
def test_sensors_on_the_other_leg_sit_the_wrong_way_round(protocol_id: str, side: Side) -> None:
    assert {"preset_refused", "refused"} <= befallen(protocol_id, OtherLeg(), side=side)


@pytest.mark.parametrize("protocol_id", ["march", "mtt"])
def test_the_other_leg_is_told_where_it_wears_a_sensor(protocol_id: str) -> None:
    roles: tuple[Role, ...] = ("pelvis", "thigh", "shank", "thigh_other")
    config = TrialConfig(roles=roles, mishaps=(OtherLeg(),))
    assert {"other_leg", "refused"} <= told(simulate_trial(protocol_id, "left", 3, config))


@pytest.mark.parametrize(
    ("protocol_id", "mishap"),
    [
        ("pslr", WrongPosture("standing")), ("pslr", WrongPosture("prone")),
        ("k2c", WrongPosture("prone")), ("ake", WrongPosture("prone")),
        ("phe", WrongPosture("supine")), ("mtt", WrongPosture("prone")),
        ("fb", WrongPosture("supine")),
    ],
)  # fmt: skip
def test_the_wrong_posture_is_told(protocol_id: str, mishap: WrongPosture) -> None:
    assert {"wrong_posture", "refused"} <= befallen(protocol_id, mishap)


@pytest.mark.parametrize(
    ("protocol_id", "mishap"),
    [
        ("abd", WrongPosture("supine")),
        ("sir", WrongPosture("supine")),
        ("pslr", WrongPosture("side_lying")),
    ],
)
def test_a_posture_in_which_no_axis_can_be_found_is_refused(
    protocol_id: str, mishap: WrongPosture
) -> None:
    assert {"preset_refused", "refused"} <= befallen(protocol_id, mishap)


@pytest.mark.parametrize(("protocol_id", "turn_deg"), [("phe", -50), ("pir", -50), ("mtt", 50)])
def test_two_poses_that_are_not_90_apart_are_refused(protocol_id: str, turn_deg: float) -> None:
    assert {"poses_not_across", "refused"} <= befallen(protocol_id, HalfLying(turn_deg))


@pytest.mark.parametrize(
    ("protocol_id", "role"),
    [("pslr", "thigh"), ("fb", "trunk"), ("pir", "shank"), ("phe", "pelvis")],
)
def test_a_restless_reference_is_refused(protocol_id: str, role: Role) -> None:
    assert {"reference_moving", "refused"} <= befallen(protocol_id, Restless(role))


@pytest.mark.parametrize("protocol_id", ["pslr", "phe", "pir", "fb", "sit", "abd"])
def test_without_a_hold_there_is_only_a_peak(protocol_id: str) -> None:
    how = Performance(hold_s=0.0, peak_rate_deg_s=90.0, seated_s=0.0)
    assert "peak_only" in performed(protocol_id, how)


@pytest.mark.parametrize("protocol_id", ["pslr", "pir", "phe", "abd", "squat"])
def test_who_misses_the_start_position_is_told(protocol_id: str) -> None:
    codes = performed(protocol_id, Performance(return_error_deg=7.0))
    assert codes & {"drift", "drift_high"}


@pytest.mark.parametrize(
    ("protocol_id", "stray"),
    [
        ("pslr", Sideways()),
        ("phe", Sideways(plane="axial")),
        ("march", Sideways(plane="axial")),
        ("squat", Sideways(plane="axial")),
    ],
)
def test_who_leaves_the_plane_is_told(protocol_id: str, stray: Sideways) -> None:
    assert befallen(protocol_id, stray) & {"out_of_plane", "out_of_plane_high"}


GUARDS: dict[str, tuple[Performance, tuple[Role, ...]]] = {
    "pslr": (Performance(knee_bend_deg=15.0), ("pelvis", "thigh", "shank")),
    "aslr": (Performance(knee_bend_deg=15.0), ("pelvis", "thigh", "shank")),
    "ake": (Performance(thigh_leaves_deg=12.0), ()),
    "pke": (Performance(thigh_leaves_deg=12.0), ()),
    "mtt": (Performance(share=0.09), ()),
}
"""A knee that bends, a thigh that leaves the vertical, a pelvis that is not held."""


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("protocol_id", GUARDS)
def test_what_must_hold_at_the_end_of_range_is_watched(protocol_id: str, side: Side) -> None:
    how, roles = GUARDS[protocol_id]
    assert "guard" in performed(protocol_id, how, *roles, side=side)


@pytest.mark.parametrize("protocol_id", ["pslr", "pir"])
def test_much_loss_is_told(protocol_id: str) -> None:
    lossy = TrialConfig(radio=RadioModel(loss_probability=0.1))
    assert {"loss_high", "refused"} <= told(simulate_trial(protocol_id, "left", 3, lossy))


@pytest.mark.parametrize("protocol_id", ["pslr", "phe", "pir", "fb"])
def test_a_gap_at_the_end_of_range_is_told(protocol_id: str) -> None:
    assert {"gap_long", "gap_in_plateau"} <= befallen(protocol_id, Silence("pelvis"))


@pytest.mark.parametrize("protocol_id", ["pslr", "phe", "pir", "fb"])
def test_pain_before_there_is_a_value_is_told(protocol_id: str) -> None:
    codes = befallen(protocol_id, PainStop(n=1, too_early=True))
    assert {"pain_without_value", "refused"} <= codes


def test_pain_that_ends_a_trial_is_kept_with_what_was_measured() -> None:
    config = TrialConfig(mishaps=(PainStop(n=2, nrs=6),))
    result = process(simulate_trial("pslr", "left", 3, config).recording).result
    assert len(result.repetitions) == 2
    assert (result.pain_nrs, result.end_point) == (6.0, "pain")
