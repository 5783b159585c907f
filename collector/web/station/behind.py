"""What stands behind the sensors: the radio, virtual sensors, or a trace that is replayed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from collector.links.setup import LiveSetup, run_live
from collector.links.virtual.time import run_warped
from collector.live.trial.plan import TrialPlan, world_for
from collector.web.desk import Desk
from collector.web.station.audience import OnPage
from collector.web.station.jobs import Job
from collector.web.station.wishes import file_of
from schemas.protocol import Protocol
from schemas.segments import Side

if TYPE_CHECKING:
    from collector.links.virtual.world import World
    from collector.live.trial.outcome import Outcome

PLAIN: Final = "plain"
"""The scenario in which nothing goes wrong."""

Body = Callable[[LiveSetup], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Behind:
    """Runs a job's work on an event loop of its own, and lets the job be called into.

    `adapter` None is the usual Bluetooth adapter; `speed` is the pace of virtual sensors and
    replays, 1 as real ones.
    """

    desk: Desk
    adapter: str | None = None
    speed: float = 1.0

    def run(self, job: Job, body: Body, *, test: str, side: Side | None) -> None:
        """Run `body` with the radio; virtual sensors are worn for a test, on the left by default.

        Raises
        ------
        RadioError, SensorMissingError, UsageError
            See `collector.links.setup.run_live`.
        """

        def world(scenario: str) -> World:
            return world_for(scenario, protocol_id=test, side=side)

        async def followed(setup: LiveSetup) -> None:
            job.follow()
            await body(setup)

        virtual = (self.desk.scenario or PLAIN) if self.desk.mode == "virtual" else None
        speed = self.speed if virtual else None
        run_live(followed, virtual=virtual, adapter=self.adapter, speed=speed, world=world)

    def lead(self, job: Job, test: Protocol, plan: TrialPlan, page: OnPage) -> Outcome:
        """Lead a trial to its end; raises as `run`, and what `collector.live.trial.lead` does."""
        from collector.live.trial.lead import lead

        outcomes: list[Outcome] = []

        async def body(setup: LiveSetup) -> None:
            outcomes.append(await lead(setup, plan, page))

        self.run(job, body, test=test.id, side=plan.side)
        return outcomes[0]

    def replay(self, job: Job, plan: TrialPlan, page: OnPage) -> Outcome:
        """Lead a trial with a trace instead of sensors; raises `InputError` for a broken one."""
        from collector.live.trial.replayed import recorded, replay_trial

        recording = recorded(file_of(self.desk), plan, page.say)

        async def body() -> Outcome:
            job.follow()
            return await replay_trial(recording, plan, page)

        return run_warped(body(), speed=self.speed)
