"""Our own limit on every call of the radio, and one kind of error for whatever goes wrong in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from collector.links.ble_faults import link_error
from collector.links.radio import Fault, LinkError


@asynccontextmanager
async def guarded(seconds: float, doing: str, late: Fault = Fault.TIMEOUT) -> AsyncIterator[None]:
    """Give what bleak does so many seconds, and turn all that it raises into `LinkError`.

    `late` is the fault of a call that takes longer. Do not await `unbroken` inside, which outlives
    the limit: guard what is unbroken instead.
    """
    try:
        async with asyncio.timeout(seconds):
            yield
    except LinkError:
        raise
    except TimeoutError as error:
        raise LinkError(late, f"{doing} took longer than {seconds:g} s") from error
    except Exception as error:
        raise link_error(error, doing) from error


async def first_of(seconds: float, *events: asyncio.Event) -> None:
    """Wait for one of several events, but no longer than so many seconds."""
    tasks = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
