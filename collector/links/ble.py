"""The real radio: bleak behind `collector.links.radio`.

bleak is imported where it is used, so that this module can be imported where bleak cannot work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from collector.links.guard import first_of, guarded
from collector.links.policy import USUAL_TIMEOUTS, Timeouts
from collector.links.radio import Advert, Fault, LinkError
from collector.links.scanning import scanning
from collector.links.sightings import Sightings
from collector.links.unbroken import unbroken

if TYPE_CHECKING:
    from bleak import BleakAdapter, BleakClient, BleakScanner
    from bleak.backends.characteristic import BleakGATTCharacteristic
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData

__all__ = ["BleConnection", "BleRadio", "Timeouts"]

_NO_RSSI_DBM: Final = -127
"""What systems say when they did not measure."""

_LEAST_S: Final = 1e-3
"""What is left of a scan by the rounding of times is no time to listen."""


class BleRadio:
    """One Bluetooth adapter, by bleak.

    Parameters
    ----------
    scanner_factory, client_factory, adapter_factory
        What makes a scanner (called with bleak's keywords), a client (with the device, then
        keywords) and an adapter; bleak's own where None.
    adapter
        Which adapter, `hci1` for example; Linux only. None is the system's choice.
    timeouts
        How long each call may take.
    """

    def __init__(
        self,
        *,
        scanner_factory: Callable[..., BleakScanner] | None = None,
        client_factory: Callable[..., BleakClient] | None = None,
        adapter_factory: Callable[..., Awaitable[BleakAdapter]] | None = None,
        adapter: str | None = None,
        timeouts: Timeouts = USUAL_TIMEOUTS,
    ) -> None:
        self._scanner_factory = scanner_factory
        self._client_factory = client_factory
        self._adapter_factory = adapter_factory
        self._system: dict[str, Any] = {"bluez": {"adapter": adapter}} if adapter else {}
        self._timeouts = timeouts
        # Connecting during a scan, or to two sensors at once, fails on many adapters.
        self._adapter_lock = asyncio.Lock()
        self._connecting = 0
        self._give_way = asyncio.Event()

    async def scan(
        self,
        seconds: float,
        *,
        found: Callable[[Advert], None] | None = None,
        enough: Callable[[tuple[Advert, ...]], bool] | None = None,
    ) -> tuple[Advert, ...]:
        """Listen for adverts; a connection that is asked for meanwhile goes first."""
        seen = Sightings(found, enough)
        loop = asyncio.get_running_loop()
        left_s = seconds
        while left_s > _LEAST_S and not seen.enough.is_set():
            await asyncio.sleep(0)  # who was called off while waiting for the adapter goes first
            async with self._adapter_lock:
                if self._connecting:
                    continue
                begun_s = loop.time()
                await self._listen(seen, left_s)
                left_s -= loop.time() - begun_s
        return seen.by_strength()

    async def connect(self, advert: Advert, *, lost: Callable[[], None]) -> BleConnection:
        """Connect, as soon as nobody else is connecting; a scan is interrupted for it."""
        self._connecting += 1
        self._give_way.set()
        try:
            async with self._adapter_lock:
                return await self._connected(advert, lost)
        finally:
            self._connecting -= 1

    async def connected_elsewhere(self) -> tuple[Advert, ...]:
        """Return devices that another program holds, or a crash left connected."""
        if self._adapter_factory is None and self._client_factory is not None:
            return ()
        try:
            async with guarded(self._timeouts.scan_s, "asking for connected sensors"):
                factory = self._adapter_factory or _bleak().BleakAdapter.get
                adapter = await factory(**self._system)
                devices = await adapter.get_connected_devices()
        except LinkError:  # not on this system, or not now: nothing to tell
            return ()
        return tuple(Advert(device, device.address, device.name or "") for device in devices)

    async def _listen(self, seen: Sightings, seconds: float) -> None:
        """Listen until the time is over, enough was heard or a connection is wanted."""

        def scanner() -> BleakScanner:
            return (self._scanner_factory or _bleak().BleakScanner)(
                detection_callback=lambda device, data: seen.hear(_advert(device, data)),
                **self._system,
            )

        self._give_way.clear()
        async with scanning(scanner, self._timeouts.scan_s):
            await first_of(seconds, seen.enough, self._give_way)

    async def _connected(self, advert: Advert, lost: Callable[[], None]) -> BleConnection:
        connection = BleConnection(lost, self._timeouts)
        try:
            async with guarded(self._timeouts.connect_s, "connecting"):
                factory = self._client_factory or _bleak().BleakClient
                client = factory(
                    advert.handle,
                    disconnected_callback=connection.went_down,
                    timeout=self._timeouts.connect_s,
                    **self._system,
                )
                connection.attach(client)
                await client.connect()
                connection.opened()
        except BaseException:
            # Also a client that never got through: it holds a session of its own until told.
            with suppress(LinkError):
                await connection.disconnect()
            raise
        return connection


class BleConnection:
    """An open connection, by one bleak client, from connect to disconnect."""

    def __init__(self, lost: Callable[[], None], timeouts: Timeouts) -> None:
        self._lost = lost
        self._timeouts = timeouts
        self._client: BleakClient | None = None
        self._open = False
        self._named: dict[str, BleakGATTCharacteristic] = {}

    @property
    def is_connected(self) -> bool:
        """Whether the link is up, as far as the system knows."""
        return self._open and self._client is not None and self._client.is_connected

    @property
    def characteristics(self) -> frozenset[str]:
        """What the sensor offers, by the 16-bit part of the UUID, whatever its base."""
        return frozenset(self._named)

    def attach(self, client: BleakClient) -> None:
        """Say which client the connection goes by; from then on it must be disconnected."""
        self._client = client

    def opened(self) -> None:
        """Note that the client is connected and look through what it found."""
        if self._client is None or not self._client.is_connected:
            raise LinkError(Fault.LINK_LOST, "the link went down while it was being made")
        for service in self._client.services:
            for characteristic in service.characteristics:
                self._named.setdefault(short_name(characteristic.uuid), characteristic)
        self._open = True

    def went_down(self, *_: object) -> None:
        """Hear from bleak that the link is down: by our own doing, or lost."""
        if self._open:
            self._open = False
            self._lost()

    async def read(self, characteristic: str) -> bytes:
        """Read a value."""
        client, target = self._target(characteristic)
        async with guarded(self._timeouts.read_s, f"reading {characteristic}"):
            return bytes(await client.read_gatt_char(target))

    async def write(self, characteristic: str, payload: bytes) -> None:
        """Write a value, with response where the characteristic has one."""
        client, target = self._target(characteristic)
        confirmed = "write" in target.properties
        async with guarded(self._timeouts.write_s, f"writing to {characteristic}"):
            await client.write_gatt_char(target, payload, response=confirmed)

    async def subscribe(self, characteristic: str, heard: Callable[[bytes], None]) -> None:
        """Have notifications given to `heard`."""
        client, target = self._target(characteristic)

        def copied(_: BleakGATTCharacteristic, payload: bytearray) -> None:
            heard(bytes(payload))

        async with guarded(self._timeouts.subscribe_s, f"subscribing to {characteristic}"):
            await client.start_notify(target, copied)

    async def unsubscribe(self, characteristic: str) -> None:
        """Have no more of them."""
        client, target = self._target(characteristic)
        async with guarded(self._timeouts.subscribe_s, f"unsubscribing from {characteristic}"):
            await client.stop_notify(target)

    async def pair(self) -> None:
        """Pair; macOS does so by itself when something protected is used."""
        if self._client is None or not self._open:
            raise LinkError(Fault.LINK_LOST, "not connected")
        async with guarded(self._timeouts.pair_s, "pairing", Fault.NOT_PAIRED):
            with suppress(NotImplementedError):
                await self._client.pair()

    async def disconnect(self) -> None:
        """Let go of the sensor. Needed after a loss, too.

        bleak keeps the session of a lost link, and with it BlueZ its subscriptions: without this
        every notification comes twice after the next connection.
        """
        client, self._client, self._open = self._client, None, False
        if client is not None:
            await unbroken(_disconnect(client, self._timeouts.disconnect_s))

    def _target(self, characteristic: str) -> tuple[BleakClient, BleakGATTCharacteristic]:
        if self._client is None or not self._open:
            raise LinkError(Fault.LINK_LOST, "not connected")
        if characteristic not in self._named:
            raise LinkError(Fault.UNSUPPORTED, f"it has no characteristic {characteristic}")
        return self._client, self._named[characteristic]


def short_name(uuid: str) -> str:
    """Return the 16-bit part of a UUID; makers put it on bases of their own."""
    return uuid[4:8].lower()


def _advert(device: BLEDevice, data: AdvertisementData) -> Advert:
    return Advert(
        handle=device,
        address=device.address,
        name=data.local_name or device.name or "",
        rssi_dbm=data.rssi if data.rssi > _NO_RSSI_DBM else None,
        service_uuids=tuple(data.service_uuids),
        company_ids=tuple(data.manufacturer_data),
    )


async def _disconnect(client: BleakClient, seconds: float) -> None:
    async with guarded(seconds, "disconnecting"):
        await client.disconnect()


def _bleak() -> ModuleType:
    import bleak

    return bleak
