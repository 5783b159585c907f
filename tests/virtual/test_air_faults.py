from __future__ import annotations

import asyncio

import pytest
from air_kit import ADDRESS, COMMAND, DATA, OTHER, bench, now_s
from bleak.exc import BleakError, BleakGATTProtocolError
from bumble import core

from collector.links.virtual.faults import (
    Fading,
    HangUp,
    LinkLoss,
    RandomLoss,
    Saturation,
    Silence,
    SlowStart,
    Stall,
    Vanishing,
)
from collector.links.virtual.station import Cause
from collector.links.virtual.time import run_warped


def test_a_lost_link_is_told_once_after_the_timeout():
    async def body():
        async with bench(supervision_s=0.72) as b:
            client = await b.streaming()
            lost_s = now_s()
            b.air.faults.lose_link(ADDRESS)
            await asyncio.sleep(0.71)
            before = client.is_connected
            await asyncio.sleep(2.0)
            connected, sensor_side = client.is_connected, b.sensors[ADDRESS].device.connections
            await client.disconnect()
            return before, connected, dict(sensor_side), [t - lost_s for t in b.lost_at_s]

    before, connected, sensor_side, told_s = run_warped(body())
    assert (before, connected, sensor_side) == (True, False, {})
    assert told_s == [pytest.approx(0.72)]


def test_after_a_lost_link_nothing_is_subscribed_until_asked_again():
    async def body():
        async with bench() as b:
            client = await b.streaming()
            b.air.faults.lose_link(ADDRESS)
            await asyncio.sleep(1.0)
            await client.disconnect()
            await client.connect()
            await b.sensors[ADDRESS].notify(3)
            await asyncio.sleep(0.1)
            unasked = list(b.heard)
            await b.subscribe(client)
            await b.sensors[ADDRESS].notify(3)
            await asyncio.sleep(0.1)
            await client.disconnect()
            return unasked, b.heard

    assert run_warped(body()) == ([], [3, 4, 5])


def test_a_short_absence_costs_nothing_but_time():
    async def body():
        async with bench() as b:
            client = await b.streaming()
            b.air.faults.vanish(ADDRESS, 0.25)
            await b.sensors[ADDRESS].notify(50, rate_hz=100)
            await asyncio.sleep(1.0)
            connected = client.is_connected
            await client.disconnect()
            return connected, b.heard

    assert run_warped(body()) == (True, list(range(50)))


def test_what_a_lost_link_swallowed_is_counted():
    async def body():
        async with bench() as b:
            client = await b.streaming()
            b.air.faults.vanish(ADDRESS)
            await b.sensors[ADDRESS].notify(40, rate_hz=100)
            await asyncio.sleep(1.0)
            await client.disconnect()
            return b.air.traffic(ADDRESS)

    traffic = run_warped(body())
    assert traffic.dropped == {Cause.QUEUE_FULL: 8, Cause.LINK_LOST: 32}
    assert (traffic.offered, traffic.delivered, traffic.queued) == (40, 0, 0)


def test_a_silent_sensor_keeps_its_link_and_answers():
    async def body():
        async with bench() as b:
            client = await b.streaming()
            b.air.faults.go_silent(ADDRESS, 1.0)
            await b.sensors[ADDRESS].notify(150, rate_hz=100)
            await client.write_gatt_char(COMMAND, b"there?", response=True)
            answer = await client.read_gatt_char(COMMAND)
            await client.disconnect()
            return b.heard, bytes(answer), b.air.traffic(ADDRESS).dropped

    heard, answer, dropped = run_warped(body())
    assert heard == list(range(heard[0], 150))
    assert heard[0] == dropped[Cause.SILENT] == pytest.approx(100, abs=1)
    assert answer == b"there?"


def test_a_stall_ends_in_a_burst_without_loss():
    async def body():
        async with bench() as b:
            client = await b.connected()
            arrived: list[tuple[float, int]] = []
            await client.start_notify(
                DATA, lambda _w, v: arrived.append((now_s(), int.from_bytes(v, "little")))
            )
            b.air.faults.stall(ADDRESS, 0.4)
            await b.sensors[ADDRESS].notify(100, rate_hz=200)
            await asyncio.sleep(0.1)
            await client.disconnect()
            return arrived

    arrived = run_warped(body())
    assert [number for _, number in arrived] == list(range(100))
    burst_s = arrived[0][0]
    assert sum(when_s == burst_s for when_s, _ in arrived) == pytest.approx(78, abs=4)


