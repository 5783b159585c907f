from __future__ import annotations

import asyncio
import re
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from bleak.exc import BleakError
from sensor_kit import DOT, WIT, Host, connected, decoded, scanned

from collector.links.virtual.faults import RandomLoss, Silence
from collector.links.virtual.scenarios import SCENARIOS, world_of
from collector.links.virtual.sensor import BatteryEmpty, SensorPlan, address_for
from collector.links.virtual.time import run_warped
from collector.links.virtual.world import AdapterFault, Conditions, World
from schemas.errors import UsageError
from schemas.segments import ROLES

PAIR = (SensorPlan("pelvis"), SensorPlan("thigh"))
FAST = {0x03: 0x09}
FAST_PAIR = tuple(SensorPlan(plan.role, registers=FAST) for plan in PAIR)


async def heard_for(world: World, address: str, seconds: float) -> list:
    async with connected(world, address) as host:
        await host.subscribe("ffe4")
        await asyncio.sleep(seconds)
        return host.take()


async def both(world: World, seconds: float) -> list[list]:
    """Listen to all sensors of a world at once."""
    heard = await scanned(world)
    hosts = []
    for address in world.addresses.values():
        client = world.client_factory(heard[address][0], timeout=5.0)
        await client.connect()
        hosts.append(Host(world, client, WIT))
        await hosts[-1].subscribe("ffe4")
    await asyncio.sleep(seconds)
    for host in hosts:
        await host.client.disconnect()
    return [host.came for host in hosts]


def test_more_sensors_than_names_are_called_alike_and_told_apart_by_address():
    world = World([SensorPlan(role) for role in ROLES])
    assert len(ROLES) > 4
    assert len({plan.address for plan in world.plans}) == len(ROLES)
    assert world.plans[4].name == world.plans[0].name


@pytest.mark.parametrize("fault", [(), (RandomLoss(0.0, 0.1),), (Silence(3.0, 2.0),)])
def test_what_came_and_what_was_dropped_is_what_was_sent(fault):
    async def run():
        plans = [SensorPlan(p.role, registers=FAST, faults=fault) for p in PAIR]
        async with World(plans) as world:
            came = await both(world, 10.0)
            return came, [world.balance(address) for address in world.addresses.values()]

    came, balances = run_warped(run())
    for got, balance in zip(came, balances, strict=True):
        assert balance.sent > 200
        assert balance.sent == balance.delivered + balance.dropped + balance.queued
        assert len(got) == balance.delivered
        assert (balance.dropped > 5) == bool(fault)


def test_the_same_seed_gives_the_same_bytes_at_the_same_times():
    async def run():
        async with World(FAST_PAIR, seed=5) as world:
            world.begin()
            return await both(world, 5.0)

    assert run_warped(run()) == run_warped(run())


def test_frames_that_nobody_heard_are_counted_as_skipped():
    async def run():
        async with World(FAST_PAIR[:1]) as world:
            address = world.plans[0].address
            first = await heard_for(world, address, 2.0)
            await asyncio.sleep(10.0)
            await heard_for(world, address, 2.0)
            return len(first), world.sent(address)

    _, ledger = run_warped(run())
    apart_s = ledger.sessions[1].since_s - ledger.sessions[0].until_s
    assert apart_s > 10.0
    assert ledger.skipped == pytest.approx(100 * apart_s, rel=0.012)
    assert sum(s.frames for s in ledger.sessions) == ledger.frames


def test_a_test_is_begun_once_told_and_its_truth_known():
    async def run():
        async with World(FAST_PAIR) as world:
            with pytest.raises(UsageError):
                _ = world.truth
            await asyncio.sleep(7.0)
            world.begin()
            return world.truth

    truth = run_warped(run())
    assert len(truth.repetitions) == 3
    assert 7.0 + 3.0 <= truth.repetitions[0].start_s <= 7.0 + 3.4


def test_only_the_tapped_sensor_is_shaken():
    async def run():
        async with World(FAST_PAIR) as world:
            loop = asyncio.get_running_loop()
            loop.call_later(5.0, world.tap, world.addresses["thigh_left"])
            return await both(world, 8.0)

    shaken = [np.ptp(decoded(came)[0].samples.acc_m_s2, axis=0).max() for came in run_warped(run())]
    assert shaken[0] < 0.3
    assert shaken[1] > 5.0


def test_posed_sensors_lie_on_the_side_asked_for():
    async def run():
        async with World(FAST_PAIR) as world:
            world.pose(3)
            await asyncio.sleep(2.0)
            return await both(world, 2.0)

    for came in run_warped(run()):
        up = decoded(came)[0].samples.acc_m_s2.mean(axis=0)
        assert up[2] < -9.0  # the fourth side: z down


def test_an_empty_battery_is_low_first_and_then_the_sensor_is_gone():
    async def run():
        plan = SensorPlan("thigh", faults=(BatteryEmpty(3.0, low_s=5.0),))
        async with World([plan]) as world, connected(world, world.plans[0].address) as host:
            await host.subscribe("ffe4")
            await asyncio.sleep(4.0 - world.now_s)
            low = await host.reply("ffaa276400")
            await asyncio.sleep(10.0 - world.now_s)
            return low, host.client.is_connected, await scanned(world)

    low, is_connected, heard = run_warped(run())
    assert int.from_bytes(low[4:6], "little") == 340
    assert not is_connected
    assert not heard


