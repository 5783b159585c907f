from __future__ import annotations

import asyncio

import pytest
from air_kit import ADDRESS, COMMAND, bench, now_s
from bleak import BleakScanner
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
)

from collector.links.virtual.time import run_warped

REASONS = {
    "off": BleakBluetoothNotAvailableReason.POWERED_OFF,
    "none": BleakBluetoothNotAvailableReason.NO_BLUETOOTH,
    "denied": BleakBluetoothNotAvailableReason.DENIED_BY_USER,
}


@pytest.mark.parametrize("state", REASONS)
def test_without_bluetooth_scanning_and_connecting_say_why(state):
    async def body():
        async with bench() as b:
            client = b.client(await b.found())
            b.adapter.state = state
            reasons = []
            for call in (BleakScanner.discover(backend=b.adapter.scanner), client.connect()):
                with pytest.raises(BleakBluetoothNotAvailableError) as caught:
                    await call
                reasons.append(caught.value.reason)
            return reasons

    assert run_warped(body()) == [REASONS[state]] * 2


def test_switching_off_drops_links_and_the_sensor_notices_later():
    async def body():
        async with bench() as b:
            client, sensor = await b.streaming(), b.sensors[ADDRESS]
            b.adapter.state = "off"
            await asyncio.sleep(0.01)
            at_once = client.is_connected, len(b.lost_at_s), len(sensor.device.connections)
            await asyncio.sleep(1.0)
            later = len(sensor.device.connections)
            with pytest.raises(BleakBluetoothNotAvailableError):
                await client.connect()
            await client.disconnect()
            return at_once, later

    assert run_warped(body()) == ((False, 1, 1), 0)


def test_switching_off_ends_a_connect_that_waits():
    async def body():
        async with bench() as b:
            client = b.client(await b.found(), timeout=20.0)
            b.air.faults.vanish(ADDRESS)
            task = asyncio.create_task(client.connect())
            await asyncio.sleep(1.0)
            b.adapter.state = "off"
            with pytest.raises(BleakBluetoothNotAvailableError):
                await task
            return now_s()

    assert run_warped(body()) < 2.0


def test_switched_on_again_everything_works():
    async def body():
        async with bench() as b:
            client = await b.streaming()
            for state in ("off", "on"):
                b.adapter.state = state
                await asyncio.sleep(1.0)
            await client.disconnect()
            await (await b.streaming()).disconnect()

    run_warped(body())


def test_a_scan_that_was_running_when_switched_off_hears_no_more():
    async def body():
        async with bench() as b:
            heard = []
            async with BleakScanner(lambda _d, a: heard.append(a), backend=b.adapter.scanner):
                await asyncio.sleep(0.5)
                b.adapter.state = "off"
                before = len(heard)
                await asyncio.sleep(1.0)
            more = len(heard) - before
            b.adapter.state = "on"
            return before > 0, more, (await b.found()).address

    assert run_warped(body()) == (True, 0, ADDRESS)


def test_a_wedged_adapter_refuses_scans_and_lets_connects_hang():
    async def body():
        async with bench() as b:
            client = b.client(await b.found(), timeout=4.0)
            b.adapter.state = "wedged"
            with pytest.raises(BleakDBusError, match="InProgress"):
                await BleakScanner.discover(backend=b.adapter.scanner)
            begun_s = now_s()
            with pytest.raises(TimeoutError):
                await client.connect()
            return now_s() - begun_s

    assert run_warped(body()) == pytest.approx(4.0)


def test_switching_a_wedged_adapter_off_ends_the_connect_that_hangs():
    async def body():
        async with bench() as b:
            client = b.client(await b.found(), timeout=20.0)
            b.adapter.state = "wedged"
            task = asyncio.create_task(client.connect())
            await asyncio.sleep(1.0)
            b.adapter.state = "off"
            with pytest.raises(BleakBluetoothNotAvailableError):
                await task
            return now_s()

    assert run_warped(body()) < 2.0


def test_a_wedged_adapter_keeps_its_links_and_comes_back_by_a_reset():
    async def body():
        async with bench() as b:
            client = await b.streaming()
            b.adapter.state = "wedged"
            await b.sensors[ADDRESS].notify(2)
            await client.read_gatt_char(COMMAND)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1.0):
                    await client.disconnect()
            still = client.is_connected
            for state in ("off", "on"):
                b.adapter.state = state
                await asyncio.sleep(1.0)
            await (await b.connected()).disconnect()
            return b.heard, still

    assert run_warped(body()) == ([0, 1], True)


def test_a_wedged_adapter_answers_in_the_end_that_nobody_does():
    async def body():
        async with bench() as b:
            client = await b.connected()
            b.adapter.state = "wedged"
            with pytest.raises(BleakDBusError, match="NoReply"):
                await client.disconnect()
            return now_s()

    assert run_warped(body()) > 30.0


def test_closing_the_air_ends_every_connection():
    async def body():
        async with bench() as b:
            client = await b.streaming()
            await b.air.close()
            return client.is_connected, len(b.lost_at_s), len(asyncio.all_tasks())

    assert run_warped(body()) == (False, 1, 1)


def test_bumble_says_nothing_to_the_user(caplog):
    async def body():
        async with bench() as b:
            client = await b.streaming()
            await client.stop_notify(16)
            await b.sensors[ADDRESS].notify(3)
            b.air.faults.lose_link(ADDRESS)
            await asyncio.sleep(1.0)
            await client.disconnect()

    run_warped(body())
    assert not caplog.records
