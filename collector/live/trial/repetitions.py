"""The repetitions of a trial: what to do next, how many there were, when it is over."""

from __future__ import annotations

from typing import Final

from collector.live.trial import prompts
from collector.live.trial.cues import Cue, Cues, Voice
from collector.live.trial.movement import Movement, Seen
from collector.live.trial.set_rule import rule_of
from collector.live.trial.stillness import Stillness
from schemas.protocol import Protocol

SETTLED_S: Final = 1.0
"""Stillness after the last repetition: the drift on return is taken there."""


class Repetitions:
    """Leads through the movement, once zero is known.

    Parameters
    ----------
    protocol
        The test; None for movements that have no names.
    wanted
        How many.
    voice, stillness
        What the guide speaks with and counts stillness by.
    exactly
        Not one more than that, whether or not they agree.

    Attributes
    ----------
    wanted
        How many: it grows where the set is not complete yet.
    counted
        How many there were.
    complete
        Whether all were done and everything has come to rest.
    """

    def __init__(
        self,
        protocol: Protocol | None,
        wanted: int,
        voice: Voice,
        stillness: Stillness,
        *,
        exactly: bool = True,
    ) -> None:
        self.wanted = wanted
        self.counted = 0
        self.complete = False
        self._slip_told = False
        self._returns = protocol is None or protocol.reference.returns
        self._rule = rule_of(protocol, wanted, exactly=exactly)
        self._words = prompts.words_of(protocol)
        self._movement = Movement(protocol, self._words)
        self._voice = voice
        self._stillness = stillness

    @property
    def enough(self) -> bool:
        """Whether as many were done as are wanted."""
        return self.counted >= self.wanted

    @property
    def at_start(self) -> bool:
        """Whether the body is in the pose that it returns to: nothing need be held there."""
        return self._returns and not self._movement.away

    def begin(self, now_s: float) -> Cues:
        """Ask for the first one."""
        return self._ask(now_s)

    def follow(self, now_s: float, seen: Seen) -> None:
        """Follow the movement in one frame, whether or not anything is counted yet."""
        self._movement.follow(now_s, seen)

    def look(self, now_s: float, seen: Seen) -> Cues:
        """Say what follows from one frame, which was followed already."""
        cues: Cues = ()
        if seen.repetitions > self.counted:
            self.counted = seen.repetitions
            cues = self._count(now_s, seen)
        if self.enough:
            return (*cues, *self._settle(now_s, seen))
        cues = cues or self._stage(now_s, seen)
        return (*cues, *self._patience(now_s, seen))

    def _ask(self, now_s: float) -> Cues:
        text = prompts.repetition(self.counted + 1, self.wanted, self._words)
        return self._voice.say(now_s, "move", text)

    def _count(self, now_s: float, seen: Seen) -> Cues:
        done = Cue(now_s, "repetition", prompts.counted(self.counted, self.wanted, seen.figures))
        said = (done, *self._slipped(now_s, seen))
        self._voice.go_on(now_s)
        if not self.enough:
            return (*said, *self._ask(now_s))
        if why := self._lacking(seen):
            self.wanted += 1
            text = prompts.another(why, self.counted + 1, self.wanted, self._words)
            return (*said, *self._voice.say(now_s, "another", text))
        return (*said, *self._voice.say(now_s, "settle", prompts.STILL_AGAIN))

    def _slipped(self, now_s: float, seen: Seen) -> Cues:
        """Say once that a sensor slipped: nobody should lift on for nothing."""
        why = next((one.slipped for one in seen.done if one.slipped), "")
        if not why or self._slip_told:
            return ()
        self._slip_told = True
        return (Cue(now_s, "placement_changed", prompts.slipped(why)),)

    def _lacking(self, seen: Seen) -> str:
        """Say why one more is needed; nothing where what was measured is not known."""
        if self._rule is None or len(seen.done) < self.counted:
            return ""
        return self._rule.lacking(seen.done)

    def _settle(self, now_s: float, seen: Seen) -> Cues:
        waited_s = self._voice.waited_s(now_s)
        if not seen.still:
            if self._voice.is_due(now_s):
                text = prompts.does_not_settle(waited_s)
                return self._voice.say(now_s, "does_not_settle", text)
            return ()
        self.complete = min(self._stillness.lasted_s, waited_s) >= SETTLED_S
        return ()

    def _stage(self, now_s: float, seen: Seen) -> Cues:
        """Say hold and lower when the movement gets there."""
        changed = self._movement.changed
        if changed is None:
            return ()
        self._voice.go_on(now_s)
        amiss = seen.amiss if changed == "hold" else ()
        texts = {"hold": self._words.hold, "back": self._words.back}
        if changed not in texts:
            return ()
        return (
            *self._voice.say(now_s, changed, f"{texts[changed]}."),
            *(Cue(now_s, "amiss", text) for text in amiss),
        )

    def _patience(self, now_s: float, seen: Seen) -> Cues:
        if seen.silent or not self._voice.is_due(now_s):
            return ()
        waited_s = self._voice.waited_s(now_s)
        if self._movement.away:
            return self._voice.say(now_s, "no_end_seen", prompts.no_end_seen(waited_s))
        if seen.still:
            text = prompts.nothing_moves(waited_s, self._words)
            return self._voice.say(now_s, "nothing_moves", text)
        return ()
