"""Ctrl-C while a trial runs: the first one ends it in order, the second one ends the program.

A closed terminal and a request to end (`kill`, a shutdown) are heard as well: a trial is kept.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_HANGUP: Final = getattr(signal, "SIGHUP", None)
"""Windows has none."""
_ENDING: Final = (signal.SIGINT, signal.SIGTERM, *([] if _HANGUP is None else [_HANGUP]))


@contextmanager
def interrupts(heard: Callable[[], None]) -> Iterator[None]:
    """Call `heard` in the event loop for the first interrupt; what follows does what it did.

    A signal that the program was told to ignore (`nohup`) stays ignored, save for Ctrl-C. A closed
    terminal is told twice, by the shell and by the system: the second time means nothing.
    """
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in _ENDING}
    ours = [
        number
        for number, handler in before.items()
        if number == signal.SIGINT or handler == signal.SIG_DFL
    ]

    def put_back() -> None:
        for number in ours:
            signal.signal(number, before[number])

    def first(number: int, _frame: FrameType | None) -> None:
        if number == _HANGUP:
            before[number] = signal.SIG_IGN
        put_back()
        loop.call_soon_threadsafe(heard)

    try:
        for number in ours:
            signal.signal(number, first)
    except ValueError:  # not the main thread: nobody's Ctrl-C comes here
        yield
        return
    try:
        yield
    finally:
        put_back()
