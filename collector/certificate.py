"""The certificate: what came, how well it was timed and mounted, and what was refused."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Final

from collector.measured import RECONNECTED, Measured
from collector.motion.calibrate import NO_TILT
from collector.motion.mounting.lean import NOT_STRAIGHT, TOO_SMALL
from collector.motion.mounting.named import NO_AXIS, VERTICAL
from collector.motion.plausible import NO_GRAVITY, STUCK, UNCHANGING
from collector.motion.startup import FROZEN, OFF_GRAVITY
from collector.motion.sweep import ASSUMED, SMALL
from collector.motion.tilt import HELD, RESTARTED
from collector.not_shown import reasons_of_the_test
from schemas.calibration import SegmentCalibration
from schemas.motion import Angles
from schemas.protocol import Protocol
from schemas.protocol_file import packaged_ids
from schemas.recording import Recording, RecordingInfo
from schemas.result import Certificate, Reason, SensorCertificate
from schemas.segments import Segment, Side
from schemas.units import US_PER_S

LINK_LOST: Final = "link_lost"
"""The kind of event, with the segment as its text, at which a connection ended."""

_SENTENCES = {
    FROZEN: "its own angles stood still while it moved; those are not used",
    OFF_GRAVITY: "its own angles disagree with gravity; those are not used",
    NO_GRAVITY: "its acceleration is not near 9.81 m/s2 at rest (a wrong unit, or another quantity"
    " in its place), so it shows no inclination",
    STUCK: "it sent the very same values for a second or more; those are not used",
    UNCHANGING: "the file repeats the very same values for a second or more, which no worn sensor"
    " does",
    HELD: "its own orientation repeats while it moves: it is sent less often than the rest",
    RESTARTED: "the orientation filter began anew after a long hole",
    NO_TILT: "no sample of it gives an inclination that can be trusted",
    NO_AXIS: "no mediolateral axis was found, so its sagittal angle is withheld; name the axis"
    " with --axis {segment}=+y (or another)",
    VERTICAL: "the axis that was named stands upright, and gravity cannot show a turn about it",
    SMALL: "its first movement was small, so the sign of its angle is taken from the largest one",
    ASSUMED: "without a test, its first movement is taken to be forward (anterior)",
    "sweep_too_small": "it moved too little to show an axis",
    "sweep_not_planar": "it did not turn about one axis",
    TOO_SMALL: "leaning forward turned it too little to show its axis",
    NOT_STRAIGHT: "leaning forward did not go straight and shows no axis",
    "preset_refused": "gravity contradicts the site that it was said to be strapped to",
    "no_site": "where it is strapped, or how the person lies or stands, is not known",
    "no_upright": "there is no pose of standing to find its axis with",
    "poses_not_across": "standing and lying did not turn it by about 90 degrees",
    "nothing_kept": "no earlier calibration of it can be used here",
    "calibration_expired": "it has moved on its segment since its calibration was kept",
    "axis_upright": "on the side its axis to the left stands upright, so naming it shows nothing",
}
"""What a code of the motion rooms means, to be read behind the segment's name."""

_FAULTS = {
    "trace_cut": "The trace was cut: what stands before the cut was used, the end is missing.",
    "trace_changed": "The trace was changed after it was written: its content does not give the"
    " hash in its last line.",
    "salvaged": "The program was stopped in the middle of this trial: what was committed until then"
    " was used, the end is missing.",
}
_STRANGE_FAULT = "The file had a fault that this version does not know; a newer one says which."


def certify(
    recording: Recording,
    sensors: Mapping[Segment, Measured],
    calibrations: Mapping[Segment, SegmentCalibration],
    angles: Angles,
    *,
    protocol: Protocol | None = None,
    side: Side | None = None,
) -> Certificate:
    """Gather what every sensor's stages said into one certificate."""
    reasons = [*_reasons(recording, sensors, calibrations)]
    if protocol:
        reasons += reasons_of_the_test(recording.info, protocol, side, calibrations, angles)
    bounds_ms = [1e3 * sensor.clock.bound_s for sensor in sensors.values()]
    span_s = float(angles.t_s[-1] - angles.t_s[0]) if len(angles.t_s) else 0.0
    return Certificate(
        sensors={
            segment: _sensor(sensor, calibrations[segment], _age_min(recording.info, sensor))
            for segment, sensor in sensors.items()
        },
        clock_bound_ms=max(bounds_ms, default=0.0),
        overlap_s=span_s,
        zero=angles.zero,
        lumbar_is_proxy=angles.lumbar_is_proxy,
        raw_sha256=recording.sha256(),
        reasons=tuple(reasons),
        redacted=recording.info.redacted,
    )


def _age_min(info: RecordingInfo, sensor: Measured) -> float | None:
    """How old the reference pose is when the recording ends, minutes."""
    if info.reference is None or not len(sensor.clock.t_s):
        return None
    return (float(sensor.clock.t_s[-1]) + info.origin_s - info.reference.end_s) / 60.0


