"""What is said in the course of a trial, and how long ago it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from collector.live.trial import prompts

IMPATIENT_S: Final = 15.0
"""After so long without what is waited for, it is said again."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Something said: when (seconds of the link), a stable code, a sentence for people."""

    t_s: float
    code: str
    text: str


Cues = tuple[Cue, ...]


class Voice:
    """Says what to do, and knows when patience is over.

    Attributes
    ----------
    prompt
        What the user should do now.
    said_s
        When that was said.
    since_s
        Since when the present step has been waited for.
    """

    def __init__(self) -> None:
        self.prompt = prompts.GETTING_READY
        self.said_s = 0.0
        self.since_s = 0.0

    def say(self, now_s: float, code: str, text: str) -> Cues:
        """Say what to do now."""
        self.prompt, self.said_s = text, now_s
        return (Cue(now_s, code, text),)

    def go_on(self, now_s: float) -> None:
        """Note that a step was made: what comes next is waited for from now."""
        self.since_s = now_s

    def waited_s(self, now_s: float) -> float:
        """Return how long the present step has been waited for."""
        return now_s - self.since_s

    def is_due(self, now_s: float) -> bool:
        """Whether nothing was done and nothing said for so long that it is time to speak."""
        return now_s - max(self.said_s, self.since_s) >= IMPATIENT_S
