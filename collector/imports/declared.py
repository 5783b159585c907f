"""What the user says of a recording, whatever file it came from: it wins over the file's head."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from collector.imports.common import ImportOptions
from schemas.errors import UsageError
from schemas.protocol import Protocol, protocol_of
from schemas.recording import END_POINT, PAIN, Event, Recording, RecordingInfo
from schemas.segments import Segment


def declared(recording: Recording, options: ImportOptions) -> Recording:
    """Return the recording with the standing window, sites, examiner, pain and end point as said.

    Raises
    ------
    UsageError
        `bad_site`, `bad_axis` for a segment that carries no sensor, `bad_end_point` for a code
        that the test does not know.
    """
    worn = {use.segment for use in recording.info.sensors}
    refuse_strangers("--site", options.sites, worn)
    info = replace(
        recording.info,
        sensors=tuple(
            replace(use, placement=options.sites.get(use.segment, use.placement))
            for use in recording.info.sensors
        ),
        upright=options.upright or recording.info.upright,
        examiner=options.examiner or recording.info.examiner,
    )
    said = _said(options, info, _last_us(recording))
    kinds = {event.kind for event in said}
    kept = [event for event in recording.events if event.kind not in kinds]
    return replace(recording, info=info, events=(*kept, *said))


def refuse_strangers(option: str, named: Iterable[Segment], worn: set[Segment]) -> None:
    """Raise `UsageError` where an option names a segment that carries no sensor."""
    strangers = sorted(set(named) - worn)
    if strangers:
        raise UsageError(
            f"{option} names {', '.join(strangers)}, which carries no sensor in this recording:"
            f" expected one of {', '.join(sorted(worn))}.",
            reason=f"bad_{option.removeprefix('--')}",
        )


def _said(options: ImportOptions, info: RecordingInfo, at_us: int) -> tuple[Event, ...]:
    """Return pain and end point as events at the end of the recording."""
    said = []
    if options.pain is not None:
        said.append(Event(at_us, PAIN, f"{options.pain:g}"))
    if options.end_point:
        protocol = protocol_of(info)
        if protocol:
            _refuse_unknown(options.end_point, protocol)
        said.append(Event(at_us, END_POINT, options.end_point))
    return tuple(said)


def _refuse_unknown(code: str, protocol: Protocol) -> None:
    if code not in protocol.end_points:
        raise UsageError(
            f"{protocol.id} does not end with {code!r}: expected one of"
            f" {', '.join(protocol.end_points)}.",
            reason="bad_end_point",
        )


def _last_us(recording: Recording) -> int:
    ends = [int(chunk.t_us[-1]) for chunk in recording.chunks if len(chunk)]
    ends += [event.t_us for event in recording.events]
    return max(ends, default=0)
