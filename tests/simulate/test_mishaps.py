from __future__ import annotations

import numpy as np
import pytest

from collector.simulate import Performance, SensorErrors, Simulated, TrialConfig, simulate_trial
from collector.simulate.mishaps import (
    HalfLying,
    Mishap,
    Nudge,
    PainStop,
    Restless,
    Sideways,
    Silence,
    Slip,
    Swapped,
    UpsideDown,
)
from devices.registry import profile
from schemas.recording import END_POINT, PAIN
from schemas.samples import Samples

FLAWLESS = SensorErrors(
    acc_bias_mg=0.0, gyr_bias_deg_s=0.0, scale=0.0, acc_noise_mg=0.0, gyr_noise_deg_s=0.0,
    rate_error=0.0, mounting_deg=0.0,
)  # fmt: skip
CALM = Performance(sway_deg=0.0, out_of_plane_deg=0.0, return_error_deg=0.0)


def befallen(protocol_id: str, *mishaps: Mishap) -> Simulated:
    config = TrialConfig(how=CALM, errors=FLAWLESS, mishaps=mishaps)
    return simulate_trial(protocol_id, "left", 3, config)


def decoded(trial: Simulated, index: int) -> Samples:
    use = trial.recording.info.sensors[index]
    return profile(use.profile_id).decoder(use.mode).feed(trial.recording.chunks[index]).samples


def lean_deg(trial: Simulated, index: int, last: int) -> float:
    """How far up has moved in the sensor between its first and its last rest."""
    acc = decoded(trial, index).acc_m_s2
    first, then = acc[:50].mean(axis=0), acc[-last:].mean(axis=0)
    cosine = first @ then / np.linalg.norm(first) / np.linalg.norm(then)
    return float(np.degrees(np.arccos(min(1.0, cosine))))


def test_a_slipped_sensor_shows_it_and_felt_it() -> None:
    """12 degrees, in up and in the turning that the gyroscope felt."""
    usual, slipped = befallen("pslr"), befallen("pslr", Slip("pelvis", 12.0))
    assert lean_deg(usual, 0, 100) < 0.3
    assert lean_deg(slipped, 0, 100) == pytest.approx(12.0, abs=0.3)
    turned = decoded(slipped, 0).gyr_rad_s - decoded(usual, 0).gyr_rad_s
    assert np.degrees(np.linalg.norm(turned.sum(axis=0)) / 100.0) == pytest.approx(12.0, abs=0.3)
    assert slipped.truth.repetitions == usual.truth.repetitions


def test_upside_down_is_half_a_turn_about_the_face() -> None:
    usual, turned = (decoded(befallen("fb", *m), 0).acc_m_s2 for m in ((), (UpsideDown("pelvis"),)))
    assert turned[:100].mean(axis=0) == pytest.approx(
        usual[:100].mean(axis=0) * (-1, -1, 1), abs=0.05
    )


def test_swapped_sensors_feel_each_others_segments() -> None:
    quiet, moving = (
        np.abs(decoded(befallen("pslr", Swapped()), k).gyr_rad_s).max() for k in (1, 0)
    )
    assert quiet < moving


def test_half_way_down_is_half_way_down() -> None:
    trial = befallen("phe", HalfLying(-50.0))
    up = decoded(trial, 0).acc_m_s2
    lying = trial.truth.person.reference
    rows = slice(round(lying.start_s * 100), round(lying.end_s * 100))
    cosine = up[50:250].mean(axis=0) @ up[rows].mean(axis=0) / 9.80665**2
    assert np.degrees(np.arccos(cosine)) == pytest.approx(50.0, abs=1.0)


def test_who_is_restless_moves_in_the_reference_alone() -> None:
    trial = befallen("pslr", Restless("thigh", 5.0))
    window = trial.truth.person.reference
    middle = trial.truth.at(np.array([window.start_s, 0.5 * (window.start_s + window.end_s)]))
    assert np.diff(middle["thigh_deg"])[0] == pytest.approx(5.0, abs=0.01)


def test_one_repetition_goes_aside_and_one_begins_the_wrong_way() -> None:
    truth = befallen("pslr", Sideways("thigh", 25.0, n=2), Nudge("pelvis", 18.0)).truth
    ends = np.array([true.plateau.end_s for true in truth.repetitions])
    assert truth.at(ends)["thigh_frontal_deg"] == pytest.approx([0.0, 25.0, 0.0], abs=0.1)
    assert truth.deg["pelvis_deg"].max() > 10.0


def test_silence_takes_notifications_of_one_sensor() -> None:
    usual, silent = befallen("pslr"), befallen("pslr", Silence("thigh", 1.0))
    missing = [
        len(a) - len(b)
        for a, b in zip(usual.recording.chunks, silent.recording.chunks, strict=True)
    ]
    assert missing[0] == 0
    assert missing[1] == pytest.approx(25, abs=4)  # four frames of 100 Hz in each


def test_pain_ends_the_trial_and_is_noted() -> None:
    trial = befallen("pslr", PainStop(n=2, nrs=7))
    assert len(trial.truth.repetitions) == 2
    assert [(e.kind, e.text) for e in trial.recording.events] == [(PAIN, "7"), (END_POINT, "pain")]
