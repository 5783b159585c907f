"""A trial's audience on a page: the board is kept up to date, and the last questions are asked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Final

from collector.live.readers import KEPT
from collector.live.trial.cues import Cue
from collector.live.trial.guide import End
from collector.live.trial.session import LiveSession
from collector.web.station.board import Board
from collector.web.station.state import Asks, Run
from collector.web.station.watching import Watching
from schemas.recording import END_POINT, PAIN

LOOK_S: Final = 0.25
"""How often a state is hung up between cues."""
FRAME_S: Final = 1 / 31
"""Frames come faster than a page draws only in compressed time: those in between are left out."""
PATIENCE_S: Final = 120.0
"""Then the trial is closed without an answer."""
HELD_S: Final = 900.0
"""Sensors that are held so long without a beginning are let go: their batteries are small."""
NOT_ASKED: Final = frozenset({"interrupted", "gate_refused"})

Noted = tuple[tuple[str, str], ...]


class OnPage:
    """Somebody at a page: sees the trial on the board, and answers by it. Lives on the job's loop.

    Parameters
    ----------
    board
        Where everything is hung up.
    watching
        Makes runs and frames of the session.
    end_points
        What may end this test's movement; empty: nothing is asked at the end.
    wall_s
        Real seconds.
    """

    def __init__(
        self,
        board: Board,
        watching: Watching,
        end_points: Sequence[str],
        wall_s: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.session: LiveSession | None = None
        self._board = board
        self._watching = watching
        self._end_points = tuple(end_points)
        self._wall_s = wall_s
        self._shown_s = -FRAME_S
        self._answer: asyncio.Future[Noted] | None = None

    def say(self, text: str) -> None:
        """Show what goes on before the trial."""
        self._board.post(replace(self._board.run, prompt=text))

    def cue(self, cue: Cue) -> None:
        """Show what the trial says, at once."""
        self._watching.hear(cue)
        self._board.say(cue)
        self._look()

    @asynccontextmanager
    async def attending(self, session: LiveSession) -> AsyncIterator[None]:
        """Keep the board up to date while inside."""
        self.session = session
        tasks = (
            asyncio.create_task(self._states(), name="page states"),
            asyncio.create_task(self._frames(session), name="page frames"),
        )
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            self._board.post(replace(self._watched(), asks=None))
            self.session = None

    async def asked(self, end: End) -> Noted:
        """Ask for pain and what ended the movement; a pain stop ended by pain."""
        if end in NOT_ASKED or not self._end_points:
            self._board.post(self._watched())
            return ()
        stopped = ((END_POINT, "pain"),) if end == "pain_stop" else ()
        self._answer = asyncio.get_running_loop().create_future()
        until_s = self._wall_s() + PATIENCE_S
        try:
            while (left_s := until_s - self._wall_s()) > 0.0 and not self._answer.done():
                self._ask(left_s)
                await asyncio.wait((self._answer,), timeout=min(1.0, left_s))
            noted = self._answer.result() if self._answer.done() else ()
        finally:
            self._answer = None
        self._board.post(replace(self._board.run, state="scoring", asks=None))
        said = any(kind == END_POINT for kind, _ in noted)
        return noted if said else (*noted, *stopped)

    def answer(self, pain_nrs: float | None, end_point: str) -> None:
        """Take the answers; once it is too late for them, they can be added as remarks."""
        if self._answer is None or self._answer.done():
            return
        pain = () if pain_nrs is None else ((PAIN, f"{pain_nrs:g}"),)
        self._answer.set_result((*pain, *(((END_POINT, end_point),) if end_point else ())))

    def _ask(self, left_s: float) -> None:
        asks = Asks(self._end_points, round(left_s))
        self._board.post(replace(self._board.run, state="asking", asks=asks))

    async def _states(self) -> None:
        held_s = self._wall_s()
        while True:
            self._look()
            if self._watched().held and self._wall_s() - held_s > HELD_S and self.session:
                self.session.interrupt()
            await asyncio.sleep(LOOK_S)

    async def _frames(self, session: LiveSession) -> None:
        with session.readers.subscribe(kept=KEPT) as frames:
            async for live in frames:
                frame = self._watching.frame(session.snapshot(), live)
                if self._wall_s() - self._shown_s >= FRAME_S:
                    self._shown_s = self._wall_s()
                    self._board.show(frame)

    def _look(self) -> None:
        """Hang up the state; behind the end of the movement questions come first, then scoring."""
        run = self._watched()
        if run.state != "scoring":
            self._board.post(run)

    def _watched(self) -> Run:
        session = self.session
        return self._watching.run(session.snapshot()) if session else self._board.run
