"""A body that moves as told, for the guide: frames at 30 a second, and what the guide said."""

from __future__ import annotations

from dataclasses import dataclass, field

from collector.live.angles.frame import LiveRepetition
from collector.live.trial.guide import Cue, Guide, Phase
from collector.live.trial.movement import Seen
from collector.live.trial.verdict import Finding, GateVerdict, SensorVerdict

STEP_S = 1 / 30
OPEN = GateVerdict((SensorVerdict("pelvis", (), ()),))
CLOSED = GateVerdict((SensorVerdict("pelvis", (Finding("lost", "pelvis: lost."),), ()),))

STARTING = GateVerdict((SensorVerdict("pelvis", (Finding("no_rate", "pelvis: wait."),), ()),))


@dataclass
class Script:
    guide: Guide
    now_s: float = 100.0
    angle_deg: float = 0.0
    repetitions: int = 0
    cues: list[Cue] = field(default_factory=list)
    done: tuple[LiveRepetition, ...] = ()
    from_upright_deg: float | None = None
    amiss: tuple[str, ...] = ()
    zero_refusals: int = 0
    """So many still windows cannot be zero."""
    lean_refusals: int = 0

    @property
    def codes(self) -> list[str]:
        return [cue.code for cue in self.cues]

    def gate(self, seconds: float, verdict: GateVerdict = OPEN, *, heard_all: bool = True) -> None:
        for _ in range(max(1, round(seconds / STEP_S))):
            self.now_s += STEP_S
            self.cues += self.guide.at_gate(self.now_s, verdict, heard_all=heard_all)

    def still(self, seconds: float) -> None:
        self._frames(seconds, still=True, rate_deg_s=0.0)

    def held(self, seconds: float) -> None:
        self._frames(seconds, still=False, rate_deg_s=0.0)

    def turn(self, amount_deg: float, rate_deg_s: float = 30.0) -> None:
        rate = rate_deg_s if amount_deg > 0 else -rate_deg_s
        self._frames(abs(amount_deg) / rate_deg_s, still=False, rate_deg_s=rate)

    def repetition(self, hold_s: float = 2.0) -> None:
        self.turn(70.0)
        self.held(hold_s)
        self.turn(-70.0)
        self.repetitions += 1
        self.still(2.0)

    def measured(self, tot_deg: float, *, usable: bool = True, slipped: str = "") -> None:
        n = len(self.done) + 1
        one = LiveRepetition(n, tot_deg, tot_deg, 0.0, None, usable and not slipped, slipped)
        self.done = (*self.done, one)
        self.repetition()

    def lie_down(self) -> None:
        self.from_upright_deg = 0.0
        self.held(1.0)
        self.from_upright_deg = 90.0
        self.held(1.0)

    def through_gate(self) -> None:
        self.gate(1.1)

    def to_movement(self) -> None:
        self.through_gate()
        self.still(3.2)

    def without_data(self, seconds: float) -> None:
        self._frames(seconds, still=False, rate_deg_s=0.0, silent=("pelvis",))

    def _frames(
        self, seconds: float, *, still: bool, rate_deg_s: float, silent: tuple[str, ...] = ()
    ) -> None:
        for _ in range(round(seconds / STEP_S)):
            self.now_s += STEP_S
            self.angle_deg += rate_deg_s * STEP_S
            t_s = self.now_s - 100.0
            seen = Seen(
                t_s,
                still,
                self.repetitions,
                self.angle_deg,
                silent=silent,
                done=self.done,
                from_upright_deg=self.from_upright_deg,
                amiss=self.amiss,
                lean_deg=self.angle_deg,
            )
            self.cues += self.guide.at_frame(self.now_s, seen)
            self._answer()

    def _answer(self) -> None:
        """Stand for whoever takes zero."""
        if self.guide.phase is Phase.STAND and self.guide.upright is not None:
            self.cues += self.guide.upright_taken(self.now_s)
        if self.guide.phase is Phase.LEAN and self.guide.lean is not None:
            if self.lean_refusals:
                self.lean_refusals -= 1
                self.cues += self.guide.zero_refused(self.now_s, "pelvis hardly turned.")
            else:
                self.cues += self.guide.lean_taken(self.now_s)
        if self.guide.phase is not Phase.STILL or self.guide.reference is None:
            return
        if self.zero_refusals:
            self.zero_refusals -= 1
            self.cues += self.guide.zero_refused(self.now_s, "thigh_left sank.")
        else:
            self.cues += self.guide.zero_taken(self.now_s)
