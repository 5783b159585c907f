"""The guided trial as a state machine: fed with verdicts, frames and keys, it says what to do.

::

    GATE --all ready (or overridden), not held--> STAND --3 s still upright, in position--> STILL
    --3 s still, taken as zero--> MOVE --all counted, still--> ENDED
    (ENDED also from anywhere: by the user, an interrupt, or the end of the data)

Only tests that are lain down for begin with STAND, and those that are leaned forward for with LEAN:
it goes on to STILL when they have come back twice.

It reads no clock: every call is given the time, in seconds of the link; stillness is counted on
the data's own time, so that a radio that stalls does not count as keeping still.
"""

from __future__ import annotations

from typing import Final

from collector.live.trial import prompts
from collector.live.trial.cues import Cue, Cues, Voice
from collector.live.trial.leaning import Leaning
from collector.live.trial.movement import Seen
from collector.live.trial.patience import Patience
from collector.live.trial.phases import End, Phase
from collector.live.trial.posing import Given, Posing
from collector.live.trial.repetitions import Repetitions
from collector.live.trial.stillness import Stillness
from collector.live.trial.verdict import GateVerdict
from collector.live.trial.waiting import Waiting
from schemas.protocol import Protocol
from schemas.recording import Window

__all__ = ["Cue", "Cues", "End", "Guide", "Phase"]

_POSES: Final = (Phase.STAND, Phase.STILL)
_BEFORE: Final = (*_POSES, Phase.LEAN)


