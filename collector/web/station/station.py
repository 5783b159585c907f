"""The engine: searches sensors, tells them apart, runs trials; one job at a time, never waiting.

Every job has a thread and an event loop of its own, as the command line's verbs have. Its methods
may be called from any other thread; they return at once, and what comes of it is on the board.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Final

from collector.live.trial.plan import TrialPlan
from collector.web.desk import Desk
from collector.web.station.audience import OnPage
from collector.web.station.behind import Behind, Body
from collector.web.station.board import Board
from collector.web.station.jobs import Job
from collector.web.station.searching import SEARCH_S, Searching
from collector.web.station.state import RESTING, SEEKING, Problem, Run, State, TargetView
from collector.web.station.watching import Watching
from collector.web.station.wishes import TrialWish, lends, plan_of
from schemas.errors import HipgonioError, QualityError, UsageError
from schemas.protocol import Protocol
from schemas.segments import Segment, Side

if TYPE_CHECKING:
    from collector.live.trial.outcome import Outcome
    from collector.live.trial.session import LiveSession

LETTING_GO_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class About:
    """Which test and side virtual sensors are worn for; real ones are worn as they are."""

    test: str = "pslr"
    side: Side | None = None


class Station:
    """The engine of one page server.

    Parameters
    ----------
    desk
        The database, and what stands behind the sensors.
    board
        Where everything is hung up.
    adapter
        Which Bluetooth adapter; None: the usual one.
    speed
        Pace of virtual sensors and replays: 1 as real ones.

    Attributes
    ----------
    sensors
        Who was heard, and where they are worn.
    """

    def __init__(
        self, desk: Desk, board: Board, *, adapter: str | None = None, speed: float = 1.0
    ) -> None:
        self.desk = desk
        self.board = board
        self.sensors = Searching(desk, board)
        self._behind = Behind(desk, adapter, speed)
        self._job: Job | None = None
        self._page: OnPage | None = None
        self._starting = Lock()  # two viewers may press at once

    def search(self, seconds: float = SEARCH_S, about: About | None = None) -> Run:
        """Look for sensors; raises `QualityError` `busy` while another job runs."""
        look = partial(self.sensors.look, seconds=seconds)
        return self._begin("scanning", lambda job: self._search(job, look, about or About()))

    def identify(self, segments: Sequence[Segment], about: About | None = None) -> Run:
        """Tell sensors apart by tapping, and remember where each is worn; raises as `search`."""
        look = partial(self.sensors.tap, segments=segments)
        return self._begin("identifying", lambda job: self._search(job, look, about or About()))

    def start(self, wish: TrialWish, target: TargetView | None = None) -> Run:
        """Find and connect a trial's sensors, and hold them; raises as `search` and `plan_of`."""
        test, plan = plan_of(wish, self.desk)
        run = Run(
            subject=wish.subject,
            test=wish.test,
            title=test.title,
            side=wish.side,
            examiner=wish.examiner,
            note=wish.note,
            virtual=self.desk.mode == "virtual",
            lender=test.lender,
            adds_up=test.adds_up,
            lends=lends(test, plan),
            ranges="range" in test.formulae.how.values(),
            lack=test.sense == "lack",
            target=target,
        )
        return self._begin("looking", lambda job: self._trial(job, test, plan), run)

    def begin(self, override: str = "") -> None:
        """Let the trial begin; raises `QualityError` `gate_shut` where a sensor is not ready."""
        run = self.board.run
        if run.state != "gate" or run.gate is None:
            raise _not_now("begin a trial", "sensors that are connected and wait")
        if not run.gate.open and not override.strip():
            raise QualityError(
                "The trial was not begun, for not every sensor delivers as asked:"
                f" {' '.join(run.gate.blocks)}",
                reason="gate_shut",
            )
        self._order(lambda session: session.release(override))

    def mark(self) -> None:
        """Mark this moment."""
        self._order(lambda session: session.mark())

    def finish(self) -> None:
        """End the trial here."""
        self._order(lambda session: session.finish())

    def stop_for_pain(self) -> None:
        """End the trial here, because it hurts."""
        self._order(lambda session: session.stop_for_pain())

    def stop(self) -> None:
        """Leave whatever goes on; what was recorded is kept."""
        page, job = self._page, self._job
        if page is not None and job is not None and self.board.run.state == "asking":
            job.call(lambda: page.answer(None, ""))  # a question keeps nobody from leaving
        elif page is not None and page.session is not None:
            self._order(lambda session: session.interrupt())
        elif job is not None and self.board.run.state in SEEKING:
            job.cancel()  # what is being scored, is scored: it takes a moment, and is kept

    def answer(self, pain_nrs: float | None, end_point: str) -> None:
        """Answer the last questions."""
        page, job = self._page, self._job
        if page is None or job is None or self.board.run.state != "asking":
            raise _not_now("answer", "a trial that has just ended")
        job.call(lambda: page.answer(pain_nrs, end_point))

    def dismiss(self) -> None:
        """Put a finished run away."""
        run = self.board.run
        if run.state in RESTING:
            self.board.post(Run(number=run.number))

    def close(self) -> None:
        """Stop what runs, and wait until it is kept."""
        self.stop()
        if self._job is not None:
            self._job.wait()

    def _begin(self, state: State, body: Callable[[Job], None], run: Run | None = None) -> Run:
        with self._starting:
            return self._started(state, body, run or Run())

    def _started(self, state: State, body: Callable[[Job], None], run: Run) -> Run:
        before = self.board.run
        if self._job is not None and before.state in RESTING:
            self._job.wait(LETTING_GO_S)  # its result is told a moment before its thread ends
        if self._job is not None and self._job.alive:
            raise QualityError(
                "Something else is under way on this computer (a search, or a trial): wait until"
                " it is over, or stop it.",
                reason="busy",
            )
        self.board.post(replace(run, number=before.number + 1, state=state))
        self._job = Job(body, self._failed)
        self._job.start()
        return self.board.run

    def _failed(self, error: BaseException) -> None:
        if isinstance(error, asyncio.CancelledError):  # somebody left: nothing is wrong
            self.board.post(Run(number=self.board.run.number))
            return
        known = error if isinstance(error, HipgonioError) else _defect(error)
        problem = Problem(known.exit_code, known.reason, known.message)
        run = self.board.run
        self.board.post(replace(run, state="failed", error=problem, asks=None, held=False))

    def _order(self, order: Callable[[LiveSession], None]) -> None:
        page, job = self._page, self._job
        if page is None or job is None or page.session is None:
            raise _not_now("do that", "a trial that runs")

        def act() -> None:
            if page.session is not None:
                order(page.session)

        job.call(act)

    def _search(self, job: Job, look: Body, about: About) -> None:
        self._behind.run(job, look, test=about.test, side=about.side)
        self.board.post(replace(self.board.run, state="idle", prompt="", tap=None))

    def _trial(self, job: Job, test: Protocol, plan: TrialPlan) -> None:
        watching = Watching(self.board.run, test.mark_deg)
        page = OnPage(self.board, watching, test.end_points)
        self._page = page
        try:
            if self.desk.mode == "replay":
                outcome = self._behind.replay(job, plan, page)
            else:
                outcome = self._behind.lead(job, test, plan, page)
        finally:
            self._page = None
        self._ended(outcome)

    def _ended(self, outcome: Outcome) -> None:
        run = replace(self.board.run, asks=None, held=False, prompt="", countdown_s=None)
        if outcome.trial is None:
            self.board.post(Run(number=run.number))
        elif outcome.refusal is not None:
            refusal = outcome.refusal
            problem = Problem(refusal.exit_code, refusal.reason, refusal.message)
            self.board.post(replace(run, state="done", result=outcome.trial, error=problem))
        else:
            self.board.post(replace(run, state="done", result=outcome.trial))


def _not_now(what: str, expected: str) -> UsageError:
    return UsageError(f"Nothing to {what}: expected {expected}.", reason="not_now")


def _defect(error: BaseException) -> HipgonioError:
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    return HipgonioError(f"A defect of ours, not yours ({what}). What was recorded is kept.")
