from __future__ import annotations

import asyncio
import statistics

import pytest
from air_kit import ADDRESS, OTHER, bench, now_s

from collector.links.virtual.station import Cause
from collector.links.virtual.time import run_warped


def test_a_thousand_notifications_arrive_complete_and_in_order():
    async def body():
        async with bench() as b:
            client = await b.streaming()
            await b.sensors[ADDRESS].notify(1000, rate_hz=100)
            await asyncio.sleep(0.1)
            await client.disconnect()
            return b.heard

    assert run_warped(body()) == list(range(1000))


@pytest.mark.parametrize(
    ("interval_s", "packets", "per_s"),
    [(0.050, 4, 80.0), (0.030, 6, 200.0), (0.015, 1, 66.6667)],
)
def test_a_link_carries_what_interval_and_packets_multiply_to(interval_s, packets, per_s):
    async def body():
        async with bench(interval_s=interval_s, packets_per_interval=packets) as b:
            client = await b.streaming()
            before = b.air.traffic(ADDRESS).delivered
            await b.sensors[ADDRESS].notify(2000, rate_hz=250)  # 8 s, more than it carries
            carried = b.air.traffic(ADDRESS).delivered - before
            await client.disconnect()
            return carried

    assert run_warped(body()) / 8.0 == pytest.approx(per_s, rel=0.02)


def test_an_unhurried_sensor_waits_half_an_interval_on_average():
    async def body():
        async with bench(interval_s=0.030) as b:
            client = await b.connected()
            waits: list[float] = []
            sent_s: list[float] = []
            await client.start_notify(
                client.services.get_characteristic(16) or 16,
                lambda _what, _value: waits.append(now_s() - sent_s[len(waits)]),
            )
            for _ in range(500):
                sent_s.append(now_s())
                await b.sensors[ADDRESS].notify()
                await asyncio.sleep(0.0137)  # shares no beat with the interval
            await client.disconnect()
            return waits

    waits = run_warped(body())
    assert statistics.mean(waits) == pytest.approx(0.015, abs=0.001)
    assert max(waits) <= 0.030 + 1e-6


def test_a_saturated_link_drops_in_the_sensor_and_the_count_adds_up():
    async def body():
        async with bench() as b:
            client = await b.streaming()
            b.air.faults.saturate(ADDRESS, packets_per_s=40.0)
            await b.sensors[ADDRESS].notify(400, rate_hz=100)
            traffic = b.air.traffic(ADDRESS)
            middle = (traffic.offered, traffic.delivered, traffic.dropped_count, traffic.queued)
            b.air.faults.saturate(ADDRESS, False)
            await asyncio.sleep(0.5)
            await client.disconnect()
            return middle, traffic, b.heard

    (offered, delivered, dropped, queued), traffic, heard = run_warped(body())
    assert offered == 400 == delivered + dropped + queued
    assert delivered == pytest.approx(160, abs=2)
    assert 31 <= queued <= 32
    assert traffic.delivered == len(heard) == delivered + queued
    assert set(traffic.dropped) == {Cause.QUEUE_FULL}


def test_two_sensors_have_their_own_links():
    async def body():
        async with bench(ADDRESS, OTHER) as b:
            clients = [await b.streaming(address) for address in (ADDRESS, OTHER)]
            b.air.faults.saturate(ADDRESS, packets_per_s=10.0)
            async with asyncio.TaskGroup() as group:
                for sensor in b.sensors.values():
                    group.create_task(sensor.notify(200, rate_hz=100))
            counts = [b.air.traffic(address).delivered for address in (ADDRESS, OTHER)]
            for client in clients:
                await client.disconnect()
            return counts

    slow, fast = run_warped(body())
    assert slow == pytest.approx(20, abs=2)
    assert fast >= 198


def test_the_same_seed_gives_the_same_course_and_another_seed_another():
    async def body(seed):
        async with bench(ADDRESS, OTHER, seed=seed) as b:
            clients = [await b.streaming(address) for address in (ADDRESS, OTHER)]
            b.air.faults.lose_some(ADDRESS, 0.3)
            await b.sensors[ADDRESS].notify(100, rate_hz=100)
            for client in clients:
                await client.disconnect()
            return now_s(), tuple(b.heard)

    first, again, other = (run_warped(body(seed)) for seed in (1, 1, 2))
    assert first == again
    assert first[1] != other[1]