class Guide:
    """Leads through one trial.

    Parameters
    ----------
    protocol
        The test; None for a recording without one, which has no repetitions to count.
    repetitions
        How many are wanted, no more and no fewer; None: what the test asks for, and others
        until three agree.
    override
        Why the gate may be passed although a sensor is not ready; empty: it may not.
    gate_s
        How long the gate waits for the sensors.
    guided
        False: a recording without a countdown, in which nothing is counted.
    seconds
        How long such a recording lasts; None until it is ended.
    replayed
        What is known of a recording that is replayed: it goes to its end, and nobody is hurried.
    held
        The gate stays shut, however ready the sensors are, until it is released.

    Attributes
    ----------
    phase, end
        Where the trial is, and how it ended.
    upright, lean, reference
        The windows that could be the upright pose, leaning forward and zero, seconds of the trial;
        None until there is one. Whoever leads answers them with `upright_taken`, `lean_taken`,
        `zero_taken` or `zero_refused`.
    gate
        How it is waited at the gate: held, or released, or passed for a reason.
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
        replayed: Given | None = None,
        held: bool = False,
    ) -> None:
        self.phase = Phase.GATE
        self.gate = Waiting(gate_s, override, held=held)
        self.end: End | None = None
        self.upright: Window | None = None
        self.lean: Window | None = None
        self.reference: Window | None = None
        self._guided = guided
        self._replayed = replayed is not None
        self._seconds = seconds
        self._voice = Voice()
        self._stillness = Stillness()
        self._posing = Posing(protocol, self._voice, self._stillness, replayed)
        self._leaning = Leaning(
            self._voice,
            asked=replayed is None and protocol is not None and protocol.lean_first,
            given=replayed.lean if replayed else None,
        )
        wanted = _wanted(protocol, repetitions) if guided else 0
        exactly = repetitions is not None or self._replayed
        self._repetitions = Repetitions(
            protocol, wanted, self._voice, self._stillness, exactly=exactly
        )
        self._patience = Patience(self._voice, replayed=self._replayed, guided=guided)

    @property
    def prompt(self) -> str:
        """What the user should do now."""
        return self._voice.prompt

    @property
    def counted(self) -> int:
        """Repetitions so far."""
        return self._repetitions.counted

    @property
    def at_start(self) -> bool:
        """Whether the body is where the repetitions begin and end."""
        return self._repetitions.at_start

    @property
    def wanted(self) -> int:
        """Repetitions in all, 0 where none are counted."""
        return self._repetitions.wanted

    @property
    def marks_begin(self) -> bool:
        """Whether the still seconds were found here, so that what came before is of no account."""
        return self._guided and not self._posing.given

    @property
    def countdown_s(self) -> float | None:
        """How long to keep still yet; None where no countdown runs."""
        return self._posing.countdown_s if self.phase in _POSES else None

    def at_gate(self, now_s: float, verdict: GateVerdict, *, heard_all: bool) -> Cues:
        """Look at the sensors; `heard_all`: every one of them has delivered something."""
        if self.phase is not Phase.GATE:
            return ()
        self._patience.heard(now_s)
        turn = self.gate.look(now_s, verdict, heard_all=heard_all)
        if turn == "open":
            warnings = tuple(Cue(now_s, w.code, w.sentence) for w in verdict.warnings)
            return (*warnings, Cue(now_s, "gate_open", prompts.GATE_OPEN), *self._to_still(now_s))
        if turn == "overridden":
            said = Cue(now_s, "gate_overridden", prompts.overridden(self.gate.override))
            return (said, *self._to_still(now_s))
        if turn == "refused":
            return self._stop(now_s, "gate_refused", self.gate.text)
        if turn == "speak":
            return self._voice.say(now_s, "waiting", self.gate.text)
        return ()

    def at_frame(self, now_s: float, seen: Seen) -> Cues:
        """Look at what the body does."""
        self._repetitions.follow(now_s, seen)
        self._stillness.look(seen)
        if self.phase in (*_BEFORE, Phase.MOVE) and (ending := self._abandoned(now_s, seen)):
            return ending
        if self.phase in _POSES:
            return self._keep_still(now_s, seen)
        if self.phase is Phase.LEAN:
            self.lean, cues = self._leaning.look(now_s, seen)
            return cues
        if self.phase is Phase.MOVE:
            return self._move(now_s, seen)
        return ()

    def lean_taken(self, now_s: float) -> Cues:
        """Go on to the still seconds: `lean` is kept."""
        if self.phase is not Phase.LEAN:
            return ()
        self.phase = Phase.STILL
        self._stillness.restart()
        return self._posing.begin(now_s)

    def upright_taken(self, now_s: float) -> Cues:
        """Go on to the test's own pose: `upright` is kept."""
        if self.phase is not Phase.STAND:
            return ()
        self.phase = Phase.STILL
        return self._posing.lie_down(now_s)

    def zero_taken(self, now_s: float) -> Cues:
        """Go on to the movement: `reference` is zero."""
        if self.phase is not Phase.STILL:
            return ()
        return self._to_movement(now_s)

    def zero_refused(self, now_s: float, why: str) -> Cues:
        """Have them again, because of `why`: `upright`, `lean` or `reference` is no use.

        What a recording names cannot be had again: then it is only said.
        """
        if self.phase is Phase.LEAN:
            return self._lean_refused(now_s, why)
        if self.phase not in _POSES:
            return ()
        if self._posing.given:
            said = (Cue(now_s, "zero_refused", why),)
            go_on = self.upright_taken if self.phase is Phase.STAND else self.zero_taken
            return (*said, *go_on(now_s))
        if self.phase is Phase.STAND:
            self.upright = None
        else:
            self.reference = None
        return self._posing.refused(now_s, why)

    def _lean_refused(self, now_s: float, why: str) -> Cues:
        if self._leaning.given:
            return (Cue(now_s, "lean_refused", why), *self.lean_taken(now_s))
        self.lean = None
        return self._leaning.refused(now_s, why)

    def stop_for_pain(self, now_s: float) -> Cues:
        """Stop, because it hurts; before the trial there is nothing to stop."""
        end: End = "ended_early" if self.phase is Phase.GATE else "pain_stop"
        return self._stop(now_s, end, self._at_the_end(prompts.PAIN_STOP))

    def finish(self, now_s: float) -> Cues:
        """End here, as the user asked."""
        return self._stop(now_s, "ended_early", self._at_the_end(prompts.ENDED_EARLY))

    def interrupt(self, now_s: float) -> Cues:
        """Stop at once, as the user asked."""
        return self._stop(now_s, "interrupted", self._at_the_end(prompts.INTERRUPTED))

    def link_ended(self, now_s: float) -> Cues:
        """End, since nothing more can come."""
        if self._replayed and self._repetitions.enough:
            return self._stop(now_s, "finished", prompts.ENDED)
        return self._stop(now_s, "link_ended", prompts.LINK_ENDED)

    def _at_the_end(self, text: str) -> str:
        """Return what to say of an end by the user: at the gate there is nothing to keep."""
        return prompts.NOT_BEGUN if self.phase is Phase.GATE else text

    def _stop(self, now_s: float, end: End, text: str) -> Cues:
        if self.phase is Phase.ENDED:
            return ()
        self.phase, self.end = Phase.ENDED, end
        return self._voice.say(now_s, end, text)

    def _to_still(self, now_s: float) -> Cues:
        if not self._guided:
            return self._to_movement(now_s)
        if self._leaning.asked:
            self.phase = Phase.LEAN
            return self._leaning.begin(now_s)
        self.phase = Phase.STAND if self._posing.standing else Phase.STILL
        return self._posing.begin(now_s)

    def _to_movement(self, now_s: float) -> Cues:
        self.phase = Phase.MOVE
        self._voice.go_on(now_s)
        if not self.wanted:
            return self._voice.say(now_s, "free", prompts.FREE)
        return self._repetitions.begin(now_s)

    def _abandoned(self, now_s: float, seen: Seen) -> Cues:
        """Speak up for a sensor that stays away, and end what nobody goes on with."""
        said = self._patience.look(now_s, seen)
        if said is None:
            return ()
        if said[0] == "given_up":
            return self._stop(now_s, "given_up", said[1])
        return self._voice.say(now_s, *said)

    def _keep_still(self, now_s: float, seen: Seen) -> Cues:
        window, cues = self._posing.look(now_s, seen)
        if self.phase is Phase.STAND:
            self.upright = window
        else:
            self.reference = window
        return cues

    def _move(self, now_s: float, seen: Seen) -> Cues:
        if not self.wanted:
            over = self._seconds is not None and self._voice.waited_s(now_s) >= self._seconds
            return self._stop(now_s, "finished", prompts.TIME_OVER) if over else ()
        cues = self._repetitions.look(now_s, seen)
        if self._repetitions.complete and not self._replayed:
            return (*cues, *self._stop(now_s, "finished", prompts.ENDED))
        return cues


def _wanted(protocol: Protocol | None, repetitions: int | None) -> int:
    return repetitions or (protocol.repetitions.least if protocol else 0)
