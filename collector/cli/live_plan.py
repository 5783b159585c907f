"""What a live trial is to be: read from the line, and checked before a radio is touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from schemas.errors import UsageError
from schemas.segments import Role, Segment, Side, segment_of

if TYPE_CHECKING:
    from collector.links.virtual.world import World
    from schemas.protocol import Protocol

GATE_S: Final = 45.0


@dataclass(frozen=True, eq=False, slots=True)
class TrialPlan:
    """What is to be measured, by which sensors, and where it goes.

    `segments` are the sensors that the trial needs, none for all that are assigned and heard;
    `chosen` names a segment's sensor, where the line did; `repetitions` None is what the test asks
    for. A recording that is not `guided` has no countdown and counts nothing; it lasts `seconds`,
    None until it is ended.
    """

    protocol: Protocol | None
    side: Side | None
    segments: tuple[Segment, ...]
    db: Path | None
    protocol_text: str = ""
    chosen: Mapping[Segment, str] = field(default_factory=lambda: MappingProxyType({}))
    axes: Mapping[Segment, str] = field(default_factory=lambda: MappingProxyType({}))
    rate_hz: float | None = None
    repetitions: int | None = None
    override: str = ""
    subject: str | None = None
    note: str = ""
    gate_s: float = GATE_S
    guided: bool = True
    seconds: float | None = None

    def placement(self, segment: Segment) -> str:
        """Return where the test wants the sensor of a segment; empty where it does not say."""
        if self.protocol is None:
            return ""
        places: Mapping[Role, str] = self.protocol.placement
        side = self.side or "left"
        return next((p for r, p in places.items() if segment_of(r, side) == segment), "")


def plan_segments(
    protocol: Protocol | None, side: Side | None, named: Mapping[Segment, str]
) -> tuple[Segment, ...]:
    """Return the segments to measure: those that the test needs, and those that were named.

    Raises
    ------
    UsageError
        `side_missing` for a sided test without a side.
    """
    if protocol is not None and protocol.sided and side is None:
        raise UsageError(
            f"The test {protocol.id} is done by one leg, and no side was named: add --side left or"
            " --side right.",
            reason="side_missing",
        )
    roles = protocol.required if protocol else ()
    return tuple(dict.fromkeys((*(segment_of(role, side or "left") for role in roles), *named)))


def check_axes(axes: Mapping[Segment, str], segments: Iterable[Segment]) -> None:
    """Refuse an axis of a segment that nothing is worn on; raises `UsageError`, `bad_axis`."""
    worn = tuple(segments)
    strangers = set(axes) - set(worn)
    if strangers:
        raise UsageError(
            f"--axis names {', '.join(sorted(strangers))}, and no sensor is worn there: measured"
            f" are {', '.join(worn)}.",
            reason="bad_axis",
        )


def checked_reason(override: str | None) -> str:
    """Return the reason to begin all the same; one that says nothing is none."""
    if override is not None and not override.strip():
        raise UsageError(
            "Beginning although a sensor is not ready needs a reason, which is stored: --override"
            ' "old sensor, 90 Hz are enough".',
            reason="no_override_reason",
        )
    return (override or "").strip()


def world_for(scenario: str, *, protocol_id: str, plan: TrialPlan) -> World:
    """Return the world of a scenario in which somebody wears what the plan needs."""
    from collector.links.virtual.scenarios import world_of

    return world_of(scenario, protocol=protocol_id, side=plan.side or "left")