def test_an_adapter_can_go_off_and_come_back():
    async def run():
        fault = AdapterFault(2.0, "off", for_s=3.0)
        async with World(PAIR, conditions=Conditions(adapter_faults=(fault,))) as world:
            states = []
            for at_s in (1.0, 3.0, 6.0):
                await asyncio.sleep(at_s - world.now_s)
                states.append(world.adapter.state)
            return states

    assert run_warped(run()) == ["on", "off", "on"]


def test_addresses_are_static_random_and_follow_from_the_seed():
    addresses = {address_for(seed, role) for seed in range(20) for role in ("pelvis", "thigh")}
    assert len(addresses) == 40
    assert all(int(address[:2], 16) >= 0xC0 for address in addresses)
    assert address_for(3, "thigh") == address_for(3, "thigh")


def test_a_world_that_is_not_open_says_so():
    with pytest.raises(RuntimeError, match="not open"):
        _ = World(PAIR).air


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_opens_is_described_and_leaves_nothing(name):
    async def run():
        async with world_of(name) as world:
            if world.adapter.state == "on":
                await scanned(world)
            world.begin()
            await asyncio.sleep(60.0)

    run_warped(run())
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert len(SCENARIOS[name]) > 10


def test_the_docs_list_every_scenario_with_its_words():
    page = Path(__file__).parents[2] / "docs" / "virtual-radio.md"
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", page.read_text(encoding="utf-8"), re.M)
    assert dict(rows) == dict(SCENARIOS)


def test_an_unknown_scenario_names_those_that_exist():
    with pytest.raises(UsageError, match="plain, lossy"):
        world_of("sunshine")


@pytest.mark.parametrize("protocol", ["pslr", "k2c", "fb", "sts"])
def test_the_dropout_is_in_the_second_repetition(protocol):
    async def run():
        async with world_of("dropout", protocol=protocol) as world:
            world.begin()
            second = world.truth.repetitions[1]
            address = world.plans[1].address
            there = []
            for at_s in (second.start_s, second.plateau.start_s + 0.1, second.end_s + 5.0):
                await asyncio.sleep(at_s - world.now_s)
                there.append(world.air.station(address).in_reach)
            return there

    assert run_warped(run()) == [True, False, True]


def test_two_sensors_of_one_name_have_two_addresses():
    async def run():
        async with world_of("same-name") as world:
            return await scanned(world)

    heard = run_warped(run())
    assert len(heard) == 2
    assert len({advert.local_name for _, advert in heard.values()}) == 1


def test_four_sensors_stream_at_once():
    async def run():
        async with world_of("four") as world:
            return await both(world, 3.0)

    assert [len(came) > 25 for came in run_warped(run())] == [True] * 4


def test_the_families_stream_side_by_side():
    async def run():
        async with world_of("mixed") as world:
            pelvis, thigh = world.addresses.values()
            wit = await heard_for(world, pelvis, 2.0)
            async with connected(world, thigh, DOT) as host:
                await host.subscribe("2004")
                await host.write("2001", "010105")
                return len(wit), len(await host.during(2.0))

    wit, dot = run_warped(run())
    assert wit == pytest.approx(20, abs=2)
    assert dot == pytest.approx(120, abs=2)


def test_streaming_for_long_takes_no_more_memory():
    async def run():
        async with World(FAST_PAIR) as world:
            heard = await scanned(world)
            clients = []
            for address in world.addresses.values():
                client = world.client_factory(heard[address][0], timeout=5.0)
                await client.connect()
                await client.start_notify(WIT.format("ffe4"), lambda _c, _data: None)
                clients.append(client)
            await asyncio.sleep(20.0)
            tracemalloc.start()
            await asyncio.sleep(20.0)
            before = tracemalloc.get_traced_memory()[0]
            await asyncio.sleep(60.0)
            grown = tracemalloc.get_traced_memory()[0] - before
            tracemalloc.stop()
            for client in clients:
                await client.disconnect()
            return grown

    assert run_warped(run()) < 100_000


def test_sensors_that_want_pairing_refuse_a_subscription_until_paired():
    async def run():
        async with world_of("pairing") as world, connected(world, world.plans[0].address) as host:
            with pytest.raises(BleakError, match=r"(?i)encrypt"):
                await host.subscribe("ffe4")
            await host.client.pair()
            await host.subscribe("ffe4")
            return await host.during(2.0)

    assert len(run_warped(run())) == pytest.approx(20, abs=2)


def test_a_deaf_sensor_is_heard_but_cannot_be_connected_to():
    async def run():
        async with world_of("vanish") as world:
            deaf = world.plans[1].address
            heard = await scanned(world)
            with pytest.raises((BleakError, TimeoutError)):
                await world.client_factory(heard[deaf][0], timeout=5.0).connect()
            return await heard_for(world, world.plans[0].address, 1.0)

    assert run_warped(run())
