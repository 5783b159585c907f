"""Where a trial is, and how it can end."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

End = Literal[
    "finished",
    "ended_early",
    "pain_stop",
    "interrupted",
    "link_ended",
    "gate_refused",
    "given_up",
]


class Phase(StrEnum):
    """Where the trial is."""

    GATE = "gate"
    STAND = "stand"
    LEAN = "lean"
    STILL = "still"
    MOVE = "move"
    ENDED = "ended"
