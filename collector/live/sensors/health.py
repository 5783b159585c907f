"""Is this sensor fit to use: what came of it in some seconds of rest, judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from collector.live.sensors.figures import MIN_SAMPLES, Figures, Observed, measure, number
from collector.motion.plausible import has_gravity, stuck
from collector.motion.startup import frozen_angles, off_gravity
from schemas.samples import Samples
from schemas.units import G_M_S2, RAD_PER_DEG

Level = Literal["warn", "bad"]
Verdict = Literal["fit", "fit_with_warnings", "unfit"]

RATE_WARN, RATE_BAD = 0.02, 0.05
"""Share of the rate asked for; cheap sensors are up to 1 % slow by nature."""
LOSS_WARN_PCT, LOSS_BAD_PCT = 0.5, 5.0
SILENCE_WARN_S, SILENCE_BAD_S = 0.25, 1.0
DAMAGED_BAD: Final = 0.01
GRAVITY_WARN_M_S2, GRAVITY_BAD_M_S2 = 0.03 * G_M_S2, 0.1 * G_M_S2
"""Uncalibrated sensors are off by 15 mg or so; a tenth of g is a defect."""
GYRO_WARN_RAD_S, GYRO_BAD_RAD_S = 1.0 * RAD_PER_DEG, 5.0 * RAD_PER_DEG
BATTERY_WARN_PCT, BATTERY_BAD_PCT = 15, 5
RSSI_WARN_DBM: Final = -85
ZERO_DEG: Final = 0.05
"""A zero reference smaller than this is rounding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that speaks against the sensor: a stable code and a sentence."""

    code: str
    level: Level
    sentence: str


@dataclass(frozen=True, slots=True)
class Health:
    """The verdict on one sensor, and what it rests on."""

    verdict: Verdict
    figures: Figures
    findings: tuple[Finding, ...]


def assess(seen: Observed) -> Health:
    """Judge a sensor by what was seen of it."""
    figures = measure(seen)
    findings = tuple(_findings(seen, figures))
    levels = {finding.level for finding in findings}
    verdict: Verdict = "unfit" if "bad" in levels else "fit_with_warnings" if levels else "fit"
    return Health(verdict, figures, findings)


def _findings(seen: Observed, figures: Figures) -> Iterator[Finding]:
    if seen.trouble:
        yield Finding("not_streaming", "bad", f"It does not stream ({seen.trouble}).")
    if figures.samples < MIN_SAMPLES:
        yield Finding(
            "silent",
            "bad",
            f"{seen.seconds:.0f} s of samples were expected and {figures.samples} samples came:"
            " switch it off and on, and charge it.",
        )
    else:
        yield from _of_stream(seen, figures)
        yield from _of_values(seen, figures)
    yield from _of_facts(figures, seen.facts)


def _of_stream(seen: Observed, figures: Figures) -> Iterator[Finding]:
    if figures.rate_hz is None:
        yield Finding("no_rate", "bad", "All samples came at one moment: no rate can be told.")
    else:
        yield from _of_rate(figures.rate_hz, seen.rate_hz)
    lost, silence = figures.lost_pct or 0.0, figures.max_silence_s or 0.0
    if lost > LOSS_WARN_PCT:
        lack = f"{lost:.1f} %" if figures.loss_exact else f"About {lost:.1f} %"
        yield Finding(
            "loss",
            "bad" if lost > LOSS_BAD_PCT else "warn",
            f"{lack} of the samples were lost: bring it nearer, without a body in"
            " between, and switch other Bluetooth devices off.",
        )
    if silence > SILENCE_WARN_S:
        yield Finding(
            "silence",
            "bad" if silence > SILENCE_BAD_S else "warn",
            f"Nothing came for {silence:.2f} s: bring it nearer.",
        )
    if seen.reconnects:
        yield Finding("link_lost", "bad", f"The link was lost {seen.reconnects} times: charge it.")
    if figures.duplicated:
        yield Finding(
            "duplicates",
            "warn",
            f"{figures.duplicated} came twice: switch the computer's Bluetooth off and on.",
        )
    if figures.damaged:
        share = figures.damaged / (figures.damaged + figures.samples)
        yield Finding(
            "damaged",
            "bad" if share > DAMAGED_BAD else "warn",
            f"{figures.damaged} frames were damaged ({100 * share:.1f} %).",
        )


def _of_rate(rate_hz: float, asked_hz: float) -> Iterator[Finding]:
    off = abs(rate_hz / asked_hz - 1.0)
    if off > RATE_WARN:
        yield Finding(
            "rate",
            "bad" if off > RATE_BAD else "warn",
            f"{asked_hz:g} samples a second were asked for, {rate_hz:.1f} came.",
        )


def _of_values(seen: Observed, figures: Figures) -> Iterator[Finding]:
    samples = seen.samples
    if stuck(samples, seen.rate_hz).any():
        yield Finding("sensor_stuck", "bad", "It sent the same values on and on: it is defective.")
    if samples.acc_m_s2 is not None and not has_gravity(samples.acc_m_s2):
        yield Finding(
            "no_gravity", "bad", "What it sends holds no gravity: wrong mode, or defective."
        )
    elif figures.still:
        yield from _of_rest(figures)
    elif figures.still is False:
        yield Finding(
            "moved",
            "warn",
            "It was moved, so that gravity and gyroscope were not judged: lay it down, try again.",
        )
    yield from _of_angles(samples)


def _of_rest(figures: Figures) -> Iterator[Finding]:
    if figures.gravity_m_s2 is not None:
        off = abs(figures.gravity_m_s2 - G_M_S2)
        if off > GRAVITY_WARN_M_S2:
            better = "calibrate it again" if figures.calibrated else "calibrate it"
            yield Finding(
                "gravity",
                "bad" if off > GRAVITY_BAD_M_S2 else "warn",
                f"At rest it feels {figures.gravity_m_s2:.2f} m/s2 instead of {G_M_S2:.2f}:"
                f" {better} with `hipgonio devices calibrate`.",
            )
    bias = (figures.gyro_bias_deg_s or 0.0) * RAD_PER_DEG
    if bias > GYRO_WARN_RAD_S:
        yield Finding(
            "gyro_bias",
            "bad" if bias > GYRO_BAD_RAD_S else "warn",
            f"At rest it claims to turn by {figures.gyro_bias_deg_s:.1f} degrees a second: let it"
            " warm up for a minute; if it stays so, have it calibrated.",
        )


def _of_angles(samples: Samples) -> Iterator[Finding]:
    """Look at the sensor's own angles; ours come from raw data wherever it sends them."""
    vendor = samples.euler_rad if samples.euler_rad is not None else samples.quat_wxyz
    if vendor is None:
        return
    level: Level = "bad" if samples.acc_m_s2 is None else "warn"
    if frozen_angles(vendor, samples).any():
        yield Finding("angles_frozen", level, "Its own angles stood still while it turned.")
    if (
        samples.acc_m_s2 is not None
        and off_gravity(vendor, samples.acc_m_s2, samples.gyr_rad_s).any()
    ):
        yield Finding("angles_off_gravity", level, "Its own angles contradict gravity.")


def _of_facts(figures: Figures, facts: Mapping[str, float | int | str]) -> Iterator[Finding]:
    zeros = [
        f"{axis} {value:.1f}"
        for axis in ("roll", "pitch")
        if abs(value := number(facts.get(f"{axis}_zero_deg")) or 0.0) > ZERO_DEG
    ]
    if zeros:
        yield Finding(
            "zero_reference",
            "warn",
            f"It holds a zero reference of its own ({', '.join(zeros)} degrees), which biases its"
            " angles: remove it with the maker's app.",
        )
    battery = figures.battery_percent
    if battery is not None and battery <= BATTERY_WARN_PCT:
        level: Level = "bad" if battery <= BATTERY_BAD_PCT else "warn"
        yield Finding("battery", level, f"The battery has {battery:.0f} % left: charge it.")
    if figures.rssi_dbm is not None and figures.rssi_dbm < RSSI_WARN_DBM:
        yield Finding(
            "weak_signal", "warn", f"Its signal is weak ({figures.rssi_dbm} dBm): bring it nearer."
        )
