"""A scanner that runs for as long as somebody listens, and is ended whatever happens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final, Protocol

from collector.links.guard import guarded
from collector.links.radio import Fault, LinkError
from collector.links.unbroken import unbroken

_STARTING: Final = "starting to listen"


class Scanner(Protocol):
    """bleak's scanner, as far as it is used."""

    async def start(self) -> None:
        """Begin to listen."""
        ...

    async def stop(self) -> None:
        """Listen no more."""
        ...


@asynccontextmanager
async def scanning(make: Callable[[], Scanner], limit_s: float) -> AsyncIterator[None]:
    """Have a scanner run while inside; starting and ending take `limit_s` each at most.

    Raises
    ------
    LinkError
        `ADAPTER_WEDGED` where there is no answer in time, else what the system says.
    """
    async with guarded(limit_s, _STARTING):
        scanner = make()
    try:
        async with guarded(limit_s, _STARTING, Fault.ADAPTER_WEDGED):
            await scanner.start()
        yield
    except BaseException:
        with suppress(LinkError):  # one that got halfway may listen all the same
            await unbroken(_stop(scanner, limit_s))
        raise
    await unbroken(_stop(scanner, limit_s))


async def _stop(scanner: Scanner, limit_s: float) -> None:
    async with guarded(limit_s, "ending to listen", Fault.ADAPTER_WEDGED):
        await scanner.stop()
