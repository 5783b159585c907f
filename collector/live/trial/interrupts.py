"""Ctrl-C while a trial runs: the first one ends it in order, the second one ends the program."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interrupts(heard: Callable[[], None]) -> Iterator[None]:
    """Call `heard` in the event loop for the first interrupt; what follows does what it did."""
    loop = asyncio.get_running_loop()
    before = signal.getsignal(signal.SIGINT)

    def first(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        loop.call_soon_threadsafe(heard)

    try:
        signal.signal(signal.SIGINT, first)
    except ValueError:  # not the main thread: nobody's Ctrl-C comes here
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
