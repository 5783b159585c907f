from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from collector.simulate import (
    Performance,
    RadioModel,
    SensorErrors,
    Simulated,
    TrialConfig,
    simulate_six_poses,
    simulate_trial,
)
from devices.registry import profile
from schemas.errors import UsageError
from schemas.samples import Samples
from schemas.segments import Segment

TESTS = ("pslr", "k2c", "fb", "sts")
G = 9.80665
FLAWLESS = SensorErrors(
    acc_bias_mg=0.0, gyr_bias_deg_s=0.0, scale=0.0, acc_noise_mg=0.0, gyr_noise_deg_s=0.0
)
FAST = Performance(peak_rate_deg_s=150.0)


def decoded(trial: Simulated, index: int) -> Samples:
    use = trial.recording.info.sensors[index]
    decoder = profile(use.profile_id).decoder(use.mode)
    return decoder.feed(trial.recording.chunks[index]).samples


def hashes(trial: Simulated) -> list[str]:
    return [chunk.sha256() for chunk in trial.recording.chunks]


@pytest.mark.parametrize("protocol_id", TESTS)
def test_the_same_seed_gives_the_same_bytes(protocol_id: str) -> None:
    first, second = (simulate_trial(protocol_id, "left", 7) for _ in range(2))
    assert hashes(first) == hashes(second)
    assert first.recording.info == second.recording.info
    assert first.truth.repetitions == second.truth.repetitions


def test_another_seed_is_another_person() -> None:
    first, second = simulate_trial("pslr", "left", 1), simulate_trial("pslr", "left", 2)
    assert hashes(first) != hashes(second)
    assert first.truth.repetitions[0].tot_deg != second.truth.repetitions[0].tot_deg


def test_loss_takes_notifications_and_leaves_the_person_alone() -> None:
    whole = simulate_trial("pslr", "right", 3)
    lossy = simulate_trial("pslr", "right", 3, TrialConfig(radio=RadioModel(loss_probability=0.2)))
    assert lossy.truth.repetitions == whole.truth.repetitions
    kept = set(_payloads(lossy))
    assert kept < set(_payloads(whole))
    assert 0.7 < len(kept) / len(_payloads(whole)) < 0.9


def _payloads(trial: Simulated) -> list[bytes]:
    return [n.payload for n in trial.recording.chunks[0].notifications()]


def test_a_third_sensor_leaves_the_other_two_alone() -> None:
    two = simulate_trial("pslr", "right", 3)
    three = simulate_trial("pslr", "right", 3, TrialConfig(roles=("pelvis", "thigh", "trunk")))
    assert hashes(three)[:2] == hashes(two)


def test_worse_accelerometers_leave_the_rest_of_the_sensor_alone() -> None:
    good = simulate_trial("pslr", "left", 3).sensors["thigh_left"]
    cheap = TrialConfig(errors=SensorErrors(acc_bias_mg=15.0))
    bad = simulate_trial("pslr", "left", 3, cheap).sensors["thigh_left"]
    assert np.allclose(bad.acc_bias_m_s2, 7.5 * good.acc_bias_m_s2)
    assert np.array_equal(bad.mounting, good.mounting)
    assert np.array_equal(bad.gyr_bias_rad_s, good.gyr_bias_rad_s)


@pytest.mark.parametrize("protocol_id", TESTS)
@pytest.mark.parametrize("side", ["left", "right"])
def test_sensors_carry_the_names_of_the_tested_side(protocol_id: str, side: str) -> None:
    expected: dict[str, tuple[Segment, ...]] = {
        "pslr": ("pelvis", f"thigh_{side}"),
        "k2c": ("pelvis", f"thigh_{side}"),
        "fb": ("pelvis", "trunk"),
        "sts": ("pelvis", f"thigh_{side}", "trunk"),
    }
    info = simulate_trial(protocol_id, side, 1).recording.info
    assert tuple(use.segment for use in info.sensors) == expected[protocol_id]
    assert (info.protocol, info.side) == (protocol_id, side)


@pytest.mark.parametrize("protocol_id", TESTS)
def test_angles_have_the_clinical_signs(protocol_id: str) -> None:
    """hip = F + P and lumbar = T - P, with the signs of each test."""
    trial = simulate_trial(protocol_id, "right", 4)
    hold = trial.truth.repetitions[0].plateau
    deg = {k: v[0] for k, v in trial.truth.at(np.array([hold.end_s])).items()}
    assert deg["hip_deg"] == pytest.approx(deg["thigh_deg"] + deg["pelvis_deg"])
    assert deg["lumbar_deg"] == pytest.approx(deg["trunk_deg"] - deg["pelvis_deg"])
    assert deg["hip_deg"] > 20.0
    assert deg["lumbar_deg"] > 10.0
    assert (deg["pelvis_deg"] < 0.0) == (protocol_id in ("pslr", "k2c"))
    assert (deg["thigh_deg"] > 50.0) == (protocol_id != "fb")


