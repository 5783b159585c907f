"""`hipgonio measure PROTOCOL`: a live trial from the gate to the stored result."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import options as opt
from collector.cli import output, radio
from schemas.errors import UsageError
from schemas.segments import parse_segment

if TYPE_CHECKING:
    from collector.live.trial.outcome import Outcome
    from collector.live.trial.plan import TrialPlan

ProtocolName = Annotated[
    str, typer.Argument(metavar="PROTOCOL", help="Clinical test: its id, or the path of a file.")
]
Sensors = Annotated[
    list[str] | None,
    typer.Option(
        "--sensor",
        metavar="SEGMENT=SENSOR",
        help="Which sensor is worn where: its name, alias or address; else what is remembered.",
    ),
]
Rate = Annotated[
    float | None, typer.Option("--rate", min=1.0, help="Samples a second; else the family's usual.")
]
Override = Annotated[
    str | None,
    typer.Option(
        "--override",
        metavar="REASON",
        help="Begin although a sensor does not deliver as asked; the reason is stored.",
    ),
]
Count = Annotated[
    int | None, typer.Option("--repetitions", min=1, max=20, help="Else what the test asks for.")
]
Wait = Annotated[
    float, typer.Option("--wait", min=1.0, help="Seconds that the sensors have to get ready.")
]
Yes = Annotated[
    bool,
    typer.Option("--yes", "-y", help="Begin at once and ask nothing: the notes have been read."),
]
Replay = Annotated[
    Path | None,
    typer.Option(
        "--replay", metavar="FILE", help="Measure a trace as if its sensors were here and now."
    ),
]
Calibration = Annotated[
    str,
    typer.Option(
        "--calibration",
        metavar="last|TRIAL",
        help="The sensors sit as in an earlier trial: the last one, or that number.",
    ),
]
ReplaySpeed = Annotated[
    float | None,
    typer.Option(
        "--speed", min=0.01, help="Pace of a replay or of virtual sensors: 1 as real ones."
    ),
]


def measure(
    protocol: ProtocolName,
    side: opt.TestedSide = None,
    subject: opt.Subject = None,
    sensor: Sensors = None,
    axis: opt.Axes = None,
    site: opt.SensorSites = None,
    calibration: Calibration = "",
    rate: Rate = None,
    repetitions: Count = None,
    pain: opt.Pain = None,
    end_point: opt.EndOfRange = "",
    examiner: opt.Examiner = "",
    override: Override = None,
    wait: Wait = 45.0,
    yes: Yes = False,
    replay: Replay = None,
    virtual: radio.Virtual = None,
    speed: ReplaySpeed = None,
    adapter: radio.Adapter = None,
    note: opt.Note = "",
    db: opt.Db = None,
    json: opt.Json = False,
    require_grade: opt.RequireGrade = None,
) -> None:
    """Measure live: sensors ready, still seconds, repetitions, a stored and scored trial."""
    from collector.cli import live_report
    from collector.live.sensors.finding import parse_sensors
    from collector.live.trial import plan as plans
    from collector.live.trial.kept import check_calibration
    from collector.own_files import find_test

    test, text = find_test(protocol, output.say)
    plans.check_end_point(test, end_point)
    plans.check_people(subject, examiner)
    plan = plans.TrialPlan(
        protocol=test,
        protocol_text=text,
        side=side,
        segments=(),
        chosen=parse_sensors(sensor or [], parse_segment),
        axes=opt.parse_axes(axis or []),
        sites=opt.parse_sites(site or []),
        calibration=check_calibration(calibration),
        rate_hz=rate,
        repetitions=repetitions,
        override=plans.checked_reason(override),
        subject=subject,
        note=note,
        examiner=examiner,
        pain=pain,
        end_point=end_point,
        ask=not (yes or json),
        db=db if replay else radio.live_db(db, virtual),
        gate_s=wait,
    )
    if replay is not None:
        _refuse_radio(virtual=virtual, adapter=adapter, plan=plan)
        outcome, plan = _replayed(plan, replay, speed=speed)
    else:
        plan = _with_segments(plan)
        outcome = _measured(plan, virtual=virtual, adapter=adapter, speed=speed, ask=not yes)
    live_report.report(outcome, plan, json=json, require_grade=require_grade)


def _with_segments(plan: TrialPlan) -> TrialPlan:
    """Return the plan with what has to be worn, checked against what the line says of it."""
    from collector.live.trial.plan import check_worn, plan_segments

    segments = plan_segments(plan.protocol, plan.side, plan.chosen)
    check_worn("--axis", plan.axes, segments)
    check_worn("--site", plan.sites, segments)
    return replace(plan, segments=segments)


def _measured(
    plan: TrialPlan,
    *,
    virtual: str | None,
    adapter: str | None,
    speed: float | None,
    ask: bool,
) -> Outcome:
    from collector.cli.live_trial import live_trial
    from collector.cli.live_view import view_for
    from collector.live.trial.plan import world_for

    world = partial(
        world_for, protocol_id=plan.protocol.id if plan.protocol else "", side=plan.side
    )
    radio.check(virtual=virtual, adapter=adapter, speed=speed, world=world)
    brief(plan, ask=ask)
    return radio.run_live(
        lambda setup: live_trial(setup, plan, view_for(_title(plan))),
        virtual=virtual,
        adapter=adapter,
        speed=speed,
        interactive=True,
        world=world,
    )


def _replayed(plan: TrialPlan, file: Path, *, speed: float | None) -> tuple[Outcome, TrialPlan]:
    """Measure a recording; the plan then says what the recording adds."""
    from collector.cli.live_trial import replay_here
    from collector.cli.live_view import view_for
    from collector.links.virtual.time import run_warped
    from collector.live.trial.replayed import recorded

    recording = recorded(file, plan, output.say)
    info = recording.info
    plan = replace(plan, side=info.side, segments=tuple(use.segment for use in info.sensors))
    brief(plan, ask=False)
    view = view_for(_title(plan))
    return run_warped(replay_here(recording, plan, view), speed=speed), plan


def _refuse_radio(*, virtual: str | None, adapter: str | None, plan: TrialPlan) -> None:
    """Refuse what only sensors can be asked for; raises `UsageError`."""
    named = {
        "--virtual": virtual,
        "--adapter": adapter,
        "--sensor": plan.chosen,
        "--rate": plan.rate_hz,
        "--repetitions": plan.repetitions,
    }
    given = [option for option, value in named.items() if value]
    if given:
        raise UsageError(
            f"--replay takes sensors, rate and movement from the recording: leave out"
            f" {', '.join(given)}.",
            reason="usage",
        )


def _title(plan: TrialPlan) -> str:
    if plan.protocol is None:
        return ""
    side = plan.protocol.side_of(plan.side)
    return plan.protocol.title + (f", {side}" if side else "")


def brief(plan: TrialPlan, *, ask: bool) -> None:
    """Say what to think of before the start, and wait for enter where somebody sits there."""
    test = plan.protocol
    if test is None:
        return
    output.say(f"{test.title}. Sensors:")
    for line in _places(plan):
        output.say(f"  - {line}")
    first = "Stand upright first. " if test.standing_first else ""
    if test.lean_first:
        first = "Lean forward and come back, twice, first. "
    output.say(f"Position: {first}{test.reference.pose}")
    output.say(f"End points: {', '.join(test.end_points)} (key p stops for pain)")
    output.say("Before the start:")  # last, so that a small screen shows it
    for line in test.safety:
        output.say(f"  - {line}")
    if ask and sys.stdin.isatty() and sys.stderr.isatty():
        output.say("Enter begins, Ctrl-C leaves.")
        with suppress(EOFError):
            sys.stdin.readline()


def _places(plan: TrialPlan) -> list[str]:
    placed = ((segment, plan.placement(segment)) for segment in plan.segments)
    return [f"{segment}: {place}" for segment, place in placed if place]
