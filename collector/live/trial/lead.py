"""From sensors on a body to a stored trial: what every live trial has in common."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from collector.live.trial.guide import Cue, End
from collector.live.trial.kept import kept_mountings
from collector.live.trial.making import guide_of, makers_of, opener_of, wanted_of
from collector.live.trial.plan import TrialPlan, check_worn
from collector.live.trial.verdict import GateVerdict, Need
from schemas.errors import HipgonioError, QualityError, RadioError, SensorMissingError
from schemas.segments import Segment

if TYPE_CHECKING:
    from collector.links.live_link import Wanted
    from collector.links.setup import LiveSetup
    from collector.links.states import SensorStatus
    from collector.links.virtual.world import World
    from collector.live.sensors.known import Known, Memory
    from collector.live.trial.outcome import Outcome
    from collector.live.trial.parts import Taken
    from collector.live.trial.session import LiveSession

SCORED_S: Final = 900.0
"""A recording without a guide may last hours: one that is longer than this is scored on demand."""
SIMULATED: Final = "simulated"
"""How the note of a trial begins in which nobody was measured."""
_BEGINS: Final = ("move", "free")
"""Cues at which somebody who was keeping still begins."""
_LEANS: Final = ("lean_forward", "lean_refused")
_INTO_POSITION: Final = "get_into_position"
_ONCE_MORE: Final = "another"
_RADIO: Final = MappingProxyType(
    {
        "not_streaming_adapter_off": "adapter_off",
        "not_streaming_no_adapter": "no_adapter",
        "not_streaming_permission_denied": "permission_denied",
    }
)
"""Findings of the gate that are the computer's, and the reason that scripts know them by."""


class Audience(Protocol):
    """For whom a trial is led: a terminal, a page, a test. No method may keep the trial waiting."""

    def say(self, text: str) -> None:
        """Tell something that is not part of the trial."""
        ...

    def cue(self, cue: Cue) -> None:
        """Tell what the trial says."""
        ...

    def attending(self, session: LiveSession) -> AbstractAsyncContextManager[None]:
        """Watch the session while inside, and take what the user does to it."""
        ...

    async def asked(self, end: End) -> Sequence[tuple[str, str]]:
        """Return what only people know at the end: kinds and texts of events."""
        ...


async def lead(setup: LiveSetup, plan: TrialPlan, audience: Audience) -> Outcome:
    """Find the sensors, lead through the trial, keep it and score it.

    Raises
    ------
    RadioError, SensorMissingError, QualityError
        What kept the gate shut.
    StoreError
        What could not be stored.
    """
    from collector.live.trial.outcome import outcome_of

    found = await _found(setup, plan, audience)
    _heed_interrupt()
    plan = _marked(plan, setup.world)
    check_worn("--axis", plan.axes, found)
    plan = await _with_kept(plan, found, audience)
    taken = await _run(setup, plan, found, audience)
    if taken.end == "gate_refused" and taken.verdict is not None:
        raise refusal_of(taken.verdict, taken.statuses)
    return await outcome_of(taken, opener_of(plan), longest_s=None if plan.guided else SCORED_S)


def _marked(plan: TrialPlan, world: World | None) -> TrialPlan:
    """Return the plan with a note that nobody was measured, where the sensors are virtual."""
    if world is None or plan.note.startswith(SIMULATED):
        return plan
    return replace(plan, note="; ".join(part for part in (SIMULATED, plan.note) if part))


async def _with_kept(
    plan: TrialPlan, found: Mapping[Segment, Known], audience: Audience
) -> TrialPlan:
    """Return the plan with how its sensors sat in the trial that it names."""
    from collector.salvage import opened_store

    opened = partial(opened_store, plan.db, audience.say)
    aliases = {segment: known.alias for segment, known in found.items()}
    loop = asyncio.get_running_loop()
    kept = await loop.run_in_executor(None, kept_mountings, plan.calibration, opened, aliases)
    return replace(plan, kept=kept)


def _heed_interrupt() -> None:
    """End here if Ctrl-C came during the search and was lost on its way.

    `asyncio.wait_for` of Python 3.11, which the virtual radio's stack uses, forgets a cancellation
    that comes together with what it waited for.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def _found(setup: LiveSetup, plan: TrialPlan, audience: Audience) -> Mapping[Segment, Known]:
    from collector.live.sensors.finding import find
    from collector.live.sensors.memory import remembered, with_world

    loop = asyncio.get_running_loop()
    memory = await loop.run_in_executor(None, remembered, plan.db, audience.say)
    memory = with_world(memory, setup.world)
    if not plan.segments:
        return await _all_worn(setup, memory, audience)
    audience.say(f"Looking for the sensors of {', '.join(plan.segments)} ...")
    return await find(setup.radio, plan.segments, memory, chosen=plan.chosen)


async def _all_worn(
    setup: LiveSetup, memory: Memory, audience: Audience
) -> Mapping[Segment, Known]:
    """Take every assigned sensor that is heard, and say which are missing."""
    from collector.live.sensors.worn import all_worn

    audience.say("Looking for all sensors that are assigned ...")
    found = await all_worn(setup.radio, memory)
    audience.say(f"Taken: {', '.join(found)}.")
    missing = [segment for segment in memory.segments.values() if segment not in found]
    if missing:
        audience.say(f"Assigned but not heard, and left out: {', '.join(missing)}.")
    return found


async def _run(
    setup: LiveSetup, plan: TrialPlan, found: Mapping[Segment, Known], audience: Audience
) -> Taken:
    from collector.links.live_link import LiveLink

    wanted = [wanted_of(known, plan.rate_hz) for known in found.values()]
    session = _session(setup, plan, found, wanted, audience)
    link = LiveLink(
        setup.radio,
        wanted,
        clock_us=setup.clock_us,
        on_event=session.link_event,
        random=setup.chance,
    )
    async with link, audience.attending(session):
        return await session.run(link)


def _session(
    setup: LiveSetup,
    plan: TrialPlan,
    found: Mapping[Segment, Known],
    wanted: Sequence[Wanted],
    audience: Audience,
) -> LiveSession:
    from collector.live.trial.overheard import Overheard
    from collector.live.trial.session import LiveSession

    return LiveSession(
        [Need(s, w.asked_hz) for s, w in zip(found, wanted, strict=True)],
        plan.protocol,
        guide_of(plan),
        makers_of(plan, found, wanted, audience.asked),
        overheard=Overheard([w.profile for w in wanted], [w.asked_mode.number for w in wanted]),
        on_cue=_obeyed(setup.world, audience.cue),
    )


def _obeyed(world: World | None, tell: Callable[[Cue], None]) -> Callable[[Cue], None]:
    """Return who hears the cues: a virtual person does what they say."""
    begun = False

    def on_cue(cue: Cue) -> None:
        nonlocal begun
        tell(cue)
        if world is None:
            return
        if cue.code == _INTO_POSITION:
            world.get_into_position()
        elif cue.code in _LEANS:
            world.lean()
        elif cue.code == _ONCE_MORE:
            world.once_more()
        elif cue.code in _BEGINS and not begun:
            begun = True
            world.begin()

    return on_cue


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
