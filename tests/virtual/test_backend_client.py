from __future__ import annotations

import asyncio

import pytest
from air_kit import ADDRESS, COMMAND, DATA, OTHER, REFUSED, SERVICE, bench, now_s
from bleak.backends.device import BLEDevice
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError

from collector.links.virtual.time import run_warped


def test_a_client_discovers_services_properties_and_room():
    async def body():
        async with bench() as b:
            client = await b.connected()
            service = client.services.get_service(SERVICE)
            found = {
                c.uuid: (set(c.properties), c.max_write_without_response_size)
                for c in service.characteristics
            }
            await client.disconnect()
            return client.name, found

    name, found = run_warped(body())
    assert name == "WT901BLE67"
    assert found == {
        DATA: ({"notify"}, 244),
        COMMAND: ({"read", "write", "write-without-response"}, 244),
    }


def test_services_that_were_not_asked_for_are_left_out():
    async def body():
        async with bench() as b:
            client = await b.connected(services=[SERVICE])
            uuids = [service.uuid for service in client.services]
            await client.disconnect()
            return uuids

    assert run_warped(body()) == [SERVICE]


@pytest.mark.parametrize("response", [True, False])
def test_what_is_written_arrives(response):
    async def body():
        async with bench() as b:
            client = await b.connected()
            await client.write_gatt_char(COMMAND, b"\xff\xaa\x27\x64\x00", response=response)
            await client.disconnect()
            await asyncio.sleep(0.1)
            return b.sensors[ADDRESS].written

    assert run_warped(body()) == [b"\xff\xaa\x27\x64\x00"]


def test_a_write_without_response_that_fits_no_packet_is_refused():
    async def body():
        async with bench() as b:
            client = await b.connected()
            with pytest.raises(BleakError, match="245 bytes"):
                await client.write_gatt_char(COMMAND, bytes(245), response=False)
            await client.disconnect()

    run_warped(body())


def test_a_refused_write_carries_its_code():
    async def body():
        async with bench() as b:
            client = await b.connected()
            with pytest.raises(BleakGATTProtocolError) as caught:
                await client.write_gatt_char(COMMAND, REFUSED, response=True)
            await client.disconnect()
            return int(caught.value.args[0])

    assert run_warped(body()) == 0x80  # the first code an application may define


def test_nothing_comes_after_unsubscribing():
    async def body():
        async with bench() as b:
            client = await b.streaming()
            await b.sensors[ADDRESS].notify(2)
            await asyncio.sleep(0.1)
            await client.stop_notify(DATA)
            await b.sensors[ADDRESS].notify(2)
            await asyncio.sleep(0.1)
            await client.disconnect()
            return b.heard

    assert run_warped(body()) == [0, 1]


def test_a_second_subscription_replaces_the_first():
    async def body():
        async with bench() as b:
            client = await b.streaming()
            again: list[bytes] = []
            await client.start_notify(DATA, lambda _w, v: again.append(bytes(v)))
            await b.sensors[ADDRESS].notify(1)
            await asyncio.sleep(0.1)
            await client.disconnect()
            return b.heard, len(again)

    assert run_warped(body()) == ([], 1)


def test_a_callback_that_raises_is_reported_and_the_stream_goes_on():
    async def body():
        async with bench() as b:
            client, reported, heard = await b.connected(), [], []
            asyncio.get_running_loop().set_exception_handler(
                lambda _loop, context: reported.append(context["exception"])
            )

            def fail(_what, value):
                heard.append(value)
                raise ArithmeticError

            await client.start_notify(DATA, fail)
            await b.sensors[ADDRESS].notify(3)
            await asyncio.sleep(0.1)
            await client.disconnect()
            return len(heard), [type(error) for error in reported]

    assert run_warped(body()) == (3, [ArithmeticError] * 3)


def test_own_disconnecting_is_told_too_and_twice_is_harmless():
    async def body():
        async with bench() as b:
            client = await b.connected()
            await client.disconnect()
            await client.disconnect()
            return client.is_connected, len(b.lost_at_s)

    assert run_warped(body()) == (False, 1)


def test_calls_on_a_lost_link_fail_at_once():
    async def body():
        async with bench() as b:
            client = await b.connected()
            b.air.faults.lose_link(ADDRESS)
            begun_s = now_s()
            results = await asyncio.gather(
                *(client.read_gatt_char(COMMAND) for _ in range(3)), return_exceptions=True
            )
            waited_s = now_s() - begun_s
            with pytest.raises(BleakError):
                await client.read_gatt_char(COMMAND)
            await client.disconnect()
            return [type(result) for result in results], waited_s, now_s() - begun_s

    kinds, waited_s, until_free_s = run_warped(body())
    assert kinds == [BleakError] * 3
    assert waited_s == until_free_s == pytest.approx(0.72)


