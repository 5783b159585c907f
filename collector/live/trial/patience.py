"""How long a guided trial waits: for a sensor that stays away, for somebody who does nothing."""

from __future__ import annotations

from typing import Final, Literal

from collector.live.trial import prompts
from collector.live.trial.cues import IMPATIENT_S, Voice
from collector.live.trial.movement import Seen

GIVE_UP_S: Final = 60.0
"""A sensor that stays away for so long will not come back: what there is is kept and scored."""
IDLE_S: Final = 300.0
"""After so long without any progress nobody is there any more."""

Word = Literal["given_up", "stays_away"]


class Patience:
    """Counts how long sensors have been silent and nothing was done.

    Parameters
    ----------
    voice
        What was said last, and since when the guide waits.
    replayed
        A recording may be silent and idle for as long as it likes.
    guided
        A trial without a guide may be idle.
    """

    def __init__(self, voice: Voice, *, replayed: bool, guided: bool) -> None:
        self._voice = voice
        self._replayed = replayed
        self._idle_ends = guided and not replayed
        self._heard_s = 0.0

    def heard(self, now_s: float) -> None:
        """Note that every sensor delivered."""
        self._heard_s = now_s

    def look(self, now_s: float, seen: Seen) -> tuple[Word, str] | None:
        """Return what to say, `given_up` being the end; None while all is well."""
        if not seen.silent or self._replayed:
            self.heard(now_s)
        silent_s = now_s - self._heard_s
        if silent_s >= GIVE_UP_S:
            return "given_up", prompts.given_up(seen.silent, silent_s)
        if silent_s >= IMPATIENT_S and now_s - self._voice.said_s >= IMPATIENT_S:
            return "stays_away", prompts.stays_away(seen.silent, silent_s, GIVE_UP_S)
        if self._idle_ends and self._voice.waited_s(now_s) >= IDLE_S:
            return "given_up", prompts.idle(IDLE_S)
        return None
