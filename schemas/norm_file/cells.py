"""Cells of one line of a norms file, typed; each complaint names file, line and column."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NoReturn, TypeVar

from schemas.errors import InputError

Word = TypeVar("Word", bound=str)

BAD_NORMS: Final = "bad_norms"
_LARGEST_DEG: Final = 360.0


class Row:
    """One line of a CSV file; an empty cell and an absent column are the same."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str | None]) -> None:
        self._where = f"{file} line {line}"
        if None in cells or None in cells.values():
            more = "more" if None in cells else "fewer"
            raise InputError(
                f"{self._where}: has {more} cells than the header; a text with a comma stands in"
                " double quotes.",
                reason=BAD_NORMS,
            )
        self._cells = {name: (cell or "").strip() for name, cell in cells.items()}

    def fail(self, column: str, complaint: str) -> NoReturn:
        """Raise `InputError`: this file, this line, this column, this complaint."""
        raise InputError(f"{self._where}, column {column}: {complaint}.", reason=BAD_NORMS)

    def has(self, column: str) -> bool:
        """Return whether the cell holds anything."""
        return bool(self._cells.get(column))

    def text(self, column: str) -> str:
        """Return a text, empty where the cell is."""
        return self._cells.get(column, "")

    def needed(self, column: str) -> str:
        """Return a text that is not empty."""
        if not self.has(column):
            self.fail(column, "is empty: expected a text")
        return self._cells[column]

    def choice(self, column: str, allowed: Sequence[Word]) -> Word:
        """Return one of the words allowed."""
        found = self.choice_or_none(column, allowed)
        if found is None:
            self.fail(column, f"is empty: expected one of {', '.join(allowed)}")
        return found

    def choice_or_none(self, column: str, allowed: Sequence[Word]) -> Word | None:
        """Return one of the words allowed, or None where the cell is empty."""
        cell = self._cells.get(column, "")
        word = next((word for word in allowed if word == cell), None)
        if cell and word is None:
            self.fail(column, f"is {cell!r}: expected one of {', '.join(allowed)}")
        return word

    def flag(self, column: str, default: bool) -> bool:
        """Return yes or no."""
        word = self.choice_or_none(column, ("yes", "no"))
        return default if word is None else word == "yes"

    def degrees(self, column: str) -> float | None:
        """Return an angle or its spread, in degrees."""
        cell = self._cells.get(column, "")
        if not cell:
            return None
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if not abs(value) <= _LARGEST_DEG:
            self.fail(column, f"is {cell!r}: expected degrees, as 12.5, within {_LARGEST_DEG:g}")
        return value

    def whole(self, column: str, most: int) -> int | None:
        """Return a whole number from 0 to `most`."""
        cell = self._cells.get(column, "")
        if not cell:
            return None
        if not (cell.isascii() and cell.isdigit() and int(cell) <= most):
            self.fail(column, f"is {cell!r}: expected a whole number from 0 to {most}")
        return int(cell)
