"""How every sensor of a recording sits on its segment."""

from __future__ import annotations

from collections.abc import Mapping

from collector.asked import session_window
from collector.measured import Measured
from collector.motion.calibrate import calibrate_segment
from collector.motion.mounting.cue import cue_of, worn_of
from schemas.calibration import SegmentCalibration
from schemas.errors import InputError
from schemas.protocol import Protocol
from schemas.recording import RecordingInfo
from schemas.segments import SIDES, Segment, Side, segment_of


def mounted(
    sensors: Mapping[Segment, Measured],
    info: RecordingInfo,
    protocol: Protocol | None,
    side: Side | None,
) -> dict[Segment, SegmentCalibration]:
    """Find every sensor's axis; one that the test can do without may have none.

    So may all sensors where there is no test, unless a sweep was named to find them in.

    Raises
    ------
    InputError
        What calibration raises for a sensor that is needed; `other_leg` where the tested thigh
        rested and the other one made the movement.
    """
    needed = {segment_of(role, side or "left") for role in protocol.required} if protocol else set()
    found: dict[Segment, SegmentCalibration] = {}
    for segment, sensor in sensors.items():
        must = segment in needed or (protocol is None and info.sweep is not None)
        try:
            found[segment] = _calibrated(sensor, info, protocol, side, must=must)
        except InputError as refusal:
            _refuse_other_leg(refusal, segment, sensors, info, protocol)
            raise
    return found


def _calibrated(
    sensor: Measured,
    info: RecordingInfo,
    protocol: Protocol | None,
    side: Side | None,
    *,
    must: bool,
) -> SegmentCalibration:
    segment, origin_s = sensor.use.segment, info.origin_s
    return calibrate_segment(
        sensor.samples,
        sensor.clock,
        sensor.tilt,
        worn=worn_of(sensor.use, info.utc),
        cue=cue_of(protocol, segment, side),
        reference=session_window(info.reference, origin_s),
        upright=session_window(info.upright, origin_s),
        sweep=session_window(info.sweep, origin_s),
        must_find_axis=must,
    )


def _refuse_other_leg(
    refusal: InputError,
    segment: Segment,
    sensors: Mapping[Segment, Measured],
    info: RecordingInfo,
    protocol: Protocol | None,
) -> None:
    """Raise a better sentence where the thigh that rested is the one that was to be tested."""
    if refusal.reason != "sweep_too_small" or protocol is None or protocol.moving != "thigh":
        return
    for side in SIDES:
        other = segment_of("thigh", side)
        if other == segment or not segment.startswith("thigh") or other not in sensors:
            continue
        try:
            _calibrated(sensors[other], info, protocol, side, must=True)
        except InputError:
            continue
        raise InputError(
            f"{segment} is the tested thigh and hardly moved, and {other} made the movement: name"
            f" the side that was tested with --side {side}, or exchange the two sensors.",
            reason="other_leg",
        ) from refusal
