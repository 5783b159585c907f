"""`hipgonio` with a virtual person who cannot keep still until a line comes on standard input."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import Final

from collector.cli.script import script
from collector.links.virtual.sensor import SensorPlan
from collector.links.virtual.world import World
from collector.simulate import TrialConfig
from collector.simulate.script import Performance
from collector.web.station import behind
from schemas.segments import Side

RESTLESS: Final = Performance(sway_deg=3.0)


class Restless(World):
    """Somebody who sways by three degrees, and calms down when told."""

    async def __aenter__(self) -> World:
        _HERE.append((asyncio.get_running_loop(), self))
        return await super().__aenter__()


_HERE: Final[list[tuple[asyncio.AbstractEventLoop, Restless]]] = []


def _listen() -> None:
    for _line in sys.stdin:
        loop, person = _HERE[-1]
        loop.call_soon_threadsafe(person.perform, Performance())


def world_for(scenario: str, *, protocol_id: str, side: Side | None) -> World:
    plans = [SensorPlan("pelvis"), SensorPlan("thigh")]
    config = TrialConfig(how=RESTLESS)
    return Restless(plans, protocol=protocol_id, side=side or "left", seed=2, config=config)


if __name__ == "__main__":
    behind.world_for = world_for
    threading.Thread(target=_listen, daemon=True).start()
    script()
