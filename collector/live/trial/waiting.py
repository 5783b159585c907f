"""How the guide waits at the gate: when it opens, when it is passed, when it gives up."""

from __future__ import annotations

from typing import Final, Literal

from collector.live.trial import prompts
from collector.live.trial.gate import PROGRESS
from collector.live.trial.verdict import GateVerdict
from schemas.segments import Segment

SAY_AGAIN_S: Final = 5.0
STILL_WAITING_S: Final = 15.0
OPEN_S: Final = 1.0
"""So long the gate must be open without a break: a rate that wavers finds no lucky moment."""
OVERRIDE_AFTER_S: Final = 5.0
"""So long even a gate that may be overridden waits for the sensors."""

Turn = Literal["open", "overridden", "refused", "speak", "wait"]


class Waiting:
    """Looks at one verdict after the other.

    Parameters
    ----------
    gate_s
        After so long it gives up.
    override
        Why the gate may be passed although a sensor is not ready; empty: it may not.
    held
        The gate stays shut, however ready the sensors are, until it is released.

    Attributes
    ----------
    text
        What is to be said with the last turn, if it is `refused` or `speak`.
    override, overridden
        Why the gate may be passed, and whether it was by that.
    held
        Whether it waits to be released; meanwhile it gives nobody up.
    """

    def __init__(self, gate_s: float, override: str = "", *, held: bool = False) -> None:
        self.text = ""
        self.override = override.strip()
        self.overridden = False
        self.held = held
        self._gate_s = gate_s
        self._begun_s: float | None = None
        self._open_since_s: float | None = None
        self._spoke_s: float | None = None
        self._about: tuple[Segment, ...] = ()

    def release(self, override: str = "") -> None:
        """Let it open as soon as the sensors are ready, or all the same for a reason."""
        self.held = False
        self.override = override.strip() or self.override

    def look(self, now_s: float, verdict: GateVerdict, *, heard_all: bool) -> Turn:
        """Return what follows from a verdict; `heard_all`: every sensor has delivered something."""
        if self.held:
            return "wait"
        turn = self._look(now_s, verdict, may_override=bool(self.override) and heard_all)
        self.overridden = self.overridden or turn == "overridden"
        return turn

    def _look(self, now_s: float, verdict: GateVerdict, *, may_override: bool) -> Turn:
        if self._begun_s is None:
            self._begun_s = now_s
        waited_s = now_s - self._begun_s
        self._open_since_s = (self._open_since_s or now_s) if verdict.open else None
        if self._open_since_s is not None:
            return "open" if now_s - self._open_since_s >= OPEN_S else "wait"
        if may_override and waited_s >= OVERRIDE_AFTER_S:
            return "overridden"
        if waited_s >= self._gate_s:
            self.text = _sentences(verdict, late=True)
            return "refused"
        return self._speak_up(now_s, verdict)

    def _speak_up(self, now_s: float, verdict: GateVerdict) -> Turn:
        """Say what is wrong when that concerns other sensors, and what is missing after a while."""
        late = self._patience_is_over(now_s)
        about = tuple(sensor.segment for sensor in verdict.sensors if not sensor.ready)
        self.text = _sentences(verdict, late=late)
        if not self.text or not (late or about != self._about):
            return "wait"
        self._spoke_s, self._about = now_s, about
        return "speak"

    def _patience_is_over(self, now_s: float) -> bool:
        if self._spoke_s is None:
            return now_s - (self._begun_s or 0.0) >= SAY_AGAIN_S
        return now_s - self._spoke_s >= STILL_WAITING_S


def _sentences(verdict: GateVerdict, *, late: bool) -> str:
    """Return what is missing; while it is not late, only what does not mend itself."""
    blocks = [block for block in verdict.blocks if late or block.code not in PROGRESS]
    return prompts.waiting(block.sentence for block in blocks) if blocks else ""
