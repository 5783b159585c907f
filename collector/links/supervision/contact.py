"""One connection to one sensor, from connecting to letting go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any, Final

from collector.links.policy import Patience
from collector.links.radio import Fault, LinkError, Radio
from collector.links.supervision.line import Line
from collector.links.supervision.scrutiny import Scrutiny
from collector.links.supervision.settings import Wanted, configure
from collector.links.supervision.slowness import Slowness
from collector.links.supervision.tracker import Tracker
from collector.links.supervision.transitions import Happening
from collector.links.supervision.verify import Findings, doubled
from collector.links.unbroken import ended, unbroken
from schemas.chunk import Notification
from schemas.units import US_PER_S

H = Happening
_RECOUNT: Final = 50
"""Notifications among which copies are counted."""


class Contact:
    """Connects, sets up, verifies and watches; ends with a `LinkError` that says why.

    Parameters
    ----------
    wanted
        The sensor and what is asked of it.
    tracker
        Where its state and counts are kept.
    patience
        How long to wait for what.
    now_us
        Host microseconds of the link's clock.
    hand_on
        Takes what belongs to the recording: the stream, and whatever is written.

    Attributes
    ----------
    connected
        Whether it ever was.
    streaming
        Whether what comes is handed on.
    """

    def __init__(
        self,
        wanted: Wanted,
        tracker: Tracker,
        patience: Patience,
        now_us: Callable[[], int],
        hand_on: Callable[[Notification], None],
    ) -> None:
        self._wanted = wanted
        self._tracker = tracker
        self._patience = patience
        self._now_us = now_us
        self._hand_on = hand_on
        self._stream = wanted.asked_mode.notify
        self._line: Line | None = None
        self._beaten = asyncio.Event()
        self._scrutiny = Scrutiny(wanted, tracker, patience)
        self._slowness = Slowness(tracker, patience, wanted.asked_hz)
        self.connected = False
        self.streaming = False

    async def hold(self, radio: Radio) -> None:
        """Keep the connection for as long as it can be kept."""
        lost = asyncio.Event()
        connection = await radio.connect(self._wanted.advert, lost=lost.set)
        self._line = line = Line(connection, self._wanted, self._now_us, self._hand_on, self._hear)
        self.connected = True
        try:
            await _while_up(self._attend(line), lost)
        finally:
            self.streaming = False
            await unbroken(line.let_go(lost=lost.is_set()))

    async def write(self, characteristic: str, payload: bytes) -> None:
        """Write, and hand on what was written."""
        await self._up().write(characteristic, payload)

    async def read(self, characteristic: str) -> bytes:
        """Read a value; while the sensor is set up it counts as an answer."""
        payload = await self._up().read(characteristic)
        self._scrutiny.heard(Notification(self._now_us(), False, characteristic, payload))
        return payload

    async def _attend(self, line: Line) -> None:
        tracker = self._tracker
        tracker.connections += 1
        tracker.pulse.restart()
        tracker.happen(H.CONNECTED)
        await self._set_up_paired(line)
        tracker.happen(H.CONFIGURED)
        self._begin(await self._scrutiny.first_frames(line.subscribe_again))
        while True:
            await self._until_silent()
            tracker.happen(H.SILENT)
            tracker.tell("stale", f"nothing for {tracker.pulse.silence_s(self._now_us()):.2f} s")
            await self._revive(line)
            tracker.happen(H.HEARD)
            tracker.tell("fresh")

    async def _set_up_paired(self, line: Line) -> None:
        """Set up; where the sensor wants an encrypted link, pair once and set up again."""
        try:
            await self._set_up(line)
        except LinkError as error:
            if error.fault is not Fault.NOT_PAIRED:
                raise
            await line.pair()
            await self._set_up(line)

    async def _set_up(self, line: Line) -> None:
        await line.subscribe()
        intake = self._scrutiny.intake
        await configure(self._wanted, self, intake, self._patience)
        self._tracker.facts.update(intake.facts)

    def _begin(self, findings: Findings) -> None:
        """Hand the stream on from now."""
        tracker = self._tracker
        tracker.pulse.frame_bytes = findings.frame_bytes
        self._scrutiny.look_on(self._now_us())
        again = tracker.has_streamed
        tracker.happen(H.VERIFIED)
        tracker.tell("reconnected" if again else "streaming")
        self.streaming = True

    def _hear(self, payload: bytes) -> None:
        """Take a notification from the radio: stamp it, note it, go."""
        tracker = self._tracker
        row = Notification(self._now_us(), False, self._stream, payload)
        tracker.duplicated += tracker.pulse.beat(row.t_us, payload)
        if self.streaming:
            tracker.received += 1
            self._hand_on(row)
        else:
            tracker.before_start += 1
        self._scrutiny.heard(row)
        self._beaten.set()

    async def _until_silent(self) -> None:
        pulse = self._tracker.pulse
        while True:
            stale_s = self._patience.stale_s(pulse.spacing_s)
            # Whole microseconds: a rest too small for the loop's clock would never pass.
            left_us = round((stale_s - pulse.silence_s(self._now_us())) * US_PER_S)
            if left_us <= 0:
                return
            await asyncio.sleep(left_us / US_PER_S)
            self._look_after()

    async def _revive(self, line: Line) -> None:
        """Return when it is heard again; try one cure after the other, then give the link up."""
        pulse, patience = self._tracker.pulse, self._patience
        slow_s = patience.stale_s(pulse.spacing_s) - patience.stale_floor_s
        cures = (
            (patience.probe_s, partial(self._probe, line)),
            (patience.resubscribe_s, line.subscribe_again),
            (patience.give_up_s, self._give_up),
        )
        last_us = pulse.last_us
        for after_s, cure in cures:
            await self._wait_for_beat(slow_s + after_s - pulse.silence_s(self._now_us()))
            if pulse.last_us != last_us:
                return
            await cure()

    async def _wait_for_beat(self, seconds: float) -> None:
        self._beaten.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._beaten.wait()

    async def _probe(self, line: Line) -> None:
        """Ask the link for a sign of life that is not the stream."""
        profile = self._wanted.profile
        if not line.is_up:
            raise LinkError(Fault.LINK_LOST, "the system says that it is not connected")
        if profile.probe is not None:
            await line.write(profile.probe.characteristic, profile.probe.payload)
        elif profile.reads:
            await self.read(profile.reads[-1])

    async def _give_up(self) -> None:
        raise LinkError(Fault.LINK_LOST, "it is connected, but has stopped sending")

    def _look_after(self) -> None:
        """Look whether all still comes, once, and whether the angles have come right."""
        pulse, now_us = self._tracker.pulse, self._now_us()
        rate_hz = pulse.rate_hz(now_us)
        share = None if rate_hz is None else rate_hz / self._wanted.asked_hz
        if doubled(pulse.beats, pulse.copies, share):
            raise self._tracker.doubled()
        self._slowness.watch(rate_hz, now_us)
        if pulse.beats >= _RECOUNT:
            pulse.recount()
        self._scrutiny.look_after(now_us)

    def _up(self) -> Line:
        if self._line is None:
            raise LinkError(Fault.LINK_LOST, "not connected")
        return self._line


async def _while_up(work: Coroutine[Any, Any, None], lost: asyncio.Event) -> None:
    """Do `work` until the link is lost; what then fails in it fails because of that."""
    task, gone = asyncio.ensure_future(work), asyncio.ensure_future(lost.wait())
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in (task, gone):
            each.cancel()
        await unbroken(ended(task, gone))
    error = None if task.cancelled() else task.exception()
    if error is not None and not (lost.is_set() and isinstance(error, LinkError)):
        raise error
    raise LinkError(Fault.LINK_LOST, "the link went down")
