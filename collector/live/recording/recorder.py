"""Keeps a trial while it comes: what arrives is on the disk within the second, whatever happens.

`Recorder.put` only appends. One thread of its own takes what came every half second, redacts it and
commits it. However long a commit takes, nobody waits for it: the next one takes all that has come.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Final, Self, TypeVar

from collector.links.base import Batch
from collector.links.unbroken import unbroken
from collector.live.recording.pending import Came, NewConnection
from collector.live.recording.writing import Writing
from collector.store import Store
from devices.profile import DeviceProfile
from schemas.errors import HipgonioError, StoreError
from schemas.recording import Event, Recording, RecordingInfo

COMMIT_EVERY_S: Final = 0.5

Made = TypeVar("Made")


class Recorder:
    """Record one trial; ``async with`` begins it.

    Leaving the context closes the trial as `close` does; leaving it by an exception or a
    cancellation commits what came and marks the trial as interrupted.

    Parameters
    ----------
    open_store
        Opens the database; called in the recorder's own thread, which alone uses it.
    info
        The head as far as it is known.
    subject, note
        As `Store.begin_trial` takes them.
    profiles
        Of the sensors, in the head's order; by default those that the head names.
    every_s
        How often to commit.
    on_failure
        Called in the event loop when commits begin to fail, and when they fail otherwise than
        before. The recorder tries again until it is closed.

    Attributes
    ----------
    trial
        Number of the trial, once begun.
    failure
        Why the last commit failed; None again as soon as one succeeds.
    committed_us
        Latest arrival that is on the disk.
    recording
        The trial as it was stored, once closed.
    """

    def __init__(
        self,
        open_store: Callable[[], Store],
        info: RecordingInfo,
        *,
        subject: str | None = None,
        note: str = "",
        profiles: Sequence[DeviceProfile] = (),
        every_s: float = COMMIT_EVERY_S,
        on_failure: Callable[[StoreError], None] | None = None,
    ) -> None:
        self.trial = 0
        self.failure: StoreError | None = None
        self.committed_us = 0
        self.recording: Recording | None = None
        self._writing = Writing(open_store, info, profiles, subject=subject, note=note)
        self._came: deque[Came] = deque()
        self._every_s = every_s
        self._on_failure = on_failure
        self._ended = False

    def put(self, batch: Batch) -> None:
        """Take over what arrived, `t_us` counted from the trial's start; never waits."""
        self._came.append(batch)

    def event(self, event: Event) -> None:
        """Take over something that happened."""
        self._came.append(event)

    def new_connection(self, sensor: int) -> None:
        """Say that what `put` brings from here on comes by another connection of that sensor."""
        self._came.append(NewConnection(sensor))

    def update(self, info: RecordingInfo) -> None:
        """Replace the head where more is known by now (a reference window): a crash keeps it."""
        self._came.append(info)

    async def __aenter__(self) -> Self:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recorder")
        self._end = asyncio.Event()
        try:
            self.trial = await unbroken(self._in_thread(self._writing.begin))
        except BaseException:
            await unbroken(self._in_thread(self._writing.abandon))
            self._thread.shutdown()
            raise
        self._commits = asyncio.create_task(self._commit_on(), name="recorder")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._ended:
            return
        if error is None:
            await self.close()
            return
        with suppress(StoreError):  # said already, and not to hide why the context was left
            await self.close(interrupted=_reason(error))

    async def close(self, info: RecordingInfo | None = None, *, interrupted: str = "") -> Recording:
        """Commit the last, repack, hash, read back and verify; return what is stored.

        `info` is the head as it is known in the end; `interrupted` marks the trial and says why it
        ended early. Cancelling does not stop it: it takes effect when the trial is safe.

        Raises
        ------
        StoreError
            If something could not be committed: `not_recorded` says where it was written instead.
            If all is committed and only closing failed, the recording is returned, `failure` is
            set, and the next start closes the trial.
        """
        if not self._ended:
            self._ended = True
            try:
                await unbroken(self._close(info, interrupted))
            finally:
                self._thread.shutdown()
        if self.recording is None:
            raise self.failure or RuntimeError("the recording was broken off")
        return self.recording

    async def _close(self, info: RecordingInfo | None, interrupted: str) -> None:
        self._end.set()
        await self._commits
        if info is not None:
            self.update(info)
        self._passed(await self._in_thread(self._writing.commit, self._came))
        self.recording, failure = await self._in_thread(self._writing.end, interrupted)
        if failure is not None:
            self._failed(failure)

    async def _commit_on(self) -> None:
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        while not self._end.is_set():
            due_s = max(due_s + self._every_s, loop.time())
            try:
                async with asyncio.timeout_at(due_s):
                    await self._end.wait()
            except TimeoutError:
                self._passed(await self._in_thread(self._writing.commit, self._came))

    def _passed(self, failure: StoreError | None) -> None:
        if failure is None:
            self.failure = None
            self.committed_us = self._writing.committed_us
        else:
            self._failed(failure)

    def _failed(self, failure: StoreError) -> None:
        known = self.failure is not None and self.failure.reason == failure.reason
        self.failure = failure
        if self._on_failure is not None and not known:
            # what a display does wrong must not end the recording
            asyncio.get_running_loop().call_soon(self._on_failure, failure)

    async def _in_thread(self, work: Callable[..., Made], *arguments: object) -> Made:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)


def _reason(error: BaseException) -> str:
    what = f": {error.message}" if isinstance(error, HipgonioError) else ""
    return f"interrupted while it was recorded{what}"
