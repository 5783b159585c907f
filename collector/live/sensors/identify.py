"""Which sensor is which: all of them stream, one is tapped after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from collector.links.live_link import LiveLink
from collector.links.setup import LiveSetup
from collector.links.states import SensorState
from collector.live.sensors.finding import explained, introduced, listing, none_heard, only
from collector.live.sensors.known import Known, Memory
from collector.live.sensors.listening import READY_S, listening
from collector.live.sensors.tapping import TapDetector
from schemas.errors import SensorMissingError
from schemas.segments import Segment

Hand = Callable[[Segment | None], None]
TICK_S: Final = 0.05
AFTER_S: Final = 1.0
"""A virtual hand taps so long after it was asked to."""


class Asker(Protocol):
    """Who asks somebody to tap, and hears which sensor it was; must return at once."""

    def say(self, text: str) -> None:
        """Tell how it goes."""
        ...

    def asks(self, segment: Segment | None, text: str) -> None:
        """Ask for a tap: on the sensor of a segment, or on any."""
        ...

    def tapped(self, segment: Segment | None, sensor: Known) -> None:
        """Hear which sensor was tapped for that."""
        ...


async def heard(
    setup: LiveSetup, memory: Memory, seconds: float, say: Callable[[str], None]
) -> tuple[Known, ...]:
    """Return all sensors that are heard; raise `SensorMissingError`, `no_sensor`, for none."""
    say(f"Looking for sensors for {seconds:g} s ...")
    known = await introduced(setup.radio, await setup.radio.scan(seconds), memory)
    if not known:
        raise await explained(none_heard(), setup.radio)
    return known


async def identified(
    setup: LiveSetup,
    known: Sequence[Known],
    wanted: Sequence[Segment],
    asker: Asker,
    *,
    wait_s: float,
    taps: Sequence[str] = (),
) -> list[Known]:
    """Stream all sensors that are heard, and ask for one tap after the other.

    Parameters
    ----------
    setup, known
        The radio, and the sensors that it hears.
    wanted
        The segments to find sensors for; none: one tap, on whichever.
    asker
        Asks, and hears.
    wait_s
        How long to wait for each tap.
    taps
        Which virtual sensors are tapped, in this order; else as they are worn.

    Raises
    ------
    SensorMissingError
        `too_few_sensors`, `no_tap`.
    """
    if len(known) < len(wanted):
        raise await explained(_too_few(known, wanted), setup.radio)
    detector = TapDetector(len(known))
    asker.say(f"Connecting {len(known)} sensors ...")
    async with listening(
        setup.radio,
        known,
        setup.clock_us,
        lambda sensor, _chunk, decoded: detector.feed(sensor, decoded.samples),
    ) as link:
        if not await link.ready(READY_S):
            _name_silent(link, known, asker)
        asking = _Asking(link, detector, known, asker, wait_s)
        tap = _hand(setup, known, taps)
        return [await asking.next_tap(segment, tap) for segment in wanted or (None,)]


class _Asking:
    """Asks for taps and waits for them; a sensor that has its segment is not taken again."""

    def __init__(
        self,
        link: LiveLink,
        detector: TapDetector,
        known: Sequence[Known],
        asker: Asker,
        wait_s: float,
    ) -> None:
        self._link = link
        self._detector = detector
        self._known = tuple(known)
        self._asker = asker
        self._wait_s = wait_s
        self._taken: dict[int, Segment | None] = {}

    async def next_tap(self, segment: Segment | None, hand: Hand) -> Known:
        """Return the sensor that is tapped for a segment."""
        what = f"the sensor on the {segment.upper().replace('_', ' ')}" if segment else "a sensor"
        self._asker.asks(segment, f"Tap {what}, once and firmly ...")
        try:
            async with asyncio.timeout(self._wait_s):
                sensor = await self._clear_tap(segment, hand)
        except TimeoutError:
            raise SensorMissingError(
                f"A tap on {what} was expected, none came within {self._wait_s:.0f} s: tap it"
                " harder, or see with `hipgonio devices check` whether it streams.",
                reason="no_tap",
            ) from None
        self._taken[sensor] = segment
        self._asker.tapped(segment, self._known[sensor])
        return self._known[sensor]

    async def _clear_tap(self, segment: Segment | None, hand: Hand) -> int:
        """Wait until one sensor alone moved, and one that is still free."""
        later = asyncio.get_running_loop().call_later
        later(AFTER_S, hand, segment)
        while True:
            await asyncio.sleep(TICK_S)
            tap = self._detector.heard(self._link.now_us())
            if tap is None:
                continue
            if tap.sensor is None:
                self._asker.say("Several sensors moved: keep the others still, and tap again ...")
                later(AFTER_S, hand, segment)
            elif segment is not None and tap.sensor in self._taken:
                taken = self._taken[tap.sensor]
                self._asker.say(f"That one is the sensor of {taken} already: tap another ...")
                later(AFTER_S, hand, segment)
            else:
                return tap.sensor


def _hand(setup: LiveSetup, known: Sequence[Known], taps: Sequence[str]) -> Hand:
    """Return what taps virtual sensors when asked: as listed, else as they are worn."""
    world = setup.world
    if world is None:
        return lambda _segment: None
    order = [only(known, word).advert.address for word in taps]

    def tap(segment: Segment | None) -> None:
        if order:
            world.tap(order.pop(0))
        elif segment is None:
            world.tap(known[0].advert.address)
        elif segment in world.addresses:
            world.tap(world.addresses[segment])

    return tap


def _name_silent(link: LiveLink, known: Sequence[Known], asker: Asker) -> None:
    for sensor, status in zip(known, link.statuses(), strict=True):
        if status.state is not SensorState.STREAMING:
            asker.say(f"{sensor.label} does not stream, so that its taps are not felt.")


def _too_few(known: Sequence[Known], wanted: Sequence[Segment]) -> SensorMissingError:
    return SensorMissingError(
        f"{len(wanted)} sensors were expected ({', '.join(wanted)}), {len(known)} heard"
        f" ({listing(known)}): switch the others on and bring them nearer.",
        reason="too_few_sensors",
    )
