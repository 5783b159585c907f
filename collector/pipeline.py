"""The one way from a recording to its result; stored, imported and replayed trials all take it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from importlib.metadata import version
from typing import TypeVar

from collector.asked import (
    begins_s,
    extra_symbols,
    needs_orientation,
    off_planes,
    session_window,
    zero_of,
)
from collector.certificate import certify
from collector.measured import Measured, Timed, measured, reconnects_us, timed
from collector.motion.align import align
from collector.motion.angles import angles_of
from collector.mounted import mounted
from collector.own_times import on_own_times
from collector.placement_checks import placement_reasons
from collector.scoring.reported import reported
from collector.scoring.score import Scored, grade_without_protocol, score
from collector.wearing import tested_side
from schemas.calibration import SegmentCalibration
from schemas.errors import HipgonioError, InputError
from schemas.motion import Angles, FilterChoice, Streams, TiltChoice
from schemas.protocol import Protocol, protocol_of
from schemas.recording import Event, Recording
from schemas.result import Certificate, TrialResult, Versions
from schemas.segments import Segment, Side

ALGORITHM = 2
"""Rises with every change that turns the same bytes into other numbers."""

MOST_BOUND_S = 3.0
"""As long as a still pose: a window on a clock worse than that lies anywhere."""

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, eq=False, slots=True)
class Processed:
    """A result on the recording's own times, and the stages it came from on session seconds.

    `calibrations` are how the sensors sat, for the next trial that uses them again.
    """

    result: TrialResult
    angles: Angles
    streams: Streams
    protocol: Protocol | None
    calibrations: Mapping[Segment, SegmentCalibration] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class Clocked:
    """A recording whose sensors are decoded and on the session's clock."""

    recording: Recording
    protocol: Protocol | None
    side: Side | None
    sensors: tuple[Timed, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Inclined:
    """The same with every sensor's inclination, and how that was asked for."""

    clocked: Clocked
    sensors: Mapping[Segment, Measured]
    tilt: TiltChoice
    filter: FilterChoice


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
    return conclude(incline(clock(recording), tilt=tilt, filter_=filter_), orientation=orientation)


def process_many(
    recordings: Sequence[Recording],
    *,
    tilt: TiltChoice = "auto",
    filter_: FilterChoice = "offline",
) -> list[Processed | HipgonioError]:
    """Take several recordings through the same stages; one that is refused gives its error.

    Stage after stage for all of them, so that what a stage works with stays in the processor's
    cache: about a tenth less time than one recording after the other.
    """
    clocked = [_attempt(clock, recording) for recording in recordings]
    inclined = [_attempt(partial(incline, tilt=tilt, filter_=filter_), one) for one in clocked]
    return [_attempt(conclude, one) for one in inclined]


def _attempt(stage: Callable[[Given], Made], given: Given | HipgonioError) -> Made | HipgonioError:
    """Return what a stage makes of `given`, or the error that it or an earlier stage raised."""
    if isinstance(given, HipgonioError):
        return given
    try:
        return stage(given)
    except HipgonioError as error:
        return error


def clock(recording: Recording) -> Clocked:
    """Check what is worn against the test, decode every sensor and fit its clock."""
    info = recording.info
    protocol = protocol_of(info)
    side = tested_side(info, protocol)
    sensors = (
        timed(use, chunk, reconnects_us=reconnects_us(recording, use.segment))
        for use, chunk in zip(info.sensors, recording.chunks, strict=True)
    )
    if protocol:
        return Clocked(recording, protocol, side, tuple(map(_with_a_clock, sensors)))
    return Clocked(recording, protocol, side, tuple(sensors))


def _with_a_clock(sensor: Timed) -> Timed:
    """Refuse a sensor of which nobody knows when it moved: any window would lie anywhere."""
    if sensor.clock.bound_s <= MOST_BOUND_S:
        return sensor
    raise InputError(
        f"The times of {sensor.use.segment} cannot be told to better than"
        f" {sensor.clock.bound_s:.1f} s, because too little of what it sent came through: expected"
        f" {MOST_BOUND_S:g} s or better; bring it nearer, keep bodies out of the way, and measure"
        " again.",
        reason="clock_unknown",
    )


def incline(clocked: Clocked, *, tilt: TiltChoice, filter_: FilterChoice) -> Inclined:
    """Compute every sensor's inclination."""
    sensors = {s.use.segment: measured(s, tilt=tilt, filter_=filter_) for s in clocked.sensors}
    return Inclined(clocked, sensors, tilt, filter_)


def conclude(inclined: Inclined, *, orientation: bool = False) -> Processed:
    """Calibrate, align, compute angles, certify and score."""
    clocked, sensors = inclined.clocked, inclined.sensors
    recording, protocol, side = clocked.recording, clocked.protocol, clocked.side
    info = recording.info
    calibrations = mounted(sensors, info, protocol, side)
    extra = extra_symbols(protocol)
    streams = align(
        {segment: sensor.tilt for segment, sensor in sensors.items()},
        {segment: sensor.clock for segment, sensor in sensors.items()},
        orientation=orientation or needs_orientation(extra, protocol, side),
    )
    angles = angles_of(
        streams,
        calibrations,
        side=side,
        position=protocol.position if protocol else None,
        zero=zero_of(info, protocol),
        extra=extra,
        planes=off_planes(protocol),
        heading=session_window(info.reference, info.origin_s),
        gaps={segment: sensor.clock.gaps for segment, sensor in sensors.items()},
    )
    begin_s = begins_s(recording, protocol) if protocol else None
    certificate = certify(recording, sensors, calibrations, angles, protocol=protocol, side=side)
    if protocol:
        found = placement_reasons(info, protocol, side, calibrations, angles, begin_s=begin_s)
        certificate = replace(certificate, reasons=(*certificate.reasons, *found))
    scored = _score(angles, protocol, certificate, side, begin_s=begin_s, events=recording.events)
    result = _result(inclined, scored, certificate)
    own = on_own_times(result, info.origin_s)
    return Processed(own, angles, streams, protocol, calibrations)


def _result(inclined: Inclined, scored: Scored, certificate: Certificate) -> TrialResult:
    """Put the score, its certificate and what made it together."""
    protocol = inclined.clocked.protocol
    return TrialResult(
        protocol=protocol.id if protocol else None,
        side=inclined.clocked.side,
        grade=scored.grade,
        reasons=scored.reasons,
        repetitions=scored.repetitions,
        set=scored.set,
        certificate=certificate,
        versions=_versions(protocol, inclined.tilt, inclined.filter),
        extra=scored.extra,
        pain_nrs=scored.pain_nrs,
        end_point=scored.end_point,
    )


def _score(
    angles: Angles,
    protocol: Protocol | None,
    certificate: Certificate,
    side: Side | None,
    *,
    begin_s: float | None,
    events: Sequence[Event],
) -> Scored:
    if protocol is None:
        grade, reasons = grade_without_protocol(certificate)
        told = reported(events)
        return Scored((), None, grade, reasons, {}, told.pain_nrs, told.end_point)
    return score(angles, protocol, certificate, side=side, begin_s=begin_s, events=events)


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
