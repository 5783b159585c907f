"""`hipgonio trials`: list, show, certificate, patterns, export, score again, void."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from collector.cli import options as opt
from collector.cli import output
from collector.cli.certificate import certificate
from collector.cli.opened import opened_store
from schemas.errors import HipgonioError, InputError, UsageError

if TYPE_CHECKING:
    from schemas.protocol import Protocol
    from schemas.recording import RecordingInfo

app = typer.Typer(no_args_is_help=True, help="Trials that are kept: list, show, export, rescore.")
app.command()(certificate)

TrialId = Annotated[int, typer.Argument(metavar="ID", help="Number of the trial.")]
Series = Annotated[
    Literal["angles", "relative", "results"], typer.Option("--series", help="What to export.")
]
ExportFormat = Annotated[
    Literal["csv", "trace"],
    typer.Option("--format", help="csv, or the raw notifications as a trace."),
]
Out = Annotated[
    Path | None, typer.Option("--out", help="File to write; else standard output (csv only).")
]


@app.command("list")
def list_(subject: opt.Subject = None, db: opt.Db = None, json: opt.Json = False) -> None:
    """List the trials, newest last."""
    with opened_store(db, create=False) as store:
        rows = store.list_trials(subject=subject)
    if json:
        output.print_json({"trials": [asdict(row) for row in rows]})
        return
    output.print_table(
        ("id", "when (UTC)", "subject", "test", "side", "grade", "state"),
        [
            (str(r.id), r.utc, r.subject, r.protocol or "-", r.side or "-", r.grade or "-", r.state)
            for r in rows
        ],
    )
    unscored = [str(r.id) for r in rows if r.protocol and r.grade is None and r.state == "closed"]
    if unscored:
        output.say(
            f"Without a result: {', '.join(unscored)}; `hipgonio trials rescore {unscored[0]}`"
            " computes it, or says why that cannot be."
        )


@app.command()
def show(trial_id: TrialId, db: opt.Db = None, json: opt.Json = False) -> None:
    """Show a trial's result, its grade and the reasons."""
    from collector.export.trial_json import stored_body

    with opened_store(db, create=False) as store:
        row, result = store.trial(trial_id), store.latest_result(trial_id)
        info, remarks = store.load_info(trial_id), store.remarks(trial_id)
        body = stored_body(store, trial_id) if json else {}
    if json:
        output.print_json(body)
        return
    from collector.cli.show import show_trial

    warning = "" if row.state == "closed" else f"This trial is {row.state}: {row.state_reason}"
    show_trial(trial_id, result, _protocol(info), warning=warning, remarks=remarks)


def _protocol(info: RecordingInfo) -> Protocol | None:
    """Return the test if this version still knows it; the result stands without it."""
    from schemas.protocol import protocol_of

    try:
        return protocol_of(info)
    except HipgonioError:
        return None


@app.command()
def patterns(trial_id: TrialId, db: opt.Db = None, json: opt.Json = False) -> None:
    """Show how hip and low back shared the movement; computed anew from the raw bytes."""
    from collector.pipeline import process
    from collector.scoring.patterns.trial import patterns_of
    from schemas.result_json import to_plain

    with opened_store(db, create=False) as store:
        recording = store.load_recording(trial_id)
    done = process(recording)
    if done.protocol is None:
        raise UsageError(
            f"Trial {trial_id} has angles and no test, so nothing says what compensation is:"
            " import it with --protocol ID to see how it moved.",
            reason="no_protocol",
        )
    found = patterns_of(done.angles, done.protocol, done.result, origin_s=recording.info.origin_s)
    if json:
        output.print_json({"trial": trial_id, "patterns": to_plain(found)})
        return
    from collector.cli.show_patterns import show_patterns

    show_patterns(trial_id, found, done.result)


@app.command()
def rescore(
    trial_ids: Annotated[list[int] | None, typer.Argument(metavar="[ID]...")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every trial of the database.")] = False,
    tilt: opt.Tilt = "auto",
    filter_: opt.Filter = "offline",
    db: opt.Db = None,
    json: opt.Json = False,
) -> None:
    """Compute results again from the raw bytes; old results stay beside the new ones."""
    from collector.rescore import rescore_trials

    if bool(trial_ids) == every:
        raise UsageError("Name the trials to score again, or --all.", reason="usage")
    with opened_store(db, create=False) as store:
        rows = store.list_trials() if every else [store.trial(i) for i in trial_ids or []]
        ids = [row.id for row in rows]
        with output.progress("Scoring again", len(ids)) as advance:
            done = rescore_trials(store, ids, tilt=tilt, filter_=filter_, after_each=advance)
    if json:
        body = [{"trial": o.trial_id, "grade": o.grade, "error": o.error} for o in done]
        output.print_json({"rescored": body})
    else:
        for outcome in done:
            output.say(f"trial {outcome.trial_id}: {outcome.error or f'grade {outcome.grade}'}")
    if any(outcome.error for outcome in done):
        raise typer.Exit(InputError.exit_code)


@app.command()
def export(
    trial_id: TrialId,
    series: Series = "angles",
    format_: ExportFormat = "csv",
    out: Out = None,
    tilt: opt.Tilt = "auto",
    filter_: opt.Filter = "offline",
    db: opt.Db = None,
    json: opt.Json = False,
) -> None:
    """Write a trial's series as CSV, or its raw notifications as a trace."""
    if format_ == "trace":
        _export_trace(trial_id, out, db, json=json)
        return
    if json:
        raise UsageError(
            "--json goes with --format trace; a series is CSV, its lines with # say what it is.",
            reason="usage",
        )
    from collector.export.series import series_lines

    with opened_store(db, create=False) as store:
        lines = series_lines(store, trial_id, series, tilt=tilt, filter_=filter_)
    _write(lines, out)


def _export_trace(trial_id: int, out: Path | None, db: Path | None, *, json: bool) -> None:
    from collector.export.trace import write_trace

    if out is None:
        raise UsageError(
            "A trace is written to a file: name it with --out trial.jsonl.gz.", reason="usage"
        )
    with opened_store(db, create=False) as store:
        recording = store.load_recording(trial_id)
    write_trace(recording, out)
    if json:
        notifications = sum(len(chunk) for chunk in recording.chunks)
        counts = {"notifications": notifications, "raw_sha256": recording.sha256()}
        output.print_json({"trial": trial_id, "file": str(out), **counts})
        return
    output.say(f"Trial {trial_id} written to {out}.")


def _write(lines: Iterable[str], out: Path | None) -> None:
    text = "".join(f"{line}\n" for line in lines)
    if out is None:
        sys.stdout.write(text)
        return
    output.write_new(out, text)
    output.say(f"Written to {out}.")


@app.command()
def void(
    trial_id: TrialId,
    reason: Annotated[str, typer.Option("--reason", help="Why it must not count.")],
    db: opt.Db = None,
    json: opt.Json = False,
) -> None:
    """Mark a trial as not to be counted; nothing is deleted."""
    if not reason.strip():
        raise UsageError(
            'A trial is not made void without a word: --reason "strap slipped".', reason="usage"
        )
    with opened_store(db, create=False) as store:
        store.void_trial(trial_id, reason)
    if json:
        output.print_json({"trial": trial_id, "state": "void", "state_reason": reason})
        return
    output.say(f"Trial {trial_id} is void: {reason}")
