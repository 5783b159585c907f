"""Trace format version 1: a recording as JSON Lines, so that bytes can leave and come back.

A header, then one line per notification and per event in order of time, then a last line with
counts and a SHA-256 over everything before it. `docs/trace-format.md` is the description for
those who write such files themselves. Pure: lines in, lines out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import numpy as np

from schemas.chunk import Chunk, Notification
from schemas.errors import InputError
from schemas.recording import Event, Recording, RecordingInfo
from schemas.result import Reason
from schemas.trace_body import MAX_T_S, Body
from schemas.trace_head import FORMAT, VERSION, head_of, info_of
from schemas.units import US_PER_S

_END: Final = "}\n"


@dataclass(frozen=True, eq=False, slots=True)
class Trace:
    """What a trace file holds, and whether it is all there and unchanged.

    `complete` is false when the file is cut or was altered; `reasons` then say which
    (`trace_cut`, `trace_changed`).
    """

    recording: Recording
    complete: bool
    reasons: tuple[Reason, ...] = ()


def trace_lines(recording: Recording) -> Iterator[str]:
    """Yield the lines of a trace, each with its line end; plain ASCII."""
    digest = hashlib.sha256()
    for line in _content_lines(recording):
        digest.update(line.encode())
        yield line
    notifications = sum(len(chunk) for chunk in recording.chunks)
    yield _dumped(
        {
            "events": len(recording.events),
            "notifications": notifications,
            "sha256": digest.hexdigest(),
        }
    )


def parse_trace(lines: Iterable[str]) -> Trace:
    """Read a trace as far as it goes.

    Parameters
    ----------
    lines
        The file's lines, with their line ends or all without.

    Raises
    ------
    InputError
        `empty_file`, `not_a_trace`, `newer_version`, `bad_header`, `trace_cut` (in the header),
        `time_goes_back`, or `bad_line` with the number of a line that is not one of a trace.
    """
    rows = list(lines)
    if not rows:
        raise InputError("The trace is empty: expected a header line.", reason="empty_file")
    body = Body(_header(rows[0]))
    last = _read_body(body, rows)
    chunks = tuple(_chunk(i, received) for i, received in enumerate(body.received))
    recording = Recording(body.info, chunks, tuple(body.events))
    reason = _judged(body, rows, last)
    return Trace(recording, reason is None, () if reason is None else (reason,))


def _dumped(value: dict[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False) + "\n"


def _header_line(info: RecordingInfo) -> str:
    """Put format and version before the sorted rest: a file's first bytes say what it is."""
    head = head_of(info)
    first = _dumped({key: head.pop(key) for key in ("format", "version")})
    return f"{first.removesuffix(_END)},{_dumped(head).removeprefix('{')}"


def _content_lines(recording: Recording) -> Iterator[str]:
    yield _header_line(recording.info)
    lines = [_notification_lines(i, chunk) for i, chunk in enumerate(recording.chunks)]
    lines.append([_event_line(event) for event in recording.events])
    times = [chunk.t_us for chunk in recording.chunks]
    times.append(np.array([event.t_us for event in recording.events], dtype=np.int64))
    # The running maximum keeps each sensor's own order whatever its stamps say.
    keys = np.concatenate([np.maximum.accumulate(t) for t in times])
    flat = [line for group in lines for line in group]
    for i in np.argsort(keys, kind="stable").tolist():
        yield flat[i]


def _notification_lines(sensor: int, chunk: Chunk) -> list[str]:
    names = [json.dumps(name) for name in chunk.characteristics]
    directions = ("in", "out")
    text = chunk.payload.hex()
    ends = (2 * np.cumsum(chunk.length)).tolist()
    columns = zip(
        chunk.t_us.tolist(),
        chunk.outgoing.tolist(),
        chunk.characteristic.tolist(),
        [0, *ends],
        ends,
        strict=False,
    )
    return [
        f'{{"characteristic":{names[name]},"direction":"{directions[outgoing]}",'
        f'"hex":"{text[start:end]}","sensor":{sensor},"t":{_seconds(t_us)}}}\n'
        for t_us, outgoing, name, start, end in columns
    ]


