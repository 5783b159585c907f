"""What the certificate gathers from the stages, held against the stages themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from collector.pipeline import process
from collector.simulate import simulate_trial
from schemas.chunk import Chunk, Notification
from schemas.recording import Recording, Window

ROLL_ZERO_2_DEG = bytes.fromhex("5571 7900 6c01 0000 000000000000 000000000000")
"""Register 0x79 holds 364, which is 2 degrees in the sensor's units (its maker's own example)."""


@pytest.fixture(scope="module")
def recording() -> Recording:
    return simulate_trial("pslr", "left", 4).recording


@pytest.fixture(scope="module")
def certificate(recording):
    return process(recording).result.certificate


def test_the_trials_clock_bound_is_that_of_its_worst_sensor(certificate):
    bounds = [sensor.clock_bound_ms for sensor in certificate.sensors.values()]
    assert min(bounds) < max(bounds) == certificate.clock_bound_ms


def test_the_reference_ages_until_the_recording_ends(recording, certificate):
    end_s = max(int(chunk.t_us[-1]) for chunk in recording.chunks) / 1e6
    assert recording.info.reference is not None
    age_min = (end_s - recording.info.reference.end_s) / 60.0
    for sensor in certificate.sensors.values():
        assert sensor.calibration_age_min == pytest.approx(age_min, abs=0.01)


def test_times_that_begin_elsewhere_do_not_age_the_reference(recording, certificate):
    info = recording.info
    assert info.reference is not None
    moved = Window(info.reference.start_s + 7200.0, info.reference.end_s + 7200.0)
    later = replace(recording, info=replace(info, origin_s=7200.0, reference=moved))
    again = process(later).result.certificate
    assert [s.calibration_age_min for s in again.sensors.values()] == pytest.approx(
        [s.calibration_age_min for s in certificate.sensors.values()]
    )


def test_a_zero_kept_inside_the_sensor_is_told(recording, certificate):
    pelvis, *others = recording.chunks
    told = Notification(int(pelvis.t_us[0]), False, "ffe4", ROLL_ZERO_2_DEG)
    with_reply = replace(recording, chunks=(Chunk.of([told, *pelvis.notifications()]), *others))
    reasons = {r.code: r.sentence for r in process(with_reply).result.certificate.reasons}
    assert "device_zero_reference" not in {r.code for r in certificate.reasons}
    assert reasons["device_zero_reference"].startswith("pelvis: ")
    assert "roll 2.00 degrees" in reasons["device_zero_reference"]
