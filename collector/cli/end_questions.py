"""What only people know at the end of a trial: how much it hurt, and why the movement ended."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final

from collector.cli import output
from collector.live.trial.guide import End
from schemas.recording import END_POINT, PAIN

if TYPE_CHECKING:
    from collector.cli.live_view import Showing
    from collector.live.trial.plan import TrialPlan

PATIENCE_S: Final = 120.0
"""Then the trial is closed without an answer."""
TRIES: Final = 3
WORST: Final = 10.0
NOT_ASKED: Final = frozenset({"interrupted", "gate_refused"})

Noted = tuple[tuple[str, str], ...]


class EndQuestions:
    """Asks once, in one line, and takes enter for an answer; scripts have answered on theirs.

    Attributes
    ----------
    showing
        What shows the trial; it is put away before anything is asked.
    release
        Gives keys and screen back to the terminal.
    """

    def __init__(self, plan: TrialPlan, showing: Showing) -> None:
        self.showing = showing
        self.release: Callable[[], Awaitable[None]] | None = None
        self._plan = plan
        self._asking: asyncio.Task[str] | None = None

    def skip(self) -> None:
        """Ask no more, as somebody wants to leave."""
        if self._asking is not None:
            self._asking.cancel()

    async def __call__(self, end: End) -> Noted:
        """Return the events to keep, kinds and texts, given how the trial ended."""
        pain, code = self._plan.pain, self._plan.end_point
        test = self._plan.protocol
        if end == "pain_stop" and not code:
            code = "pain"
        unknown = pain is None or not code
        if self._plan.ask and test is not None and unknown and end not in NOT_ASKED:
            more_pain, more_code = await self._asked(test.end_points, stopped=end == "pain_stop")
            pain = more_pain if pain is None else pain
            code = more_code or code
        said = [] if pain is None else [(PAIN, f"{pain:g}")]
        return (*said, *(((END_POINT, code),) if code else ()))

    async def _asked(self, codes: Sequence[str], *, stopped: bool) -> tuple[float | None, str]:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            return None, ""
        if self.release is not None:
            await self.release()
        await self.showing.close()
        about = "" if stopped else f", and what ended the movement ({', '.join(codes)})"
        output.say(f"Pain at the end of range, 0 to 10{about}. Enter skips.")
        for _ in range(TRIES):
            answer = read(await self._line(), codes)
            if answer is not None:
                return answer
            output.say(f"Expected a number from 0 to 10 or one of {', '.join(codes)}; or enter.")
        return None, ""

    async def _line(self) -> str:
        from collector.live.trial.keys import line

        self._asking = asyncio.create_task(line(PATIENCE_S), name="question")
        try:
            return await self._asking
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            return ""


def read(answer: str, codes: Sequence[str]) -> tuple[float | None, str] | None:
    """Return pain and end point of an answer, in any order; None where it is not understood.

    A code may be shortened as long as one alone begins so.
    """
    pain, found = None, ""
    for word in answer.replace(",", " ").split():
        matching = [code for code in codes if code == word] or [
            code for code in codes if code.startswith(word.lower())
        ]
        if _is_pain(word):
            pain = float(word)
        elif len(matching) == 1:
            found = matching[0]
        else:
            return None
    return pain, found


def _is_pain(word: str) -> bool:
    try:
        return 0.0 <= float(word) <= WORST
    except ValueError:
        return False
