"""From sensors on a body to a stored trial: what `measure`, `record` and `demo` have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from collector.cli import output
from collector.cli.live_view import Showing, View
from collector.live.trial.gate import GateVerdict, Need
from collector.live.trial.guide import Cue, Guide
from schemas.errors import HipgonioError, QualityError, RadioError, SensorMissingError, UsageError
from schemas.recording import RecordingInfo, SensorUse
from schemas.segments import Role, Segment, Side, segment_of

if TYPE_CHECKING:
    from collector.cli.radio import LiveSetup
    from collector.links.live_link import Wanted
    from collector.links.states import SensorStatus
    from collector.links.virtual.world import World
    from collector.live.sensors.known import Known
    from collector.live.trial.keys import Key
    from collector.live.trial.outcome import Outcome
    from collector.live.trial.parts import Makers, Taken
    from collector.live.trial.session import LiveSession
    from collector.store import Store
    from schemas.protocol import Protocol

GATE_S: Final = 45.0
SCORED_S: Final = 900.0
"""A recording without a guide may last hours: one that is longer than this is scored on demand."""
_BEGINS: Final = ("move", "free")
"""Cues at which somebody who was keeping still begins."""
_RADIO: Final = MappingProxyType(
    {
        "not_streaming_adapter_off": "adapter_off",
        "not_streaming_no_adapter": "no_adapter",
        "not_streaming_permission_denied": "permission_denied",
    }
)
"""Findings of the gate that are the computer's, and the reason that scripts know them by."""


