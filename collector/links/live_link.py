"""Live sensors as a link: every sensor supervised, what arrives handed on in batches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from random import random as chance
from types import TracebackType
from typing import Final, Self

from collector.links.base import Batch, Received
from collector.links.causes import first_cause
from collector.links.policy import USUAL_PATIENCE, USUAL_POLICY, Patience, ReconnectPolicy
from collector.links.radio import Fault, LinkError, Radio
from collector.links.states import SensorState, SensorStatus
from collector.links.supervision.settings import Wanted
from collector.links.supervision.supervisor import Supervisor
from collector.links.supervision.tracker import Tracker
from collector.links.unbroken import ended, unbroken
from schemas.chunk import Notification

__all__ = ["LiveLink", "Wanted"]

WRITE_WAIT_S: Final = 10.0
"""How long a command waits for a sensor that is not streaming yet, or not again."""


class LiveLink:
    """Streams from several sensors over one radio; see `collector.links.base.Link`.

    Times of its notifications count from when it was opened. What a sensor sends before its
    settings are verified is counted (`SensorStatus.before_start`) and not handed on; whatever is
    written to it is, marked as outgoing. A defect in a supervisor ends the iteration, `ready`,
    `write` and `close` with its exception.

    Parameters
    ----------
    radio
        The adapter.
    wanted
        The sensors, in the order of their index.
    clock_us
        Host microseconds, monotonic.
    policy, patience
        When to try again, and how long to wait for what.
    on_status
        Hears `(sensor, status)` after every change of state.
    on_event
        Hears `(sensor, kind, t_us, text)`: `streaming` (the first time), `reconnected` (any later:
        a new clock segment begins), `link_lost`, `stale`, `fresh` (heard again over the same link),
        `slow` and `steady` (too little comes over a link that is not silent, and the end of that),
        `alarm`, `duplicated`, and the states that ask something of the user, by name.
    random
        Numbers from 0 to 1 for the waits between attempts.
    """

    def __init__(
        self,
        radio: Radio,
        wanted: Sequence[Wanted],
        *,
        clock_us: Callable[[], int],
        policy: ReconnectPolicy = USUAL_POLICY,
        patience: Patience = USUAL_PATIENCE,
        on_status: Callable[[int, SensorStatus], None] | None = None,
        on_event: Callable[[int, str, int, str], None] | None = None,
        random: Callable[[], float] = chance,
    ) -> None:
        self._radio = radio
        self._wanted = tuple(wanted)
        self._clock_us = clock_us
        self._policy = policy
        self._patience = patience
        self._on_status = on_status or (lambda _sensor, _status: None)
        self._on_event = on_event or (lambda _sensor, _kind, _t_us, _text: None)
        self._random = random
        self._opened_us = clock_us()
        self._open = False
        self._failure: BaseException | None = None
        self._rows: list[Received] = []
        self._arrived = asyncio.Event()
        self._changes = asyncio.Event()
        self._root: asyncio.Task[None] | None = None
        self._trackers = tuple(self._tracker(i) for i in range(len(self._wanted)))
        self._supervisors = tuple(self._supervisor(i) for i in range(len(self._wanted)))

    @property
    def sensor_count(self) -> int:
        """How many sensors the link serves."""
        return len(self._wanted)

    def now_us(self) -> int:
        """Return the present moment in the link's time, microseconds since it was opened."""
        return self._clock_us() - self._opened_us

    def status(self, sensor: int) -> SensorStatus:
        """Return what is known of one sensor."""
        return self._trackers[self._checked(sensor)].status()

    def statuses(self) -> tuple[SensorStatus, ...]:
        """Return what is known of every sensor."""
        return tuple(tracker.status() for tracker in self._trackers)

    async def __aenter__(self) -> Self:
        if self._root is not None:
            raise RuntimeError("a live link is opened once")
        self._opened_us = self._clock_us()
        self._open = True
        self._root = asyncio.create_task(self._supervise())
        self._root.add_done_callback(self._ended)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._end()
        if error is None:
            self._raise_failure()

    async def close(self) -> None:
        """Stop the sensors and let go of them; an iteration under way ends."""
        await self._end()
        self._raise_failure()

    async def ready(self, timeout_s: float) -> bool:
        """Wait until every sensor streams; say whether they do within the time."""
        try:
            async with asyncio.timeout(timeout_s):
                while not self._all_streaming():
                    await self._change()
        except TimeoutError:
            return False
        return True

    async def write(self, sensor: int, characteristic: str, payload: bytes) -> None:
        """Write to one sensor, as soon as it streams.

        Raises
        ------
        LinkError
            It does not within `WRITE_WAIT_S`, or the writing failed.
        RuntimeError
            The link is closed.
        """
        self._check_open()
        supervisor = self._supervisors[self._checked(sensor)]
        try:
            async with asyncio.timeout(WRITE_WAIT_S):
                while supervisor.contact is None or not supervisor.contact.streaming:
                    await self._change()
        except TimeoutError:
            state = self._trackers[sensor].state.value
            raise LinkError(Fault.TIMEOUT, f"sensor {sensor} is {state}") from None
        await supervisor.contact.write(characteristic, payload)

    def __aiter__(self) -> AsyncIterator[Batch]:
        self._check_open()
        return self._batches()

    async def _batches(self) -> AsyncIterator[Batch]:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._rows:  # also what came before it was closed, or failed
                batch, self._rows = tuple(self._rows), []
                yield batch
            self._raise_failure()
            if not self._open:
                return

    # The sensors

    async def _supervise(self) -> None:
        async with asyncio.TaskGroup() as group:
            for supervisor in self._supervisors:
                group.create_task(supervisor.run())

    def _tracker(self, sensor: int) -> Tracker:
        return Tracker(
            self._wanted[sensor].advert,
            self._patience,
            self.now_us,
            partial(self._status_changed, sensor),
            partial(self._on_event, sensor),
        )

    def _supervisor(self, sensor: int) -> Supervisor:
        return Supervisor(
            self._wanted[sensor],
            self._radio,
            self._trackers[sensor],
            policy=self._policy,
            patience=self._patience,
            random=self._random,
            now_us=self.now_us,
            hand_on=partial(self._hand_on, sensor),
        )

    def _hand_on(self, sensor: int, notification: Notification) -> None:
        self._rows.append(Received(sensor, notification))
        self._arrived.set()

    def _status_changed(self, sensor: int, status: SensorStatus) -> None:
        self._changes.set()
        self._on_status(sensor, status)

    def _all_streaming(self) -> bool:
        return all(tracker.state is SensorState.STREAMING for tracker in self._trackers)

    async def _change(self) -> None:
        """Wait for a change of any sensor's state, or for the end."""
        self._raise_failure()
        self._check_open()
        self._changes.clear()
        await self._changes.wait()
        self._raise_failure()
        self._check_open()

    # The end

    async def _end(self) -> None:
        self._open = False
        if self._root is not None:
            self._root.cancel()
            await unbroken(ended(self._root))
        self._wake()

    def _ended(self, root: asyncio.Task[None]) -> None:
        """Keep what made the supervision end: nobody awaits it while all goes well."""
        error = None if root.cancelled() else root.exception()
        self._failure = None if error is None else first_cause(error)
        self._wake()

    def _wake(self) -> None:
        self._arrived.set()
        self._changes.set()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _check_open(self) -> None:
        if not self._open:
            raise RuntimeError("the link is closed")

    def _checked(self, sensor: int) -> int:
        if not 0 <= sensor < len(self._wanted):
            raise ValueError(f"the link has no sensor {sensor}")
        return sensor
