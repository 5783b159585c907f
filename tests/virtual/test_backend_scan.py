from __future__ import annotations

import asyncio

import pytest
from advertising import advertise
from air_kit import ADDRESS, OTHER, SERVICE, Bench, bench
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakDeviceNotFoundError

from collector.links.virtual.adapter import Adapter
from collector.links.virtual.air import Air
from collector.links.virtual.time import run_warped


async def adverts(b: Bench, **more):
    found = await BleakScanner.discover(
        timeout=1.0, return_adv=True, backend=b.adapter.scanner, **more
    )
    return {device.address: (device.name, advert) for device, advert in found.values()}


def test_a_scan_hears_name_strength_and_service():
    async def body():
        async with bench() as b:
            await b.add(OTHER, "WT901BLE68", rssi_dbm=-83)
            return await adverts(b)

    found = run_warped(body())
    assert {address: name for address, (name, _) in found.items()} == {
        ADDRESS: "WT901BLE67",
        OTHER: "WT901BLE68",
    }
    assert found[OTHER][1].rssi == -83
    assert found[OTHER][1].service_uuids == [SERVICE]


def test_a_scan_hears_the_company_of_a_sensor_without_services():
    async def body():
        air = Air()
        device = air.peripheral("Movella DOT", "D4:22:CD:00:00:01")
        await device.power_on()
        await advertise(device, company_id=0x0886, company_data=b"\x01\x02")
        found = await adverts(Bench(air, Adapter(air)))
        await air.close()
        return found["D4:22:CD:00:00:01"]

    name, advert = run_warped(body())
    assert name == advert.local_name == "Movella DOT"
    assert advert.manufacturer_data == {0x0886: b"\x01\x02"}
    assert advert.service_uuids == []


def test_a_name_of_twenty_letters_and_a_long_service_are_both_heard():
    async def body():
        async with bench() as b:
            await b.add(OTHER, "WT901BLE68-spare-two")
            return (await adverts(b))[OTHER]

    name, advert = run_warped(body())
    assert name == "WT901BLE68-spare-two"
    assert advert.service_uuids == [SERVICE]


def test_a_passive_scan_hears_no_scan_response():
    async def body():
        async with bench() as b:
            return (await adverts(b, scanning_mode="passive"))[ADDRESS]

    name, advert = run_warped(body())
    assert name is None
    assert advert.service_uuids == [SERVICE]


def test_strength_follows_the_sensor():
    async def body():
        async with bench() as b:
            heard = []
            scanner = BleakScanner(lambda _d, a: heard.append(a.rssi), backend=b.adapter.scanner)
            async with scanner:
                await asyncio.sleep(0.5)
                b.air.faults.set_rssi(ADDRESS, -91)
                await asyncio.sleep(0.5)
            return heard

    heard = run_warped(body())
    assert set(heard) == {-55, -91}
    assert heard == sorted(heard, reverse=True)


def test_adverts_come_at_their_interval_plus_a_random_delay():
    async def body():
        async with bench() as b:
            heard = []
            async with BleakScanner(lambda _d, a: heard.append(a), backend=b.adapter.scanner):
                await asyncio.sleep(21.0)
            return heard

    # 100 ms and 0 to 10 ms of random delay: 105 ms on average
    assert len(run_warped(body())) == pytest.approx(200, abs=3)


def test_a_service_filter_leaves_others_out():
    async def body():
        async with bench() as b:
            return await adverts(b, service_uuids=["180f"])

    assert run_warped(body()) == {}


def test_two_sensors_of_one_name_are_told_apart_by_address():
    async def body():
        async with bench(ADDRESS, OTHER) as b:
            clients = [await b.connected(address) for address in (ADDRESS, OTHER)]
            for client, what in zip(clients, (b"one", b"two"), strict=True):
                await client.write_gatt_char(19, what, response=True)
                await client.disconnect()
            return [sensor.written for sensor in b.sensors.values()]

    assert run_warped(body()) == [[b"one"], [b"two"]]


def test_a_connected_sensor_is_not_heard_and_is_heard_again_afterwards():
    async def body():
        async with bench() as b:
            client = await b.connected()
            during = await adverts(b)
            await client.disconnect()
            return during, await adverts(b)

    during, after = run_warped(body())
    assert during == {}
    assert list(after) == [ADDRESS]


def test_an_address_alone_is_looked_for_and_an_unknown_one_not_found():
    async def body():
        async with bench() as b:
            client = b.client(ADDRESS)
            await client.connect()
            await client.disconnect()
            with pytest.raises(BleakDeviceNotFoundError) as caught:
                await BleakClient(OTHER, timeout=1.0, backend=b.adapter.client).connect()
            return caught.value.identifier

    assert run_warped(body()) == OTHER
