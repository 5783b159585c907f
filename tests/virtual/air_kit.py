"""A sensor that counts, and an air with some of them: what the tests of the virtual radio share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from advertising import advertise
from bleak import BleakClient, BleakScanner
from bleak.backends.device import BLEDevice
from bumble import att
from bumble.device import Device
from bumble.gatt import Characteristic, CharacteristicValue, Service

from collector.links.virtual.adapter import Adapter
from collector.links.virtual.air import Air

SERVICE = "0000ffe5-0000-1000-8000-00805f9a34fb"
DATA = "0000ffe4-0000-1000-8000-00805f9a34fb"
COMMAND = "0000ffe9-0000-1000-8000-00805f9a34fb"
ADDRESS = "D2:00:00:00:00:01"
OTHER = "D2:00:00:00:00:02"
REFUSED = b"no"


@dataclass
class Counter:
    """Notifies 0, 1, 2... in packets of 20 bytes; remembers what was written to it."""

    device: Device
    data: Characteristic[bytes]
    written: list[bytes] = field(default_factory=list)
    sent: int = 0

    async def notify(self, count: int = 1, *, rate_hz: float | None = None) -> None:
        for _ in range(count):
            value = self.sent.to_bytes(20, "little")
            self.sent += 1
            await self.device.notify_subscribers(self.data, value)
            if rate_hz:
                await asyncio.sleep(1 / rate_hz)


@dataclass
class Bench:
    """An air, the computer's adapter on it, and what clients told."""

    air: Air
    adapter: Adapter
    sensors: dict[str, Counter] = field(default_factory=dict)
    heard: list[int] = field(default_factory=list)
    lost_at_s: list[float] = field(default_factory=list)

    async def add(
        self, address: str = ADDRESS, name: str = "WT901BLE67", *, rssi_dbm: int = -55
    ) -> Counter:
        device = self.air.peripheral(name, address, rssi_dbm=rssi_dbm)
        written: list[bytes] = []

        def take(_link: object, value: bytes) -> None:
            if value == REFUSED:
                raise att.ATT_Error(0x80)
            written.append(value)

        kinds = Characteristic.Properties
        data: Characteristic[bytes] = Characteristic(DATA, kinds.NOTIFY, 0)
        command: Characteristic[bytes] = Characteristic(
            COMMAND,
            kinds.READ | kinds.WRITE | kinds.WRITE_WITHOUT_RESPONSE,
            Characteristic.READABLE | Characteristic.WRITEABLE,
            CharacteristicValue(read=lambda _link: b"".join(written), write=take),
        )
        device.add_service(Service(SERVICE, [data, command]))
        await device.power_on()
        await advertise(device, service_uuids=[SERVICE])
        sensor = self.sensors[address] = Counter(device, data, written)
        return sensor

    async def found(self, address: str = ADDRESS) -> BLEDevice:
        device = await BleakScanner.find_device_by_address(
            address, timeout=2.0, backend=self.adapter.scanner
        )
        assert device, f"{address} was not heard"
        return device

    def client(self, device: BLEDevice | str, *, timeout: float = 5.0, **more) -> BleakClient:
        loop = asyncio.get_running_loop()
        return BleakClient(
            device,
            lambda _client: self.lost_at_s.append(loop.time()),
            timeout=timeout,
            backend=self.adapter.client,
            **more,
        )

    async def connected(self, address: str = ADDRESS, **more) -> BleakClient:
        client = self.client(await self.found(address), **more)
        await client.connect()
        return client

    async def subscribe(self, client: BleakClient) -> None:
        await client.start_notify(
            DATA, lambda _what, value: self.heard.append(int.from_bytes(value, "little"))
        )

    async def streaming(self, address: str = ADDRESS, **more) -> BleakClient:
        client = await self.connected(address, **more)
        await self.subscribe(client)
        return client


@asynccontextmanager
async def bench(*addresses: str, **air) -> AsyncIterator[Bench]:
    """An air with one counting sensor for every address."""
    made = Air(**air)
    bench = Bench(made, Adapter(made))
    try:
        for address in addresses or (ADDRESS,):
            await bench.add(address)
        yield bench
    finally:
        await made.close()


def now_s() -> float:
    return asyncio.get_running_loop().time()
