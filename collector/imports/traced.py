"""A trace as a trial to be: what is named beside it wins over its head."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from collector.imports.common import ImportOptions
from collector.imports.declared import declared, refuse_strangers
from collector.imports.trace import read_trace
from schemas.recording import Recording

IMPORTED_NOW: Final = "When it was recorded is not known: the time is that of the import."


def traced(file: Path, options: ImportOptions, say: Callable[[str], None]) -> Recording:
    """Read a trace, and let what is asked for win over its head; `say` hears what is odd of it.

    Raises
    ------
    InputError, UsageError
        A file that cannot be used, or options that do not fit it.
    """
    trace = read_trace(file)
    was, named = trace.recording.info.protocol, options.protocol
    for reason in trace.reasons:
        say(f"{file.name}: {reason.sentence}")
    if was and named and was != named:
        say(f"{file.name} was recorded as {was}; it is scored as {named}, as asked for.")
    return dated(declared(overridden(trace.recording, options), options))


def overridden(recording: Recording, options: ImportOptions) -> Recording:
    """Let what was named on the line win over the trace's head."""
    info = recording.info
    refuse_strangers("--axis", options.axes, {use.segment for use in info.sensors})
    sensors = tuple(
        replace(use, axis=options.axes.get(use.segment, use.axis)) for use in info.sensors
    )
    info = replace(
        info,
        sensors=sensors,
        protocol=options.protocol or info.protocol,
        protocol_text=options.protocol_text if options.protocol else info.protocol_text,
        side=options.side or info.side,
        reference=options.reference or info.reference,
        sweep=options.sweep or info.sweep,
        utc=options.utc or info.utc,
        note=" ".join(part for part in (info.note, options.note) if part),
    )
    return replace(recording, info=info)


def dated(recording: Recording) -> Recording:
    """Return a recording with a time: that of now, and a note, where it has none."""
    if recording.info.utc:
        return recording
    note = f"{recording.info.note} {IMPORTED_NOW}".strip()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return replace(recording, info=replace(recording.info, utc=now, note=note))
