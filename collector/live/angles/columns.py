"""Columns that grow while a trial runs, and never beyond what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from schemas.units import FloatArray

FIRST: Final = 1024


class Columns:
    """Named columns of numbers, appended block by block; views cost nothing.

    Parameters
    ----------
    widths
        Numbers a row of every column: 1 makes a flat array.
    keep
        Rows that are surely kept; up to twice as many are held.

    Attributes
    ----------
    names
        The columns there are.
    dropped
        Rows that were kept once and are no longer.
    """

    def __init__(self, widths: Mapping[str, int], *, keep: int) -> None:
        self._keep = max(1, keep)
        self._rows = {n: np.empty((FIRST, w) if w > 1 else FIRST) for n, w in widths.items()}
        self._count = 0
        self.names = frozenset(widths)
        self.dropped = 0

    def __len__(self) -> int:
        return self._count

    def __bool__(self) -> bool:
        return self._count > 0

    def __getitem__(self, name: str) -> FloatArray:
        """Return a column as it is now: a view that later blocks may overwrite."""
        return self._rows[name][: self._count]

    def append(self, **blocks: FloatArray) -> None:
        """Add a block: every column, the same number of rows each."""
        added = len(next(iter(blocks.values())))
        self._make_room(added)
        for name, rows in self._rows.items():
            rows[self._count : self._count + added] = blocks[name]
        self._count += added

    def _make_room(self, added: int) -> None:
        if self._count + added > 2 * self._keep and self._count > self._keep:
            self._drop(self._count - self._keep)
        size = len(next(iter(self._rows.values())))
        if self._count + added <= size:
            return
        size = max(2 * size, self._count + added)
        for name, rows in self._rows.items():
            larger = np.empty((size, *rows.shape[1:]))
            larger[: self._count] = rows[: self._count]
            self._rows[name] = larger

    def _drop(self, oldest: int) -> None:
        for rows in self._rows.values():
            rows[: self._count - oldest] = rows[oldest : self._count].copy()
        self._count -= oldest
        self.dropped += oldest
