"""`hipgonio devices identify`: tap a sensor, and it is known where it is worn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from collector.cli import options as opt
from collector.cli import output, radio
from collector.cli.live_sensors import Search, heard, with_sensors
from schemas.errors import SensorMissingError, UsageError
from schemas.segments import Segment, parse_segment

if TYPE_CHECKING:
    from collector.links.live_link import LiveLink
    from collector.live.sensors.known import Known, Memory
    from collector.live.sensors.tapping import TapDetector

Segments = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SEGMENT]...", help="Which segments to assign; none only names."),
]
Wait = Annotated[
    float, typer.Option("--wait", min=2.0, max=600.0, help="How long to wait for each tap.")
]
Taps = Annotated[
    list[str] | None,
    typer.Option(
        "--tap", metavar="SENSOR", help="Virtual sensors: which one is tapped, in this order."
    ),
]

Hand = Callable[[Segment | None], None]
TICK_S: Final = 0.05
AFTER_S: Final = 1.0
"""A virtual hand taps so long after it was asked to."""


def identify(
    segments: Segments = None,
    taps: Taps = None,
    wait_s: Wait = 60.0,
    search_s: Search = 6.0,
    db: opt.Db = None,
    json: opt.Json = False,
    virtual: radio.Virtual = None,
    adapter: radio.Adapter = None,
    speed: radio.Speed = None,
) -> None:
    """Tell sensors apart by tapping them, and remember where each is worn."""
    from collector.cli.assign import report
    from collector.cli.memory import keep_assignments

    if taps and virtual is None:
        raise UsageError("--tap is for virtual sensors: tap real ones by hand.", reason="usage")
    wanted = tuple(dict.fromkeys(map(parse_segment, segments or ())))
    path = radio.live_db(db, virtual)

    async def look(setup: radio.LiveSetup, memory: Memory) -> list[Known]:
        return await _identified(setup, memory, wanted, taps or [], (wait_s, search_s))

    tapped = with_sensors(
        look, path, virtual=virtual, adapter=adapter, speed=speed, interactive=True
    )
    if wanted:
        found = dict(zip(wanted, tapped, strict=True))
        keep_assignments(path, found)
        report(found, json=json)
    elif json:
        bodies = [{"alias": s.alias, "name": s.advert.name, "segment": s.segment} for s in tapped]
        output.print_json({"tapped": bodies})


async def _identified(
    setup: radio.LiveSetup,
    memory: Memory,
    wanted: Sequence[Segment],
    taps: Sequence[str],
    times_s: tuple[float, float],
) -> list[Known]:
    """Stream all sensors that are heard, and ask for one tap after the other."""
    from collector.live.sensors.finding import explained
    from collector.live.sensors.listening import READY_S, listening
    from collector.live.sensors.tapping import TapDetector

    wait_s, search_s = times_s
    known = await heard(setup, memory, search_s)
    if len(known) < len(wanted):
        raise await explained(_too_few(known, wanted), setup.radio)
    detector = TapDetector(len(known))
    output.say(f"Connecting {len(known)} sensors ...")
    async with listening(
        setup.radio,
        known,
        setup.clock_us,
        lambda sensor, _chunk, decoded: detector.feed(sensor, decoded.samples),
    ) as link:
        if not await link.ready(READY_S):
            _name_silent(link, known)
        asking = _Asking(link, detector, known, wait_s)
        tap = _hand(setup, known, taps)
        return [await asking.next_tap(segment, tap) for segment in wanted or (None,)]


class _Asking:
    """Asks for taps and waits for them; a sensor that has its segment is not taken again."""

    def __init__(
        self, link: LiveLink, detector: TapDetector, known: Sequence[Known], wait_s: float
    ) -> None:
        self._link = link
        self._detector = detector
        self._known = tuple(known)
        self._wait_s = wait_s
        self._taken: dict[int, Segment | None] = {}

    async def next_tap(self, segment: Segment | None, hand: Hand) -> Known:
        """Return the sensor that is tapped for a segment."""
        what = f"the sensor on the {segment.upper().replace('_', ' ')}" if segment else "a sensor"
        output.say(f"Tap {what}, once and firmly ...")
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
        found = self._known[sensor]
        worn = f", worn on {found.segment} so far" if found.segment not in (None, segment) else ""
        output.say(f"  That is {found.label}{worn}.")
        return found

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
                output.say("  Several sensors moved: keep the others still, and tap again ...")
                later(AFTER_S, hand, segment)
            elif segment is not None and tap.sensor in self._taken:
                taken = self._taken[tap.sensor]
                output.say(f"  That one is the sensor of {taken} already: tap another ...")
                later(AFTER_S, hand, segment)
            else:
                return tap.sensor


def _hand(setup: radio.LiveSetup, known: Sequence[Known], taps: Sequence[str]) -> Hand:
    """Return what taps virtual sensors when asked: as listed, else as they are worn."""
    from collector.live.sensors.finding import only

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


def _name_silent(link: LiveLink, known: Sequence[Known]) -> None:
    from collector.links.states import SensorState

    for sensor, status in zip(known, link.statuses(), strict=True):
        if status.state is not SensorState.STREAMING:
            output.say(f"{sensor.label} does not stream, so that its taps are not felt.")


def _too_few(known: Sequence[Known], wanted: Sequence[Segment]) -> SensorMissingError:
    from collector.live.sensors.finding import listing

    return SensorMissingError(
        f"{len(wanted)} sensors were expected ({', '.join(wanted)}), {len(known)} heard"
        f" ({listing(known)}): switch the others on and bring them nearer.",
        reason="too_few_sensors",
    )
