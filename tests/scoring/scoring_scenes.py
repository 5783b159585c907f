"""Angle traces with known values, and a certificate without a fault, for the scoring tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from schemas.motion import Angles
from schemas.protocol import load
from schemas.result import Certificate, SensorCertificate

RATE_HZ = 100.0


def smoothstep(t, start_s, duration_s):
    """0 before, 1 after, 3x^2 - 2x^3 between."""
    x = np.clip((t - start_s) / duration_s, 0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)


def movement(peaks, *, hold_s=2.0, rise_s=2.5, rest_s=2.0, first_s=3.0, lag_s=0.0, rate_hz=RATE_HZ):
    """Return times and a trace that goes up to each peak, holds, and comes back to zero."""
    cycle_s = 2.0 * rise_s + hold_s + rest_s
    t = np.arange(round((first_s + len(peaks) * cycle_s) * rate_hz)) / rate_hz
    x = np.zeros_like(t)
    for k, peak in enumerate(peaks):
        up_s = first_s + k * cycle_s
        down_s = up_s + rise_s + hold_s
        x += peak * (smoothstep(t, up_s + lag_s, rise_s - lag_s) - smoothstep(t, down_s, rise_s))
    return t, x


def angles_of(t, *, rate_hz=RATE_HZ, oop=None, zero="reference", **channels) -> Angles:
    deg = {f"{name}_deg": np.array(x, dtype=np.float64) for name, x in channels.items()}
    if "lumbar_deg" not in deg and "pelvis_deg" in deg:
        trunk = deg.get("trunk_deg", np.zeros_like(t))
        deg["lumbar_deg"] = trunk - deg["pelvis_deg"]
    return Angles(
        t_s=t,
        rate_hz=rate_hz,
        deg=deg,
        out_of_plane_deg=oop or {},
        zero=zero,
        lumbar_is_proxy="trunk_deg" not in deg,
    )


def leg_raise(thigh=(71.0, 72.0, 73.0), pelvis=(-26.0, -27.0, -26.0), *, lag_s=0.5, **timing):
    """Return the angles of a `pslr` whose plateaus are given; the pelvis sets in `lag_s` later."""
    t, f = movement(thigh, **timing)
    _, p = movement(pelvis, lag_s=lag_s, **timing)
    return angles_of(t, thigh=f, pelvis=p)


SENSOR = SensorCertificate(
    profile="witmotion",
    profile_version=1,
    firmware="",
    expected=3000,
    received=3000,
    lost=0,
    lost_uncertainty=0,
    duplicated=0,
    out_of_order=0,
    damaged=0,
    skipped_bytes=0,
    rate_hz=RATE_HZ,
    clock="arrival",
    clock_segments=1,
    clock_bound_ms=8.0,
    clock_residual_ms=2.0,
    gaps=(),
    stalls=0,
    tilt_source="vqf",
    filter="offline",
    axis_method="sweep",
    axis_variance_ratio=0.98,
    axis_to_vertical_deg=88.0,
    reference_sd_deg=0.1,
    acc_calibration_utc=None,
    acc_residual_m_s2=None,
)


def certificate(
    segments: Sequence[str] = ("pelvis", "thigh_left"), *, bound_ms=8.0, reasons=(), **sensor
) -> Certificate:
    """Return a certificate of good sensors; keywords change the first segment's."""
    sensors = dict.fromkeys(segments, SENSOR)
    sensors[segments[0]] = replace(SENSOR, **sensor)
    return Certificate(
        sensors=sensors,
        clock_bound_ms=bound_ms,
        overlap_s=30.0,
        zero="reference",
        lumbar_is_proxy=True,
        raw_sha256="",
        reasons=tuple(reasons),
    )


PSLR = load("pslr")
