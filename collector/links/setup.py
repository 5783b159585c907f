"""The radio that live work runs on: the computer's adapter, or a virtual one with its own time."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeVar

from collector.links.radio import Radio
from collector.links.radio_errors import mapped
from schemas.errors import UsageError

if TYPE_CHECKING:
    from collector.links.virtual.world import World

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class LiveSetup:
    """What live work needs; `world` is what stands behind a virtual radio.

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
    world: Callable[[str], World] | None = None,
) -> Result:
    """Run `body` with a radio, on a loop of its own; what the radio could not do becomes an error.

    Virtual sensors go as fast as they can unless `speed` says otherwise; real ones have none.
    `world` makes the world of a scenario; without one it is that of a straight leg raise.

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
        return mapped(lambda: _on_adapter(body, adapter))
    return mapped(lambda: _on_world(body, virtual, speed, world))


def installed(name: str) -> bool:
    """Return whether a package can be imported, without importing it."""
    try:
        return find_spec(name) is not None
    except ImportError:
        return False


def check_virtual() -> None:
    """Refuse virtual sensors where their package is missing: `UsageError` `no_virtual_radio`."""
    if not installed("bumble"):
        raise UsageError(
            "Virtual sensors need the package bumble, which is not installed: install"
            " hipgonio[virtual], or leave --virtual out.",
            reason="no_virtual_radio",
        )


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
    check_virtual()
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
