"""Which side is tested, and whether the sensors that are worn are those that the test needs."""

from __future__ import annotations

from schemas.errors import SensorMissingError, UsageError
from schemas.protocol import Protocol
from schemas.recording import RecordingInfo
from schemas.segments import SIDES, Segment, Side, segment_of


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
