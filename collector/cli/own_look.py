"""What `hipgonio doctor` finds of the user's own tests and norms."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from schemas.errors import HipgonioError

if TYPE_CHECKING:
    from collector.cli.checkup import Line


def own_files_line() -> Line:
    """Count own tests and norms; broken ones, and a folder that the variable misses, are told."""
    from collector.cli.checkup import Line
    from collector.own_files import VARIABLE, clashes, config_folder, own_files
    from collector.own_norms import own_norms

    folder = config_folder()
    if os.environ.get(VARIABLE, "").strip() and not folder.is_dir():
        advice = f"{VARIABLE} names a folder that is not there: create it, or correct the variable."
        return Line("own files", "warn", f"no folder {folder}", advice, "no_config_folder")
    broken: list[str] = []
    tests, norms = 0, 0
    try:
        files = own_files()
        tests = sum(file.error is None for file in files)
        broken += [file.error.message for file in files if file.error is not None]
        broken += clashes(files).values()
        norms = len(own_norms())
    except HipgonioError as error:
        broken.append(error.message)
    return Line(
        "own files",
        "warn" if broken else "ok",
        f"{tests} tests and {norms} norms of your own in {folder}",
        " ".join(broken),
        "own_file_broken" if broken else "",
        {"tests": tests, "norms": norms, "broken": len(broken)},
    )
