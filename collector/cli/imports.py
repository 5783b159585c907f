"""`hipgonio import FORMAT`: other tools' recordings into the same store, by the same way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from collector.cli import options as opt
from collector.cli import output
from collector.cli.keep import keep, report
from collector.cli.opened import salt_of
from schemas.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector.imports.common import ImportOptions
    from schemas.recording import Recording
    from schemas.segments import Segment

Format = Annotated[
    Literal["table", "dot", "witmotion-log", "notifications", "trace"],
    typer.Argument(
        metavar="FORMAT",
        help="table (CSV in SI units), dot (Movella DOT CSV), witmotion-log (CSV with receive"
        " times), notifications (JSON Lines of t and hex), trace (this project's own).",
    ),
]
TraceFile = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="The trace; other formats take --map.")
]
Profile = Annotated[
    str, typer.Option("--profile", help="Device profile of the bytes (notifications).")
]

Mode = Annotated[
    int | None, typer.Option("--mode", help="Payload mode of the bytes (notifications).")
]
Utc = Annotated[
    str,
    typer.Option(
        "--utc",
        metavar="TIME",
        help="When it was recorded (ISO 8601); else what the file says, else now.",
    ),
]


def import_(
    format_: Format,
    file: TraceFile = None,
    maps: opt.Maps = None,
    protocol: opt.ProtocolId = None,
    side: opt.TestedSide = None,
    subject: opt.Subject = None,
    reference: opt.ReferenceWindow = None,
    sweep: opt.SweepWindow = None,
    upright: opt.UprightWindow = None,
    axis: opt.Axes = None,
    site: opt.SensorSites = None,
    examiner: opt.Examiner = "",
    pain: opt.Pain = None,
    end_point: opt.EndOfRange = "",
    profile: Profile = "witmotion",
    mode: Mode = None,
    tilt: opt.Tilt = "auto",
    filter_: opt.Filter = "offline",
    note: opt.Note = "",
    utc: Utc = "",
    db: opt.Db = None,
    json: opt.Json = False,
    require_grade: opt.RequireGrade = None,
) -> None:
    """Bring in a recording made by another tool: compute it, store it, show what came out."""
    from collector.imports.common import ImportOptions
    from collector.imports.declared import declared
    from collector.imports.traced import dated
    from collector.own_files import find_test

    test, protocol_text = find_test(protocol, output.say) if protocol else (None, "")
    options = ImportOptions(
        protocol=test.id if test else None,
        protocol_text=protocol_text,
        side=side,
        reference=opt.parse_window(reference, "--reference"),
        sweep=opt.parse_window(sweep, "--sweep"),
        axes=opt.parse_axes(axis or []),
        note=note,
        utc=utc,
        salt=salt_of(db),
        upright=opt.parse_window(upright, "--upright"),
        sites=opt.parse_sites(site or []),
        examiner=examiner,
        pain=pain,
        end_point=end_point,
    )
    if format_ == "trace":
        recording = _trace(file, maps, options)
    else:
        sources = opt.parse_maps(maps or [])
        recording = _mapped(format_, file, sources, options, profile=profile, mode=mode)
    recording = dated(declared(recording, options))
    trial_id, processed = keep(
        recording, db=db, subject=subject, tilt=tilt, filter_=filter_, salt=options.salt
    )
    report(trial_id, processed, json=json, require_grade=require_grade)


def _trace(file: Path | None, maps: list[str] | None, options: ImportOptions) -> Recording:
    from collector.imports.trace import read_trace
    from collector.imports.traced import overridden

    if file is None or maps:
        raise UsageError(
            "A trace carries its own map: `hipgonio import trace FILE`, without --map.",
            reason="bad_map",
        )
    trace = read_trace(file)
    for reason in trace.reasons:
        output.say(f"{file.name}: {reason.sentence}")
    return overridden(trace.recording, options)


def _mapped(
    format_: str,
    file: Path | None,
    maps: Mapping[Segment, str],
    options: ImportOptions,
    *,
    profile: str,
    mode: int | None,
) -> Recording:
    from collector.imports.dot import read_dot
    from collector.imports.notifications import read_notifications
    from collector.imports.table import read_table
    from collector.imports.witmotion_log import read_witmotion_log

    if file is not None:
        raise UsageError(
            f"{file} stands alone on the line: say where it was worn with --map SEGMENT={file}.",
            reason="bad_map",
        )
    if format_ == "notifications":
        return read_notifications(maps, options, profile_id=profile, mode=mode)
    readers = {"table": read_table, "dot": read_dot, "witmotion-log": read_witmotion_log}
    return readers[format_](maps, options)
