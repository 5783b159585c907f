"""Choosing the radio for a live verb: the adapter, or a virtual one; what fails says what to do."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from collector.cli.radio_errors import mapped
from collector.cli.scenario import PLAIN, Virtual
from collector.links.radio import Radio
from schemas.errors import UsageError

if TYPE_CHECKING:
    from collector.links.virtual.world import World

__all__ = [
    "PLAIN",
    "Adapter",
    "LiveSetup",
    "Speed",
    "Virtual",
    "check",
    "installed",
    "live_db",
    "run_live",
]

Result = TypeVar("Result")

Adapter = Annotated[
    str | None,
    typer.Option(
        "--adapter", envvar="HIPGONIO_ADAPTER", help="Which Bluetooth adapter, for example hci1."
    ),
]
Speed = Annotated[
    float | None,
    typer.Option("--speed", min=0.01, help="Pace of virtual sensors: 1 as real ones."),
]

_TOUCH_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class LiveSetup:
    """What a live verb works with; `world` is what stands behind a virtual radio.

    `chance` draws from 0 to 1: on a virtual radio the same every time.
    """

    radio: Radio
    clock_us: Callable[[], int]
    world: World | None
    chance: Callable[[], float] = random.random


def run_live(
    body: Callable[[LiveSetup], Awaitable[Result]],
    *,
    virtual: str | None,
    adapter: str | None,
    speed: float | None = None,
    interactive: bool = False,
    world: Callable[[str], World] | None = None,
) -> Result:
    """Run `body` with a radio, on a loop of its own; what the radio could not do becomes an error.

    `interactive` verbs keep real time on a terminal with virtual sensors too, since someone reads
    along; all others go as fast as they can unless `speed` says otherwise. `world` makes the world
    of a scenario; without one it is that of a straight leg raise.

    Raises
    ------
    RadioError
        No adapter, switched off, no permission.
    SensorMissingError
        A sensor that does not answer.
    UsageError
        The virtual radio is not installed, or has no such scenario.
    """
    if virtual is None:
        if speed is not None:
            raise UsageError(
                "--speed is for virtual sensors: real ones keep their own time; leave it out, or"
                " add --virtual.",
                reason="usage",
            )
        return mapped(lambda: _on_adapter(body, adapter))
    if speed is None and interactive and sys.stderr.isatty():
        speed = 1.0
    return mapped(lambda: _on_world(body, virtual, speed, world))


def check(
    *,
    virtual: str | None,
    adapter: str | None,
    speed: float | None,
    world: Callable[[str], World] | None = None,
) -> None:
    """Touch the radio for a moment: one that cannot be used is said before anything is asked.

    Raises
    ------
    RadioError, UsageError
        As `run_live` does.
    """

    async def listen(setup: LiveSetup) -> None:
        await setup.radio.scan(_TOUCH_S)

    if virtual is not None:
        speed = None
    run_live(listen, virtual=virtual, adapter=adapter, speed=speed, world=world)


def live_db(db: Path | None, virtual: str | None) -> Path | None:
    """Return the database of a live verb: what virtual sensors do stays with the demo's trials."""
    if virtual is None or db is not None:
        return db
    from collector.store import default_path

    return default_path().with_name("demo.db")


def _on_adapter(body: Callable[[LiveSetup], Awaitable[Result]], adapter: str | None) -> Result:
    from collector.links.ble import BleRadio

    radio = BleRadio(adapter=adapter)
    setup = LiveSetup(radio, lambda: time.perf_counter_ns() // 1000, None)

    async def run() -> Result:
        return await body(setup)

    return asyncio.run(run())


def _on_world(
    body: Callable[[LiveSetup], Awaitable[Result]],
    scenario: str,
    speed: float | None,
    make: Callable[[str], World] | None,
) -> Result:
    if not installed("bumble"):
        raise UsageError(
            "Virtual sensors need the package bumble, which is not installed: install"
            " hipgonio[virtual], or leave --virtual out.",
            reason="no_virtual_radio",
        )
    from collector.links.ble import BleRadio
    from collector.links.virtual.scenarios import world_of
    from collector.links.virtual.time import WarpLoop

    loop = WarpLoop(speed)

    async def run() -> Result:
        async with (make or world_of)(scenario) as world:
            radio = BleRadio(
                scanner_factory=world.scanner_factory, client_factory=world.client_factory
            )
            return await body(
                LiveSetup(radio, loop.now_us, world, random.Random(world.seed).random)
            )

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(run())


def installed(name: str) -> bool:
    """Return whether a package can be imported, without importing it."""
    try:
        return find_spec(name) is not None
    except ImportError:
        return False
