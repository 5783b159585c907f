"""What the verbs on sensors have in common: who is there, in the light of what the site knows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from collector.cli import output, radio

if TYPE_CHECKING:
    from collector.live.sensors.known import Known, Memory

Result = TypeVar("Result")

Search = Annotated[
    float, typer.Option("--search", min=0.5, max=120.0, help="How long to look for sensors.")
]


def with_sensors(
    body: Callable[[radio.LiveSetup, Memory], Awaitable[Result]],
    path: Path | None,
    *,
    virtual: str | None,
    adapter: str | None,
    speed: float | None,
    interactive: bool = False,
) -> Result:
    """Run `body` with a radio and what the database at `path` remembers; see `radio.run_live`."""
    from collector.live.sensors.memory import remembered, with_world

    memory = remembered(path, output.say)

    async def run(setup: radio.LiveSetup) -> Result:
        return await body(setup, with_world(memory, setup.world))

    return radio.run_live(
        run, virtual=virtual, adapter=adapter, speed=speed, interactive=interactive
    )


async def heard(setup: radio.LiveSetup, memory: Memory, seconds: float) -> tuple[Known, ...]:
    """Return all sensors that are heard; raise `SensorMissingError`, `no_sensor`, for none."""
    from collector.live.sensors.identify import heard as look

    return await look(setup, memory, seconds, output.say)
