"""`import trace`: a trace file, plain or compressed, also one that was cut off."""

from __future__ import annotations

import zlib
from dataclasses import replace
from pathlib import Path
from typing import Final

from collector.imports.files import read_bytes
from schemas.errors import InputError
from schemas.trace import Trace, parse_trace

GZIP_MAGIC: Final = b"\x1f\x8b"
GZIP_WINDOW: Final = 31
"""zlib's way of saying: expect a gzip header and its checksum."""
PIECE: Final = 64


def read_trace(path: Path) -> Trace:
    """Read a trace file as far as it goes.

    A file that is cut, or whose compressed data are damaged, gives what stands before the
    damage and is not `complete`; the recording then carries the fault.

    Raises
    ------
    InputError
        `file_missing`, `file_unreadable`, and what `schemas.trace.parse_trace` raises.
    """
    content = read_bytes(path)
    if content[:2] == GZIP_MAGIC[: len(content)] and content:
        content = _unzipped(content)
    lines = content.decode("utf-8-sig", errors="replace").split("\n")
    ended = [line + "\n" for line in lines[:-1]] + lines[-1:]
    try:
        return _marked(parse_trace(ended if ended[-1] else ended[:-1]))
    except InputError as error:
        raise InputError(f"{path.name}: {error.message}", reason=error.reason) from None


def _marked(trace: Trace) -> Trace:
    """Let the recording say what is wrong with its file, wherever it goes from here."""
    info = trace.recording.info
    faults = dict.fromkeys((*info.faults, *(reason.code for reason in trace.reasons)))
    marked = replace(trace.recording, info=replace(info, faults=tuple(faults)))
    return replace(trace, recording=marked)


def _unzipped(content: bytes) -> bytes:
    """Return what can be had of compressed data; without their own end, without a line end."""
    unzip = zlib.decompressobj(GZIP_WINDOW)
    parts: list[bytes] = []
    try:
        # In pieces, so that what stands before a damaged byte is not lost with it.
        for start in range(0, len(content), PIECE):
            parts.append(unzip.decompress(content[start : start + PIECE]))
    except zlib.error:
        pass
    whole = b"".join(parts)
    return whole if unzip.eof else whole.rstrip(b"\n")
