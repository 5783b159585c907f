"""An event loop whose time is not the wall's: hours of streaming pass while nobody waits.

`loop.time()` moves on by itself as soon as nothing is left to do before the next timer, so that all
that is written with asyncio's own timers runs unchanged, only faster, and in the same order every
time. Work in threads (`run_in_executor`) takes real time, during which virtual time stands still.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, Final, TypeVar, TypeVarTuple

from schemas.units import US_PER_S

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")

_THREAD_POLL_S: Final = 0.01
_LOOK_EVERY: Final = 32
"""Without threads under way only a signal comes from outside, and it can wait for some turns."""


class _Selector(selectors.DefaultSelector):
    """Waits for no timer: what it was told to wait is added to the loop's time instead."""

    loop: WarpLoop
    _turns = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._turns += 1
        idle = self.loop.speed is None and not self.loop.in_threads and timeout is not None
        ready = [] if idle and self._turns % _LOOK_EVERY else super().select(0)
        if ready or timeout == 0:
            return ready
        if self.loop.in_threads:
            return super().select(_THREAD_POLL_S)
        if timeout is None:  # nothing is planned: only another thread or a signal can go on
            return super().select(None)
        if self.loop.speed is None:
            self.loop.pass_time(timeout)
            return ready
        begun = time.perf_counter()
        ready = super().select(timeout / self.loop.speed)
        self.loop.pass_time(min(timeout, (time.perf_counter() - begun) * self.loop.speed))
        return ready


class WarpLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual time.

    Parameters
    ----------
    speed
        None: as fast as it goes. 1.0: as fast as the wall clock, while waiting; what is computed
        in between costs no virtual time.
    """

    def __init__(self, speed: float | None = None) -> None:
        if speed is not None and not speed > 0:
            raise ValueError(f"speed must be above 0 or None, not {speed}")
        self.speed: Final = speed
        self.in_threads = 0
        self._now_s = 0.0
        selector = _Selector()
        selector.loop = self
        super().__init__(selector)

    def time(self) -> float:
        """Return virtual seconds since the loop was made."""
        return self._now_s

    def now_us(self) -> int:
        """Return virtual microseconds: the clock to give to whatever stamps arrivals."""
        return round(self._now_s * US_PER_S)

    def pass_time(self, seconds: float) -> None:
        """Let time pass."""
        self._now_s += seconds

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Arguments], Result], *args: *Arguments
    ) -> asyncio.Future[Result]:
        """Run `func` in a thread; virtual time stands still until it is done."""
        future = super().run_in_executor(executor, func, *args)
        self.in_threads += 1
        future.add_done_callback(self._left_thread)
        return future

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """Wait for the threads to end; asyncio's own limit, from Python 3.12 on, is real time."""
        del timeout
        self.in_threads += 1
        try:
            await super().shutdown_default_executor()
        finally:
            self.in_threads -= 1

    def _left_thread(self, _future: asyncio.Future[Any]) -> None:
        self.in_threads -= 1


def run_warped(body: Coroutine[Any, Any, Result], *, speed: float | None = None) -> Result:
    """Run a coroutine in a loop of its own, in virtual time."""
    with asyncio.Runner(loop_factory=lambda: WarpLoop(speed)) as runner:
        return runner.run(body)
