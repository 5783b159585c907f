"""`hipgonio` with a virtual person who cannot keep still until a line comes on standard input."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import Final

from collector.cli.script import script
from collector.links.virtual.sensor import SensorPlan
from collector.links.virtual.world import World
from collector.live.trial.plan import TrialPlan
from collector.simulate import TrialConfig
from collector.simulate.script import Performance
from collector.web.station import station

RESTLESS: Final = Performance(sway_deg=3.0)


class Restless(World):
    """Somebody who sways by three degrees, and calms down when told."""

    async def __aenter__(self) -> World:
        await super().__aenter__()
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._listen, args=(loop,), daemon=True).start()
        return self

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        for _line in sys.stdin:
            loop.call_soon_threadsafe(self.perform, Performance())


def world_for(scenario: str, *, protocol_id: str, plan: TrialPlan) -> World:
    plans = [SensorPlan("pelvis"), SensorPlan("thigh")]
    side = plan.side or "left"
    return Restless(
        plans, protocol=protocol_id, side=side, seed=2, config=TrialConfig(how=RESTLESS)
    )


if __name__ == "__main__":
    station.world_for = world_for
    script()