def _event_line(event: Event) -> str:
    kind, text = json.dumps(event.kind), json.dumps(event.text)
    return f'{{"event":{kind},"t":{_seconds(event.t_us)},"text":{text}}}\n'


def _seconds(t_us: int) -> str:
    whole, micro = divmod(abs(t_us), US_PER_S)
    if whole >= MAX_T_S:
        raise ValueError(f"a trace cannot hold the time {t_us} us")
    return f"{'-' if t_us < 0 else ''}{whole}.{micro:06d}"


def _chunk(sensor: int, received: list[Notification]) -> Chunk:
    if len({row.characteristic for row in received}) > 256:
        raise InputError(
            f"Sensor {sensor} of the trace has more than 256 characteristics.", reason="bad_line"
        )
    chunk = Chunk.of(received)
    back = np.flatnonzero(np.diff(chunk.t_us) < 0)
    if len(back):
        before, after = chunk.t_us[back[0] : back[0] + 2].tolist()
        raise InputError(
            f"In the trace the time of sensor {sensor} goes back from {_seconds(before)} s "
            f"to {_seconds(after)} s.",
            reason="time_goes_back",
        )
    return chunk


def _header(line: str) -> RecordingInfo:
    start = f'{{"format":"{FORMAT}"'
    try:
        head = json.loads(line)
    except (ValueError, RecursionError):
        if line.startswith(start) or start.startswith(line):
            raise InputError(
                "The trace is cut inside its header: nothing of it can be used.",
                reason="trace_cut",
            ) from None
        head = None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise InputError(
            f"This is not a trace: expected a header line with the format {FORMAT!r}.",
            reason="not_a_trace",
        )
    _check_version(head.get("version"))
    try:
        return info_of(head)
    except ValueError as error:
        raise InputError(
            f"The header of the trace cannot be used: {error}.", reason="bad_header"
        ) from None


def _check_version(version: object) -> None:
    if version == VERSION and not isinstance(version, bool):
        return
    newer = isinstance(version, int) and version > VERSION
    raise InputError(
        f"The trace has version {version!r:.20}, this program reads version {VERSION}: "
        + ("use a newer hipgonio." if newer else "export it again."),
        reason="newer_version" if newer else "bad_header",
    )


def _read_body(body: Body, rows: list[str]) -> int:
    """Feed the lines behind the header; return how many lines of the file are whole."""
    for i, line in enumerate(rows[1:], start=1):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            if i == len(rows) - 1:
                return i
            _bad_line(i, "it is not JSON")
        try:
            body.take(row if isinstance(row, dict) else {})
        except ValueError as error:
            _bad_line(i, str(error))
    return len(rows)


def _bad_line(index: int, why: str) -> NoReturn:
    raise InputError(f"Line {index + 1} of the trace cannot be used: {why}.", reason="bad_line")


def _judged(body: Body, rows: list[str], whole: int) -> Reason | None:
    counts = (sum(len(r) for r in body.received), len(body.events))
    if body.end is None or whole < len(rows) or _unended(rows):
        return Reason(
            "trace_cut",
            f"The trace is cut: {counts[0]} notifications and {counts[1]} events were read, "
            "the end is missing.",
        )
    digest = hashlib.sha256()
    for line in rows[:-1]:
        digest.update(line.rstrip("\r\n").encode("utf-8", "surrogatepass") + b"\n")
    said = (body.end.get("notifications"), body.end.get("events"))
    if said != counts or body.end["sha256"] != digest.hexdigest():
        return Reason(
            "trace_changed",
            "The trace was changed after it was written: its content does not give the hash "
            "in its last line.",
        )
    return None


def _unended(rows: list[str]) -> bool:
    """Whether the last line lacks the line end that the lines before it have."""
    return rows[0].endswith("\n") and not rows[-1].endswith("\n")
