"""What every sensor of a trial delivered, how it was calibrated, and what was missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from collector.report.calibration_words import AXIS_WORDS, age_text, how_good
from collector.report.certificate_formulae import tilt_words
from collector.report.wording import words
from schemas.motion import Gap
from schemas.result import Certificate, SensorCertificate

CLOCK_WORDS: Final[Mapping[str, str]] = {
    "shared": "the device's own time, which is the session's",
    "device": "the device's ticks, laid under the arrivals",
    "arrival": "the count of samples, laid under the arrivals",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known of a sensor."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class SensorSheet:
    """One sensor: its segment, its facts, where samples are missing, where nothing came."""

    segment: str
    facts: tuple[Fact, ...]
    gaps: tuple[str, ...]
    silences: tuple[str, ...]


def sensor_sheets(certificate: Certificate) -> tuple[SensorSheet, ...]:
    """Return one sheet for every sensor; times are the recording's own."""
    return tuple(
        SensorSheet(
            segment=words(segment),
            facts=tuple(Fact(*pair) for pair in _facts(sensor)),
            gaps=_spans(sensor.gaps),
            silences=_spans(sensor.silences),
        )
        for segment, sensor in certificate.sensors.items()
    )


def _facts(sensor: SensorCertificate) -> Iterator[tuple[str, str]]:
    yield "profile", f"{sensor.profile}, version {sensor.profile_version}"
    yield "firmware", sensor.firmware or "not told"
    yield from _came(sensor)
    yield from _timed(sensor)
    yield "angles from", tilt_words(sensor.tilt_source, sensor.filter)
    yield from _worn(sensor)


def _came(sensor: SensorCertificate) -> Iterator[tuple[str, str]]:
    about = f" \u00b1 {sensor.lost_uncertainty}" if sensor.lost_uncertainty else ""
    yield "samples expected", str(sensor.expected)
    yield "samples received", str(sensor.received)
    yield "samples lost", f"{sensor.lost}{about}"
    yield "duplicated", str(sensor.duplicated)
    yield "out of order", str(sensor.out_of_order)
    yield "damaged", str(sensor.damaged)
    yield "bytes skipped", str(sensor.skipped_bytes)
    yield "stalls (late, not lost)", str(sensor.stalls)


def _timed(sensor: SensorCertificate) -> Iterator[tuple[str, str]]:
    yield "rate", _known(sensor.rate_hz, 2, " Hz")
    yield "time from", CLOCK_WORDS.get(sensor.clock, words(sensor.clock))
    yield "clock segments", str(sensor.clock_segments)
    yield "clock bound", f"{sensor.clock_bound_ms:.1f} ms"
    yield "clock residual", _known(sensor.clock_residual_ms, 1, " ms")


def _worn(sensor: SensorCertificate) -> Iterator[tuple[str, str]]:
    age = sensor.calibration_age_min
    yield "axis found", AXIS_WORDS.get(sensor.axis_method, words(sensor.axis_method))
    yield "how good the axis is", how_good(sensor)
    yield "variance ratio", _known(sensor.axis_variance_ratio, 4)
    yield "axis to vertical", _known(sensor.axis_to_vertical_deg, 1, "\u00b0")
    yield "stillness of the reference (SD)", _known(sensor.reference_sd_deg, 2, "\u00b0")
    yield "age of the calibration", "-" if age is None else age_text(age)
    dated = sensor.acc_calibration_utc
    yield "accelerometer calibrated", dated[:10] if dated else "never"
    yield "accelerometer residual", _known(sensor.acc_residual_m_s2, 3, " m/s\u00b2")


def _known(value: float | None, digits: int, unit: str = "") -> str:
    return "-" if value is None else f"{value:.{digits}f}{unit}"


def _spans(spans: Sequence[Gap]) -> tuple[str, ...]:
    return tuple(f"{g.start_s:.2f} to {g.end_s:.2f} s ({_samples(g.samples)})" for g in spans)


def _samples(count: int) -> str:
    return "1 sample" if count == 1 else f"{count} samples"
