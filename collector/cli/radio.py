"""Choosing the radio for a live verb: the adapter, or a virtual one; what fails says what to do."""

from __future__ import annotations

import asyncio
import platform
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from collector.links.radio import Fault, LinkError, Radio
from schemas.errors import HipgonioError, RadioError, SensorMissingError, UsageError

if TYPE_CHECKING:
    from collector.links.virtual.world import World

Result = TypeVar("Result")

VIRTUAL: Final = "--virtual"
PLAIN: Final = "plain"
"""The scenario in which nothing goes wrong."""

LIST: Final = "list"
"""Instead of a scenario: print those that there are."""


def _scenario(name: str | None) -> str | None:
    """Refuse an unknown scenario before anything happens; list them where that is asked for."""
    if name is None:
        return None
    from collector.links.virtual.scenarios import SCENARIOS

    if name == LIST:
        from collector.cli import output

        output.print_table(("scenario", "what happens"), tuple(SCENARIOS.items()))
        raise typer.Exit
    if name not in SCENARIOS:
        raise _unknown(name)
    return name


def _unknown(name: str) -> UsageError:
    from collector.links.virtual.scenarios import SCENARIOS

    return UsageError(
        f"{name!r} is no scenario for {VIRTUAL}: expected one of {', '.join(SCENARIOS)};"
        f" `{VIRTUAL} {LIST}` says what each does.",
        reason="unknown_scenario",
    )


Virtual = Annotated[
    str | None,
    typer.Option(
        VIRTUAL,
        metavar="[SCENARIO]",
        callback=_scenario,
        is_eager=True,
        help="Virtual sensors instead of real ones; a scenario says what goes wrong (plain), list"
        " shows them all.",
    ),
]
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

RADIO_FAULTS: Final = frozenset(
    {Fault.NO_ADAPTER, Fault.ADAPTER_OFF, Fault.PERMISSION_DENIED, Fault.ADAPTER_WEDGED}
)
"""Faults of the computer's radio; the others are a sensor's."""

_TOUCH_S: Final = 0.2

_CAME: Final = {
    Fault.NO_ADAPTER: "A Bluetooth adapter was expected, none was found.",
    Fault.ADAPTER_OFF: "Bluetooth is switched off.",
    Fault.PERMISSION_DENIED: "The system does not let this program use Bluetooth.",
    Fault.ADAPTER_WEDGED: "The Bluetooth adapter does not answer.",
    Fault.NOT_FOUND: "The sensor was not found.",
    Fault.TIMEOUT: "The sensor did not answer in time.",
    Fault.LINK_LOST: "The connection to the sensor was lost.",
    Fault.NOT_PAIRED: "The sensor wants to be paired.",
    Fault.UNSUPPORTED: "The sensor does not do what its family should.",
    Fault.REFUSED: "The sensor refused.",
}


@dataclass(frozen=True, slots=True)
class LiveSetup:
    """What a live verb works with; `world` is what stands behind a virtual radio."""

    radio: Radio
    clock_us: Callable[[], int]
    world: World | None


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
        return _mapped(lambda: _on_adapter(body, adapter))
    if speed is None and interactive and sys.stderr.isatty():
        speed = 1.0
    return _mapped(lambda: _on_world(body, virtual, speed, world))


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


def with_scenario(words: Sequence[str]) -> list[str]:
    """Give a bare `--virtual` its scenario: typer knows no option whose value may be left out."""
    out = list(words)
    for i, word in enumerate(words):
        if word == "--":
            break
        if word == VIRTUAL and not _is_scenario(words[i + 1 : i + 2]):
            out[i] = f"{VIRTUAL}={PLAIN}"
    return out


def _is_scenario(next_word: Sequence[str]) -> bool:
    if not next_word or next_word[0].startswith("-"):
        return False
    from collector.links.virtual.scenarios import SCENARIOS

    return next_word[0] in (*SCENARIOS, LIST)


def stray_scenario(words: Sequence[str]) -> UsageError | None:
    """Return the error for a word behind `--virtual` that no verb took: it was meant as a scenario.

    `words` are the line's, as `with_scenario` left them.
    """
    for word, behind in pairwise(words):
        if word == f"{VIRTUAL}={PLAIN}" and not behind.startswith("-"):
            return _unknown(behind)
    return None


def as_error(fault: LinkError) -> HipgonioError:
    """Return the error that tells a user what the radio could not do, and what to try."""
    if isinstance(fault.__cause__, ImportError):
        return RadioError(
            f"The Bluetooth library cannot be used here ({fault.__cause__}): install hipgonio anew,"
            " with its dependencies.",
            reason="no_bleak",
        )
    kind = RadioError if fault.fault in RADIO_FAULTS else SensorMissingError
    return kind(said(fault), reason=fault.fault.value)


def said(fault: LinkError) -> str:
    """Return what the radio could not do, and what to try on this system."""
    from collector.links.advice import advice

    return f"{_CAME[fault.fault]} {advice(fault.fault, platform.system())}"


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
            return await body(LiveSetup(radio, loop.now_us, world))

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(run())


def installed(name: str) -> bool:
    """Return whether a package can be imported, without importing it."""
    try:
        return find_spec(name) is not None
    except ImportError:
        return False


def _mapped(run: Callable[[], Result]) -> Result:
    """Call `run`; a failed radio call becomes its error, out of any group of tasks."""
    try:
        return run()
    except LinkError as fault:
        raise as_error(fault) from fault
    except BaseExceptionGroup as group:
        for error in _leaves(group):
            if isinstance(error, LinkError):
                raise as_error(error) from group
            if isinstance(error, HipgonioError | KeyboardInterrupt):
                raise error from group
        raise


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
