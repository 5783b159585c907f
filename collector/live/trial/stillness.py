"""How long everything has been still, on the data's own time."""

from __future__ import annotations

from collector.live.trial.movement import Seen


class Stillness:
    """Counts the time without movement; a break begins the count again.

    Attributes
    ----------
    since_s
        Since when (seconds of the trial), None while something moves.
    lasted_s
        How long by now.
    broken
        Whether the last frame put an end to it.
    """

    def __init__(self) -> None:
        self.since_s: float | None = None
        self.lasted_s = 0.0
        self.broken = False

    def look(self, seen: Seen) -> None:
        """Take one frame."""
        self.broken = self.since_s is not None and not seen.still
        if not seen.still:
            self.restart()
            return
        if self.since_s is None:
            self.since_s = seen.t_s
        self.lasted_s = seen.t_s - self.since_s

    def restart(self) -> None:
        """Count anew."""
        self.since_s, self.lasted_s = None, 0.0
