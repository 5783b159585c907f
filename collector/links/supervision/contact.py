"""One connection to one sensor, from connecting to letting go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

from collector.links.policy import Patience
from collector.links.radio import Connection, Fault, LinkError, Radio
from collector.links.supervision.intake import Intake
from collector.links.supervision.settings import Wanted, configure, send
from collector.links.supervision.tracker import Tracker
from collector.links.supervision.transitions import Happening
from collector.links.supervision.verify import Findings, doubled, examine, look
from collector.links.unbroken import unbroken
from schemas.chunk import Notification
from schemas.units import US_PER_S

H = Happening
_LOOK_AGAIN: Final = ("frozen_angles", "angles_off_gravity")
"""Faults of some sensors that pass: looked at again every second until they have."""
_LOOK_S: Final = 1.0
_RECOUNT: Final = 50
"""Notifications among which copies are counted."""
_SLOW_SHARE: Final = 0.8
_STEADY_SHARE: Final = 0.95
"""Shares of the rate asked for: below the one it is told as too slow, above the other as well."""
_FEWEST_FRAMES: Final = 4
"""Frames that a rate can be told from."""


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
        self._connection: Connection | None = None
        self._subscribed = False
        self._looked_us = 0
        self._turn = asyncio.Lock()
        self._beaten = asyncio.Event()
        self._intake: Intake | None = self._new_intake()
        self.connected = False
        self._slow = False
        self.streaming = False

    async def hold(self, radio: Radio) -> None:
        """Keep the connection for as long as it can be kept."""
        lost = asyncio.Event()
        self._connection = await radio.connect(self._wanted.advert, lost=lost.set)
        self.connected = True
        try:
            await _while_up(self._attend(), lost)
        finally:
            self.streaming = False
            await unbroken(self._let_go(lost.is_set()))

    async def write(self, characteristic: str, payload: bytes) -> None:
        """Write, and hand on what was written."""
        async with self._turn:
            self._hand_on(Notification(self._now_us(), True, characteristic, payload))
            await self._link().write(characteristic, payload)

    async def read(self, characteristic: str) -> bytes:
        """Read a value; while the sensor is set up it counts as an answer."""
        async with self._turn:
            payload = await self._link().read(characteristic)
        if self._intake is not None:
            self._intake.heard(Notification(self._now_us(), False, characteristic, payload))
        return payload

    async def _attend(self) -> None:
        tracker = self._tracker
        tracker.connections += 1
        tracker.pulse.restart()
        tracker.happen(H.CONNECTED)
        await self._set_up_paired()
        tracker.happen(H.CONFIGURED)
        findings = await self._verified()
        self._begin(findings)
        while True:
            await self._until_silent()
            tracker.happen(H.SILENT)
            tracker.tell("stale", f"nothing for {tracker.pulse.silence_s(self._now_us()):.2f} s")
            await self._revive()
            tracker.happen(H.HEARD)
            tracker.tell("fresh")

    # Setting up

    async def _set_up_paired(self) -> None:
        """Set up; where the sensor wants an encrypted link, pair once and set up again."""
        try:
            await self._set_up()
        except LinkError as error:
            if error.fault is not Fault.NOT_PAIRED:
                raise
            await self._link().pair()
            await self._set_up()

    async def _set_up(self) -> None:
        if self._stream not in self._link().characteristics:
            raise LinkError(
                Fault.UNSUPPORTED,
                f"it has no characteristic {self._stream}: not a {self._wanted.profile.name}",
            )
        await self._subscribe()
        intake = self._looking()
        await configure(self._wanted, self, intake, self._patience)
        self._tracker.facts.update(intake.facts)

    async def _subscribe(self) -> None:
        if not self._subscribed:
            async with self._turn:
                await self._link().subscribe(self._stream, self._hear)
            self._subscribed = True

    async def _subscribe_again(self) -> None:
        async with self._turn:
            with suppress(LinkError):
                await self._link().unsubscribe(self._stream)
            self._subscribed = False
        await self._subscribe()
        profile = self._wanted.profile
        await send(profile.start(self._wanted.asked_mode.number), self.write)

    # The first frames

    async def _verified(self) -> Findings:
        """Look at the first frames, longer where the rate is in doubt."""
        await self._first_frame()
        look_s = max(self._patience.verify_s, _FEWEST_FRAMES / self._wanted.asked_hz)
        await asyncio.sleep(look_s)
        findings = self._examined()
        if not findings.rate_as_asked and not findings.doubled and not findings.unfit:
            await asyncio.sleep(max(self._patience.verify_most_s - look_s, 0.0))
            findings = self._examined()
        self._judge(findings)
        return findings

    async def _first_frame(self) -> None:
        intake, patience = self._looking(), self._patience
        intake.restart()
        self._tracker.pulse.restart()
        if await intake.first_frame(patience.first_frame_s):
            return
        await self._subscribe_again()
        intake.restart()
        if not await intake.first_frame(patience.first_frame_s):
            raise LinkError(Fault.TIMEOUT, "it is connected, but sends nothing")

    def _examined(self) -> Findings:
        intake = self._looking()
        samples = intake.samples()
        findings = examine(intake.rows, samples, intake.counters(), self._wanted.asked_hz)
        self._tracker.facts.update({**intake.facts, **findings.facts})
        return findings

    def _judge(self, findings: Findings) -> None:
        """Refuse what is not as asked. Too few samples are no reason: a weak link loses some."""
        if findings.unfit:
            raise LinkError(Fault.UNSUPPORTED, findings.unfit)
        if findings.doubled:
            self._refuse_doubled()
        confirmed = self._tracker.facts.get("rate_hz") == self._wanted.asked_hz
        share = findings.rate_share
        too_slow = share is not None and share < 1.0
        if share is None or (not findings.rate_as_asked and not (too_slow and confirmed)):
            measured = "hardly anything" if share is None else f"{findings.rate_hz:.1f} Hz"
            raise LinkError(
                Fault.UNSUPPORTED, f"asked for {self._wanted.asked_hz:g} Hz, it sends {measured}"
            )

    def _refuse_doubled(self) -> None:
        self._tracker.tell("duplicated")
        raise LinkError(
            Fault.LINK_LOST, "every notification came more than once: connected anew for that"
        )

    def _begin(self, findings: Findings) -> None:
        """Hand the stream on from now."""
        tracker = self._tracker
        tracker.pulse.frame_bytes = findings.frame_bytes
        self._look_again()
        again = tracker.has_streamed
        tracker.happen(H.VERIFIED)
        tracker.tell("reconnected" if again else "streaming")
        self.streaming = True

    # The stream

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
        if self._intake is not None:
            self._intake.heard(row)
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

    async def _revive(self) -> None:
        """Return when it is heard again; try one cure after the other, then give the link up."""
        pulse, patience = self._tracker.pulse, self._patience
        slow_s = patience.stale_s(pulse.spacing_s) - patience.stale_floor_s
        cures = (
            (patience.probe_s, self._probe),
            (patience.resubscribe_s, self._subscribe_again),
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

    async def _probe(self) -> None:
        """Ask the link for a sign of life that is not the stream."""
        profile = self._wanted.profile
        if not self._link().is_connected:
            raise LinkError(Fault.LINK_LOST, "the system says that it is not connected")
        if profile.probe is not None:
            await self.write(profile.probe.characteristic, profile.probe.payload)
        elif profile.reads:
            await self.read(profile.reads[-1])

    async def _give_up(self) -> None:
        raise LinkError(Fault.LINK_LOST, "it is connected, but has stopped sending")

    def _look_after(self) -> None:
        """Look whether all still comes once, and whether the angles have come right."""
        pulse, now_us = self._tracker.pulse, self._now_us()
        rate_hz = pulse.rate_hz(now_us)
        share = None if rate_hz is None else rate_hz / self._wanted.asked_hz
        if doubled(pulse.beats, pulse.copies, share):
            self._refuse_doubled()
        self._watch_rate(rate_hz)
        if pulse.beats >= _RECOUNT:
            pulse.recount()
        if self._intake is not None and now_us - self._looked_us >= _LOOK_S * US_PER_S:
            self._tracker.facts.update(look(self._intake.samples()))
            self._look_again()

    def _watch_rate(self, rate_hz: float | None) -> None:
        """Tell once that a link which is never silent carries too little, and once that it ended.

        A silence is told as such; so long as it weighs on the rate, the rate says nothing new.
        """
        pulse, asked_hz, now_us = self._tracker.pulse, self._wanted.asked_hz, self._now_us()
        silence_s = pulse.max_silence_s(now_us) or 0.0
        if rate_hz is None or silence_s >= self._patience.stale_s(pulse.spacing_s):
            return
        if not self._slow and rate_hz < _SLOW_SHARE * asked_hz:
            self._slow = True
            self._tracker.tell("slow", f"{rate_hz:.0f} of {asked_hz:g} Hz")
        elif self._slow and rate_hz > _STEADY_SHARE * asked_hz:
            self._slow = False
            self._tracker.tell("steady", f"{rate_hz:.0f} of {asked_hz:g} Hz")

    def _look_again(self) -> None:
        """Go on decoding only while something was wrong that may come right."""
        self._looked_us = self._now_us()
        if any(self._tracker.facts.get(name) for name in _LOOK_AGAIN):
            self._looking().restart()
        else:
            self._intake = None

    # The link

    async def _let_go(self, lost: bool) -> None:
        """Stop the sensor politely where there is still a link; disconnect in any case."""
        connection, self._connection = self._link(), None
        if not lost and connection.is_connected:
            with suppress(LinkError):
                await self._say_goodbye(connection)
        with suppress(LinkError):
            await connection.disconnect()

    async def _say_goodbye(self, connection: Connection) -> None:
        for command in self._wanted.profile.stop(self._wanted.asked_mode.number):
            self._hand_on(
                Notification(self._now_us(), True, command.characteristic, command.payload)
            )
            await connection.write(command.characteristic, command.payload)
        if self._subscribed:
            await connection.unsubscribe(self._stream)

    def _link(self) -> Connection:
        if self._connection is None:
            raise LinkError(Fault.LINK_LOST, "not connected")
        return self._connection

    def _looking(self) -> Intake:
        if self._intake is None:
            self._intake = self._new_intake()
        return self._intake

    def _new_intake(self) -> Intake:
        wanted = self._wanted
        return Intake(wanted.profile.decoder(wanted.asked_mode.number), self._stream)


async def _while_up(work: Coroutine[Any, Any, None], lost: asyncio.Event) -> None:
    """Do `work` until the link is lost; what then fails in it fails because of that."""
    task, gone = asyncio.ensure_future(work), asyncio.ensure_future(lost.wait())
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in (task, gone):
            each.cancel()
        await unbroken(_ended(task, gone))
    error = None if task.cancelled() else task.exception()
    if error is not None and not (lost.is_set() and isinstance(error, LinkError)):
        raise error
    raise LinkError(Fault.LINK_LOST, "the link went down")


async def _ended(*tasks: asyncio.Future[Any]) -> None:
    await asyncio.wait(tasks)
