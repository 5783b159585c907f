from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from collector.store import Store, open_store
from schemas.calibration import AccelerometerCalibration
from schemas.chunk import Chunk, Notification
from schemas.motion import Gap
from schemas.recording import Event, Recording, RecordingInfo, SensorUse, Window
from schemas.result import (
    Certificate,
    Reason,
    Repetition,
    SensorCertificate,
    SetResult,
    TrialResult,
    Versions,
)

UTC = "2026-05-04T09:30:00Z"


def chunk(seed: int = 0, notifications: int = 25, start_us: int = 0) -> Chunk:
    """Four WitMotion-like frames a notification, with a register reply now and then."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(notifications):
        frames = rng.integers(-300, 300, (4, 9)).astype("<i2")
        payload = b"".join(b"\x55\x61" + frame.tobytes() for frame in frames)
        rows.append(Notification(start_us + 40_000 * i, False, "ffe4", payload))
        if i % 10 == 3:
            rows.append(Notification(start_us + 40_000 * i, True, "ffe9", b"\xff\xaa\x27\x64\x00"))
    return Chunk.of(rows)


def info(**changes: object) -> RecordingInfo:
    calibration = AccelerometerCalibration((0.1, -0.2, 0.30000000000000004), (1.0, 1.01, 0.99),
                                           0.02, 6, "2026-05-01T08:00:00Z")  # fmt: skip
    sensors = (
        SensorUse("pelvis", "witmotion", 1, "0123456789abcdef", "arrival", None, 100.0, "+y"),
        SensorUse("thigh_right", "witmotion", 1, "fedcba9876543210", "arrival", None, 99.5,
                  "auto", "lateral thigh", "10080.1.22", calibration),
    )  # fmt: skip
    values: dict[str, object] = {
        "sensors": sensors,
        "utc": UTC,
        "protocol": "pslr",
        "side": "right",
        "reference": Window(0.1, 2.9),
        "sweep": Window(3.0, 20.0),
        "origin_s": 12.25,
        "note": "quiet room",
        "redacted": ("register 0x66", "register 0x67"),
        "protocol_text": 'title = "Größe"\n',
        "faults": ("trace_cut",),
        "upright": Window(-2.5, 0.05),
        "examiner": "EX-2",
    }
    return RecordingInfo(**(values | changes))  # type: ignore[arg-type]  # a test's shorthand


def recording(**changes: object) -> Recording:
    return Recording(
        info(**changes), (chunk(1), chunk(2)), (Event(5, "mark", "go"), Event(9, "pain", "P1"))
    )


def repetition(n: int) -> Repetition:
    return Repetition(
        n=n, start_s=1.1 * n, onset_s=None, plateau_start_s=2.0, plateau_end_s=3.0, end_s=4.0,
        tot_deg=80.1, hip_deg=0.1 + 0.2, comp_deg=1 / 3, comp_signed_deg=-1 / 3, lum_deg=None,
        share_pct=33.3, slope=0.5, slope_r=0.99, hip_at_c5_deg=20.0, early_pct=None, lag_s=0.4,
        lag_pct=10.0, out_of_plane_deg=1.5, drift_deg=-0.25, peak_rate_deg_s=30.0,
        peak_only=False, grade="B", reasons=(Reason("late", "It came late."),),
    )  # fmt: skip


def certificate() -> Certificate:
    sensor = SensorCertificate(
        profile="witmotion", profile_version=1, firmware="", expected=100, received=98, lost=2,
        lost_uncertainty=1, duplicated=0, out_of_order=0, damaged=0, skipped_bytes=3,
        rate_hz=99.87654321, clock="arrival", clock_segments=2, clock_bound_ms=10.0,
        clock_residual_ms=None, gaps=(Gap(1.0, 1.02, 2), Gap(3.0, 3.01, 1)), stalls=1,
        tilt_source="vqf", filter="offline", axis_method="sweep", axis_variance_ratio=0.97,
        axis_to_vertical_deg=89.0, reference_sd_deg=0.02, acc_residual_m_s2=0.02,
        acc_calibration_utc="2026-05-01T08:00:00Z",
    )  # fmt: skip
    reasons = (Reason("loss", "2 % were lost."),)
    return Certificate({"pelvis": sensor}, 10.0, 38.5, "reference", True, "ab" * 32, reasons)


def result(**changes: object) -> TrialResult:
    values: dict[str, object] = {
        "protocol": "pslr",
        "side": "right",
        "grade": "B",
        "reasons": (Reason("loss", "2 % were lost."), Reason("late", "It came late.")),
        "repetitions": (repetition(1), repetition(2)),
        "set": SetResult("ama-1", (1, 2), None, tot_mean_deg=80.1),
        "certificate": certificate(),
        "versions": Versions("0.1.0", 1, 1, "auto", "offline"),
        "extra": {"knee_deg": 12.5},
    }
    return TrialResult(**(values | changes))  # type: ignore[arg-type]  # a test's shorthand


@pytest.fixture
def make_chunk() -> Callable[..., Chunk]:
    return chunk


@pytest.fixture
def make_info() -> Callable[..., RecordingInfo]:
    return info


@pytest.fixture
def make_recording() -> Callable[..., Recording]:
    return recording


@pytest.fixture
def make_result() -> Callable[..., TrialResult]:
    return result


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hipgonio.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_store(path) as opened:
        yield opened
