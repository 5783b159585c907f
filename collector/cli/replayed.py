"""`measure --replay FILE`: a recorded trial goes the live way, gate to stored result."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from collector.cli.end_questions import EndQuestions
from collector.cli.kept import kept_mountings
from collector.cli.live_plan import TrialPlan
from collector.cli.live_trial import refusal_of, shown
from collector.cli.live_view import Showing, View
from schemas.errors import UsageError
from schemas.units import US_PER_S

if TYPE_CHECKING:
    from collector.live.trial.guide import Guide
    from collector.live.trial.outcome import Outcome
    from collector.live.trial.parts import Makers, Taken
    from schemas.recording import Recording, RecordingInfo, Window


def recorded(file: Path, plan: TrialPlan) -> Recording:
    """Read a recording as `import trace` does: what the line says wins over its head.

    Raises
    ------
    InputError, UsageError, SensorMissingError
        As `import trace`; a recording that does not fit the test is told before anything is shown.
    """
    from collector.cli.imports import traced
    from collector.imports.common import ImportOptions
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
    recording = traced(file, options)
    side = tested_side(recording.info, plan.protocol)
    if plan.protocol is not None and plan.protocol.sided and side is None:
        raise UsageError(
            f"The test {plan.protocol.id} is done by one leg, and neither {file.name} nor the line"
            " names a side: add --side left or --side right.",
            reason="side_missing",
        )
    return _as_before(recording, plan)


def _as_before(recording: Recording, plan: TrialPlan) -> Recording:
    """Let sensors sit as in an earlier trial, where the line says so."""
    info = recording.info
    aliases = {use.segment: use.alias for use in info.sensors}
    kept = kept_mountings(plan.calibration, plan.db, aliases)
    plan = replace(plan, kept=kept)
    sensors = tuple(plan.mounted(use) for use in info.sensors)
    return replace(recording, info=replace(info, sensors=sensors))


def replay_trial(
    recording: Recording, plan: TrialPlan, view: View, *, speed: float | None
) -> Outcome:
    """Lead through a recorded trial, keep it and score it: in no time, or at `speed`.

    Raises
    ------
    SensorMissingError, QualityError
        What kept the gate shut: its first second is judged as that of a live sensor.
    StoreError
        What could not be stored.
    """
    from collector.links.virtual.time import run_warped

    return run_warped(_trial(recording, plan, view), speed=speed)


async def _trial(recording: Recording, plan: TrialPlan, view: View) -> Outcome:
    from collector.cli.live_parts import opener_of
    from collector.live.trial.outcome import outcome_of

    showing = Showing(view)
    try:
        taken = await _run(recording, plan, showing)
    finally:
        await showing.close()
    if taken.end == "gate_refused" and taken.verdict is not None:
        raise refusal_of(taken.verdict, taken.statuses)
    return await outcome_of(taken, opener_of(plan))


async def _run(recording: Recording, plan: TrialPlan, showing: Showing) -> Taken:
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
        on_cue=showing.cue,
    )
    link.on_event = session.replayed
    async with link, shown(session, EndQuestions(plan, showing)):
        return await session.run(link)


def _guide(info: RecordingInfo, plan: TrialPlan) -> Guide:
    """Return who leads: a recording knows its windows, and nobody can be asked for more."""
    from collector.cli.live_parts import guide_of
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
    from collector.cli.live_parts import opener_of
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
