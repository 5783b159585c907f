"""The parts of a live trial, made of its plan and the sensors that were found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from schemas.errors import UsageError
from schemas.recording import RecordingInfo, SensorUse
from schemas.segments import Segment

if TYPE_CHECKING:
    from collector.links.live_link import Wanted
    from collector.links.states import SensorStatus
    from collector.live.sensors.known import Known
    from collector.live.trial.guide import End, Guide
    from collector.live.trial.parts import Makers
    from collector.live.trial.plan import TrialPlan
    from collector.live.trial.posing import Given
    from collector.store import Store


def wanted_of(known: Known, rate_hz: float | None) -> Wanted:
    """Return what a sensor is asked for; raise `UsageError` for a rate that it cannot send."""
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


def guide_of(plan: TrialPlan, *, replayed: Given | None = None) -> Guide:
    """Return who leads through the trial; `replayed` is what a recording knows already."""
    from collector.live.trial.guide import Guide

    return Guide(
        plan.protocol,
        repetitions=plan.repetitions,
        override=plan.override,
        gate_s=plan.gate_s,
        guided=plan.guided,
        seconds=plan.seconds,
        replayed=replayed,
        held=plan.held,
    )


def makers_of(
    plan: TrialPlan,
    found: Mapping[Segment, Known],
    wanted: Sequence[Wanted],
    asked: Callable[[End], Awaitable[Sequence[tuple[str, str]]]] | None = None,
) -> Makers:
    """Return how recorder and separation are made once the gate is open."""
    from collector.live.angles.separation import Separation
    from collector.live.recording.recorder import Recorder
    from collector.live.trial.parts import Makers

    profiles = [one.profile for one in wanted]
    return Makers(
        head=lambda statuses: _head(plan, found, wanted, statuses),
        recorder=lambda info, failed: Recorder(
            opener_of(plan), info, subject=plan.subject, profiles=profiles, on_failure=failed
        ),
        separation=lambda info: Separation(info, plan.protocol if plan.guided else None),
        asked=asked,
    )


def opener_of(plan: TrialPlan) -> Callable[[], Store]:
    """Return what opens the plan's database."""
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
        examiner=plan.examiner,
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
    return plan.mounted(replace(use, placement=plan.site(segment)))
