"""What the eye misses while it is on the leg: the peak of a repetition, the pelvis setting in."""

from __future__ import annotations

from typing import Final

ANEW_DEG: Final = 2.0
"""What was lent must fall this far below the mark before it can be told again."""


class Peaks:
    """Holds the farthest hip and whole angle of the present repetition.

    Attributes
    ----------
    hip_deg, tot_deg
        The value farthest from zero, with its sign; None before one was known.
    """

    def __init__(self) -> None:
        self.hip_deg: float | None = None
        self.tot_deg: float | None = None
        self._was_at_start = True

    def look(self, hip_deg: float | None, tot_deg: float | None, *, at_start: bool) -> None:
        """Take one frame; leaving the start begins anew: the last peak can be read until then."""
        if self._was_at_start and not at_start:
            self.hip_deg = self.tot_deg = None
        self._was_at_start = at_start
        if not at_start or self.hip_deg is None:
            self.hip_deg = farther(self.hip_deg, hip_deg)
        if not at_start or self.tot_deg is None:
            self.tot_deg = farther(self.tot_deg, tot_deg)


class Lending:
    """Tells when pelvis or low back lend more than a test's mark, without flickering.

    Parameters
    ----------
    mark_deg
        From so much on it is told.
    """

    def __init__(self, mark_deg: float) -> None:
        self._mark_deg = mark_deg
        self.now = False

    def look(self, comp_deg: float | None) -> bool:
        """Take one frame; return whether they lend."""
        if comp_deg is None:
            self.now = False
        elif self.now:
            self.now = abs(comp_deg) > self._mark_deg - ANEW_DEG
        else:
            self.now = abs(comp_deg) >= self._mark_deg
        return self.now


def farther(held: float | None, value: float | None) -> float | None:
    """Return which of two values is farther from zero."""
    if value is None or held is None:
        return held if value is None else value
    return value if abs(value) > abs(held) else held
