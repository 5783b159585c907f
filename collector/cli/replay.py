"""`hipgonio replay FILE`: a trace through the same way as a live trial; nothing is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from collector.cli import options as opt
from collector.cli import output

TraceFile = Annotated[Path, typer.Argument(metavar="FILE", help="A .jsonl or .jsonl.gz trace.")]
Speed = Annotated[
    float | None,
    typer.Option("--speed", min=0.01, help="1 replays at recorded pace; else as fast as it goes."),
]


def replay(
    file: TraceFile,
    speed: Speed = None,
    tilt: opt.Tilt = "auto",
    filter_: opt.Filter = "offline",
    json: opt.Json = False,
) -> None:
    """Send a trace through the replay link and show its result; `import trace` also stores it."""
    from collector.export.trial_json import trial_body
    from collector.imports.trace import read_trace
    from collector.links.replay import replay as through_link
    from collector.pipeline import process

    trace = read_trace(file)
    for reason in trace.reasons:
        output.say(f"{file.name}: {reason.sentence}")
    recording = through_link(trace.recording, speed=speed)
    processed = process(recording, tilt=tilt, filter_=filter_)
    if json:
        output.print_json(trial_body(None, processed.result))
        return
    from collector.cli.show import show_trial

    show_trial(None, processed.result, processed.protocol)
