"""Calibrating from still poses that were recorded before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from collector.cli import output
from schemas.errors import UsageError

if TYPE_CHECKING:
    from schemas.calibration import AccelerometerCalibration
    from schemas.recording import Recording, SensorUse

    Found = tuple[str, str, AccelerometerCalibration]


def of_recording(recording: Recording, word: str | None) -> list[Found]:
    """Calibrate the sensor that `word` names, or every sensor of the recording."""
    from collector.live.sensors.poses import calibration_of, recorded_samples

    found = []
    for use, chunk in zip(recording.info.sensors, recording.chunks, strict=True):
        if word is None or word.lower() in (use.segment, use.alias, use.alias[:6]):
            samples, rate_hz = recorded_samples(use, chunk)
            calibration = calibration_of(samples, rate_hz, recording.info.utc)
            found.append((f"{use.segment} ({use.alias[:6]})", use.alias, calibration))
    if not found:
        raise UsageError(
            f"The recording has no sensor {word!r}: expected one of"
            f" {_uses(recording.info.sensors)}.",
            reason="bad_sensor",
        )
    return found


def _uses(uses: Sequence[SensorUse]) -> str:
    return ", ".join(f"{use.segment} ({use.alias[:6]})" for use in uses)


def traced(file: Path) -> Recording:
    """Return a trace file's recording, and say what is wrong with it."""
    from collector.imports.trace import read_trace

    trace = read_trace(file)
    for reason in trace.reasons:
        output.say(f"{file.name}: {reason.sentence}")
    return trace.recording


def stored(trial: int, path: Path | None) -> Recording:
    """Return a stored trial's recording."""
    from collector.store import open_store

    with open_store(path, create=False) as store:
        return store.load_recording(trial)
