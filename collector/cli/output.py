"""Data on standard output, talk on standard error."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.errors import HipgonioError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH = 240
SCHEMA = 1
"""Version of everything `--json` prints."""


class ToldError(Exception):
    """An end whose reason was told already; `code` is what the process ends with."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class InterruptedRunError(HipgonioError):
    """Somebody ended it by Ctrl-C before there was anything to print."""

    exit_code = 130

    def __init__(self, message: str = "Interrupted; what had been stored stays stored.") -> None:
        super().__init__(message, reason="interrupted")


def print_json(body: Mapping[str, object]) -> None:
    """Print one JSON object with the schema version first; NaN is a defect, not a value."""
    json.dump({"schema": SCHEMA, **body}, sys.stdout, allow_nan=False, ensure_ascii=False)
    sys.stdout.write("\n")


def say(text: str) -> None:
    """Print talk (not data) on standard error; a terminal has it broken between words.

    A terminal that was closed hears nothing, and keeps nothing from being done.
    """
    with suppress(OSError):
        sys.stderr.write(f"{_folded(text) if sys.stderr.isatty() else text}\n")


def _folded(text: str) -> str:
    """Break lines to the terminal's width, what follows under its line's own first word.

    Words stay whole: a command or a path can be copied.
    """
    width = _width()
    return "\n".join(
        textwrap.fill(
            line,
            width,
            subsequent_indent=" " * (len(line) - len(line.lstrip(" -"))),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.splitlines()
    )


def _width() -> int:
    """Return the columns of the terminal that standard error is, whatever standard output is."""
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return columns or shutil.get_terminal_size().columns


def data_console() -> Console:
    """Return a rich console on standard output; it follows NO_COLOR and pipes by itself."""
    from rich.console import Console

    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else PIPED_WIDTH
    return Console(highlight=False, width=width)


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows of text on standard output, as they are; in a pipe hardly anything is folded."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    data_console().print(table)


def number(value: float | None, digits: int = 1, unit: str = "") -> str:
    """Return a number as a table shows it; a dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}{unit}"


def figure(value: object) -> str:
    """Return a value as a table shows it."""
    if isinstance(value, float):
        return f"{value:.6f}" if abs(value) >= 1000 else f"{value:.4g}"
    if isinstance(value, list | tuple):
        return " ".join(figure(item) for item in value)
    return str(value)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Show on a terminal's standard error how far long work is; yield what to call at each step."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=total)
        yield lambda: shown.advance(task)


def check_new(path: Path) -> None:
    """Raise `UsageError` `file_exists` where a file of that name is there already."""
    if path.exists():
        raise _exists(path)


def write_new(path: Path, content: str | bytes) -> None:
    """Write a file that does not exist yet, whole or not at all; nothing is overwritten.

    It is written under a name of its own and put in place when it is complete: whoever is killed
    in the middle leaves no half of it under its name.
    """
    check_new(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            if isinstance(content, bytes):
                part.write_bytes(content)
            else:
                part.write_text(content, encoding="utf-8")
            _put_in_place(part, path)
        finally:
            part.unlink(missing_ok=True)
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror}): name another file.",
            reason="not_writable",
        ) from None


def _put_in_place(part: Path, path: Path) -> None:
    """Give a complete file its name; where no second name can be given, move it there."""
    try:
        os.link(part, path)  # unlike a move it never replaces what is there
    except FileExistsError:
        raise
    except OSError:
        if path.exists():
            raise FileExistsError(path) from None
        part.rename(path)


def _exists(path: Path) -> UsageError:
    return UsageError(
        f"{path} exists already: remove it, or name another file.", reason="file_exists"
    )
