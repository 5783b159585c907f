"""`hipgonio measure PROTOCOL`: a live trial from the gate to the stored result."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import options as opt
from collector.cli import output, radio
from schemas.segments import parse_segment

if TYPE_CHECKING:
    from collector.cli.live_plan import TrialPlan

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
    bool, typer.Option("--yes", "-y", help="Begin at once: the safety notes have been read.")
]


def measure(
    protocol: ProtocolName,
    side: opt.TestedSide = None,
    subject: opt.Subject = None,
    sensor: Sensors = None,
    axis: opt.Axes = None,
    rate: Rate = None,
    repetitions: Count = None,
    override: Override = None,
    wait: Wait = 45.0,
    yes: Yes = False,
    virtual: radio.Virtual = None,
    speed: radio.Speed = None,
    adapter: radio.Adapter = None,
    note: opt.Note = "",
    db: opt.Db = None,
    json: opt.Json = False,
    require_grade: opt.RequireGrade = None,
) -> None:
    """Measure live: sensors ready, three still seconds, repetitions, a stored and scored trial."""
    from collector.cli import live_report
    from collector.cli.live_plan import (
        TrialPlan,
        check_axes,
        checked_reason,
        plan_segments,
        world_for,
    )
    from collector.cli.live_trial import live_trial
    from collector.cli.live_view import view_for
    from collector.live.sensors.finding import parse_sensors
    from collector.own_files import find_test

    test, text = find_test(protocol, output.say)
    chosen = parse_sensors(sensor or [], parse_segment)
    plan = TrialPlan(
        protocol=test,
        protocol_text=text,
        side=side,
        segments=plan_segments(test, side, chosen),
        chosen=chosen,
        axes=opt.parse_axes(axis or []),
        rate_hz=rate,
        repetitions=repetitions,
        override=checked_reason(override),
        subject=subject,
        note=note,
        db=radio.live_db(db, virtual),
        gate_s=wait,
    )
    check_axes(plan.axes, plan.segments)
    world = partial(world_for, protocol_id=test.id, plan=plan)
    radio.check(virtual=virtual, adapter=adapter, speed=speed, world=world)
    brief(plan, ask=not yes)
    title = test.title + (f", {side}" if side else "")
    taken = radio.run_live(
        lambda setup: live_trial(setup, plan, view_for(title)),
        virtual=virtual,
        adapter=adapter,
        speed=speed,
        interactive=True,
        world=world,
    )
    live_report.report(taken, plan, json=json, require_grade=require_grade)


def brief(plan: TrialPlan, *, ask: bool) -> None:
    """Say what to think of before the start, and wait for enter where somebody sits there."""
    test = plan.protocol
    if test is None:
        return
    output.say(f"{test.title}. Before the start:")
    for line in test.safety:
        output.say(f"  - {line}")
    output.say("Sensors:")
    for line in _places(plan):
        output.say(f"  - {line}")
    output.say(f"Position: {test.reference.pose}")
    if ask and sys.stdin.isatty() and sys.stderr.isatty():
        output.say("Enter begins, Ctrl-C leaves.")
        with suppress(EOFError):
            sys.stdin.readline()


def _places(plan: TrialPlan) -> list[str]:
    placed = ((segment, plan.placement(segment)) for segment in plan.segments)
    return [f"{segment}: {place}" for segment, place in placed if place]
