"""What a live trial is to be: read from the line, and checked before a radio is touched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from schemas.errors import UsageError
from schemas.segments import Role, Segment, Side, segment_of

if TYPE_CHECKING:
    from collector.links.virtual.world import World
    from schemas.calibration import KeptMounting
    from schemas.protocol import Protocol
    from schemas.recording import SensorUse
    from schemas.sites import Site

GATE_S: Final = 45.0


@dataclass(frozen=True, eq=False, slots=True)
class TrialPlan:
    """What is to be measured, by which sensors, and where it goes.

    `segments` are the sensors that the trial needs, none for all that are assigned and heard;
    `chosen` names a segment's sensor, where the line did; `repetitions` None is what the test asks
    for. A recording that is not `guided` has no countdown and counts nothing; it lasts `seconds`,
    None until it is ended. `sites` names where a sensor is strapped, where the line did; `kept`
    how it sat in an earlier trial, which `calibration` names (a number, or `last`). `pain` and
    `end_point` are known beforehand by scripts alone; `ask` for them at the end, in a terminal.
    `held`: the gate waits until somebody says that the trial may begin.
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
    sites: Mapping[Segment, Site] = field(default_factory=lambda: MappingProxyType({}))
    kept: Mapping[Segment, KeptMounting] = field(default_factory=lambda: MappingProxyType({}))
    examiner: str = ""
    pain: float | None = None
    end_point: str = ""
    ask: bool = False
    calibration: str = ""
    held: bool = False

    def site(self, segment: Segment) -> str:
        """Return the site of a segment's sensor; empty where neither line nor test says."""
        if segment in self.sites:
            return self.sites[segment]
        sites: Mapping[Role, Site] = self.protocol.sites if self.protocol else {}
        side = self.side or "left"
        return next((site for r, site in sites.items() if segment_of(r, side) == segment), "")

    def mounted(self, use: SensorUse) -> SensorUse:
        """Return a sensor that sits as in an earlier trial, where that is used again."""
        kept = self.kept.get(use.segment)
        if kept is None or use.segment in self.axes:
            return use
        return replace(use, axis="kept", kept=kept)

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


def check_worn(option: str, named: Iterable[Segment], segments: Iterable[Segment]) -> None:
    """Refuse an option about a segment that nothing is worn on: `UsageError`, `bad_` and its name.

    `option` is `--axis` or `--site`.
    """
    worn = tuple(segments)
    strangers = set(named) - set(worn)
    if strangers:
        raise UsageError(
            f"{option} names {', '.join(sorted(strangers))}, and no sensor is worn there: measured"
            f" are {', '.join(worn)}.",
            reason=f"bad_{option.removeprefix('--')}",
        )


def check_end_point(protocol: Protocol | None, code: str) -> None:
    """Refuse an end point that the test does not know; raises `UsageError`, `bad_end_point`."""
    if protocol is not None and code and code not in protocol.end_points:
        raise UsageError(
            f"{protocol.id} does not end with {code!r}: expected one of"
            f" {', '.join(protocol.end_points)}.",
            reason="bad_end_point",
        )


def check_people(subject: str | None, examiner: str = "") -> None:
    """Refuse codes that could not be stored, before anybody straps a sensor on.

    Raises
    ------
    UsageError
        `bad_subject_code`, `bad_examiner_code`.
    """
    from collector.store.subjects import check_code

    if subject is not None:
        check_code(subject)
    if examiner:
        check_code(examiner, "examiner")


def checked_reason(override: str | None) -> str:
    """Return the reason to begin all the same; one that says nothing is none."""
    if override is not None and not override.strip():
        raise UsageError(
            "Beginning although a sensor is not ready needs a reason, which is stored: --override"
            ' "old sensor, 90 Hz are enough".',
            reason="no_override_reason",
        )
    return (override or "").strip()


def world_for(scenario: str, *, protocol_id: str, side: Side | None) -> World:
    """Return the world of a scenario in which somebody wears what a test of that side needs."""
    from collector.links.virtual.scenarios import world_of

    return world_of(scenario, protocol=protocol_id, side=side or "left")
