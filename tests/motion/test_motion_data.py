"""What other people's recordings prove about tilt, calibration and angles."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from motion_kit import calibrate, clock

from collector.motion.align import align
from collector.motion.angles import angles_of, relative_rotation_deg
from collector.motion.inclination import angle_between_rad
from collector.motion.quaternion import up_of_quat
from collector.motion.startup import FROZEN, OFF_GRAVITY
from collector.motion.tilt import tilt_of
from schemas.motion import Angles, FilterChoice, Streams
from schemas.recording import Window
from schemas.samples import Samples
from schemas.segments import Side
from schemas.units import DEG_PER_RAD, G_M_S2, RAD_PER_DEG, FloatArray

pytestmark = pytest.mark.data

SEATED_S = (15.0, 36.0)
NAMED_AXES = {"pelvis": "+y", "trunk": "+y"}
DOT_FILES = {
    "pelvis": "Pelvis_20210820_202113_836.csv",
    "thigh_right": "RFemur_20210820_202113_840.csv",
    "thigh_left": "LFemur_20210820_202113_831.csv",
}


@pytest.mark.parametrize(
    ("trial", "live_deg", "offline_deg"),
    [
        ("broad_02_undisturbed_slow_rotation_B", 0.40, 0.26),
        ("broad_11_undisturbed_slow_translation_B", 0.41, 0.25),
        ("broad_21_undisturbed_fast_combined", 1.86, 0.76),
        ("broad_25_disturbed_tapping_B", 0.37, 0.25),
    ],
)
def test_inclination_is_as_good_against_optics_as_vqf_alone(data_dir, trial, live_deg, offline_deg):
    with np.load(data_dir / "inclination_optical" / f"{trial}.npz") as file:
        acc, gyr = (np.array(file[k], np.float64, order="C") for k in ("acc_m_s2", "gyr_rad_s"))
        optical = up_of_quat(file["quat_wxyz_sensor_to_enu"].astype(np.float64))
        moving, rate_hz = file["movement"], float(file["rate_hz"])
    t_s = np.arange(len(moving)) / rate_hz
    samples = Samples(np.rint(t_s * 1e6).astype(np.int64), t_s, acc, gyr)
    judged = moving & np.isfinite(optical).all(axis=1)

    for filter_, bar_deg in (("live", live_deg), ("offline", offline_deg)):
        fit = clock(t_s, rate_hz=rate_hz)
        up = align({"pelvis": tilt_of(samples, fit, filter_=filter_)}, {"pelvis": fit}).up["pelvis"]
        error = DEG_PER_RAD * angle_between_rad(up[judged], optical[judged])
        assert np.sqrt(np.mean(error**2)) <= bar_deg + 0.02


@cache
def sitting_down(folder: Path, filter_: FilterChoice, side: Side) -> Angles:
    tilts, clocks, calibrations = {}, {}, {}
    for segment in ("pelvis", "trunk", "thigh_left", "thigh_right"):
        rows = np.loadtxt(folder / f"{segment}.csv", delimiter=",", skiprows=1)
        t_s, acc, gyr = (np.array(rows[:, k], order="C") for k in (0, slice(1, 4), slice(4, 7)))
        samples = Samples(np.rint(t_s * 1e6).astype(np.int64), t_s, acc, gyr)
        clocks[segment] = clock(t_s)
        tilts[segment] = tilt_of(samples, clocks[segment], filter_=filter_)
        calibrations[segment] = calibrate(
            samples,
            clocks[segment],
            tilts[segment],
            segment=segment,
            axis=NAMED_AXES.get(segment, "auto"),
            reference=Window(0.5, 3.5),
        )
    return angles_of(align(tilts, clocks), calibrations, side=side)


@pytest.mark.parametrize("filter_", ["live", "offline"])
@pytest.mark.parametrize(("side", "thigh_deg"), [("left", 80.1), ("right", 80.4)])
def test_sitting_flexes_the_hip_by_58_and_the_back_by_28(data_dir, filter_, side, thigh_deg):
    angles = sitting_down(data_dir / "pelvis_lumbar_thighs", filter_, side)
    seated = (angles.t_s > SEATED_S[0]) & (angles.t_s < SEATED_S[1])
    found = {name: float(np.median(deg[seated])) for name, deg in angles.deg.items()}

    assert found["thigh_deg"] == pytest.approx(thigh_deg, abs=0.5)
    assert found["pelvis_deg"] == pytest.approx(-22.2, abs=0.5)
    assert found["trunk_deg"] == pytest.approx(5.9, abs=0.5)
    assert found["hip_deg"] == pytest.approx(58.0, abs=2.0)
    assert found["lumbar_deg"] == pytest.approx(28.0, abs=3.0)


@pytest.mark.parametrize("thigh", ["thigh_left", "thigh_right"])
def test_sitting_down_once_is_sweep_enough(data_dir, thigh):
    rows = np.loadtxt(data_dir / "pelvis_lumbar_thighs" / f"{thigh}.csv", delimiter=",", skiprows=1)
    t_s, acc, gyr = (np.array(rows[:, k], order="C") for k in (0, slice(1, 4), slice(4, 7)))
    samples = Samples(np.rint(t_s * 1e6).astype(np.int64), t_s, acc, gyr)
    tilt = tilt_of(samples, clock(t_s))

    found = calibrate(
        samples, clock(t_s), tilt, segment=thigh, reference=Window(0.5, 3.5), sweep=Window(8, 14)
    )

    assert found.variance_ratio is not None
    assert found.variance_ratio > 0.95
    assert found.reasons == ()


def dot_samples(path: Path) -> Samples:
    lines = path.read_text(encoding="utf-8").splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("PacketCounter"))
    names = lines[first].split(",")
    columns = [names.index(n) for n in ("SampleTimeFine", "Quat_W", "Quat_X", "Quat_Y", "Quat_Z")]
    rows = np.loadtxt(lines[first + 1 :], delimiter=",", usecols=columns)
    t_us = rows[:, 0].astype(np.int64)
    return Samples(t_us, rows[:, 0] / 1e6, quat_wxyz=np.ascontiguousarray(rows[:, 1:]))


def dot_streams(folder: Path, *segments: str) -> tuple[Streams, Angles]:
    tilts, clocks, calibrations = {}, {}, {}
    for name in segments:
        samples = dot_samples(folder / DOT_FILES[name])
        clocks[name] = clock(samples.device_time_s, rate_hz=60.0)
        tilts[name] = tilt_of(samples, clocks[name])
        calibrations[name] = calibrate(samples, clocks[name], tilts[name], segment=name)
    streams = align(tilts, clocks)
    return streams, angles_of(streams, calibrations, side=None, zero="first_sample")


@pytest.mark.parametrize(
    ("thigh", "largest_deg", "matched"), [("thigh_right", 99.67, 381), ("thigh_left", 42.44, 195)]
)
def test_dot_orientations_give_the_known_relative_rotation(data_dir, thigh, largest_deg, matched):
    streams, _ = dot_streams(data_dir / "dot_pelvis_thigh", "pelvis", thigh)

    relative = relative_rotation_deg(streams, thigh)

    assert round(float(np.nanmax(relative)), 2) == largest_deg
    assert np.isfinite(relative).sum() == streams.mask[thigh].sum() == matched


def test_the_dot_axes_are_found_without_a_reference(data_dir):
    streams, angles = dot_streams(data_dir / "dot_pelvis_thigh", "pelvis", "thigh_right")

    relative = relative_rotation_deg(streams, "thigh_right")
    assert relative[-1] == pytest.approx(8.89, abs=0.005)
    assert np.abs(angles.deg["hip_deg"]).max() == pytest.approx(relative.max(), abs=1.0)


@pytest.mark.parametrize(
    ("segment", "largest_deg"), [("pelvis", 50.86), ("thigh_right", 49.30), ("thigh_left", 15.75)]
)
def test_dot_tilt_changes_as_known(data_dir, segment, largest_deg):
    samples = dot_samples(data_dir / "dot_pelvis_thigh" / DOT_FILES[segment])
    up = tilt_of(samples, clock(samples.device_time_s, rate_hz=60.0)).up

    change = DEG_PER_RAD * angle_between_rad(up, np.broadcast_to(up[0], up.shape))

    assert change.max() == pytest.approx(largest_deg, abs=0.01)


def witmotion_samples(path: Path) -> Samples:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    heard = [(line["t"], bytes.fromhex(line["hex"])) for line in lines if "hex" in line]
    frames = [(t, data[i + 2 : i + 20]) for t, data in heard for i in range(0, len(data), 20)]
    raw = np.array([np.frombuffer(frame, "<i2") for _, frame in frames], dtype=np.float64)
    scaled: list[FloatArray] = [
        raw[:, 0:3] / 2048.0 * G_M_S2,
        raw[:, 3:6] * 2000.0 / 32768.0 * RAD_PER_DEG,
        raw[:, 6:9] * 180.0 / 32768.0 * RAD_PER_DEG,
    ]
    arrival_us = np.array([round(t * 1e6) for t, _ in frames])
    return Samples(arrival_us, None, scaled[0], scaled[1], euler_rad=scaled[2])


@pytest.mark.parametrize(("choice", "usable"), [("auto", 288), ("vendor", 0)])
def test_the_frozen_witmotion_angles_are_never_used(data_dir, choice, usable):
    samples = witmotion_samples(data_dir / "witmotion_notifications" / "wt901-100hz.jsonl")
    t_s = np.arange(len(samples)) / 99.3

    tilt = tilt_of(samples, clock(t_s, rate_hz=99.3), choice=choice)

    assert tilt.reasons == (FROZEN, OFF_GRAVITY)
    assert tilt.valid.sum() == usable
