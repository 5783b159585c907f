"""A live trial in a terminal: shown, led by keys, and asked about at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from collector.cli import output
from collector.cli.end_questions import EndQuestions
from collector.cli.live_view import Showing, View

if TYPE_CHECKING:
    from collector.links.setup import LiveSetup
    from collector.live.trial.guide import Cue, End
    from collector.live.trial.outcome import Outcome
    from collector.live.trial.plan import TrialPlan
    from collector.live.trial.session import LiveSession
    from schemas.recording import Recording


async def live_trial(setup: LiveSetup, plan: TrialPlan, view: View) -> Outcome:
    """Lead a trial for whoever sits at the terminal; raises what `live.trial.lead` does."""
    from collector.live.trial.lead import lead

    showing = Showing(view)
    try:
        return await lead(setup, plan, AtTerminal(plan, showing))
    finally:
        await showing.close()


async def replay_here(recording: Recording, plan: TrialPlan, view: View) -> Outcome:
    """Lead a recorded trial in the same way; raises what `replay_trial` does."""
    from collector.live.trial.replayed import replay_trial

    showing = Showing(view)
    try:
        return await replay_trial(recording, plan, AtTerminal(plan, showing))
    finally:
        await showing.close()


class AtTerminal:
    """Somebody at a terminal: sees the trial, presses keys, answers the last questions."""

    def __init__(self, plan: TrialPlan, showing: Showing) -> None:
        self._showing = showing
        self._questions = EndQuestions(plan, showing)

    def say(self, text: str) -> None:
        """Print a line."""
        output.say(text)

    def cue(self, cue: Cue) -> None:
        """Show what the trial says."""
        self._showing.cue(cue)

    async def asked(self, end: End) -> Sequence[tuple[str, str]]:
        """Ask what only people know; the screen is put away first."""
        return await self._questions(end)

    @asynccontextmanager
    async def attending(self, session: LiveSession) -> AsyncIterator[None]:
        """Show a session while inside, and hear keys and Ctrl-C, until the last questions."""
        from collector.live.trial.interrupts import interrupts
        from collector.live.trial.keys import Key, keys

        acts: Mapping[Key, Callable[[], None]] = {
            "mark": session.mark,
            "finish": session.finish,
            "pain": session.stop_for_pain,
            "interrupt": session.interrupt,
        }

        def pressed(key: Key) -> None:
            acts[key]()

        def interrupted() -> None:
            session.interrupt()
            self._questions.skip()

        with interrupts(interrupted):
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(self._showing.of(session.snapshot))
                await stack.enter_async_context(keys(pressed))
                self._questions.release = stack.aclose
                yield
        await self._showing.close()
