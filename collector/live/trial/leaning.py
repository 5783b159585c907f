"""Leaning forward before the reference: it shows how pelvis and trunk sensors sit."""

from __future__ import annotations

import math
from typing import Final

from collector.live.trial import prompts
from collector.live.trial.cues import Cues, Voice
from collector.live.trial.movement import Seen
from schemas.recording import Window

LEANS: Final = 2
FORWARD_DEG: Final = 20.0
"""So far above where they were upright counts as leaning forward."""
BACK_DEG: Final = 8.0
"""So near to where they were upright counts as back."""
REST_DEG: Final = 3.0
BEFORE_S: Final = 1.0
"""The window begins so long before they leave the rest."""
MARGIN_S: Final = 0.1


class _Counted:
    """How often somebody leaned and came back, and when the first of it began."""

    def __init__(self) -> None:
        self.times = 0
        self.from_s = 0.0
        self._began_s: float | None = None
        self._upright_deg = math.inf
        self._forward = False

    def came_back(self, t_s: float, lean_deg: float) -> bool:
        """Take one frame; the least tilt so far is that of being upright."""
        if self._began_s is None:
            self._began_s = self.from_s = t_s
        self._upright_deg = min(self._upright_deg, lean_deg)
        risen_deg = lean_deg - self._upright_deg
        if not self._forward:
            self._forward = risen_deg > FORWARD_DEG
            if not self.times and risen_deg <= REST_DEG:
                self.from_s = max(self._began_s, t_s - BEFORE_S)
            return False
        self._forward = risen_deg > BACK_DEG
        self.times += not self._forward
        return not self._forward


class Leaning:
    """Counts how often somebody leaned forward and came back, or waits for a window that is given.

    Parameters
    ----------
    voice
        What the guide speaks with.
    asked
        Whether the test wants it.
    given
        Where a recording says that it was, seconds of the trial; None: to be seen.
    """

    def __init__(self, voice: Voice, *, asked: bool, given: Window | None = None) -> None:
        self.asked = asked or given is not None
        self.given = given is not None
        self._voice = voice
        self._window = given
        self._lean = _Counted()

    def begin(self, now_s: float) -> Cues:
        """Ask for it."""
        self._voice.go_on(now_s)
        return self._voice.say(now_s, "lean_forward", prompts.LEAN_FORWARD)

    def refused(self, now_s: float, why: str) -> Cues:
        """Ask for it again, because of `why`."""
        self._lean = _Counted()
        self._voice.go_on(now_s)
        return self._voice.say(now_s, "lean_refused", prompts.lean_again(why))

    def look(self, now_s: float, seen: Seen) -> tuple[Window | None, Cues]:
        """Return the window once they are back for the last time, and what is to be said."""
        if self._window is not None:
            over = seen.t_s >= self._window.end_s + MARGIN_S
            return (self._window if over else None), ()
        came_back = seen.lean_deg is not None and self._lean.came_back(seen.t_s, seen.lean_deg)
        if came_back and self._lean.times >= LEANS:
            return Window(self._lean.from_s, seen.t_s), ()
        if came_back:
            self._voice.go_on(now_s)
            return None, self._voice.say(now_s, "lean_once_more", prompts.LEAN_ONCE_MORE)
        if self._voice.is_due(now_s):
            text = prompts.not_leaning(self._voice.waited_s(now_s))
            return None, self._voice.say(now_s, "not_leaning", text)
        return None, ()
