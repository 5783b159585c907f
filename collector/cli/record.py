"""`hipgonio record`: what sensors send, raw, into the store and a trace file."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import options as opt
from collector.cli import output, radio
from collector.cli.measure import Override, Rate, Sensors, Wait
from schemas.errors import HipgonioError, UsageError
from schemas.segments import parse_segment

if TYPE_CHECKING:
    from collector.live.trial.outcome import Outcome
    from collector.live.trial.plan import TrialPlan
    from schemas.recording import Recording
    from schemas.segments import Segment

Seconds = Annotated[
    float | None,
    typer.Option("--seconds", min=1.0, help="End after so long; else by enter or Ctrl-C."),
]
TraceOut = Annotated[
    Path | None,
    typer.Option("--trace", metavar="FILE", help="Also write a new .jsonl or .jsonl.gz trace."),
]


def record(
    sensor: Sensors = None,
    seconds: Seconds = None,
    trace: TraceOut = None,
    protocol: opt.ProtocolId = None,
    side: opt.TestedSide = None,
    subject: opt.Subject = None,
    axis: opt.Axes = None,
    rate: Rate = None,
    override: Override = None,
    wait: Wait = 45.0,
    virtual: radio.Virtual = None,
    speed: radio.Speed = None,
    adapter: radio.Adapter = None,
    note: opt.Note = "",
    db: opt.Db = None,
    json: opt.Json = False,
) -> None:
    """Record sensors as long as you like: kept while it runs, ended by time, enter or Ctrl-C."""
    from collector.cli.live_trial import live_trial
    from collector.cli.live_view import view_for
    from collector.live.sensors.finding import parse_sensors
    from collector.live.trial import plan as live_plan
    from collector.own_files import find_test

    _check_new(trace)
    test, text = find_test(protocol, output.say) if protocol else (None, "")
    protocol_id = test.id if test else "pslr"
    chosen = parse_sensors(sensor or [], parse_segment)
    plan = live_plan.TrialPlan(
        protocol=test,
        protocol_text=text,
        side=side,
        segments=live_plan.plan_segments(test, side, chosen),
        chosen=chosen,
        axes=opt.parse_axes(axis or []),
        rate_hz=rate,
        override=live_plan.checked_reason(override),
        subject=subject,
        note=note,
        db=radio.live_db(db, virtual),
        gate_s=wait,
        guided=False,
        seconds=seconds,
    )
    outcome = radio.run_live(
        lambda setup: live_trial(setup, plan, view_for("Recording")),
        virtual=virtual,
        adapter=adapter,
        speed=speed,
        interactive=True,
        world=partial(live_plan.world_for, protocol_id=protocol_id, side=plan.side),
    )
    _report(outcome, plan, trace, json=json)


def _check_new(trace: Path | None) -> None:
    """Refuse a trace that cannot be written before anything is recorded, not after."""
    if trace is not None and trace.exists():
        raise UsageError(
            f"{trace} exists already: remove it, or name another file.", reason="file_exists"
        )
    if trace is not None and not os.access(trace.parent, os.W_OK | os.X_OK):
        raise UsageError(
            f"{trace} cannot be written: expected a folder that exists and may be written to; make"
            " it, or name another file.",
            reason="not_writable",
        )


def _report(outcome: Outcome, plan: TrialPlan, trace: Path | None, *, json: bool) -> None:
    from collector.cli import live_report

    recording = outcome.taken.recording
    if outcome.trial is None or recording is None:
        live_report.nothing()
    counts = {
        use.segment: len(chunk)
        for use, chunk in zip(recording.info.sensors, recording.chunks, strict=True)
    }
    if trace is not None:
        _write(recording, trace, outcome)
    if json:
        body = {
            "trial": outcome.trial,
            "end": outcome.taken.end,
            "notifications": counts,
            "raw_sha256": recording.sha256(),
            "trace": None if trace is None else str(trace),
            "db": str(live_report.path_of(plan)),
        }
        output.print_json(body)
    else:
        _say(outcome, plan, counts, trace)
    live_report.exit_if_interrupted(outcome)


def _write(recording: Recording, trace: Path, outcome: Outcome) -> None:
    """Write the trace; if that fails, say that the recording is safe."""
    from collector.export.trace import write_trace

    try:
        write_trace(recording, trace)
    except HipgonioError as error:
        raise type(error)(
            f"{error.message} The recording is stored as trial {outcome.trial}: see `hipgonio"
            f" trials export {outcome.trial} --format trace`.",
            reason=error.reason,
        ) from error


def _say(outcome: Outcome, plan: TrialPlan, counts: dict[Segment, int], trace: Path | None) -> None:
    from collector.cli import live_report

    sensors = outcome.processed.result.certificate.sensors if outcome.processed else {}
    rows = [
        (
            segment,
            str(count),
            str(sensors[segment].received) if segment in sensors else "-",
            str(sensors[segment].lost) if segment in sensors else "-",
            f"{sensors[segment].rate_hz:.1f}" if segment in sensors else "-",
        )
        for segment, count in counts.items()
    ]
    output.print_table(("segment", "notifications", "samples", "lost", "Hz"), rows)
    if outcome.refusal is not None:
        output.say(f"No angles: {outcome.refusal.message}")
    live_report.say_where(outcome, plan)
    if trace is not None:
        output.say(f"Trace: {trace}")