def test_repetitions_come_to_the_worked_example() -> None:
    """Worked by hand, set means: TOT 72.0, HIP 45.67, COMP 26.33, share 36.6 %."""
    how = Performance(
        range_deg=72.0, share=26.33 / 72.0, repetition_sd_deg=0.0, sway_deg=0.0,
        return_error_deg=0.0,
    )  # fmt: skip
    for true in simulate_trial("pslr", "left", 1, TrialConfig(how=how)).truth.repetitions:
        found = (true.tot_deg, true.hip_deg, true.comp_deg, true.share_pct)
        assert found == pytest.approx((72.0, 45.67, 26.33, 36.57), abs=0.01)


FORMULAE = {
    "pslr": lambda p, _t, f: (f, f + p, -p),
    "k2c": lambda p, _t, f: (f, f + p, -p),
    "fb": lambda p, t, _f: (t, p, t - p),
    "sts": lambda p, t, f: (f + t, f + p, t - p),
}
"""TOT, HIP and COMP of each test, once more by hand."""


@pytest.mark.parametrize("protocol_id", TESTS)
def test_plateaus_follow_the_formulae_of_the_test(protocol_id: str) -> None:
    truth = simulate_trial(protocol_id, "left", 2).truth
    true = truth.repetitions[1]
    inside = (truth.t_s >= true.plateau.start_s) & (truth.t_s <= true.plateau.end_s)
    plateau = [np.median(truth.deg[f"{k}_deg"][inside]) for k in ("pelvis", "trunk", "thigh")]
    tot, hip, comp = FORMULAE[protocol_id](*plateau)
    assert (true.tot_deg, true.hip_deg, true.comp_deg) == pytest.approx((tot, hip, comp), abs=0.1)
    assert true.share_pct == pytest.approx(100.0 * comp / (comp + hip), abs=0.1)


@pytest.mark.parametrize("protocol_id", TESTS)
def test_a_late_pelvis_is_still_through_the_plateau_too(protocol_id: str) -> None:
    how = replace(FAST, lag_s=0.5)
    truth = simulate_trial(protocol_id, "left", 2, TrialConfig(how=how)).truth
    for true in truth.repetitions:
        t_s = np.linspace(true.plateau.start_s, true.plateau.end_s, 20)
        deg = truth.at(t_s)
        assert true.plateau.end_s - true.plateau.start_s >= 1.0
        assert max(np.ptp(deg[k]) for k in ("pelvis_deg", "thigh_deg", "trunk_deg")) < 1.5


@pytest.mark.parametrize("protocol_id", TESTS)
def test_the_movement_peaks_at_the_rate_that_was_asked_for(protocol_id: str) -> None:
    how = Performance(peak_rate_deg_s=75.0, sway_deg=0.0)
    truth = simulate_trial(protocol_id, "left", 2, TrialConfig(how=how)).truth
    moving = truth.deg["trunk_deg" if protocol_id == "fb" else "thigh_deg"]
    assert np.abs(np.gradient(moving, truth.t_s)).max() == pytest.approx(75.0, rel=1e-3)


@pytest.mark.parametrize("protocol_id", TESTS)
def test_everything_is_still_for_three_seconds_first(protocol_id: str) -> None:
    trial = simulate_trial(protocol_id, "left", 2)
    reference = trial.recording.info.reference
    assert reference is not None
    still = trial.truth.t_s < trial.truth.repetitions[0].start_s
    latest = max(sensor.start_s for sensor in trial.sensors.values())
    assert trial.truth.repetitions[0].start_s - latest >= 3.0
    assert latest < reference.start_s < reference.end_s < trial.truth.repetitions[0].start_s
    for deg in trial.truth.deg.values():
        assert np.std(deg[still]) < 0.5


def test_the_pelvis_sets_in_where_it_was_told_to() -> None:
    how = Performance(onset_deg=9.0, lag_s=0.0, sway_deg=0.0)
    truth = simulate_trial("pslr", "left", 2, TrialConfig(how=how)).truth
    before = truth.deg["thigh_deg"] <= 9.0
    assert np.all(truth.deg["pelvis_deg"][before] == 0.0)
    assert np.all(truth.deg["pelvis_deg"][truth.deg["thigh_deg"] > 12.0] < 0.0)


