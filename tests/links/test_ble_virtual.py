"""The whole way, bleak and a GATT stack included: only the radio waves are simulated."""

from __future__ import annotations

import asyncio

import pytest
from link_contract import LinkContract
from scripted_radio import Heard

from collector.links.base import Link
from collector.links.ble import BleRadio
from collector.links.live_link import LiveLink, Wanted
from collector.links.radio import Fault, LinkError
from collector.links.states import SensorState
from collector.links.virtual.time import run_warped
from devices.registry import device

pytest.importorskip("bumble")

from collector.links.virtual.world import Conditions, SensorPlan, World

PLAIN = (SensorPlan("pelvis"), SensorPlan("thigh"))
DOTS = (SensorPlan("pelvis", "movella_dot"), SensorPlan("thigh", "movella_dot"))


def radio_of(world: World) -> BleRadio:
    return BleRadio(scanner_factory=world.scanner_factory, client_factory=world.client_factory)


async def wanted_in(world: World, radio: BleRadio, rate_hz=None) -> list[Wanted]:
    count = len(world.plans)
    adverts = await radio.scan(5.0, enough=lambda seen: len(seen) == count)
    found = {advert.address: advert for advert in adverts}
    return [
        Wanted(found[plan.address], device(plan.profile_id), None, rate_hz) for plan in world.plans
    ]


def live(act, *plans, rate_hz=None, **world_options):
    """Stream from a virtual world, let `act(link, world)` happen; return what was told."""
    heard = Heard()

    async def body():
        async with World(plans or PLAIN, **world_options) as world:
            radio = radio_of(world)
            wanted = await wanted_in(world, radio, rate_hz)
            loop = asyncio.get_running_loop()
            async with LiveLink(
                radio,
                wanted,
                clock_us=loop.now_us,
                on_event=heard.event,
                on_status=heard.status,
                random=lambda: 1.0,
            ) as link:
                await act(link, world)
            assert not world.adapter.device.connections

    run_warped(body())
    return heard


async def streaming(link, _=None):
    assert await link.ready(20)


def thigh(world: World) -> str:
    return world.plans[1].address


class EndingLink(LiveLink):
    """In a world of its own, from scan to close; ends after six seconds."""

    def __init__(self):
        super().__init__(
            None,
            [Wanted(None, device("witmotion"))] * 2,
            clock_us=asyncio.get_running_loop().now_us,
        )

    async def __aenter__(self):
        self.world, self.ending = World(PLAIN), asyncio.Lock()
        await self.world.__aenter__()
        radio = radio_of(self.world)
        loop = asyncio.get_running_loop()
        super().__init__(radio, await wanted_in(self.world, radio), clock_us=loop.now_us)
        self.timer = loop.call_later(6, lambda: loop.create_task(self.close()))
        return await super().__aenter__()

    async def _end(self):
        self.timer.cancel()
        async with self.ending:
            await super()._end()
            world, self.world = self.world, None
            if world is not None:
                await world.__aexit__(None, None, None)


class TestLiveLinkOverBleak(LinkContract):
    @pytest.fixture(autouse=True)
    def in_virtual_time(self, monkeypatch):
        monkeypatch.setattr(asyncio, "run", run_warped)

    def make_link(self) -> Link:
        return EndingLink()


@pytest.mark.parametrize(("plans", "rate_hz"), [(PLAIN, 100.0), (PLAIN, 200.0), (DOTS, 60.0)])
def test_sensors_stream_at_the_rate_that_was_asked_for(plans, rate_hz):
    async def act(link, world):
        await streaming(link)
        await asyncio.sleep(8)
        for status in link.statuses():
            assert status.rate_hz == pytest.approx(rate_hz, rel=0.03)
            assert status.facts["battery_percent"] == 100

    assert live(act, *plans, rate_hz=rate_hz).kinds() == ["streaming"]


def test_a_zero_reference_is_reported_before_the_start():
    async def act(link, world):
        await streaming(link)
        assert link.status(1).facts["roll_zero_deg"] == pytest.approx(2.0, abs=0.01)

    live(act, PLAIN[0], SensorPlan("thigh", registers={0x79: 0x016C}))


def test_wrong_angles_are_reported_until_they_are_right():
    async def act(link, world):
        await streaming(link)
        assert link.status(1).facts["angles_off_gravity"] == 1
        await asyncio.sleep(25)
        assert link.status(1).facts["angles_off_gravity"] == 0

    live(act, PLAIN[0], SensorPlan("thigh", frozen_frames=700))


