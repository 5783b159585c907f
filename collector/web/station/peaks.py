"""What the eye misses while it is on the leg: the peak of a repetition, the pelvis setting in."""

from __future__ import annotations

from typing import Final

ANEW_DEG: Final = 2.0
"""What was lent must fall this far below the mark before it can be told again."""
LEAVING_DEG: Final = 5.0
"""In tests without a start to return to: so far from where one was counted the next has begun."""


class Peak:
    """Holds the value that is farthest from where the repetition began.

    That is the greatest flexion of a leg that is lifted, and the least of one that is let down.

    Attributes
    ----------
    deg
        That value; None before one was known.
    """

    def __init__(self) -> None:
        self.deg: float | None = None
        self._from_deg: float | None = None

    def begin(self, value_deg: float | None) -> None:
        """Begin anew, from here."""
        self.deg, self._from_deg = value_deg, value_deg

    def look(self, value_deg: float | None) -> None:
        """Take one value of a repetition."""
        if value_deg is None:
            return
        if self._from_deg is None:
            self._from_deg = value_deg
        if self.deg is None or self.off(value_deg) > self.off(self.deg):
            self.deg = value_deg

    def off(self, value_deg: float) -> float:
        """Return how far a value is from where the repetition began."""
        return abs(value_deg - (self._from_deg or 0.0))


class Peaks:
    """Holds the peaks of hip and whole angle; the last can be read until the next movement.

    A repetition begins when the body leaves its start. Tests that have none (the lower leg hangs
    as it likes in between) begin the next where the angle moves on after one was counted.
    """

    def __init__(self) -> None:
        self._hip, self._tot = Peak(), Peak()
        self._rest: tuple[float | None, float | None] = (None, None)
        self._waits = True
        self._counted = 0

    @property
    def hip_deg(self) -> float | None:
        """The hip's; None before one was known."""
        return self._hip.deg

    @property
    def tot_deg(self) -> float | None:
        """The whole angle's; None before one was known."""
        return self._tot.deg

    def look(
        self, hip_deg: float | None, tot_deg: float | None, *, at_start: bool, counted: int
    ) -> None:
        """Take one frame; `counted` are the repetitions so far."""
        if at_start or counted != self._counted:
            self._counted, self._waits, self._rest = counted, True, (hip_deg, tot_deg)
        elif self._waits and self._has_left(tot_deg):
            self._waits = False
            self._hip.begin(self._rest[0])
            self._tot.begin(self._rest[1])
        if not self._waits:
            self._hip.look(hip_deg)
            self._tot.look(tot_deg)

    def _has_left(self, tot_deg: float | None) -> bool:
        rest_deg = self._rest[1]
        return tot_deg is None or rest_deg is None or abs(tot_deg - rest_deg) >= LEAVING_DEG


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