@dataclass(frozen=True, eq=False, slots=True)
class TrialPlan:
    """What is to be measured, by which sensors, and where it goes.

    `segments` are the sensors that the trial needs; `chosen` names a segment's sensor, where the
    line did; `repetitions` None is what the test asks for. A recording that is not `guided` has no
    countdown and counts nothing; it lasts `seconds`, None until it is ended.
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


def plan_segments(
    protocol: Protocol | None, side: Side | None, named: Mapping[Segment, str]
) -> tuple[Segment, ...]:
    """Return the segments to measure: those that the test needs, and those that were named.

    Raises
    ------
    UsageError
        `side_missing` for a sided test without a side, `no_segment` where nothing says what to
        measure.
    """
    if protocol is not None and protocol.sided and side is None:
        raise UsageError(
            f"The test {protocol.id} is done by one leg, and no side was named: add --side left or"
            " --side right.",
            reason="side_missing",
        )
    roles = protocol.required if protocol else ()
    segments = dict.fromkeys((*(segment_of(role, side or "left") for role in roles), *named))
    if not segments:
        raise UsageError(
            "Nothing says where the sensors are worn: name them with --sensor pelvis=NAME, or name"
            " a test with --protocol.",
            reason="no_segment",
        )
    return tuple(segments)


def world_for(scenario: str, *, protocol_id: str, plan: TrialPlan) -> World:
    """Return the world of a scenario in which somebody wears what the plan needs."""
    from collector.links.virtual.scenarios import world_of

    return world_of(scenario, protocol=protocol_id, side=plan.side or "left")


async def live_trial(setup: LiveSetup, plan: TrialPlan, view: View) -> Outcome:
    """Find the sensors, lead through the trial, keep it and score it.

    Raises
    ------
    RadioError, SensorMissingError, QualityError
        What kept the gate shut.
    StoreError
        What could not be stored.
    """
    from collector.live.trial.outcome import outcome_of

    showing = Showing(view)
    try:
        found = await _found(setup, plan)
        taken = await _run(setup, plan, found, showing)
    finally:
        await showing.close()
    if taken.end == "gate_refused" and taken.verdict is not None:
        raise refusal_of(taken.verdict, taken.statuses)
    return await outcome_of(taken, _opener(plan), longest_s=None if plan.guided else SCORED_S)


async def _found(setup: LiveSetup, plan: TrialPlan) -> dict[Segment, Known]:
    from collector.cli.memory import remembered, with_world
    from collector.live.sensors.finding import find

    loop = asyncio.get_running_loop()
    memory = await loop.run_in_executor(None, remembered, plan.db)
    output.say(f"Looking for the sensors of {', '.join(plan.segments)} ...")
    return await find(
        setup.radio, plan.segments, with_world(memory, setup.world), chosen=plan.chosen
    )


async def _run(
    setup: LiveSetup, plan: TrialPlan, found: Mapping[Segment, Known], showing: Showing
) -> Taken:
    from collector.links.live_link import LiveLink
    from collector.live.trial.interrupts import interrupts
    from collector.live.trial.keys import keys

    wanted = [_wanted(known, plan.rate_hz) for known in found.values()]
    session = _session(setup, plan, found, wanted, showing)

    def pressed(key: Key) -> None:
        {"mark": session.mark, "finish": session.finish, "interrupt": session.interrupt}[key]()

    link = LiveLink(setup.radio, wanted, clock_us=setup.clock_us, on_event=session.link_event)
    with interrupts(session.interrupt):
        async with link, showing.of(session.snapshot), keys(pressed):
            return await session.run(link)


def _wanted(known: Known, rate_hz: float | None) -> Wanted:
    from collector.links.live_link import Wanted

    rates = known.profile.rates_hz
    if rate_hz is not None and rate_hz not in rates:
        offered = ", ".join(f"{rate:g}" for rate in sorted(rates))
        raise UsageError(
            f"{known.profile.name} cannot send {rate_hz:g} samples a second: choose --rate from"
            f" {offered}.",
            reason="bad_rate",
        )
    return Wanted(known.advert, known.profile, known.profile.default_mode, rate_hz)


def _session(
    setup: LiveSetup,
    plan: TrialPlan,
    found: Mapping[Segment, Known],
    wanted: Sequence[Wanted],
    showing: Showing,
) -> LiveSession:
    from collector.live.trial.overheard import Overheard
    from collector.live.trial.session import LiveSession

    world, begun = setup.world, False

    def on_cue(cue: Cue) -> None:
        nonlocal begun
        showing.cue(cue)
        if world is not None and cue.code in _BEGINS and not begun:
            begun = True
            world.begin()

    return LiveSession(
        [Need(s, w.asked_hz) for s, w in zip(found, wanted, strict=True)],
        plan.protocol,
        Guide(
            plan.protocol,
            repetitions=plan.repetitions,
            override=plan.override,
            gate_s=plan.gate_s,
            guided=plan.guided,
            seconds=plan.seconds,
        ),
        _makers(plan, found, wanted),
        overheard=Overheard([w.profile for w in wanted], [w.asked_mode.number for w in wanted]),
        on_cue=on_cue,
    )


def _makers(plan: TrialPlan, found: Mapping[Segment, Known], wanted: Sequence[Wanted]) -> Makers:
    from collector.live.angles.separation import Separation
    from collector.live.recording.recorder import Recorder
    from collector.live.trial.parts import Makers

    profiles = [one.profile for one in wanted]
    return Makers(
        head=lambda statuses: _head(plan, found, wanted, statuses),
        recorder=lambda info, failed: Recorder(
            _opener(plan), info, subject=plan.subject, profiles=profiles, on_failure=failed
        ),
        separation=lambda info: Separation(info, plan.protocol if plan.guided else None),
    )


def _opener(plan: TrialPlan) -> Callable[[], Store]:
    from collector.store import open_store

    return lambda: open_store(plan.db)


def _head(
    plan: TrialPlan,
    found: Mapping[Segment, Known],
    wanted: Sequence[Wanted],
    statuses: Sequence[SensorStatus],
) -> RecordingInfo:
    uses = (
        _use(plan, known, segment, one, status)
        for (segment, known), one, status in zip(found.items(), wanted, statuses, strict=True)
    )
    return RecordingInfo(
        sensors=tuple(uses),
        utc=datetime.now(UTC).isoformat(timespec="seconds"),
        protocol=plan.protocol.id if plan.protocol else None,
        protocol_text=plan.protocol_text,
        side=plan.side,
        note=plan.note,
    )


def _use(
    plan: TrialPlan, known: Known, segment: Segment, wanted: Wanted, status: SensorStatus
) -> SensorUse:
    use = known.use(
        segment,
        mode=wanted.asked_mode.number,
        rate_hz=wanted.asked_hz,
        axis=plan.axes.get(segment, "auto"),
        firmware=str(status.facts.get("version", "")),
    )
    return replace(use, placement=_placement(plan, segment))


def _placement(plan: TrialPlan, segment: Segment) -> str:
    if plan.protocol is None:
        return ""
    places: Mapping[Role, str] = plan.protocol.placement
    return next((p for r, p in places.items() if segment_of(r, plan.side or "left") == segment), "")


def refusal_of(verdict: GateVerdict, statuses: Sequence[SensorStatus]) -> HipgonioError:
    """Return the error for a gate that stayed shut."""
    why = " ".join(finding.sentence for finding in verdict.blocks)
    for finding in verdict.blocks:
        if finding.code in _RADIO:
            return RadioError(finding.sentence, reason=_RADIO[finding.code])
    if not all(status.received for status in statuses):
        return SensorMissingError(
            f"The trial was not begun, for not every sensor delivers. {why}",
            reason="sensor_silent",
        )
    return QualityError(
        f"The trial was not begun, for not every sensor delivers as asked. {why} To measure all"
        " the same, say why: --override REASON.",
        reason="gate_refused",
    )
