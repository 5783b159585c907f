from __future__ import annotations

import asyncio

import numpy as np
import pytest
from bleak.exc import BleakError
from sensor_kit import DOT, Host, angle_deg, connected, decoded, on_one, scanned

from collector.links.virtual.faults import LinkLoss
from collector.links.virtual.sensor import SensorPlan
from collector.links.virtual.time import run_warped
from collector.links.virtual.world import World
from devices.registry import device
from schemas.chunk import Chunk, Notification

PLAN = SensorPlan("thigh", profile_id="movella_dot")
PAYLOAD = {5: "2004", 2: "2003", 26: "2002"}
USED = {2: 36, 3: 32, 4: 16, 5: 20, 6: 16, 7: 32, 16: 28, 20: 34, 21: 28, 22: 40, 23: 34, 24: 32}
"""Bytes used by each mode as the maker's document counts them, time included."""
MEDIUM = {2, 3, 7, 16, 20, 21, 22, 23, 24}


async def started(host: Host, mode: int = 5) -> None:
    name = "2003" if mode in MEDIUM else PAYLOAD.get(mode, "2004")
    await host.subscribe(name)
    await host.write("2001", bytes((1, 1, mode)))


def ticks(came: list[Notification]) -> np.ndarray:
    return np.array([int.from_bytes(n.payload[:4], "little") for n in came])


def test_it_advertises_name_and_company_but_no_services():
    async def run():
        async with World([PLAN]) as world:
            return next(iter((await scanned(world)).values()))[1]

    advert = run_warped(run())
    assert advert.local_name == "Movella DOT"
    assert list(advert.manufacturer_data) == [2182]
    assert advert.service_uuids == []


def test_its_characteristics_are_the_documented_ones():
    async def body(_world, host):
        return {
            c.uuid[4:8]: set(c.properties)
            for c in host.client.services.characteristics.values()
            if c.uuid.startswith("1517")
        }

    table = on_one(PLAN, body)
    assert table == {
        "1001": {"read"},
        "1002": {"read", "write"},
        "1004": {"notify"},
        "2001": {"read", "write"},
        "2002": {"notify"},
        "2003": {"notify"},
        "2004": {"notify"},
        "2006": {"read", "write"},
        "2007": {"read"},
        "3001": {"read", "notify"},
        "7001": {"write"},
        "7002": {"read"},
        "7003": {"notify"},
    }


@pytest.mark.parametrize("mode", [*USED, 26])
def test_every_mode_comes_padded_and_decodes(mode):
    async def body(_world, host):
        await started(host, mode)
        return await host.during(1.0)

    came = on_one(PLAN, body)
    size = 40 if mode in MEDIUM else 63 if mode == 26 else 20
    used = USED.get(mode, 44)
    assert {len(n.payload) for n in came} == {size}
    assert {n.payload[used:] for n in came} == {bytes(size - used)}
    samples, counters = decoded(came, "movella_dot", mode)
    assert counters.damaged == 0
    assert len(samples.samples) == pytest.approx(60, abs=2)


def test_gravity_and_quaternion_tell_what_the_person_did():
    async def body(world, host):
        await started(host, 26)
        world.begin()
        rep = world.truth.repetitions[0]
        rest = await host.during(2.0)
        await asyncio.sleep(rep.plateau.start_s + 0.3 - world.now_s)
        return rest, await host.during(1.5), rep.tot_deg

    *both, tot_deg = on_one(PLAN, body)
    parts = [decoded(came, "movella_dot", 26)[0].samples for came in both]
    assert angle_deg(*(p.acc_m_s2.mean(axis=0) for p in parts)) == pytest.approx(tot_deg, abs=1.0)
    turn = abs(parts[0].quat_wxyz[60] @ parts[1].quat_wxyz[45])
    assert np.degrees(2 * np.arccos(turn)) == pytest.approx(tot_deg, abs=3.0)  # heading drifts


