"""A recording into a trace file, whole or not at all."""

from __future__ import annotations

import gzip
import io
import os
import tempfile
from pathlib import Path

from schemas.errors import InputError, UsageError
from schemas.recording import Recording
from schemas.trace import trace_lines


def write_trace(recording: Recording, path: Path, *, overwrite: bool = False) -> None:
    """Write a trace; a name that ends in ``.gz`` is compressed.

    The same recording always gives the same bytes.

    Raises
    ------
    UsageError
        `file_exists`, unless `overwrite`.
    InputError
        `not_writable`: the folder is missing or may not be written to.
    """
    if path.exists() and not overwrite:
        raise UsageError(
            f"{path} exists: give another name, or allow it to be overwritten.",
            reason="file_exists",
        )
    content = trace_bytes(recording, zipped=path.suffix == ".gz")
    try:
        _replace(path, content)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written ({error.strerror}): check folder and permissions.",
            reason="not_writable",
        ) from None


def trace_bytes(recording: Recording, *, zipped: bool) -> bytes:
    """Return the whole content of a trace file; the same recording gives the same bytes."""
    content = "".join(trace_lines(recording)).encode()
    return _zipped(content) if zipped else content


def _zipped(content: bytes) -> bytes:
    """Compress without time, name or system in the header: equal content gives equal files."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as file:
        file.write(content)
    return buffer.getvalue()


def _replace(path: Path, content: bytes) -> None:
    """Write beside the file and move into place, so that nobody ever sees half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
