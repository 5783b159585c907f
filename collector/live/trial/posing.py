"""The still seconds before the movement: upright where the test asks for it, then its own pose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from collector.live.trial import prompts
from collector.live.trial.cues import Cues, Voice
from collector.live.trial.movement import Seen
from collector.live.trial.stillness import Stillness
from schemas.protocol import Protocol
from schemas.recording import Window

COUNTDOWN_S: Final = 3.0
MARGIN_S: Final = 0.1
IN_POSITION_DEG: Final = 45.0
"""So far a sensor turns when somebody who stood lies down: then they are on their way."""


@dataclass(frozen=True, slots=True)
class Given:
    """Windows that a recording knows already, seconds of the trial; None: to be found in it."""

    upright: Window | None = None
    reference: Window | None = None
    lean: Window | None = None


class Posing:
    """Finds the still seconds, or waits for the end of those that are given.

    Parameters
    ----------
    protocol
        The test; None: any pose.
    voice, stillness
        What the guide speaks with and counts stillness by.
    given
        What a recording knows; None: nothing is known.

    Attributes
    ----------
    standing
        Whether the upright pose is what is waited for.
    """

    def __init__(
        self, protocol: Protocol | None, voice: Voice, stillness: Stillness, given: Given | None
    ) -> None:
        known = given or Given()
        self._protocol = protocol
        self._voice = voice
        self._stillness = stillness
        self._given = known
        self._seconds = max(COUNTDOWN_S, protocol.reference.still_s if protocol else 0.0)
        asked = protocol is not None and protocol.standing_first and known.reference is None
        self.standing = known.upright is not None or asked
        self._in_position = True

    @property
    def given(self) -> bool:
        """Whether the pose that is waited for lies where a recording says."""
        return self._known is not None

    @property
    def countdown_s(self) -> float | None:
        """How long to keep still yet; None where no countdown runs."""
        if self.given or not self._in_position or self._stillness.since_s is None:
            return None
        return max(0.0, self._wanted_s - self._stillness.lasted_s)

    def begin(self, now_s: float) -> Cues:
        """Ask for the first pose."""
        self._voice.go_on(now_s)
        if self.standing:
            return self._voice.say(now_s, "stand_still", prompts.STAND_STILL)
        return self._voice.say(now_s, "keep_still", prompts.pose(self._protocol))

    def lie_down(self, now_s: float) -> Cues:
        """Go on from the upright pose to the test's own."""
        self.standing = False
        self._in_position = self.given
        self._stillness.restart()
        self._voice.go_on(now_s)
        return self._voice.say(now_s, "get_into_position", prompts.into_position(self._protocol))

    def look(self, now_s: float, seen: Seen) -> tuple[Window | None, Cues]:
        """Return the window once its end has come, and what is to be said meanwhile."""
        if self._known is not None:
            over = seen.t_s >= self._known.end_s + MARGIN_S
            return (self._known if over else None), ()
        if not self._in_position:
            return None, self._wait_for_position(now_s, seen)
        since_s = self._stillness.since_s
        if since_s is None:
            return None, self._not_still(now_s, seen)
        if self._stillness.lasted_s >= self._wanted_s:
            return Window(since_s, seen.t_s - MARGIN_S), ()
        return None, ()

    def refused(self, now_s: float, why: str) -> Cues:
        """Have the still seconds again, because of `why`."""
        self._stillness.restart()
        return self._voice.say(now_s, "zero_refused", prompts.again(why, self._wanted_s))

    @property
    def _known(self) -> Window | None:
        return self._given.upright if self.standing else self._given.reference

    @property
    def _wanted_s(self) -> float:
        return COUNTDOWN_S if self.standing else self._seconds

    def _wait_for_position(self, now_s: float, seen: Seen) -> Cues:
        """Upright people are as still as lying ones: only who has turned is on their way."""
        self._stillness.restart()
        turned_deg = seen.from_upright_deg
        if turned_deg is None or turned_deg >= IN_POSITION_DEG:
            self._in_position = True
        elif self._voice.is_due(now_s):
            return self._voice.say(now_s, "not_in_position", prompts.into_position(self._protocol))
        return ()

    def _not_still(self, now_s: float, seen: Seen) -> Cues:
        if self._stillness.broken:
            text = prompts.moved(seen.moved or "Something", self._wanted_s)
            return self._voice.say(now_s, "moved", text)
        if self._voice.is_due(now_s):
            text = prompts.keeps_moving(self._voice.waited_s(now_s))
            return self._voice.say(now_s, "keeps_moving", text)
        return ()
