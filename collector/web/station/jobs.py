"""A job on a thread of its own: it can be called into, cancelled and waited for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress


class Job:
    """Runs `body` on a thread; `failed` hears what it raised, on that thread.

    The body is given the job: once it calls `follow` on its event loop, others can call into that.
    """

    def __init__(
        self, body: Callable[[Job], None], failed: Callable[[BaseException], None]
    ) -> None:
        self._body = body
        self._failed = failed
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[object] | None = None
        self._cancelled = False
        self._thread = threading.Thread(target=self._run, name="hipgonio job")

    @property
    def alive(self) -> bool:
        """Whether it has not ended yet."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def follow(self) -> None:
        """Take calls from now on: from the running loop's main task."""
        self._task = asyncio.current_task()
        self._loop = asyncio.get_running_loop()
        if self._cancelled and self._task is not None:
            self._task.cancel()

    def call(self, act: Callable[[], None]) -> None:
        """Call `act` on the job's loop; without one, or after its end, nothing happens."""
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended meanwhile
                self._loop.call_soon_threadsafe(act)

    def cancel(self) -> None:
        """End it where it stands."""
        self._cancelled = True
        self.call(self._cancel)

    def wait(self, timeout_s: float | None = None) -> None:
        """Wait until it has ended, or so long."""
        self._thread.join(timeout_s)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _run(self) -> None:
        try:
            self._body(self)
        except BaseException as error:  # the rim: a thread has nobody above it to tell
            self._failed(error)
