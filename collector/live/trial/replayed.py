"""A recorded trial goes the live way, from the gate to the stored result."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from collector.live.trial.kept import kept_mountings
from collector.live.trial.lead import Audience, refusal_of
from collector.live.trial.making import guide_of, opener_of
from collector.live.trial.plan import TrialPlan
from schemas.errors import UsageError
from schemas.units import US_PER_S

if TYPE_CHECKING:
    from collector.live.trial.guide import Guide
    from collector.live.trial.outcome import Outcome
    from collector.live.trial.parts import Makers, Taken
    from schemas.recording import Recording, RecordingInfo, Window


def recorded(file: Path, plan: TrialPlan, say: Callable[[str], None]) -> Recording:
    """Read a recording as `import trace` does: what the line says wins over its head.

    Raises
    ------
    InputError, UsageError, SensorMissingError
        As `import trace`; a recording that does not fit the test is told before anything is shown.
    """
    from collector.imports.common import ImportOptions
    from collector.imports.traced import traced
    from collector.wearing import tested_side

    options = ImportOptions(
        protocol=plan.protocol.id if plan.protocol else None,
        protocol_text=plan.protocol_text,
        side=plan.side,
        axes=plan.axes,
        sites=plan.sites,
        note=plan.note,
        examiner=plan.examiner,
        pain=plan.pain,
        end_point=plan.end_point,
    )
    recording = traced(file, options, say)
    side = tested_side(recording.info, plan.protocol)
    if plan.protocol is not None and plan.protocol.sided and side is None:
        raise UsageError(
            f"The test {plan.protocol.id} is done by one leg, and neither {file.name} nor the line"
            " names a side: add --side left or --side right.",
            reason="side_missing",
        )
    return _as_before(recording, plan, say)


def _as_before(recording: Recording, plan: TrialPlan, say: Callable[[str], None]) -> Recording:
    """Let sensors sit as in an earlier trial, where the line says so."""
    from collector.salvage import opened_store

    info = recording.info
    aliases = {use.segment: use.alias for use in info.sensors}
    kept = kept_mountings(plan.calibration, partial(opened_store, plan.db, say), aliases)
    plan = replace(plan, kept=kept)
    sensors = tuple(plan.mounted(use) for use in info.sensors)
    return replace(recording, info=replace(info, sensors=sensors))


async def replay_trial(recording: Recording, plan: TrialPlan, audience: Audience) -> Outcome:
    """Lead through a recorded trial on the running loop's time, keep it and score it.

    Raises
    ------
    SensorMissingError, QualityError
        What kept the gate shut: its first second is judged as that of a live sensor.
    StoreError
        What could not be stored.
    """
    from collector.live.trial.outcome import outcome_of

    taken = await _run(recording, plan, audience)
    if taken.end == "gate_refused" and taken.verdict is not None:
        raise refusal_of(taken.verdict, taken.statuses)
    return await outcome_of(taken, opener_of(plan))


async def _run(recording: Recording, plan: TrialPlan, audience: Audience) -> Taken:
    from collector.links.replay_sensors import ReplaySensors
    from collector.live.trial.session import LiveSession
    from collector.live.trial.verdict import Need

    loop = asyncio.get_running_loop()
    link = ReplaySensors(recording, clock_us=lambda: round(loop.time() * US_PER_S))
    session = LiveSession(
        [Need(use.segment, use.nominal_rate_hz) for use in recording.info.sensors],
        plan.protocol,
        _guide(recording.info, plan),
        _makers(recording.info, plan, link.begin),
        on_cue=audience.cue,
    )
    link.on_event = session.replayed
    async with link, audience.attending(session):
        return await session.run(link)


def _guide(info: RecordingInfo, plan: TrialPlan) -> Guide:
    """Return who leads: a recording knows its windows, and nobody can be asked for more."""
    from collector.live.trial.posing import Given
    from collector.motion.mounting.lean import is_before

    lean = info.sweep if plan.protocol and plan.protocol.lean_first else None
    if lean and not (info.reference and is_before(lean, info.reference)):
        lean = None
    windows = (_own(info, window) for window in (info.upright, info.reference, lean))
    return guide_of(plan, replayed=Given(*windows))


def _own(info: RecordingInfo, window: Window | None) -> Window | None:
    """Return a window of the recording's own times in seconds of the trial."""
    if window is None:
        return None
    return replace(
        window,
        start_s=window.start_s - info.origin_s,
        end_s=window.end_s - info.origin_s,
    )


def _makers(info: RecordingInfo, plan: TrialPlan, begun: Callable[[int], int]) -> Makers:
    from collector.live.angles.separation import Separation
    from collector.live.recording.recorder import Recorder
    from collector.live.trial.parts import Makers
    from devices.registry import profile

    # What was recorded is kept byte by byte, so that its hash stays what it was.
    nothing = profile("table").redactor
    profiles = [replace(profile(use.profile_id), redactor=nothing) for use in info.sensors]
    return Makers(
        head=lambda _statuses: info,
        recorder=lambda info, failed: Recorder(
            opener_of(plan), info, subject=plan.subject, profiles=profiles, on_failure=failed
        ),
        separation=lambda info: Separation(info, plan.protocol),
        begun=begun,
    )
