"""Numbers out of comma-separated text: fast where it is right, exact about the fault where not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np

from collector.imports.files import read_text
from schemas.errors import InputError
from schemas.units import FloatArray

HEADER_WITHIN = 60
"""How many lines of metadata may stand before the column names."""


@dataclass(frozen=True, eq=False, slots=True)
class Sheet:
    """Rows of a CSV file below its column names.

    `file` names it in messages; `above` are the lines before the names; `rows` the lines that
    are not blank; `numbers` their line numbers in the file, counted from 1.
    """

    file: str
    above: tuple[str, ...]
    names: tuple[str, ...]
    rows: list[str]
    numbers: list[int]

    def floats(self, columns: Sequence[str]) -> FloatArray:
        """Return the columns as (N, len(columns)) float64, all of them finite numbers."""
        indices = [self.names.index(name) for name in columns]
        commas = len(self.names) - 1
        try:
            if any(row.count(",") != commas for row in self.rows):
                raise ValueError("rows of another length")
            values = np.loadtxt(
                self.rows, delimiter=",", usecols=indices, comments=None, quotechar='"', ndmin=2
            )
        except ValueError:
            values = self._slowly(indices)
        if not np.isfinite(values).all():
            self._refuse_nan(values, columns)
        return values

    def texts(self, column: str) -> list[str]:
        """Return one column as text."""
        index = self.names.index(column)
        return [_cells(row)[index] for row in self.rows]

    def with_names(self, names: tuple[str, ...]) -> Sheet:
        """Return the same rows under other column names."""
        return Sheet(self.file, self.above, names, self.rows, self.numbers)

    def _slowly(self, indices: Sequence[int]) -> FloatArray:
        values = np.empty((len(self.rows), len(indices)))
        for i, row in enumerate(self.rows):
            cells = _cells(row)
            if len(cells) < len(self.names) or any(cells[len(self.names) :]):
                raise InputError(
                    f"Line {self.numbers[i]} of {self.file} has {len(cells)} values under "
                    f"{len(self.names)} column names: expected as many values as names, "
                    "a point in numbers and a comma between them.",
                    reason="wrong_columns",
                )
            for k, index in enumerate(indices):
                values[i, k] = self._number(cells[index], i, index)
        return values

    def _number(self, cell: str, row: int, index: int) -> float:
        try:
            if "_" not in cell:
                return float(cell)
        except ValueError:
            pass
        raise InputError(
            f"Line {self.numbers[row]} of {self.file}, column {self.names[index]}: "
            f"expected a number, not {cell[:20]!r}.",
            reason="not_a_number",
        )

    def _refuse_nan(self, values: FloatArray, columns: Sequence[str]) -> NoReturn:
        row, k = np.argwhere(~np.isfinite(values))[0].tolist()
        raise InputError(
            f"Line {self.numbers[row]} of {self.file}, column {columns[k]}: "
            f"{values[row, k]} is not a measured value; leave out rows that were not measured.",
            reason="nan",
        )


def read_sheet(path: Path, *, header_has: str = "") -> Sheet:
    """Read a CSV file whose column names are its first line, or the one that has `header_has`."""
    lines = read_text(path).split("\n")
    if not any(line.strip() for line in lines):
        raise InputError(f"{path.name} is empty: expected column names.", reason="empty_file")
    head = lines[:HEADER_WITHIN]
    top = next((i for i, line in enumerate(head) if _is_header(line, header_has)), -1)
    if top < 0:
        raise InputError(
            f"{path.name} has no line with the column {header_has}: is it another tool's file?",
            reason="wrong_columns",
        )
    names = tuple(_cells(lines[top].rstrip(" ,")))
    numbers = [i + 1 for i in range(top + 1, len(lines)) if lines[i].strip()]
    if not numbers:
        raise InputError(
            f"{path.name} has column names and no row below them.", reason="empty_file"
        )
    _refuse_twice(path, names)
    return Sheet(path.name, tuple(lines[:top]), names, [lines[n - 1] for n in numbers], numbers)


def _is_header(line: str, header_has: str) -> bool:
    return bool(line.strip()) and (not header_has or header_has in _cells(line))


def _cells(line: str) -> list[str]:
    return [cell.strip().strip('"').strip() for cell in line.split(",")]


def _refuse_twice(path: Path, names: tuple[str, ...]) -> None:
    twice = [name for i, name in enumerate(names) if name and name in names[:i]]
    if twice:
        raise InputError(
            f"{path.name} has the column {twice[0]} twice: expected every name once.",
            reason="wrong_columns",
        )


def in_time(sheet: Sheet, values: FloatArray, column: str) -> tuple[FloatArray, int]:
    """Check that time, the first column of `values`, goes on; leave out rows that came twice.

    A row that is the same in every value as the row before is left out and counted; any other
    row that is not later than the one before raises `InputError` with its line.
    """
    step = np.diff(values[:, 0])
    again = (values[1:] == values[:-1]).all(axis=1)
    wrong = np.flatnonzero((step <= 0) & ~again)
    if len(wrong):
        before, after = values[wrong[0] : wrong[0] + 2, 0].tolist()
        raise InputError(
            f"Line {sheet.numbers[wrong[0] + 1]} of {sheet.file}: {column} goes from {before} to "
            f"{after}, expected every row to be later than the row before.",
            reason="time_goes_back",
        )
    repeated = int(again.sum())
    return (values[np.r_[True, ~again]] if repeated else values), repeated
