"""A host for virtual sensors, by bleak's public client alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
from bleak import BleakClient
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData

from collector.links.virtual.sensor import SensorPlan
from collector.links.virtual.time import run_warped
from collector.links.virtual.world import World
from devices.registry import device
from schemas.chunk import Chunk, Notification
from schemas.samples import Decoded

WIT = "0000{}-0000-1000-8000-00805f9a34fb"
DOT = "1517{}-4947-11e9-8646-d663bd873d93"

Heard = dict[str, tuple[BLEDevice, AdvertisementData]]


class Host:
    """One connected sensor: what it notified, and how to write to it."""

    def __init__(self, world: World, client: BleakClient, base: str) -> None:
        self.world, self.client, self.base = world, client, base
        self.address = client.address
        self.came: list[Notification] = []

    async def subscribe(self, name: str) -> None:
        def heard(_characteristic: object, data: bytearray) -> None:
            t_us = round(self.world.now_s * 1e6)
            self.came.append(Notification(t_us, False, name, bytes(data)))

        await self.client.start_notify(self.base.format(name), heard)

    async def write(self, name: str, *payloads: str | bytes) -> None:
        for payload in payloads:
            data = bytes.fromhex(payload) if isinstance(payload, str) else payload
            await self.client.write_gatt_char(self.base.format(name), data, response=True)

    async def read(self, name: str) -> bytes:
        return bytes(await self.client.read_gatt_char(self.base.format(name)))

    def take(self) -> list[Notification]:
        came, self.came = self.came, []
        return came

    async def during(self, seconds: float) -> list[Notification]:
        """What comes in the next seconds."""
        self.take()
        await asyncio.sleep(seconds)
        return self.take()

    async def reply(self, question: str) -> bytes | None:
        """A WitMotion register reply to `question`, None if none came within a second."""
        self.take()
        await self.write("ffe9", question)
        await asyncio.sleep(1.0)
        return next((n.payload for n in self.take() if n.payload[:2] == b"\x55\x71"), None)


async def scanned(world: World, seconds: float = 0.5) -> Heard:
    heard: Heard = {}
    scanner = world.scanner_factory(
        detection_callback=lambda found, advert: heard.__setitem__(found.address, (found, advert))
    )
    await scanner.start()
    await asyncio.sleep(seconds)
    await scanner.stop()
    return heard


@asynccontextmanager
async def connected(world: World, address: str, base: str = WIT) -> AsyncIterator[Host]:
    heard = await scanned(world)
    client = world.client_factory(heard[address][0], timeout=5.0)
    await client.connect()
    try:
        yield Host(world, client, base)
    finally:
        await client.disconnect()


def on_one(plan: SensorPlan, body: Callable[[World, Host], Awaitable[Any]], **world: Any) -> Any:
    """Run `body` with one sensor, connected; a WitMotion's data are subscribed to."""

    async def run() -> Any:
        async with World([plan], **world) as one:
            address = one.plans[0].address
            base = WIT if plan.profile_id == "witmotion" else DOT
            async with connected(one, address, base) as host:
                if base == WIT:
                    await host.subscribe("ffe4")
                return await body(one, host)

    return run_warped(run())


def decoded(came: list[Notification], profile_id: str = "witmotion", mode: int | None = None):
    """What the project's own decoder makes of notifications, and its counters."""
    decoder = device(profile_id).decoder(mode)
    both = [decoder.feed(Chunk.of(came)), decoder.finish()]
    samples = (
        both[0].samples
        if not len(both[1].samples)
        else both[1].samples.joined([d.samples for d in both])
    )
    return Decoded(samples, both[0].replies + both[1].replies), decoder.counters


def angle_deg(a: np.ndarray, b: np.ndarray) -> float:
    """Angle between two vectors."""
    return float(np.degrees(np.arccos(a @ b / np.linalg.norm(a) / np.linalg.norm(b))))
