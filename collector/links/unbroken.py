"""Work that a cancellation may delay but not stop: letting go of a sensor, a commit."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


async def unbroken(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work` to its end, whoever cancels meanwhile; the cancellation takes effect after it.

    A sensor that was not let go of keeps streaming to nobody and is not found again.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # looked at, or asyncio complains that nobody did
        raise cancelled
    return task.result()


async def ended(*tasks: asyncio.Future[Any]) -> None:
    """Wait until tasks have ended, in whatever way: for `unbroken`, after cancelling them."""
    await asyncio.wait(tasks)