def test_the_pelvis_lags_by_the_time_it_was_given() -> None:
    how = Performance(lag_s=0.25, sway_deg=0.0, peak_rate_deg_s=60.0)
    truth = simulate_trial("fb", "left", 2, TrialConfig(how=how)).truth
    pelvis, trunk = (np.gradient(truth.deg[k]) for k in ("pelvis_deg", "trunk_deg"))
    shifts = np.arange(-40, 120)
    match = [float(np.dot(np.roll(trunk, s), pelvis)) for s in shifts]
    assert shifts[np.argmax(match)] / 200.0 == pytest.approx(0.25, abs=0.03)


def test_without_a_hold_the_plateau_is_one_instant() -> None:
    truth = simulate_trial("pslr", "left", 2, TrialConfig(how=replace(FAST, hold_s=0.0))).truth
    true = truth.repetitions[0]
    assert true.plateau.start_s == true.plateau.end_s
    assert true.tot_deg == pytest.approx(truth.deg["thigh_deg"].max(), abs=3.0)


@pytest.mark.parametrize("protocol_id", TESTS)
def test_decoded_rates_are_the_slopes_of_the_truth(protocol_id: str) -> None:
    """A planar movement: the size of the rate is |dP/dt|, to a count of 2000/32768 deg/s."""
    how = replace(FAST, out_of_plane_deg=0.0)
    trial = simulate_trial(protocol_id, "left", 5, TrialConfig(errors=FLAWLESS, how=how))
    samples = decoded(trial, 0)
    t_s = trial.sensors["pelvis"].sample_times_s(100.0, trial.truth.person.duration_s)
    step_s = 1e-4
    later, earlier = (trial.truth.at(t_s + h)["pelvis_deg"] for h in (step_s, -step_s))
    expected = np.abs(later - earlier)[: len(samples)] / (2.0 * step_s)
    size = np.degrees(np.linalg.norm(samples.gyr_rad_s, axis=1))
    assert size == pytest.approx(expected, abs=2000.0 / 32768)


def test_rates_carry_gravity_the_way_the_accelerometer_sees_it() -> None:
    """A vector that is still in the room turns backward in the sensor: du/dt = -w x u."""
    how = Performance(peak_rate_deg_s=20.0, sway_deg=0.0)
    trial = simulate_trial("k2c", "left", 5, TrialConfig(errors=FLAWLESS, how=how))
    samples = decoded(trial, 1)
    assert samples.acc_m_s2 is not None
    up = samples.acc_m_s2 / np.linalg.norm(samples.acc_m_s2, axis=1, keepdims=True)
    period_s = 0.01 / trial.sensors["thigh_left"].rate_factor
    turned = np.cumsum(-np.cross(samples.gyr_rad_s, up) * period_s, axis=0)
    assert np.ptp(up, axis=0).max() > 1.0
    assert turned == pytest.approx(up - up[0], abs=0.02)


def test_a_flawless_sensor_at_rest_reads_gravity_and_no_rate() -> None:
    how = Performance(sway_deg=0.0)
    trial = simulate_trial("pslr", "left", 5, TrialConfig(errors=FLAWLESS, how=how))
    samples = decoded(trial, 1)
    assert samples.acc_m_s2 is not None
    assert np.linalg.norm(samples.acc_m_s2[:250], axis=1) == pytest.approx(G, abs=0.006)
    assert np.all(samples.gyr_rad_s[:250] == 0.0)


def test_sensor_errors_stay_in_their_ranges_and_fill_them() -> None:
    sensors = [
        sensor
        for seed in range(40)
        for sensor in simulate_trial("pslr", "left", seed, TrialConfig(how=FAST)).sensors.values()
    ]
    for values, limit in (
        ([s.acc_bias_m_s2 for s in sensors], 0.002 * G),
        ([s.gyr_bias_rad_s for s in sensors], np.radians(0.5)),
        ([s.acc_scale - 1.0 for s in sensors], 0.005),
        ([s.gyr_scale - 1.0 for s in sensors], 0.005),
        ([s.rate_factor - 1.0 for s in sensors], 0.01),
    ):
        assert 0.9 * limit < np.abs(values).max() <= limit
        assert np.std(values) == pytest.approx(limit / np.sqrt(3.0), rel=0.2)


def test_noise_has_the_stated_size() -> None:
    errors = replace(FLAWLESS, acc_noise_mg=2.0, gyr_noise_deg_s=0.07)
    how = Performance(sway_deg=0.0, still_s=20.0, repetitions=1)
    samples = decoded(simulate_trial("pslr", "left", 5, TrialConfig(how=how, errors=errors)), 0)
    acc = np.std(samples.acc_m_s2[:1900], axis=0) / G * 1000.0
    gyr = np.degrees(np.std(samples.gyr_rad_s[:1900], axis=0))
    assert acc == pytest.approx([2.0] * 3, rel=0.1)
    assert gyr == pytest.approx([0.07] * 3, rel=0.15)