def _sensor(
    sensor: Measured, calibration: SegmentCalibration, age_min: float | None
) -> SensorCertificate:
    clock, counters, use = sensor.clock, sensor.counters, sensor.use
    received = len(sensor.samples)
    acc = use.acc_calibration
    return SensorCertificate(
        profile=use.profile_id,
        profile_version=use.profile_version,
        firmware=use.firmware or _firmware(sensor),
        expected=received + clock.lost,
        received=received,
        lost=clock.lost,
        lost_uncertainty=clock.lost_uncertainty,
        duplicated=counters.duplicated,
        out_of_order=counters.out_of_order,
        damaged=counters.damaged,
        skipped_bytes=counters.skipped_bytes,
        rate_hz=_finite(clock.rate_hz),
        clock=use.clock,
        clock_segments=int(clock.segment[-1]) + 1 if received else 0,
        clock_bound_ms=1e3 * clock.bound_s,
        clock_residual_ms=_finite(1e3 * clock.residual_s),
        gaps=clock.gaps,
        silences=clock.silences,
        stalls=clock.stalls,
        tilt_source=sensor.tilt.source,
        filter=sensor.tilt.filter,
        axis_method=calibration.method,
        axis_variance_ratio=calibration.variance_ratio,
        axis_to_vertical_deg=_finite(calibration.axis_to_vertical_deg),
        reference_sd_deg=calibration.reference_sd_deg,
        calibration_age_min=max(
            (age for age in (age_min, calibration.age_min) if age is not None), default=None
        ),
        acc_calibration_utc=acc.utc if acc else None,
        acc_residual_m_s2=acc.residual_m_s2 if acc else None,
        poses_deg=calibration.poses_deg,
        expected_off_deg=calibration.expected_off_deg,
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _firmware(sensor: Measured) -> str:
    versions = [str(r.values["version"]) for r in sensor.replies if "version" in r.values]
    return versions[-1] if versions else ""


def _reasons(
    recording: Recording,
    sensors: Mapping[Segment, Measured],
    calibrations: Mapping[Segment, SegmentCalibration],
) -> Iterator[Reason]:
    info = recording.info
    for code in info.faults:
        yield Reason(code, _FAULTS.get(code, _STRANGE_FAULT))
    yield from _happened(recording)
    if info.protocol_text and info.protocol in packaged_ids():
        yield Reason(
            "own_protocol",
            f"The test came from the user's own file, whose id {info.protocol} is that of a test"
            " that ships: the two need not agree.",
        )
    if info.reference is None:
        yield Reason(
            "no_reference",
            "No still reference was named: zero is the first sample, so angles are changes"
            " since then, not joint angles.",
        )
    for segment, sensor in sensors.items():
        for code in (*sensor.tilt.reasons, *calibrations[segment].reasons):
            yield Reason(code, f"{segment}: {_SENTENCES[code].format(segment=segment)}.")
        yield from _reconnects(segment, sensor, info.origin_s)
        yield from _silences(segment, sensor, info.origin_s)
        yield from _zero_references(segment, sensor)


def _happened(recording: Recording) -> Iterator[Reason]:
    """Tell of what befell the whole trial while it was recorded."""
    for event in recording.events:
        if event.kind == "gate_overridden":
            yield Reason(
                "gate_overridden",
                "The trial was started although not every sensor delivered as it must; the reason"
                f" given was: {event.text or 'none'}.",
            )
    for use in recording.info.sensors:
        at = [(e.t_us, e.kind) for e in recording.events if e.text == use.segment]
        lost = [t_us for t_us, kind in at if kind == LINK_LOST]
        if lost and not any(kind == RECONNECTED and t_us >= lost[-1] for t_us, kind in at):
            since_s = lost[-1] / US_PER_S + recording.info.origin_s
            yield Reason(
                "sensor_lost",
                f"{use.segment}: the connection was lost at {since_s:.2f} s and did not come back;"
                " what follows is missing.",
            )


def _reconnects(segment: Segment, sensor: Measured, origin_s: float) -> Iterator[Reason]:
    """Tell of every connection that was lost and came back, and what that cost."""
    clock = sensor.clock
    cost = {gap.end_s: gap.samples for gap in clock.gaps}
    for row in sensor.breaks:
        start_s, end_s = float(clock.t_s[row - 1]), float(clock.t_s[row])
        yield Reason(
            "sensor_reconnected",
            f"{segment}: the connection was lost and came back; from {start_s + origin_s:.2f} to"
            f" {end_s + origin_s:.2f} s about {cost.get(end_s, 0)} samples are missing, and none"
            " was filled in.",
        )


def _silences(segment: Segment, sensor: Measured, origin_s: float) -> Iterator[Reason]:
    came_s = sensor.samples.arrival_us[list(sensor.breaks)] / US_PER_S
    for silence in sensor.clock.silences:
        if silence.end_s in came_s:  # told as a lost connection
            continue
        missing = f"{silence.samples} samples are missing" if silence.samples else "none is missing"
        yield Reason(
            "silence",
            f"{segment}: nothing arrived for {1e3 * (silence.end_s - silence.start_s):.0f} ms from"
            f" {silence.start_s + origin_s:.2f} s on; {missing}.",
        )


def _zero_references(segment: Segment, sensor: Measured) -> Iterator[Reason]:
    """Tell of zeros kept inside the sensor: they shift its angles, not its raw acceleration."""
    zeros = {
        name: float(reply.values[name])
        for reply in sensor.replies
        for name in ("roll_zero_deg", "pitch_zero_deg")
        if reply.values.get(name)
    }
    if zeros:
        shown = ", ".join(f"{name[:-9]} {value:.2f} degrees" for name, value in zeros.items())
        yield Reason(
            "device_zero_reference",
            f"{segment}: the sensor keeps an angle reference of its own ({shown}) that shifts"
            " its angles; clear it with the maker's app.",
        )