def test_its_clock_steps_by_whole_microseconds_and_wraps():
    async def body(_world, host):
        await started(host)
        return await host.during(10.0)

    came = on_one(SensorPlan("thigh", profile_id="movella_dot", clock_s=4290.0), body)
    steps = np.diff(ticks(came))
    assert set(steps.tolist()) == {16667, 16667 - 2**32}
    samples, _ = decoded(came, "movella_dot", 5)
    np.testing.assert_allclose(np.diff(samples.samples.device_time_s), 0.016667, atol=1e-9)


def test_without_notifications_enabled_a_start_starts_nothing():
    async def body(_world, host):
        await host.write("2001", "010105")
        await host.subscribe("2004")
        return len(await host.during(1.0)), await host.read("2001")

    assert on_one(PLAN, body) == (0, bytes((1, 0, 5)))


def test_stopped_it_sends_no_more():
    async def body(_world, host):
        await started(host)
        await asyncio.sleep(1.0)
        await host.write("2001", "010005")
        await asyncio.sleep(0.1)
        return len(await host.during(1.0))

    assert on_one(PLAN, body) == 0


RATE_20 = bytes((1 << 4,)) + bytes(23) + b"\x14\x00" + bytes(6)


@pytest.mark.parametrize(("streaming", "rate_hz"), [(False, 20), (True, 60)])
def test_the_rate_changes_only_while_idle(streaming, rate_hz):
    async def body(_world, host):
        if streaming:
            await started(host)
        await host.write("1002", RATE_20)
        if not streaming:
            await started(host)
        return len(await host.during(5.0)) / 5.0, (await host.read("1002"))[24:26]

    measured, told = on_one(PLAN, body)
    assert measured == pytest.approx(rate_hz, abs=0.3)
    assert int.from_bytes(told, "little") == rate_hz


def test_the_heading_is_reset_once_and_reverted_before_again():
    async def body(_world, host):
        before = (await host.write("2006", "0100"), await host.read("2007"))[1]
        await started(host, 4)
        await asyncio.sleep(0.5)
        await host.write("2006", "0100")
        done = await host.read("2007")
        await asyncio.sleep(0.1)
        zeroed = await host.during(0.5)
        await host.write("2006", "0100")
        again = await host.read("2007")
        await host.write("2006", "0700")
        return before, done, again, await host.read("2007"), zeroed

    idle, done, again, reverted, came = on_one(PLAN, body)
    assert (idle, done, again, reverted) == (b"\0", b"\1", b"\0", b"\1")
    yaw = np.degrees(decoded(came, "movella_dot", 4)[0].samples.euler_rad[:, 2])
    assert abs(yaw.mean()) < 1.0


def test_the_heading_cannot_be_reset_once_stopped():
    async def body(_world, host):
        await started(host, 4)
        await asyncio.sleep(0.5)
        await host.write("2001", "010004")
        await host.write("2006", "0100")
        return await host.read("2007")

    assert on_one(PLAN, body) == b"\0"


def test_a_start_while_streaming_does_not_change_the_mode():
    async def body(_world, host):
        await host.subscribe("2003")
        await started(host, 5)
        await host.write("2001", "010102")
        return await host.read("2001"), {n.characteristic for n in await host.during(1.0)}

    assert on_one(PLAN, body) == (bytes((1, 1, 5)), {"2004"})


def test_it_goes_on_streaming_through_a_lost_link_by_the_same_clock():
    async def run():
        async with World([SensorPlan("thigh", "movella_dot", faults=(LinkLoss(5.0),))]) as world:
            address = world.plans[0].address
            async with connected(world, address, DOT) as host:
                await started(host)
                await asyncio.sleep(8.0 - world.now_s)
                first = host.take()
            async with connected(world, address, DOT) as host:
                state = await host.read("2001")
                await host.subscribe("2004")
                return first, state, await host.during(1.0), world.sent(address)

    first, state, again, ledger = run_warped(run())
    assert state == bytes((1, 1, 5))
    gap_us = ticks(again)[0] - ticks(first)[-1]
    assert gap_us == pytest.approx(again[0].t_us - first[-1].t_us, abs=60_000)
    assert gap_us % 16667 == 0
    assert len(ledger.sessions) == 2
    assert ledger.skipped > 100