def test_the_sensor_rate_shows_in_the_number_of_frames() -> None:
    trial = simulate_trial("pslr", "left", 5)
    sensor = trial.sensors["pelvis"]
    seconds = trial.truth.person.duration_s - sensor.start_s
    frames = len(decoded(trial, 0))
    assert frames == pytest.approx(100.0 * sensor.rate_factor * seconds, abs=5)


def test_vendor_angles_agree_with_gravity_at_rest() -> None:
    trial = simulate_trial("pslr", "left", 5, TrialConfig(errors=FLAWLESS))
    samples = decoded(trial, 1)
    acc = samples.acc_m_s2[:300]
    roll, pitch, _ = samples.euler_rad[:300].T
    assert np.degrees(pitch) == pytest.approx(np.degrees(np.arcsin(-acc[:, 0] / G)), abs=1.0)
    up = np.stack([np.sin(roll) * np.cos(pitch), np.cos(roll) * np.cos(pitch)], axis=-1)
    assert up == pytest.approx(acc[:, 1:] / G, abs=0.02)


def test_the_startup_fault_freezes_angles_and_then_leaves_gravity() -> None:
    errors = replace(FLAWLESS, frozen_frames=256)
    samples = decoded(simulate_trial("pslr", "left", 5, TrialConfig(errors=errors)), 1)
    assert samples.euler_rad is not None
    assert samples.acc_m_s2 is not None
    assert len(np.unique(samples.euler_rad[:256], axis=0)) == 1
    roll, pitch, _ = samples.euler_rad[256]
    up = (-np.sin(pitch), np.sin(roll) * np.cos(pitch), np.cos(roll) * np.cos(pitch))
    off = np.degrees(np.arccos(up @ samples.acc_m_s2[256] / G))
    assert 20.0 < off < 41.0


@pytest.mark.parametrize("mode", [2, 3, 4, 5, 7, 16, 20, 26])
def test_the_other_family_sends_one_frame_at_a_time_with_its_own_clock(mode: int) -> None:
    config = TrialConfig(profile_id="movella_dot", mode=mode)
    trial = simulate_trial("pslr", "left", 5, config)
    use = trial.recording.info.sensors[1]
    assert (use.profile_id, use.mode, use.clock) == ("movella_dot", mode, "device")
    samples = decoded(trial, 1)
    assert len(samples) == len(trial.recording.chunks[1])
    assert np.diff(samples.device_time_s) == pytest.approx(1.0 / 60.0, abs=2e-6)


def test_its_quaternion_and_its_accelerometer_agree_at_rest() -> None:
    config = TrialConfig(profile_id="movella_dot", errors=FLAWLESS)
    samples = decoded(simulate_trial("pslr", "left", 5, config), 1)
    up = Rotation.from_quat(np.roll(samples.quat_wxyz[:150], -1, axis=1)).as_matrix()[:, 2]
    assert up == pytest.approx(samples.acc_m_s2[:150] / G, abs=0.015)


def test_six_poses_put_every_axis_up_and_down_at_rest() -> None:
    poses = simulate_six_poses(5, TrialConfig(errors=FLAWLESS))
    use, chunk = poses.recording.info.sensors[0], poses.recording.chunks[0]
    samples = profile(use.profile_id).decoder(use.mode).feed(chunk).samples
    assert samples.acc_m_s2 is not None
    assert samples.gyr_rad_s is not None
    still = np.linalg.norm(samples.gyr_rad_s, axis=1) < 0.01
    assert np.linalg.norm(samples.acc_m_s2[still], axis=1) == pytest.approx(G, abs=0.01)
    assert np.all(samples.acc_m_s2[still].max(axis=0) > 0.95 * G)
    assert np.all(samples.acc_m_s2[still].min(axis=0) < -0.95 * G)


def test_six_poses_lay_down_the_sensors_of_the_trial() -> None:
    cheap = TrialConfig(errors=SensorErrors(acc_bias_mg=15.0))
    poses = simulate_six_poses(5, cheap, roles=("thigh",), side="left")
    trial = simulate_trial("pslr", "left", 5, cheap)
    for name in ("acc_bias_m_s2", "acc_scale", "gyr_bias_rad_s"):
        mine, worn = (getattr(s["thigh_left"], name) for s in (poses.sensors, trial.sensors))
        assert np.array_equal(mine, worn)


def test_an_unknown_test_names_those_that_exist() -> None:
    with pytest.raises(UsageError, match="pslr, aslr, ake"):
        simulate_trial("juggling", "left", 1)
