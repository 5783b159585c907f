"""Sensors streamed and decoded to look at them; nothing is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from collector.links.base import Batch
from collector.links.live_link import LiveLink, Wanted
from collector.links.radio import Radio
from collector.live.sensors.known import Known
from devices.profile import Decoder, DeviceProfile
from schemas.chunk import Chunk
from schemas.samples import Decoded

READY_S = 25.0
"""Connecting, asking and verifying a sensor takes seconds, and one comes after the other."""

Heard = Callable[[int, Chunk, Decoded], None]


@asynccontextmanager
async def listening(
    radio: Radio,
    sensors: Sequence[Known],
    clock_us: Callable[[], int],
    heard: Heard,
    *,
    on_event: Callable[[int, str, int, str], None] | None = None,
) -> AsyncIterator[LiveLink]:
    """Stream `sensors` until left; `heard` gets what each one sent and what it means."""
    decoders = [sensor.profile.decoder(mode_of(sensor.profile)) for sensor in sensors]

    def happened(sensor: int, kind: str, t_us: int, text: str) -> None:
        if kind == "reconnected":
            decoders[sensor].reset()
        if on_event:
            on_event(sensor, kind, t_us, text)

    wanted = [Wanted(s.advert, s.profile, mode_of(s.profile), rate_of(s)) for s in sensors]
    async with LiveLink(radio, wanted, clock_us=clock_us, on_event=happened) as link:
        pump = asyncio.create_task(_pump(link, decoders, heard), name="listening")
        try:
            yield link
        finally:
            await link.close()
            await pump


def mode_of(profile: DeviceProfile) -> int | None:
    """Return the mode to look at a sensor in: the usual one, or one that shows gravity."""
    usual = [mode for mode in profile.modes if mode.number == profile.default_mode]
    showing = (m for m in (*usual, *profile.modes) if {"acc_m_s2", "gyr_rad_s"} <= set(m.sends))
    return next((mode.number for mode in showing), profile.default_mode)


def rate_of(sensor: Known) -> float:
    """Return the rate that a sensor is asked for."""
    return sensor.profile.default_rate_hz


async def _pump(link: LiveLink, decoders: Sequence[Decoder], heard: Heard) -> None:
    async for batch in link:
        for sensor, chunk in _by_sensor(batch).items():
            heard(sensor, chunk, decoders[sensor].feed(chunk))


def _by_sensor(batch: Batch) -> dict[int, Chunk]:
    sensors = dict.fromkeys(received.sensor for received in batch)
    return {
        sensor: Chunk.of(r.notification for r in batch if r.sensor == sensor) for sensor in sensors
    }
