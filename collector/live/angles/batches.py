"""How many samples share an arrival: so many come together, and are lost together."""

from __future__ import annotations

from collections import Counter
from typing import Final

from schemas.units import FloatArray

LONGEST: Final = 32
ENOUGH: Final = 5000
"""Samples that show it well enough."""


class Batches:
    """Counts how large batches are.

    Attributes
    ----------
    size
        How large most of them are, at least one.
    """

    def __init__(self) -> None:
        self._sizes = [0] * (LONGEST + 1)
        self._seen = 0
        self.size = 1

    def note(self, y_s: FloatArray) -> None:
        """Take the arrivals of new samples."""
        if self._seen > ENOUGH:
            return
        self._seen += len(y_s)
        for size in Counter(y_s.tolist()).values():
            self._sizes[min(size, LONGEST)] += 1
        self.size = max(1, self._sizes.index(max(self._sizes)))
