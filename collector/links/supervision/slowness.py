"""A link that is never silent and still carries too little."""

from __future__ import annotations

from typing import Final

from collector.links.policy import Patience
from collector.links.supervision.tracker import Tracker

_SLOW_SHARE: Final = 0.8
_STEADY_SHARE: Final = 0.95
"""Shares of the rate asked for: below the one it is told as too slow, above the other as well."""


class Slowness:
    """Tells once that too little comes, and once that it ended.

    A silence is told as such; so long as it weighs on the rate, the rate says nothing new.
    """

    def __init__(self, tracker: Tracker, patience: Patience, asked_hz: float) -> None:
        self._tracker = tracker
        self._patience = patience
        self._asked_hz = asked_hz
        self._slow = False

    def watch(self, rate_hz: float | None, now_us: int) -> None:
        """Look at the rate of the last seconds."""
        pulse, asked_hz = self._tracker.pulse, self._asked_hz
        silence_s = pulse.max_silence_s(now_us) or 0.0
        if rate_hz is None or silence_s >= self._patience.stale_s(pulse.spacing_s):
            return
        if not self._slow and rate_hz < _SLOW_SHARE * asked_hz:
            self._slow = True
            self._tracker.tell("slow", f"{rate_hz:.0f} of {asked_hz:g} Hz")
        elif self._slow and rate_hz > _STEADY_SHARE * asked_hz:
            self._slow = False
            self._tracker.tell("steady", f"{rate_hz:.0f} of {asked_hz:g} Hz")
