"""The one way from a recording to its result; stored, imported and replayed trials all take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from collector.certificate import certify
from collector.measured import Measured, measure
from collector.motion.align import align
from collector.motion.angles import angles_of
from collector.motion.calibrate import calibrate_segment
from collector.own_times import on_own_times
from collector.scoring.score import Scored, grade_without_protocol, score
from schemas.calibration import SegmentCalibration
from schemas.errors import SensorMissingError, UsageError
from schemas.motion import CHANNELS, Angles, FilterChoice, Streams, TiltChoice
from schemas.protocol import Protocol, protocol_of
from schemas.recording import Recording, RecordingInfo, Window
from schemas.result import Certificate, TrialResult, Versions
from schemas.segments import SIDES, Segment, Side, segment_of

ALGORITHM = 1
"""Rises with every change that turns the same bytes into other numbers."""


@dataclass(frozen=True, eq=False, slots=True)
class Processed:
    """A result on the recording's own times, and the stages it came from on session seconds."""

    result: TrialResult
    angles: Angles
    streams: Streams
    protocol: Protocol | None


def process(
    recording: Recording,
    *,
    tilt: TiltChoice = "auto",
    filter_: FilterChoice = "offline",
    orientation: bool = False,
) -> Processed:
    """Take a recording from bytes to its graded result.

    `orientation` also aligns whole orientations, which only the relative series needs.

    Raises
    ------
    UsageError, SensorMissingError, InputError
        For what only the user can mend: an unknown protocol, a sensor that the protocol needs
        and the recording lacks, a reference with movement in it, a sweep too small, no overlap.
    """
    info = recording.info
    protocol = protocol_of(info)
    side = tested_side(info, protocol)
    sensors = {
        use.segment: measure(use, chunk, tilt=tilt, filter_=filter_)
        for use, chunk in zip(info.sensors, recording.chunks, strict=True)
    }
    calibrations = _calibrate(sensors, info, protocol, side)
    streams = align(
        {segment: sensor.tilt for segment, sensor in sensors.items()},
        {segment: sensor.clock for segment, sensor in sensors.items()},
        orientation=orientation,
    )
    angles = angles_of(
        streams,
        calibrations,
        side=side,
        position=protocol.position if protocol else None,
        zero="reference" if info.reference else "first_sample",
        extra=_extra_symbols(protocol),
        gaps={segment: sensor.clock.gaps for segment, sensor in sensors.items()},
    )
    certificate = certify(recording, sensors, calibrations, angles)
    scored = _score(angles, protocol, certificate, side)
    result = TrialResult(
        protocol=protocol.id if protocol else None,
        side=side,
        grade=scored.grade,
        reasons=scored.reasons,
        repetitions=scored.repetitions,
        set=scored.set,
        certificate=certificate,
        versions=_versions(protocol, tilt, filter_),
        extra=scored.extra,
    )
    return Processed(on_own_times(result, info.origin_s), angles, streams, protocol)


def tested_side(info: RecordingInfo, protocol: Protocol | None) -> Side | None:
    """Return the tested side: the one named, else that of the only limb measured."""
    present = {use.segment for use in info.sensors}
    limbs = [s for s in SIDES if {f"thigh_{s}", f"shank_{s}"} & present]
    side = info.side or (limbs[0] if len(limbs) == 1 else None)
    if side is not None and limbs and side not in limbs and protocol is None:
        raise UsageError(
            f"The side is {side}, and only the {limbs[0]} leg carries a sensor: correct --side or"
            " the map.",
            reason="side_without_sensor",
        )
    if side is None and len(limbs) > 1:
        raise UsageError(
            "Both legs carry a sensor and no side was named: say which one is tested"
            " with --side left or --side right.",
            reason="side_missing",
        )
    if protocol:
        _require(protocol, side, present)
    return side


def _require(protocol: Protocol, side: Side | None, present: set[Segment]) -> None:
    needed = {segment_of(role, side or "left") for role in protocol.required}
    missing = sorted(needed - present)
    if missing:
        raise SensorMissingError(
            f"The test {protocol.id} needs a sensor on {', '.join(sorted(needed))};"
            f" {', '.join(missing)} is missing: map it, or name the other side with --side.",
            reason="sensor_missing",
        )


def _calibrate(
    sensors: Mapping[Segment, Measured],
    info: RecordingInfo,
    protocol: Protocol | None,
    side: Side | None,
) -> dict[Segment, SegmentCalibration]:
    """Find every sensor's axis; one that the test can do without may have none.

    So may all sensors where there is no test, unless a sweep was named to find them in.
    """
    needed = {segment_of(role, side or "left") for role in protocol.required} if protocol else set()
    return {
        segment: calibrate_segment(
            sensor.samples,
            sensor.clock,
            sensor.tilt,
            segment=segment,
            axis=sensor.use.axis,
            reference=_session_window(info.reference, info.origin_s),
            sweep=_session_window(info.sweep, info.origin_s),
            first_pelvis_movement=protocol.first_pelvis_movement if protocol else None,
            must_find_axis=segment in needed or (protocol is None and info.sweep is not None),
        )
        for segment, sensor in sensors.items()
    }


def _extra_symbols(protocol: Protocol | None) -> tuple[str, ...]:
    wanted = protocol.extra_channels if protocol else ()
    if not wanted:
        return ()
    return tuple(symbol for symbol, name in CHANNELS.items() if name in wanted)


def _session_window(window: Window | None, origin_s: float) -> Window | None:
    if window is None:
        return None
    return Window(window.start_s - origin_s, window.end_s - origin_s)


def _score(
    angles: Angles, protocol: Protocol | None, certificate: Certificate, side: Side | None
) -> Scored:
    if protocol is None:
        grade, reasons = grade_without_protocol(certificate)
        return Scored(repetitions=(), set=None, grade=grade, reasons=reasons)
    return score(angles, protocol, certificate, side=side)


def _versions(protocol: Protocol | None, tilt: TiltChoice, filter_: FilterChoice) -> Versions:
    return Versions(
        hipgonio=_installed(),
        algorithm=ALGORITHM,
        protocol=protocol.version if protocol else None,
        tilt=tilt,
        filter=filter_,
    )


@cache
def _installed() -> str:
    return version("hipgonio")
