"""How a sensor was calibrated, in words: how its axis was found, how good that was, how old."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.result import SensorCertificate

AXIS_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "axis": "named by the examiner",
        "sweep": "by the movement",
        "preset": "by its site",
        "two_poses": "by standing and lying",
        "kept": "kept from an earlier trial",
        "none": "not found",
    }
)
ZERO_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "reference": "zero is the reference pose",
        "standing": "zero is the standing pose",
        "first_sample": "zero is the first sample",
    }
)


def how_good(sensor: SensorCertificate) -> str:
    """Return the number that goes with the way in which the axis was found."""
    if sensor.poses_deg is not None:
        return f"poses {sensor.poses_deg:.0f}\u00b0 apart"
    if sensor.axis_method == "sweep" and sensor.axis_variance_ratio is not None:
        return f"variance ratio {sensor.axis_variance_ratio:.2f}"
    if sensor.expected_off_deg is not None:
        against = "last time" if sensor.axis_method == "kept" else "its site"
        return f"{sensor.expected_off_deg:.0f}\u00b0 off {against}"
    return "-"


def age_text(minutes: float) -> str:
    """Return an age in the unit that a person would take."""
    if minutes < 120.0:
        return f"{minutes:.0f} min" if minutes >= 1.0 else "under 1 min"
    hours = minutes / 60.0
    return f"{hours:.0f} hours" if hours < 48.0 else f"{hours / 24.0:.0f} days"
