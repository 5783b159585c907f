"""The engine: searches sensors, tells them apart, runs trials; one job at a time, never waiting.

Every job has a thread and an event loop of its own, as the command line's verbs have. Its methods
may be called from any other thread; they return at once, and what comes of it is on the board.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from collector.links.setup import LiveSetup, run_live
from collector.links.virtual.time import run_warped
from collector.live.trial.plan import TrialPlan, world_for
from collector.web.desk import Desk
from collector.web.station.asker import TapsOnPage
from collector.web.station.audience import OnPage
from collector.web.station.board import Board
from collector.web.station.jobs import Job
from collector.web.station.state import RESTING, Problem, Run, State, TargetView
from collector.web.station.watching import Watching
from collector.web.station.wishes import TrialWish, file_of, plan_of
from schemas.errors import HipgonioError, QualityError, StoreError, UsageError
from schemas.segments import Segment, Side

if TYPE_CHECKING:
    from collector.links.virtual.world import World
    from collector.live.sensors.known import Known
    from collector.live.trial.outcome import Outcome
    from collector.live.trial.session import LiveSession

SEARCH_S: Final = 6.0
TAP_S: Final = 60.0
LETTING_GO_S: Final = 5.0
PLAIN: Final = "plain"


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
    found
        The sensors that the last search heard.
    """

    def __init__(
        self, desk: Desk, board: Board, *, adapter: str | None = None, speed: float = 1.0
    ) -> None:
        self.desk = desk
        self.board = board
        self.found: tuple[Known, ...] = ()
        self._adapter = adapter
        self._speed = speed
        self._job: Job | None = None
        self._page: OnPage | None = None

    def search(self, seconds: float = SEARCH_S, about: About | None = None) -> Run:
        """Look for sensors; raises `QualityError` `busy` while another job runs."""

        async def look(setup: LiveSetup) -> None:
            self.found = await self._heard(setup, seconds)

        return self._begin("scanning", lambda: self._live(look, about or About()))

    def identify(self, segments: Sequence[Segment], about: About | None = None) -> Run:
        """Tell sensors apart by tapping, and remember where each is worn; raises as `search`."""

        async def look(setup: LiveSetup) -> None:
            await self._tapped(setup, segments)

        return self._begin("identifying", lambda: self._live(look, about or About()))

    def worn(self, segments: Mapping[str, Segment]) -> None:
        """Note where sensors that were heard are worn now, by alias."""
        taken = set(segments.values())
        self.found = tuple(
            replace(k, segment=segments.get(k.alias, None if k.segment in taken else k.segment))
            for k in self.found
        )

    def start(self, wish: TrialWish, target: TargetView | None = None) -> Run:
        """Find and connect a trial's sensors, and hold them; raises as `search` and `plan_of`."""
        plan = plan_of(wish, self.desk)
        test = plan.protocol
        run = Run(
            subject=wish.subject,
            test=wish.test,
            title=test.title if test else "",
            side=wish.side,
            examiner=wish.examiner,
            note=wish.note,
            virtual=self.desk.mode == "virtual",
            lender=test.lender if test else "pelvis",
            adds_up=test.adds_up if test else True,
            target=target,
        )
        return self._begin("looking", lambda: self._trial(plan), run)

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
        if page is not None and page.session is not None:
            self._order(lambda session: session.interrupt())
        elif job is not None:
            job.cancel()

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

    def _begin(self, state: State, body: Callable[[], None], run: Run | None = None) -> Run:
        before = self.board.run
        if self._job is not None and before.state in RESTING:
            self._job.wait(LETTING_GO_S)  # its result is told a moment before its thread ends
        if self._job is not None and self._job.alive:
            raise QualityError(
                "Something else is under way on this computer (a search, or a trial): wait until"
                " it is over, or stop it.",
                reason="busy",
            )
        begun = replace(run or Run(), number=before.number + 1, state=state)
        self.board.post(begun)
        self._job = Job(body, self._failed)
        self._job.start()
        return self.board.run

    def _failed(self, error: BaseException) -> None:
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

    def _live(self, body: Callable[[LiveSetup], Awaitable[None]], about: About) -> None:
        self._run_live(body, about.test, about.side or "left")
        self.board.post(replace(self.board.run, state="idle", prompt="", tap=None))

    def _run_live(
        self, body: Callable[[LiveSetup], Awaitable[None]], test: str, side: Side
    ) -> None:
        from collector.links.virtual.scenarios import world_of

        def world(scenario: str) -> World:
            return world_of(scenario, protocol=test, side=side)

        self._on_radio(body, world)

    def _on_radio(
        self, body: Callable[[LiveSetup], Awaitable[None]], world: Callable[[str], World]
    ) -> None:
        virtual = (self.desk.scenario or PLAIN) if self.desk.mode == "virtual" else None
        job = self._job

        async def followed(setup: LiveSetup) -> None:
            if job is not None:
                job.follow()
            await body(setup)

        run_live(
            followed,
            virtual=virtual,
            adapter=self._adapter,
            speed=self._speed if virtual else None,
            world=world,
        )

    async def _heard(self, setup: LiveSetup, seconds: float) -> tuple[Known, ...]:
        from collector.live.sensors.identify import heard
        from collector.live.sensors.memory import note_seen, remembered, with_world

        def say(text: str) -> None:
            self.board.post(replace(self.board.run, prompt=text))

        loop = asyncio.get_running_loop()
        memory = await loop.run_in_executor(None, remembered, self.desk.db, say)
        found = await heard(setup, with_world(memory, setup.world), seconds, say)
        await loop.run_in_executor(None, note_seen, self.desk.db, found)
        return found

    async def _tapped(self, setup: LiveSetup, segments: Sequence[Segment]) -> None:
        from collector.live.sensors.identify import identified
        from collector.live.sensors.memory import keep_assignments

        known = await self._heard(setup, SEARCH_S)
        taps = TapsOnPage(self.board)
        tapped = await identified(setup, known, segments, taps, wait_s=TAP_S)
        worn: Mapping[Segment, Known] = dict(zip(segments, tapped, strict=True))
        await asyncio.get_running_loop().run_in_executor(None, keep_assignments, self.desk.db, worn)
        by_alias = {sensor.alias: segment for segment, sensor in worn.items()}
        self.found = tuple(replace(k, segment=by_alias.get(k.alias, k.segment)) for k in known)

    def _trial(self, plan: TrialPlan) -> None:
        test = plan.protocol
        watching = Watching(self.board.run, test.mark_deg if test else 5.0)
        page = OnPage(self.board, watching, test.end_points if test else ())
        self._page = page
        outcomes: list[Outcome] = []
        try:
            if self.desk.mode == "replay":
                self._replayed(plan, page, outcomes)
            else:
                self._measured(plan, page, outcomes)
        finally:
            self._page = None
        self._ended(outcomes[0])

    def _measured(self, plan: TrialPlan, page: OnPage, outcomes: list[Outcome]) -> None:
        from collector.live.trial.lead import lead

        async def body(setup: LiveSetup) -> None:
            outcomes.append(await lead(setup, plan, page))

        test = plan.protocol.id if plan.protocol else About().test
        self._on_radio(body, partial(world_for, protocol_id=test, plan=plan))

    def _replayed(self, plan: TrialPlan, page: OnPage, outcomes: list[Outcome]) -> None:
        from collector.live.trial.replayed import recorded, replay_trial

        recording = recorded(file_of(self.desk), plan, page.say)
        job = self._job

        async def body() -> None:
            if job is not None:
                job.follow()
            outcomes.append(await replay_trial(recording, plan, page))

        run_warped(body(), speed=self._speed)

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
    if isinstance(error, asyncio.CancelledError):
        return StoreError("Stopped, as asked.", reason="stopped")
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    return HipgonioError(f"A defect of ours, not yours ({what}). What was recorded is kept.")
