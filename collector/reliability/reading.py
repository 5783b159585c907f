"""Tables of repeats from files: long or wide; comma, semicolon or tab; decimal comma; marks."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schemas.errors import InputError, UsageError

MISSING: Final = frozenset({"", "-", "na", "n/a", "nan", "null", "none"})
"""What a cell without a value says, in small letters."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The lines of a file by column name; `numbers` counts lines as an editor does."""

    path: Path
    columns: tuple[str, ...]
    lines: tuple[dict[str, str], ...]
    numbers: tuple[int, ...]
    decimal_comma: bool


def read_rows(path: Path) -> Rows:
    """Return the lines of a table with a header.

    Raises
    ------
    InputError
        `not_readable`, `not_text`, `empty_file`, `bad_line` with its number.
    """
    text = _text(path)
    header = text.split("\n", 1)[0]
    if not header.strip():
        raise InputError(
            f"{path} begins with an empty line: expected column names there; export it again.",
            reason="empty_file",
        )
    mark = next((m for m in (";", "\t") if m in header), ",")
    columns, found = _split(path, text, mark)
    for number, line in found:
        if len(line) != len(columns):
            raise InputError(
                f"{path}, line {number}: expected {len(columns)} cells as in the header, there are "
                f"{len(line)}; correct that line.",
                reason="bad_line",
            )
    named = tuple(dict(zip(columns, line, strict=True)) for _, line in found)
    return Rows(path, columns, named, tuple(number for number, _ in found), mark != ",")


def _split(path: Path, text: str, mark: str) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    """Return the names in the header, and every line that is not empty with its number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        columns = tuple(name.strip() for name in next(reader))
        return columns, [(reader.line_num, line) for line in reader if any(c.strip() for c in line)]
    except csv.Error as error:
        raise InputError(
            f"{path}, line {reader.line_num}: expected a line of a table ({error}); export it "
            "again as CSV.",
            reason="bad_line",
        ) from error


def long_cells(
    rows: Rows, subject: str, rater: str, value: str
) -> dict[tuple[str, str], list[float]]:
    """Return the values by person and rater; an empty cell is a missing value."""
    _check_columns(rows, (subject, rater, value))
    cells: dict[tuple[str, str], list[float]] = {}
    for number, line in _numbered(rows):
        key = (line[subject].strip(), line[rater].strip())
        if not all(key):
            column = rater if key[0] else subject
            raise InputError(
                f"{rows.path}, line {number}: expected a name in the column {column!r}, the cell "
                "is empty; fill it or remove the line.",
                reason="bad_line",
            )
        found = _number(rows, number, line, value)
        cells.setdefault(key, []).extend(() if math.isnan(found) else (found,))
    return cells


def wide_cells(
    rows: Rows, columns: Sequence[str], subject: str | None = None
) -> dict[tuple[str, str], list[float]]:
    """Return the values by person (the line, or what `subject` says) and column."""
    _check_columns(rows, (*columns, *([subject] if subject else [])))
    if len(set(columns)) != len(columns):
        raise UsageError(
            "--wide names a column twice: expected different columns, one for each repeat.",
            reason="same_column",
        )
    cells: dict[tuple[str, str], list[float]] = {}
    for number, line in _numbered(rows):
        person = line[subject].strip() if subject else f"line {number}"
        for column in columns:
            found = _number(rows, number, line, column)
            cells.setdefault((person, column), []).extend(() if math.isnan(found) else (found,))
    return cells


def _numbered(rows: Rows) -> Iterator[tuple[int, dict[str, str]]]:
    return zip(rows.numbers, rows.lines, strict=True)


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path} cannot be read ({error.strerror}): name an existing table.",
            reason="not_readable",
        ) from error
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} is not a text table in UTF-8: save it as CSV UTF-8.", reason="not_text"
        ) from error
    if "\0" in text:
        raise InputError(
            f"{path} is not a text table: expected CSV; export the sheet as CSV UTF-8.",
            reason="not_text",
        )
    return text


def _check_columns(rows: Rows, wanted: Sequence[str]) -> None:
    for name in wanted:
        if rows.columns.count(name) != 1:
            twice = name in rows.columns
            raise InputError(
                f"{rows.path} has {'two columns' if twice else 'no column'} {name!r}: expected one "
                f"of {', '.join(rows.columns)}.",
                reason="no_such_column",
            )


def _number(rows: Rows, number: int, line: dict[str, str], column: str) -> float:
    """Return the number of a cell, nan for a missing one."""
    text = line[column].strip()
    if text.lower() in MISSING:
        return math.nan
    try:
        value = float(_pointed(text) if rows.decimal_comma or "," in text else text)
    except ValueError:
        value = math.inf
    if not math.isfinite(value):
        raise InputError(
            f"{rows.path}, line {number}, column {column!r}: expected a number, not {text!r:.40}; "
            "correct the cell or empty it.",
            reason="bad_line",
        )
    return value


def _pointed(text: str) -> str:
    """Return a number with a decimal comma written with a point; one with both stays as it is."""
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