def test_a_call_given_up_leaves_its_answer_to_nobody_else():
    async def body():
        async with bench() as b:
            client = await b.connected()
            await client.write_gatt_char(COMMAND, b"first", response=True)
            b.air.faults.stall(ADDRESS, 1.0)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await client.read_gatt_char(3)  # the name
            answer = await client.read_gatt_char(COMMAND)
            await client.disconnect()
            return bytes(answer)

    assert run_warped(body()) == b"first"


def test_cancelling_a_call_cancels_the_caller_and_not_the_link():
    async def body():
        async with bench() as b:
            client = await b.connected()
            b.air.faults.stall(ADDRESS, 1.0)
            task = asyncio.create_task(client.read_gatt_char(COMMAND))
            await asyncio.sleep(0.1)
            task.cancel()
            await asyncio.wait((task,))
            up = client.is_connected
            await client.disconnect()
            return task.cancelled(), up

    assert run_warped(body()) == (True, True)


def test_a_link_lost_while_discovering_fails_the_connect():
    async def body():
        async with bench(interval_s=0.05) as b:
            client = b.client(await b.found())
            task = asyncio.create_task(client.connect())
            await asyncio.sleep(0.5)
            b.air.faults.lose_link(ADDRESS)
            with pytest.raises(BleakError):
                await task
            await client.connect()
            await client.disconnect()
            return len(b.lost_at_s)

    assert run_warped(body()) == 1


def test_a_connect_that_takes_too_long_discovering_lets_go_of_the_sensor():
    async def body():
        async with bench(interval_s=0.05) as b:
            client = b.client(await b.found(), timeout=0.5)  # 26 events take 1.3 s
            with pytest.raises(TimeoutError):
                await client.connect()
            await asyncio.sleep(0.1)
            return client.is_connected, b.adapter.device.connections, b.lost_at_s

    assert run_warped(body()) == (False, {}, [])


def test_two_clients_may_connect_at_once():
    async def body():
        async with bench(ADDRESS, OTHER) as b:
            clients = [b.client(await b.found(address)) for address in (ADDRESS, OTHER)]
            await asyncio.gather(*(client.connect() for client in clients))
            connected = [client.is_connected for client in clients]
            await asyncio.gather(*(client.disconnect() for client in clients))
            return connected

    assert run_warped(body()) == [True, True]


def test_a_device_that_the_adapter_never_heard_is_not_found():
    async def body():
        async with bench() as b:
            with pytest.raises(BleakDeviceNotFoundError):
                await b.client(BLEDevice(OTHER, None, None)).connect()

    run_warped(body())


def test_mtu_size_is_as_useless_as_on_linux():
    async def body():
        async with bench() as b:
            client = await b.connected()
            with pytest.warns(UserWarning, match="mtu_size"):
                size = client.mtu_size
            await client.disconnect()
            return size

    assert run_warped(body()) == 23


async def _copies(b, client, *, let_go: bool) -> int:
    """Lose the link, connect again, and count copies of one notification."""
    b.air.faults.lose_link(ADDRESS)
    await asyncio.sleep(1.0)
    if let_go:
        await client.disconnect()
    await client.connect()
    await b.subscribe(client)
    b.heard.clear()
    await b.sensors[ADDRESS].notify(1)
    await asyncio.sleep(0.1)
    return len(b.heard)


def test_reconnecting_without_disconnecting_brings_one_more_copy_each_time():
    async def body():
        async with bench() as b:
            client = await b.streaming()
            copies = [await _copies(b, client, let_go=False) for _ in range(3)]
            await client.disconnect()
            return copies, b.air.traffic(ADDRESS).duplicated

    assert run_warped(body()) == ([2, 3, 4], 1 + 2 + 3)


def test_disconnecting_before_reconnecting_brings_one_copy():
    async def body():
        async with bench() as b:
            client = await b.streaming()
            copies = [await _copies(b, client, let_go=True) for _ in range(3)]
            await client.disconnect()
            return copies, b.air.traffic(ADDRESS).duplicated

    assert run_warped(body()) == ([1, 1, 1], 0)


def test_a_refused_subscription_leaves_nothing_behind():
    async def body():
        async with bench() as b:
            b.air.faults.require_encryption(ADDRESS)
            client = await b.connected()
            with pytest.raises(BleakGATTProtocolError):
                await b.subscribe(client)
            b.air.faults.lose_link(ADDRESS)
            await asyncio.sleep(1.0)
            await client.connect()
            await client.pair()
            await b.subscribe(client)
            await b.sensors[ADDRESS].notify(1)
            await asyncio.sleep(0.1)
            await client.disconnect()
            return b.heard

    assert run_warped(body()) == [0]


def test_a_new_client_hears_what_the_old_one_left_behind():
    async def body():
        async with bench() as b:
            old = await b.streaming()
            b.air.faults.lose_link(ADDRESS)
            await asyncio.sleep(1.0)
            new = await b.streaming()
            await b.sensors[ADDRESS].notify(1)
            await asyncio.sleep(0.1)
            await old.disconnect()
            await b.sensors[ADDRESS].notify(1)
            await asyncio.sleep(0.1)
            await new.disconnect()
            return b.heard

    assert run_warped(body()) == [0, 0, 1]
