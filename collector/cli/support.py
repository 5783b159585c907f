"""One file for whoever helps: versions, states and counts, and nothing about anybody."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from schemas.errors import UsageError

if TYPE_CHECKING:
    from collector.cli.checkup import Line

_ABOUT: Final = """\
Written by `hipgonio doctor --bundle`.

doctor.json      what was looked at: states, reasons, versions, counts
statistics.json  how many trials, grades, reasons and kinds of change the database holds, and what
                 was received and lost over all sensors together

Not in here: subjects, notes, dates, sensors' names, aliases and addresses, recordings, names of
users, computers, files and folders.
"""


def write_bundle(file: Path, lines: Sequence[Line], database: Path) -> None:
    """Write the bundle; a file that exists is left alone."""
    from collector.cli.store_look import statistics

    parts = {
        "about.txt": _ABOUT,
        "doctor.json": _json([plain(line) for line in lines]),
        "statistics.json": _json(statistics(database)),
    }
    memory = BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(zipfile.ZipInfo(name), text)
    _write_new(file, memory.getvalue())


def plain(line: Line) -> dict[str, object]:
    """Return what may be given away of a line: not what is on the screen, which holds paths."""
    return {
        "topic": line.topic,
        "status": line.status,
        "reason": line.reason,
        "facts": dict(line.facts),
    }


def _json(value: object) -> str:
    return json.dumps(value, indent=1, sort_keys=True)


def _write_new(file: Path, content: bytes) -> None:
    try:
        with file.open("xb") as out:
            out.write(content)
    except FileExistsError:
        raise UsageError(
            f"{file} exists already: remove it, or name another file.", reason="file_exists"
        ) from None
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written ({error.strerror}): name another file.",
            reason="not_writable",
        ) from None