def test_a_payload_that_does_not_fit_the_mtu_is_cut_and_refused_by_the_decoder():
    async def body(_world, host):
        await started(host, 2)
        return await host.during(1.0)

    came = on_one(SensorPlan("thigh", "movella_dot", mtu=23), body)
    assert {len(n.payload) for n in came} == {20}
    _, counters = decoded(came, "movella_dot", 2)
    assert (counters.received, counters.damaged) == (0, len(came))


@pytest.mark.parametrize(
    ("name", "payload"),
    [("2001", "0101"), ("2001", "0101ff"), ("2001", "020105"), ("1002", "10"), ("2006", "01")],
)
def test_a_bad_write_is_refused_at_once(name, payload):
    async def body(world, host):
        begun_s = world.now_s
        with pytest.raises(BleakError):
            await host.write(name, payload)
        return world.now_s - begun_s

    assert on_one(PLAN, body) < 0.2


def test_its_information_holds_the_address_and_redaction_takes_it_out():
    async def body(_world, host):
        return await host.read("1001")

    info = on_one(SensorPlan("thigh", "movella_dot", address="D4:22:CD:00:12:34"), body)
    assert len(info) == 34
    assert info[:6].hex() == "341200cd22d4"
    clean, what = device("movella_dot").redact(Chunk.of([Notification(0, False, "1001", info)]))
    assert clean.payload[:6] == bytes(6)
    assert clean.payload[20:28] == bytes(8)
    assert what


def test_the_battery_is_read_and_told_when_it_changes():
    async def body(world, host):
        await host.subscribe("3001")
        before = await host.read("3001")
        world.sensor(host.address).set_battery(7)
        return before, (await host.during(0.5))[0].payload

    assert on_one(SensorPlan("thigh", "movella_dot", battery_percent=64), body) == (
        b"\x40\0",
        b"\7\0",
    )


def test_a_sensor_whose_battery_is_empty_says_that_it_goes_off():
    async def body(world, host):
        await host.subscribe("1004")
        world.sensor(host.address).set_battery(1)
        world.sensor(host.address).set_battery(0)
        return [row.payload for row in await host.during(0.5)]

    (report,) = on_one(SensorPlan("thigh", "movella_dot"), body)
    assert (report[0], len(report)) == (1, 36)


@pytest.mark.parametrize(
    ("question", "answer"), [("010102fc", "0103010602f3"), ("020108f5", "02025109a2")]
)
def test_messages_are_answered_as_documented(question, answer):
    async def body(_world, host):
        await host.subscribe("7003")
        await host.write("7001", question)
        await asyncio.sleep(0.1)
        return (await host.read("7002")).hex(), host.take()[0].payload.hex()

    assert on_one(PLAN, body) == (answer, answer)


def test_switched_off_and_on_its_clock_begins_again_and_it_is_idle():
    async def run():
        async with World([PLAN]) as world:
            address = world.plans[0].address
            async with connected(world, address, DOT) as host:
                await started(host)
                await asyncio.sleep(1.0)
            world.power_cycle(address)
            off_s = world.now_s
            await asyncio.sleep(3.0)
            async with connected(world, address, DOT) as host:
                idle = await host.read("2001")
                await started(host)
                return idle, (await host.during(1.0))[0], off_s

    idle, first, off_s = run_warped(run())
    assert idle == bytes((1, 0, 5))
    assert ticks([first])[0] == pytest.approx(first.t_us - off_s * 1e6, abs=60_000)
