"""The guided trial as a state machine: fed with verdicts, frames and keys, it says what to do.

::

    GATE --all sensors ready, or overridden--> STILL --3 s still--> MOVE --all counted, still-->
    ENDED (also from anywhere: by the user, an interrupt, or the end of the data)

It reads no clock: every call is given the time, in seconds of the link; stillness is counted on
the data's own time, so that a radio that stalls does not count as keeping still.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from collector.live.trial import prompts
from collector.live.trial.gate import GateVerdict
from collector.live.trial.movement import Movement, Seen
from collector.live.trial.waiting import Waiting
from schemas.protocol import Protocol
from schemas.recording import Window

COUNTDOWN_S: Final = 3.0
SETTLED_S: Final = 1.0
"""Stillness after the last repetition: the drift on return is taken there."""
IMPATIENT_S: Final = 15.0
"""After so long without what it waits for, the guide says so again."""
GIVE_UP_S: Final = 60.0
"""A sensor that stays away for so long will not come back: what there is is kept and scored."""
IDLE_S: Final = 300.0
"""After so long without any progress nobody is there any more."""
MARGIN_S: Final = 0.1

End = Literal["finished", "ended_early", "interrupted", "link_ended", "gate_refused", "given_up"]


class Phase(StrEnum):
    """Where the trial is."""

    GATE = "gate"
    STILL = "still"
    MOVE = "move"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Cue:
    """Something said: when (seconds of the link), a stable code, a sentence for people."""

    t_s: float
    code: str
    text: str


Cues = tuple[Cue, ...]


class Guide:
    """Leads through one trial.

    Parameters
    ----------
    protocol
        The test; None for a recording without one, which has no repetitions to count.
    repetitions
        How many are wanted; None is what the test asks for.
    override
        Why the gate may be passed although a sensor is not ready; empty: it may not.
    gate_s
        How long the gate waits for the sensors.
    guided
        False: a recording without a countdown, in which nothing is counted.
    seconds
        How long such a recording lasts; None until it is ended.

    Attributes
    ----------
    phase, end
        Where the trial is, and how it ended.
    prompt
        What the user should do now.
    reference
        The still window that is zero, seconds of the trial; None until there is one.
    override, overridden
        Why the gate may be passed, and whether it was by that.
    counted, wanted
        Repetitions so far, and in all.
    """

    def __init__(
        self,
        protocol: Protocol | None,
        *,
        repetitions: int | None = None,
        override: str = "",
        gate_s: float = 45.0,
        guided: bool = True,
        seconds: float | None = None,
    ) -> None:
        self.phase = Phase.GATE
        self.end: End | None = None
        self.prompt = prompts.GETTING_READY
        self.reference: Window | None = None
        self.overridden = False
        self.counted = 0
        self.wanted = _wanted(protocol, repetitions) if guided else 0
        self._protocol = protocol
        self._words = prompts.words_of(protocol)
        self.movement = Movement(protocol, self._words)
        self.override = override.strip()
        self._waiting = Waiting(gate_s)
        self._guided = guided
        self._seconds = seconds
        self._countdown_s = max(COUNTDOWN_S, protocol.reference.still_s if protocol else 0.0)
        self._entered_s: float | None = None
        self._said_s = 0.0
        self._still_since_s: float | None = None
        self._still_s = 0.0
        self._was_still = False
        self._heard_s = 0.0

    @property
    def countdown_s(self) -> float | None:
        """How long to keep still yet; None where no countdown runs."""
        if self.phase is not Phase.STILL or self._still_since_s is None:
            return None
        return max(0.0, self._countdown_s - self._still_s)

    def at_gate(self, now_s: float, verdict: GateVerdict, *, heard_all: bool) -> Cues:
        """Look at the sensors; `heard_all`: every one of them has delivered something."""
        if self.phase is not Phase.GATE:
            return ()
        self._heard_s = now_s
        turn = self._waiting.look(now_s, verdict, may_override=bool(self.override) and heard_all)
        if turn == "open":
            warnings = tuple(Cue(now_s, w.code, w.sentence) for w in verdict.warnings)
            return (*warnings, Cue(now_s, "gate_open", prompts.GATE_OPEN), *self._to_still(now_s))
        if turn == "overridden":
            self.overridden = True
            said = Cue(now_s, "gate_overridden", prompts.overridden(self.override))
            return (said, *self._to_still(now_s))
        if turn == "refused":
            return self._stop(now_s, "gate_refused", self._waiting.text)
        if turn == "speak":
            return self._say(now_s, "waiting", self._waiting.text)
        return ()

    def at_frame(self, now_s: float, seen: Seen) -> Cues:
        """Look at what the body does."""
        self.movement.follow(now_s, seen)
        self._count_still(seen)
        if self.phase in (Phase.STILL, Phase.MOVE) and (ending := self._abandoned(now_s, seen)):
            return ending
        if self.phase is Phase.STILL:
            return self._keep_still(now_s, seen)
        if self.phase is Phase.MOVE:
            return self._move(now_s, seen)
        return ()

    def finish(self, now_s: float) -> Cues:
        """End here, as the user asked."""
        return self._stop(now_s, "ended_early", prompts.ENDED_EARLY)

    def interrupt(self, now_s: float) -> Cues:
        """Stop at once, as the user asked."""
        return self._stop(now_s, "interrupted", prompts.INTERRUPTED)

    def link_ended(self, now_s: float) -> Cues:
        """End, since nothing more can come."""
        return self._stop(now_s, "link_ended", prompts.LINK_ENDED)

    def _stop(self, now_s: float, end: End, text: str) -> Cues:
        if self.phase is Phase.ENDED:
            return ()
        self.phase, self.end, self.prompt = Phase.ENDED, end, text
        return (Cue(now_s, end, text),)

    def _to_still(self, now_s: float) -> Cues:
        if not self._guided:
            self.phase, self._entered_s = Phase.MOVE, now_s
            return self._say(now_s, "free", prompts.FREE)
        self.phase, self._entered_s = Phase.STILL, now_s
        return self._say(now_s, "keep_still", prompts.pose(self._protocol))

    def _abandoned(self, now_s: float, seen: Seen) -> Cues:
        """Speak up for a sensor that stays away, and end what nobody goes on with."""
        if not seen.silent:
            self._heard_s = now_s
        silent_s = now_s - self._heard_s
        if silent_s >= GIVE_UP_S:
            return self._stop(now_s, "given_up", prompts.given_up(seen.silent, silent_s))
        if silent_s >= IMPATIENT_S and now_s - self._said_s >= IMPATIENT_S:
            text = prompts.stays_away(seen.silent, silent_s, GIVE_UP_S)
            return self._say(now_s, "stays_away", text)
        if self._guided and now_s - self._since_s >= IDLE_S:
            return self._stop(now_s, "given_up", prompts.idle(IDLE_S))
        return ()

    def _count_still(self, seen: Seen) -> None:
        """Note since when it has been still; a break begins the count again."""
        self._was_still = self._still_since_s is not None
        if not seen.still:
            self._still_since_s, self._still_s = None, 0.0
            return
        if self._still_since_s is None:
            self._still_since_s = seen.t_s
        self._still_s = seen.t_s - self._still_since_s

    def _keep_still(self, now_s: float, seen: Seen) -> Cues:
        if self._still_since_s is None:
            return self._not_still(now_s, seen)
        if self._still_s < self._countdown_s:
            return ()
        self.reference = Window(self._still_since_s, seen.t_s - MARGIN_S)
        self.phase, self._entered_s = Phase.MOVE, now_s
        if not self.wanted:
            return self._say(now_s, "free", prompts.FREE)
        return self._say(now_s, "move", prompts.repetition(1, self.wanted, self._words))

    def _not_still(self, now_s: float, seen: Seen) -> Cues:
        if self._was_still:
            text = prompts.moved(seen.moved or "Something", self._countdown_s)
            return self._say(now_s, "moved", text)
        if now_s - max(self._said_s, self._since_s) >= IMPATIENT_S:
            return self._say(now_s, "keeps_moving", prompts.keeps_moving(now_s - self._since_s))
        return ()

    def _move(self, now_s: float, seen: Seen) -> Cues:
        if not self.wanted:
            over = self._seconds is not None and now_s - self._since_s >= self._seconds
            return self._stop(now_s, "finished", prompts.TIME_OVER) if over else ()
        cues: list[Cue] = []
        if seen.repetitions > self.counted:
            self.counted = seen.repetitions
            cues += self._count(now_s, seen)
        if self.counted >= self.wanted:
            return (*cues, *self._settle(now_s, seen))
        if not cues:
            cues += self._stage(now_s)
        return (*cues, *self._patience(now_s, seen))

    def _count(self, now_s: float, seen: Seen) -> Cues:
        done = Cue(now_s, "repetition", prompts.counted(self.counted, self.wanted, seen.figures))
        self._entered_s = now_s
        if self.counted >= self.wanted:
            return (done, *self._say(now_s, "settle", prompts.STILL_AGAIN))
        text = prompts.repetition(self.counted + 1, self.wanted, self._words)
        return (done, *self._say(now_s, "move", text))

    def _settle(self, now_s: float, seen: Seen) -> Cues:
        if not seen.still:
            if now_s - max(self._said_s, self._since_s) >= IMPATIENT_S:
                text = prompts.does_not_settle(now_s - self._since_s)
                return self._say(now_s, "does_not_settle", text)
            return ()
        if min(self._still_s, now_s - self._since_s) < SETTLED_S:
            return ()
        return self._stop(now_s, "finished", prompts.ENDED)

    def _stage(self, now_s: float) -> Cues:
        """Say hold and lower when the movement gets there."""
        changed = self.movement.changed
        if changed is None:
            return ()
        self._entered_s = now_s
        texts = {"hold": self._words.hold, "back": self._words.back}
        if changed not in texts:
            return ()
        return self._say(now_s, changed, f"{texts[changed]}.")

    def _patience(self, now_s: float, seen: Seen) -> Cues:
        waited_s = now_s - self._since_s
        if seen.silent or waited_s < IMPATIENT_S or now_s - self._said_s < IMPATIENT_S:
            return ()
        if self.movement.away:
            return self._say(now_s, "no_end_seen", prompts.no_end_seen(waited_s))
        if seen.still:
            return self._say(now_s, "nothing_moves", prompts.nothing_moves(waited_s, self._words))
        return ()

    @property
    def _since_s(self) -> float:
        return self._entered_s or 0.0

    def _say(self, now_s: float, code: str, text: str) -> Cues:
        self.prompt, self._said_s = text, now_s
        return (Cue(now_s, code, text),)


def _wanted(protocol: Protocol | None, repetitions: int | None) -> int:
    return repetitions or (protocol.repetitions.least if protocol else 0)
