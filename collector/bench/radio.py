"""What the radio costs: loss, latency and processor for several sensors, on the virtual radio.

In real time, so that what our own code takes is in it; so is what the virtual sensors and both
Bluetooth stacks take, which real sensors would not.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from collector.bench.measure import Row
from collector.links.base import Batch, Received
from collector.live.angles.separation import Separation
from devices.registry import device
from schemas.errors import UsageError
from schemas.recording import RecordingInfo, SensorUse
from schemas.segments import Role, segment_of
from schemas.units import US_PER_S

if TYPE_CHECKING:
    from collector.links.live_link import LiveLink, Wanted
    from collector.links.radio import Advert
    from collector.links.virtual.world import World

ROLES: Final[tuple[Role, ...]] = ("pelvis", "thigh", "trunk", "shank")
TICK_S: Final = 0.033
MEASURED_S: Final = 4.0
READY_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Load:
    """How many sensors at which rate, over which connection interval."""

    sensors: int
    rate_hz: float
    interval_s: float

    @property
    def name(self) -> str:
        """Its name in the table."""
        return f"radio {self.sensors} x {self.rate_hz:g} Hz, {1e3 * self.interval_s:g} ms"


LOADS: Final = tuple(
    Load(sensors, rate_hz, interval_s)
    for sensors in (2, 4)
    for rate_hz in (100.0, 200.0)
    for interval_s in (0.015, 0.030)
)


@dataclass(slots=True)
class Figures:
    """What one load came to. Latencies in seconds, from the sensor's sending on."""

    sent: int = 0
    received: int = 0
    to_callback_s: list[float] = field(default_factory=list)
    to_frame_s: list[float] = field(default_factory=list)
    core_share: float = 0.0


def radio_rows(loads: Sequence[Load] = LOADS, seconds: float = MEASURED_S) -> list[Row]:
    """Stream every load in real time for a while, one after the other."""
    return [row for load in loads for row in _rows(load, asyncio.run(measured(load, seconds)))]


def _rows(load: Load, figures: Figures) -> list[Row]:
    interval_s = load.interval_s
    callback_p50, callback_p95 = np.percentile(figures.to_callback_s, (50, 95)).tolist()
    frame_p95 = float(np.percentile(figures.to_frame_s, 95))
    late = f"p50 {1e3 * callback_p50:.1f}, p95 {1e3 * callback_p95:.1f} ms"
    busy = f"{100 * figures.core_share:.0f} % of one core, virtual sensors and stacks included"
    share = figures.received / figures.sent
    whole_s = interval_s + TICK_S
    return [
        Row(f"{load.name}: received / sent", share, "", 1.0, False, f"{figures.sent}; {busy}"),
        Row(
            f"{load.name}: latency / interval, p95", callback_p95 / interval_s, "x", 2.0, True, late
        ),
        Row(
            f"{load.name}: sent to frame / (interval + tick), p95",
            frame_p95 / whole_s,
            "x",
            2.0,
            True,
            f"p95 {1e3 * frame_p95:.1f} ms",
        ),
    ]


async def measured(load: Load, seconds: float) -> Figures:
    """Stream one load for `seconds`, and hold what came against what was sent."""
    from collector.links.ble import BleRadio
    from collector.links.live_link import LiveLink
    from collector.links.virtual.conditions import Conditions
    from collector.links.virtual.sensor import SensorPlan
    from collector.links.virtual.world import World

    loop = asyncio.get_running_loop()
    plans = [SensorPlan(role) for role in ROLES[: load.sensors]]
    around = Conditions(interval_s=load.interval_s)
    async with World(plans, conditions=around, details=True) as world:
        radio = BleRadio(scanner_factory=world.scanner_factory, client_factory=world.client_factory)
        heard = await radio.scan(5.0, enough=lambda found: len(found) == load.sensors)
        adverts = {advert.address: advert for advert in heard}
        wanted = [_wanted(adverts[address], load.rate_hz) for address in world.addresses.values()]
        link = LiveLink(radio, wanted, clock_us=lambda: round(loop.time() * US_PER_S))
        async with link:
            if not await link.ready(READY_S):
                raise UsageError("The virtual sensors did not get ready.", reason="not_ready")
            return await _streamed(world, link, load, seconds)


def _wanted(advert: Advert, rate_hz: float) -> Wanted:
    from collector.links.live_link import Wanted

    return Wanted(advert, device("witmotion"), None, rate_hz)


async def _streamed(world: World, link: LiveLink, load: Load, seconds: float) -> Figures:
    """Record arrivals and make frames of them, as a live trial does."""
    loop = asyncio.get_running_loop()
    separation = Separation(_head(load), None)
    waiting: list[Received] = []

    async def take() -> None:
        async for batch in link:
            waiting.extend(batch)

    taking = asyncio.create_task(take())
    zero_s = loop.time() - link.now_us() / US_PER_S
    begun_s, spent_s = loop.time(), time.process_time()
    came: list[tuple[Received, float]] = []
    while loop.time() < begun_s + seconds:
        await asyncio.sleep(TICK_S)
        batch: Batch = tuple(waiting)
        waiting.clear()
        separation.feed(batch)
        separation.tick(link.now_us())
        came += [(row, loop.time()) for row in batch]
    core_share = (time.process_time() - spent_s) / (loop.time() - begun_s)
    taking.cancel()
    await asyncio.wait({taking})
    figures = Figures(core_share=core_share)
    for sensor, address in enumerate(world.addresses.values()):
        mine = [(row.notification, frame_s) for row, frame_s in came if row.sensor == sensor]
        arrivals = {row.payload: (zero_s + row.t_us / US_PER_S, f) for row, f in mine}
        _hold(world, address, arrivals, (begun_s, begun_s + seconds), figures)
    return figures


def _hold(
    world: World,
    address: str,
    arrivals: dict[bytes, tuple[float, float]],
    span_s: tuple[float, float],
    figures: Figures,
) -> None:
    """Add one sensor's figures; what was sent at the very end may still be on its way."""
    margin_s = 0.5
    for sent in world.sent(address).rows:
        sent_s = world.opened_s + sent.t_s
        if not (sent.frames and span_s[0] + TICK_S < sent_s < span_s[1] - margin_s):
            continue
        figures.sent += 1
        if sent.payload in arrivals:
            arrived_s, framed_s = arrivals[sent.payload]
            figures.received += 1
            figures.to_callback_s.append(arrived_s - sent_s)
            figures.to_frame_s.append(framed_s - sent_s)


def _head(load: Load) -> RecordingInfo:
    profile = device("witmotion")
    mode = profile.default_mode
    uses = tuple(
        SensorUse(
            segment=segment_of(role, "left"),
            profile_id=profile.id,
            profile_version=profile.version,
            alias=role,
            clock=profile.clock,
            mode=mode,
            nominal_rate_hz=load.rate_hz,
        )
        for role in ROLES[: load.sensors]
    )
    return RecordingInfo(sensors=uses, utc="2026-01-01T00:00:00+00:00")