def test_a_slow_start_happens_at_every_connection():
    async def body():
        async with bench() as b:
            b.air.faults.slow_start(ADDRESS, 1.0)
            firsts = []
            for _ in range(2):
                client = await b.streaming()
                begun = b.sensors[ADDRESS].sent
                await b.sensors[ADDRESS].notify(150, rate_hz=100)
                firsts.append(b.heard[0] - begun)
                b.heard.clear()
                await client.disconnect()
            return firsts

    assert run_warped(body()) == [pytest.approx(60, abs=15)] * 2


def test_random_loss_takes_its_share_of_whole_notifications():
    async def body():
        async with bench(seed=5) as b:
            client = await b.streaming()
            b.air.faults.lose_some(ADDRESS, 0.1)
            await b.sensors[ADDRESS].notify(1000, rate_hz=200)
            await asyncio.sleep(0.1)
            await client.disconnect()
            return b.heard, b.air.traffic(ADDRESS)

    heard, traffic = run_warped(body())
    assert heard == sorted(set(heard))
    assert len(heard) + traffic.dropped[Cause.RANDOM_LOSS] == 1000
    assert traffic.dropped[Cause.RANDOM_LOSS] == pytest.approx(100, abs=30)


def test_a_sensor_that_hangs_up_has_said_what_it_had_to_say():
    async def body():
        async with bench() as b:
            client = await b.streaming()
            await b.sensors[ADDRESS].notify(5)
            b.air.faults.hang_up(ADDRESS)
            await asyncio.sleep(0.1)
            connected = client.is_connected
            await client.disconnect()
            await (await b.connected()).disconnect()
            return connected, b.heard

    assert run_warped(body()) == (False, [0, 1, 2, 3, 4])


def test_a_sensor_that_vanished_before_connecting_times_out_and_harms_no_other():
    async def body():
        async with bench(ADDRESS, OTHER) as b:
            gone = b.client(await b.found(), timeout=1.5)
            other = b.client(await b.found(OTHER))
            b.air.faults.vanish(ADDRESS)
            begun_s = now_s()
            with pytest.raises(TimeoutError):
                await gone.connect()
            waited_s = now_s() - begun_s
            await other.connect()
            b.air.faults.return_(ADDRESS)
            await gone.connect()
            both = gone.is_connected and other.is_connected
            await gone.disconnect()
            await other.disconnect()
            return waited_s, both

    assert run_warped(body()) == (pytest.approx(1.5), True)


def test_a_connect_that_the_caller_cancels_leaves_the_adapter_free():
    async def body():
        async with bench(ADDRESS, OTHER) as b:
            gone, other = b.client(await b.found()), b.client(await b.found(OTHER))
            b.air.faults.vanish(ADDRESS)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await gone.connect()
            await other.connect()
            await other.disconnect()

    run_warped(body())


def test_the_controller_answers_when_bumble_itself_gives_up_connecting():
    async def body():
        async with bench(ADDRESS, OTHER) as b:
            await b.found()
            host = b.adapter.device
            b.air.faults.vanish(ADDRESS)
            with pytest.raises(core.TimeoutError):
                await host.connect_le(ADDRESS, timeout=0.5)
            connection = await host.connect_le(OTHER, timeout=0.5)
            await connection.disconnect()

    run_warped(body())


def test_a_connect_waits_for_a_sensor_that_comes_back():
    async def body():
        async with bench() as b:
            client = b.client(await b.found(), timeout=5.0)
            b.air.faults.vanish(ADDRESS, 3.0)
            begun_s = now_s()
            await client.connect()
            await client.disconnect()
            return now_s() - begun_s

    assert 3.0 < run_warped(body()) < 4.0


