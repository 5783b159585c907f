"""Choosing the radio for a live verb: the adapter, or a virtual one; what fails says what to do."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from collector.cli.scenario import PLAIN, Virtual
from collector.links import setup
from collector.links.setup import LiveSetup, installed
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


def run_live(
    body: Callable[[LiveSetup], Awaitable[Result]],
    *,
    virtual: str | None,
    adapter: str | None,
    speed: float | None = None,
    interactive: bool = False,
    world: Callable[[str], World] | None = None,
) -> Result:
    """Run `body` as `collector.links.setup.run_live` does, at the pace that the line asks for.

    `interactive` verbs keep real time on a terminal with virtual sensors too, since someone reads
    along; all others go as fast as they can unless `speed` says otherwise. A speed for real sensors
    raises `UsageError`.
    """
    if virtual is None and speed is not None:
        raise UsageError(
            "--speed is for virtual sensors: real ones keep their own time; leave it out, or add"
            " --virtual.",
            reason="usage",
        )
    if virtual is not None and speed is None and interactive and sys.stderr.isatty():
        speed = 1.0
    return setup.run_live(body, virtual=virtual, adapter=adapter, speed=speed, world=world)


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

    async def listen(live: LiveSetup) -> None:
        await live.radio.scan(_TOUCH_S)

    if virtual is not None:
        speed = None
    run_live(listen, virtual=virtual, adapter=adapter, speed=speed, world=world)


def live_db(db: Path | None, virtual: str | None) -> Path | None:
    """Return the database of a live verb: what virtual sensors do stays with the demo's trials."""
    if virtual is None or db is not None:
        return db
    from collector.store import default_path

    return default_path().with_name("demo.db")
