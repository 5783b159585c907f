"""What every import has in common: options, the map of segments to files, the recording made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from devices.registry import profile
from devices.table import chunk_of
from schemas.alias import alias_of
from schemas.errors import InputError, UsageError
from schemas.recording import ClockKind, Recording, RecordingInfo, SensorUse, Window
from schemas.samples import Samples
from schemas.segments import SEGMENTS, Segment, Side
from schemas.sites import Site


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the user says beside the files.

    Windows are in the recording's own times. `utc` (ISO 8601) is when it was made, if the files
    do not say; `salt` turns addresses and tags into aliases, without it there are none.
    `protocol` is an id; `protocol_text` the TOML text of a test that does not ship. `pain` (0 to
    10) and `end_point` are told of the whole recording.
    """

    protocol: str | None = None
    side: Side | None = None
    reference: Window | None = None
    sweep: Window | None = None
    axes: Mapping[Segment, str] = field(default_factory=dict)
    note: str = ""
    utc: str = ""
    salt: bytes = b""
    protocol_text: str = ""
    upright: Window | None = None
    sites: Mapping[Segment, Site] = field(default_factory=dict)
    examiner: str = ""
    pain: float | None = None
    end_point: str = ""


NO_OPTIONS = ImportOptions()


class Source(NamedTuple):
    """One sensor's data: a file and, where a file holds several sensors, its address in it."""

    segment: Segment
    path: Path
    address: str


@dataclass(frozen=True, eq=False, slots=True)
class SensorData:
    """One sensor as a reader found it; `identity` is hashed, never stored."""

    segment: Segment
    samples: Samples
    identity: str = ""
    firmware: str = ""
    nominal_rate_hz: float | None = None


def sources_of(maps: Mapping[Segment, str | Path]) -> tuple[Source, ...]:
    """Return the sensors of a map ``{segment: FILE or FILE#ADDRESS}`` in the order of SEGMENTS."""
    sources = tuple(_source(segment, str(maps[segment])) for segment in SEGMENTS if segment in maps)
    seen: dict[tuple[Path, str], Segment] = {}
    for segment, path, address in sources:
        other = seen.setdefault((path, address.upper()), segment)
        if other != segment:
            raise InputError(
                f"{other} and {segment} are mapped to the same sensor of {path.name}: "
                "expected one sensor for each segment.",
                reason="bad_map",
            )
    if not sources:
        raise InputError("No segment is mapped to a file.", reason="bad_map")
    return sources


def _source(segment: Segment, text: str) -> Source:
    path = Path(text)
    name, mark, address = text.rpartition("#")
    if mark and not path.exists():
        return Source(segment, Path(name), address.strip())
    return Source(segment, path, "")


def refuse_addresses(sources: Iterable[Source], what: str) -> None:
    """Raise `InputError` where an address was given for files that hold one sensor each."""
    for source in sources:
        if source.address:
            raise InputError(
                f"{source.path.name} is {what} and holds one sensor: "
                f"leave out #{source.address}, or correct the file's name.",
                reason="bad_map",
            )


def alias(identity: str, options: ImportOptions) -> str:
    """Return the alias of a sensor, empty where identity or salt is not known."""
    return alias_of(identity, options.salt) if identity and options.salt else ""


def info_from(
    sensors: Sequence[SensorUse],
    options: ImportOptions,
    *,
    utc: str = "",
    origin_s: float = 0.0,
    notes: Sequence[str] = (),
    redacted: tuple[str, ...] = (),
) -> RecordingInfo:
    """Return the head of an imported recording."""
    idle = [segment for segment in options.axes if segment not in {s.segment for s in sensors}]
    if idle:
        raise UsageError(
            f"An axis is given for {idle[0]}, which no sensor is mapped to.", reason="bad_axis"
        )
    return RecordingInfo(
        sensors=tuple(sensors),
        utc=options.utc or utc,
        protocol=options.protocol,
        side=options.side,
        reference=options.reference,
        sweep=options.sweep,
        origin_s=origin_s,
        note=" ".join(part for part in (options.note, *notes) if part),
        redacted=redacted,
        protocol_text=options.protocol_text,
    )


def table_recording(
    data: Sequence[SensorData],
    options: ImportOptions,
    *,
    clock: ClockKind,
    utc: str = "",
    origin_s: float = 0.0,
    notes: Sequence[str] = (),
) -> Recording:
    """Return a recording of rows that have no raw bytes, as chunks of the family `table`."""
    version = profile("table").version
    sensors = [
        SensorUse(
            segment=one.segment,
            profile_id="table",
            profile_version=version,
            alias=alias(one.identity, options),
            clock=clock,
            nominal_rate_hz=one.nominal_rate_hz,
            axis=options.axes.get(one.segment, "auto"),
            firmware=one.firmware,
        )
        for one in data
    ]
    info = info_from(sensors, options, utc=utc, origin_s=origin_s, notes=notes)
    return Recording(info, tuple(chunk_of(one.samples) for one in data))