def test_a_deaf_sensor_fails_the_connection_soon():
    async def body():
        async with bench() as b:
            client = b.client(await b.found())
            b.air.faults.deaf(ADDRESS)
            begun_s = now_s()
            with pytest.raises(BleakError):
                await client.connect()
            waited_s = now_s() - begun_s
            b.air.faults.deaf(ADDRESS, False)
            await client.connect()
            await client.disconnect()
            return waited_s, len(b.lost_at_s)

    waited_s, told = run_warped(body())
    assert waited_s < 0.3
    assert told == 1  # the failed attempt was never a connection


def test_encryption_is_asked_for_and_pairing_gives_it():
    async def body():
        async with bench() as b:
            b.air.faults.require_encryption(ADDRESS)
            client = await b.connected()
            with pytest.raises(BleakGATTProtocolError) as caught:
                await b.subscribe(client)
            await client.pair()
            await b.subscribe(client)
            await b.sensors[ADDRESS].notify(3)
            await asyncio.sleep(0.1)
            await client.disconnect()
            return int(caught.value.args[0]), b.heard

    code, heard = run_warped(body())
    assert code == 0x0F  # insufficient encryption
    assert heard == [0, 1, 2]


def test_a_paired_sensor_is_encrypted_at_once_the_next_time():
    async def body():
        async with bench() as b:
            b.air.faults.require_encryption(ADDRESS)
            client = await b.connected(pair=True)
            await client.disconnect()
            await (await b.streaming()).disconnect()
            client = await b.connected()
            await client.unpair()
            client = await b.connected()
            with pytest.raises(BleakGATTProtocolError):
                await b.subscribe(client)
            await client.disconnect()

    run_warped(body())


def test_twenty_losses_leave_no_task_and_no_connection():
    async def body():
        async with bench() as b:
            tasks = len(asyncio.all_tasks())
            for _ in range(20):
                client = await b.streaming()
                await b.sensors[ADDRESS].notify(5)
                b.air.faults.lose_link(ADDRESS)
                await asyncio.sleep(1.0)
                await client.disconnect()
            left = b.adapter.device.connections, b.sensors[ADDRESS].device.connections
            return len(asyncio.all_tasks()) - tasks, left, len(b.lost_at_s)

    assert run_warped(body()) == (0, ({}, {}), 20)


SCRIPTS = {
    "loss": (LinkLoss(0.5), Cause.LINK_LOST),
    "vanishing": (Vanishing(0.5, 2.0), Cause.LINK_LOST),
    "silence": (Silence(0.5, 0.5), Cause.SILENT),
    "slow start": (SlowStart(5.0), Cause.SLOW_START),
    "saturation": (Saturation(0.5, 20.0), Cause.QUEUE_FULL),
    "random loss": (RandomLoss(0.5, 0.5), Cause.RANDOM_LOSS),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_strikes_at_its_time(name):
    fault, cause = SCRIPTS[name]

    async def body():
        async with bench() as b:
            client = await b.streaming()
            b.air.faults.play(ADDRESS, [fault])
            await b.sensors[ADDRESS].notify(int(100 * fault.at_s), rate_hz=100)
            early = b.air.traffic(ADDRESS).dropped_count
            await b.sensors[ADDRESS].notify(300, rate_hz=100)
            await client.disconnect()
            return early, b.air.traffic(ADDRESS)

    early, traffic = run_warped(body())
    assert early == 0
    assert traffic.dropped[cause] > 0
    assert traffic.offered == traffic.delivered + traffic.dropped_count + traffic.queued


def test_a_script_may_hang_up_stall_and_fade():
    async def body():
        async with bench() as b:
            client = await b.streaming()
            b.air.faults.play(ADDRESS, [Stall(0.1, 0.3), HangUp(1.0), Fading(1.0, -90)])
            await b.sensors[ADDRESS].notify(30, rate_hz=100)
            stalled = len(b.heard)
            await asyncio.sleep(1.5)
            connected = client.is_connected
            await client.disconnect()
            return stalled, len(b.heard), connected, b.air.station(ADDRESS).rssi_dbm

    stalled, heard, connected, rssi_dbm = run_warped(body())
    assert stalled < heard == 30
    assert (connected, rssi_dbm) == (False, -90)