def test_a_lost_sensor_comes_back_and_the_other_streams_on():
    async def act(link, world):
        await streaming(link)
        before = link.status(0).received
        world.air.faults.lose_link(thigh(world), 4.0)
        await asyncio.sleep(1)
        assert link.status(1).state is not SensorState.STREAMING
        await streaming(link)
        await asyncio.sleep(3)
        assert link.status(1).connections == 2
        assert link.status(1).duplicated == 0  # the old subscription was let go of
        assert link.status(0).received - before > 24 * 6

    heard = live(act)
    assert heard.kinds(1) == ["streaming", "stale", "link_lost", "alarm", "reconnected"]
    assert heard.kinds(0) == ["streaming"]


def test_a_sensor_that_hangs_up_is_connected_again():
    async def act(link, world):
        await streaming(link)
        world.air.faults.hang_up(thigh(world))
        await asyncio.sleep(0.2)
        await streaming(link)

    assert live(act).kinds(1)[:2] == ["streaming", "link_lost"]


def test_what_is_sent_is_handed_on_or_counted():
    async def act(link, world):
        await streaming(link)
        await asyncio.sleep(10)
        status, sent = link.status(1), world.balance(thigh(world))
        replies = 4
        assert abs(status.received + status.before_start - sent.delivered) <= replies

    live(act)


def test_a_stall_with_its_burst_loses_nothing_and_the_link_is_kept():
    async def act(link, world):
        await streaming(link)
        world.air.faults.stall(thigh(world), 0.8)
        await asyncio.sleep(5)
        assert link.status(1).connections == 1

    assert live(act).kinds(1) == ["streaming", "stale", "fresh"]


def test_a_link_that_is_up_but_silent_is_cured_or_made_again():
    async def act(link, world):
        await streaming(link)
        world.air.faults.go_silent(thigh(world), 8.0)
        await asyncio.sleep(1)
        assert link.status(1).state is SensorState.STALE
        await asyncio.sleep(1.2)
        assert link.status(1).alarm
        await asyncio.sleep(15)
        await streaming(link)

    assert "link_lost" in live(act).kinds(1)


@pytest.mark.parametrize("plans", [PLAIN, DOTS])
def test_a_sensor_that_wants_pairing_is_paired(plans):
    from dataclasses import replace

    heard = live(streaming, plans[0], replace(plans[1], needs_pairing=True))
    assert heard.kinds(1) == ["streaming"]


@pytest.mark.parametrize(
    ("state", "told"),
    [("off", "adapter_off"), ("none", "no_adapter"), ("denied", "permission_denied")],
)
def test_an_adapter_that_goes_is_told_for_what_it_is_and_recovered_from(state, told):
    async def act(link, world):
        await streaming(link)
        world.adapter.state = state
        await asyncio.sleep(2)
        assert {status.state.value for status in link.statuses()} == {told}
        world.adapter.state = "on"
        await streaming(link)

    assert live(act).kinds(0)[:3] == ["streaming", "link_lost", told]


def test_a_wedged_adapter_is_told_and_recovered_from():
    async def act(link, world):
        await streaming(link)
        world.adapter.state = "wedged"
        world.air.faults.lose_link(thigh(world), 1.0)
        await asyncio.sleep(25)
        assert link.status(1).state is SensorState.ADAPTER_WEDGED
        assert link.status(0).state is SensorState.STREAMING
        world.adapter.state = "on"
        await streaming(link)

    assert "adapter_wedged" in live(act).kinds(1)


@pytest.mark.parametrize(
    ("state", "fault"),
    [
        ("off", Fault.ADAPTER_OFF),
        ("none", Fault.NO_ADAPTER),
        ("denied", Fault.PERMISSION_DENIED),
        ("wedged", Fault.ADAPTER_WEDGED),
    ],
)
def test_a_scan_on_an_adapter_that_cannot_says_which_way_it_cannot(state, fault):
    async def body():
        async with World(PLAIN, conditions=Conditions(adapter=state)) as world:
            with pytest.raises(LinkError) as caught:
                await radio_of(world).scan(2.0)
            assert caught.value.fault is fault

    run_warped(body())


def test_two_sensors_of_one_name_are_two_sensors():
    async def act(link, world):
        await streaming(link)
        assert [status.name for status in link.statuses()] == ["WT901BLE67"] * 2

    live(act, SensorPlan("pelvis", name="WT901BLE67"), SensorPlan("thigh", name="WT901BLE67"))
