"""What a test asks for that gravity cannot show, and how it was found or why it is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from collector.asked import extra_symbols
from collector.motion.anatomy import is_upright
from schemas.calibration import SegmentCalibration
from schemas.motion import CHANNELS, ROLE_OF, Angles
from schemas.protocol import Protocol
from schemas.recording import RecordingInfo
from schemas.result import Reason
from schemas.segments import Segment, Side, segment_of


def reasons_of_the_test(
    info: RecordingInfo,
    protocol: Protocol,
    side: Side | None,
    calibrations: Mapping[Segment, SegmentCalibration],
    angles: Angles,
) -> Iterator[Reason]:
    """Tell how the angles came about that gravity cannot show, and of a zero that is missing."""
    if protocol.reference.zero == "standing" and info.upright is None:
        yield Reason(
            "no_standing_zero",
            "Zero of this test is standing, and no still pose of standing is known: record it"
            " before the person lies down, or name its seconds with --upright START:END.",
        )
    for name in angles.by_orientation:
        yield Reason(
            "by_orientation",
            f"{name}: its axis stands upright in this test, so it was taken from the whole"
            " orientation of the sensor, whose heading is set in the reference pose and may drift.",
        )
    scored = _scored_channels(protocol)
    for symbol in extra_symbols(protocol):
        name, segment = CHANNELS[symbol], segment_of(ROLE_OF[symbol], side or "left")
        known = calibrations.get(segment)
        if name in angles.deg or known is None or known.axis_left is None:
            continue
        if is_upright(symbol, protocol.position, side or "left"):
            yield Reason(
                "axis_refused" if name in scored else "not_shown",
                f"{name}: its axis stands upright in this test, where gravity cannot show it, and"
                f" {segment} has no whole orientation in the reference pose: use a sensor that"
                " sends acceleration and rate of turn, or a quaternion.",
            )


def _scored_channels(protocol: Protocol) -> set[str]:
    f = protocol.formulae
    return {name for x in (f.tot, f.hip, f.comp, f.drive, f.extreme) for name in x.channels}
