from __future__ import annotations

import asyncio
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from sensor_kit import WIT, Host, angle_deg, connected, decoded, on_one, scanned

from collector.links.virtual.sensor import SensorPlan
from collector.links.virtual.time import run_warped
from collector.links.virtual.world import World
from devices.registry import device
from schemas.chunk import Chunk

UNLOCK, SAVE = "ffaa6988b5", "ffaa000000"
RATE = {10: "ffaa030600", 50: "ffaa030800", 100: "ffaa030900", 200: "ffaa030b00"}
PLAN = SensorPlan("thigh")


async def at_100_hz(host: Host) -> None:
    await host.write("ffe9", UNLOCK, RATE[100])


def frames_a_second(came: list) -> float:
    """Frames over the time in which they came, the first notification's not counted."""
    frames = sum(len(n.payload) for n in came[1:]) / 20
    return frames / (came[-1].t_us - came[0].t_us) * 1e6


def test_it_advertises_like_the_real_one():
    async def run():
        async with World([PLAN]) as world:
            heard = await scanned(world)
            return world.plans[0].address, heard

    address, heard = run_warped(run())
    found, advert = heard[address]
    assert int(found.address[:2], 16) >> 6 == 0b11  # static random
    assert advert.local_name == "WT901BLE67"
    assert advert.service_uuids == [WIT.format("ffe5")]
    assert advert.rssi == -55


def test_its_gatt_table_is_the_documented_one():
    async def body(_world, host):
        return {
            (c.service_uuid[4:8], c.uuid): set(c.properties)
            for c in host.client.services.characteristics.values()
            if c.service_uuid[:4] == "0000" and c.service_uuid[4:6] not in ("18",)
        }

    assert on_one(PLAN, body) == {
        ("ffe5", WIT.format("ffe4")): {"notify"},
        ("ffe5", WIT.format("ffe9")): {"write", "write-without-response"},
    }


@pytest.mark.parametrize(("rate_hz", "octets"), [(10, 20), (100, 80), (200, 160)])
def test_frames_are_packed_as_measured(rate_hz, octets):
    async def body(_world, host):
        await host.write("ffe9", UNLOCK, RATE[rate_hz])
        return await host.during(5.0)

    came = on_one(PLAN, body)
    assert {len(n.payload) for n in came} == {octets}
    assert 0.985 * rate_hz < frames_a_second(came) < 1.005 * rate_hz


def test_its_true_rate_is_below_the_nominal_one():
    async def body(_world, host):
        await at_100_hz(host)
        return await host.during(60.0)

    rates = [frames_a_second(on_one(PLAN, body, seed=seed)) for seed in range(6)]
    assert all(98.9 < rate < 100.01 for rate in rates)
    assert len({round(rate, 2) for rate in rates}) == 6  # every unit its own


def test_out_of_the_box_it_sends_at_10_hz():
    async def body(_world, host):
        return await host.during(10.0)

    assert frames_a_second(on_one(PLAN, body)) == pytest.approx(10.0, rel=0.011)


def test_decoded_it_tells_what_the_person_did():
    async def body(world, host):
        await at_100_hz(host)
        world.begin()
        begun_s, rep = world.now_s, world.truth.repetitions[0]
        rest = await host.during(2.5)
        await asyncio.sleep(rep.plateau.start_s + 0.3 - world.now_s)
        return rest, await host.during(rep.plateau.end_s - world.now_s), rep, begun_s

    rest, raised, rep, _ = on_one(PLAN, body)
    ups = [decoded(came)[0].samples.acc_m_s2.mean(axis=0) for came in (rest, raised)]
    assert np.linalg.norm(ups[0]) == pytest.approx(9.80665, abs=0.1)
    assert angle_deg(*ups) == pytest.approx(rep.tot_deg, abs=1.0)


def test_a_small_mtu_splits_frames_and_loses_none():
    async def body(world, host):
        await at_100_hz(host)
        came = await host.during(5.0)
        return came, world.sent(host.address)

    came, _ = on_one(SensorPlan("thigh", mtu=64), body)
    assert {len(n.payload) for n in came} == {61, 19}
    samples, counters = decoded(came)
    assert counters.damaged == 0
    assert len(samples.samples) == pytest.approx(497, abs=6)


# Registers


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("ffaa270300", "55710300" + "0600" + "0000" * 7),  # 10 Hz, out of the box
        ("ffaa272400", "55712400" + "0000" * 8),  # nine axes
        ("ffaa277900", "55717900" + "0000" * 8),  # no zero references
    ],
)
def test_registers_answer_with_eight_words(question, answer):
    async def body(_world, host):
        return (await host.reply(question)).hex()

    assert on_one(PLAN, body) == answer


def test_the_reply_at_50_hz_is_the_published_one():
    async def body(_world, host):
        await host.write("ffe9", UNLOCK, RATE[50])
        return (await host.reply("ffaa270300")).hex()

    assert on_one(PLAN, body) == "5571030008000000000000000000000000000000"


def test_version_and_chip_time_are_those_of_a_chip_never_set():
    async def body(_world, host):
        await asyncio.sleep(545.0 - host.world.now_s)
        return await host.reply("ffaa272e00")

    reply = on_one(PLAN, body)
    assert reply[4:8].hex() == "1601d889"  # captured: 10080.1.22
    assert reply[8:12].hex() == "0f010100"  # captured: 2015-01-01, hour 0
    assert reply[12] == 9  # captured after 9 min 5 s
    assert reply[13] <= 10  # it is a slow clock


@pytest.mark.parametrize(("percent", "volts"), [(100, 3.96), (50, 3.79), (5, 3.40), (0, 3.30)])
def test_the_battery_answers_in_volts(percent, volts):
    async def body(_world, host):
        return await host.reply("ffaa276400")

    reply = on_one(SensorPlan("thigh", battery_percent=percent), body)
    assert int.from_bytes(reply[4:6], "little") / 100 == volts


def test_some_models_never_tell_their_battery_but_all_else():
    async def body(_world, host):
        return await host.reply("ffaa276400"), await host.reply("ffaa270300")

    battery, rate = on_one(SensorPlan("thigh", battery_percent=None), body)
    assert battery is None
    assert rate is not None


def test_the_battery_reply_holds_the_address_and_redaction_takes_it_out():
    async def body(_world, host):
        await host.write("ffe9", "ffaa276400")
        return await host.during(1.0)

    plan = SensorPlan("thigh", address="FD:08:90:1A:11:47")
    chunk = Chunk.of(on_one(plan, body))
    assert bytes.fromhex("47111a9008fd") in chunk.payload  # captured words 1147 901A FD08
    clean, what = device("witmotion").redact(chunk)
    assert bytes.fromhex("47111a9008fd") not in clean.payload
    assert what


def test_of_two_questions_at_once_the_second_is_lost():
    async def body(_world, host):
        host.take()
        for register in (0x03, 0x24):
            question = bytes((0xFF, 0xAA, 0x27, register, 0))
            await host.client.write_gatt_char(WIT.format("ffe9"), question, response=False)
        await asyncio.sleep(1.0)
        return host.take()

    replies = [n.payload[2] for n in on_one(PLAN, body) if n.payload[:2] == b"\x55\x71"]
    assert replies == [0x03]


def test_a_locked_sensor_ignores_what_it_is_told():
    async def body(_world, host):
        await host.write("ffe9", RATE[100])
        locked = len(await host.during(2.0))
        await host.write("ffe9", UNLOCK)
        await asyncio.sleep(10.1)
        await host.write("ffe9", RATE[100])
        late = len(await host.during(2.0))
        await host.write("ffe9", UNLOCK, RATE[100])
        return locked, late, sum(len(n.payload) // 20 for n in await host.during(2.0))

    locked, late, unlocked = on_one(PLAN, body)
    assert 19 <= locked <= 21
    assert 19 <= late <= 21
    assert unlocked > 190


@pytest.mark.parametrize("nonsense", ["ff", "ffaa", "ffab030900", "ffaa03090000", "ffaa03ff00", ""])
def test_nonsense_is_ignored_and_answered_by_the_stack(nonsense):
    async def body(_world, host):
        await host.write("ffe9", UNLOCK, nonsense)
        return await host.reply("ffaa270300")

    assert on_one(PLAN, body)[4] == 0x06


def test_saving_stalls_the_stream_and_the_battery_reads_nothing():
    async def body(_world, host):
        await at_100_hz(host)
        await asyncio.sleep(1.0)
        await host.write("ffe9", SAVE, "ffaa276400")
        await asyncio.sleep(1.0)
        return host.take()

    came = on_one(PLAN, body)
    times = [n.t_us for n in came if n.payload[:2] == b"\x55\x61"]
    assert 280_000 < max(b - a for a, b in pairwise(times)) < 400_000
    reply = next(n.payload for n in came if n.payload[:2] == b"\x55\x71")
    assert reply[4:6] == b"\0\0"
    assert decoded(came)[0].replies[0].values.keys() == {"register"}


async def rate_after(world: World, *commands: str) -> float:
    """Connect, command, and measure the rate."""
    async with connected(world, world.plans[0].address) as host:
        await host.subscribe("ffe4")
        await host.write("ffe9", UNLOCK, *commands)
        await asyncio.sleep(1.0)
        return round(frames_a_second(await host.during(3.0)), -1)


async def switched_off_and_on(world: World) -> None:
    world.power_cycle(world.plans[0].address)
    await asyncio.sleep(3.0)


def test_the_rate_outlives_the_connection():
    async def run():
        async with World([PLAN]) as world:
            return await rate_after(world, RATE[100]), await rate_after(world)

    assert run_warped(run()) == (100, 100)


@pytest.mark.parametrize(("commands", "rate_hz"), [((RATE[200], SAVE), 200), ((RATE[200],), 10)])
def test_only_what_was_saved_outlives_the_power(commands, rate_hz):
    async def run():
        async with World([PLAN]) as world:
            await rate_after(world, *commands)
            await switched_off_and_on(world)
            return await rate_after(world)

    assert run_warped(run()) == rate_hz


def test_it_may_stream_at_the_rate_left_in_its_flash():
    async def body(_world, host):
        return await host.during(2.0)

    came = on_one(SensorPlan("thigh", registers={0x03: 0x0B}), body)
    assert frames_a_second(came) == pytest.approx(198.0, abs=2.5)


def test_a_zero_reference_is_taken_off_the_angles_and_read_back():
    async def body(_world, host):
        await at_100_hz(host)
        before = await host.during(1.0)
        await host.write("ffe9", UNLOCK, "ffaa796c01")
        return before, await host.during(1.0), await host.reply("ffaa277900")

    before, after, reply = on_one(PLAN, body)
    roll = [np.degrees(decoded(c)[0].samples.euler_rad[8:, 0]).mean() for c in (before, after)]
    assert roll[0] - roll[1] == pytest.approx(1.9995, abs=0.1)
    assert reply[4:6].hex() == "6c01"


def test_the_angle_reference_makes_this_roll_and_pitch_the_zero():
    async def body(_world, host):
        await at_100_hz(host)
        await asyncio.sleep(1.0)
        await host.write("ffe9", UNLOCK, "ffaa010800")
        await asyncio.sleep(0.2)
        return await host.during(1.0), await host.reply("ffaa277900")

    came, reply = on_one(PLAN, body)
    angles = np.degrees(decoded(came)[0].samples.euler_rad)
    assert np.abs(angles[:, :2].mean(axis=0)).max() < 0.2
    assert reply[4:8] != bytes(4)


@pytest.mark.parametrize(("axes", "zeroed"), [("ffaa240100", True), ("ffaa240000", False)])
def test_the_heading_can_be_zeroed_with_six_axes_alone(axes, zeroed):
    async def body(_world, host):
        await at_100_hz(host)
        await asyncio.sleep(1.0)
        await host.write("ffe9", UNLOCK, axes, "ffaa010400")
        await asyncio.sleep(0.2)
        return await host.during(0.5)

    yaw = np.degrees(decoded(on_one(PLAN, body))[0].samples.euler_rad[:, 2])
    assert (abs(yaw.mean()) < 1.0) == zeroed


def test_register_2_silences_it_until_the_power_is_cut():
    async def run():
        async with World([PLAN]) as world:
            heard = []
            async with connected(world, world.plans[0].address) as host:
                await host.subscribe("ffe4")
                await host.write("ffe9", UNLOCK, "ffaa020000")
                await asyncio.sleep(0.2)
                heard.append(len(await host.during(3.0)))
            async with connected(world, world.plans[0].address) as host:
                await host.subscribe("ffe4")
                heard.append(len(await host.during(3.0)))
            await switched_off_and_on(world)
            return [*heard, await rate_after(world)]

    assert run_warped(run()) == [0, 0, 10]


def test_settings_made_at_the_start_leave_frozen_angles_frozen():
    async def body(_world, host):
        await host.write("ffe9", UNLOCK, RATE[100], "ffaa240100")
        await asyncio.sleep(0.5)
        return host.take()

    samples = decoded(on_one(SensorPlan("thigh", frozen_frames=256), body))[0].samples
    assert len(np.unique(samples.euler_rad, axis=0)) == 1


def test_frozen_angles_stand_still_at_start_while_the_rest_moves():
    async def body(_world, host):
        return await host.during(4.0)

    plan = SensorPlan("thigh", frozen_frames=256, registers={0x03: 0x09})
    samples = decoded(on_one(plan, body))[0].samples
    raw = np.rint(np.degrees(samples.euler_rad) * 32768 / 180)
    same = (raw == (62, -22, 0)).all(axis=1)  # as captured
    assert np.flatnonzero(~same)[0] == pytest.approx(255, abs=4)  # some came before the take
    assert len(np.unique(samples.acc_m_s2[:200], axis=0)) > 150


def test_a_frame_travels_once_and_in_order():
    async def body(world, host):
        await at_100_hz(host)
        await host.during(0.5)
        return await host.during(10.0), world.sent(host.address)

    came, ledger = on_one(PLAN, body, details=True)
    copies = Counter(n.payload for n in came)
    assert max(copies.values()) == 1
    sent = [row.payload for row in ledger.rows]
    start = sent.index(came[0].payload)
    assert [n.payload for n in came] == sent[start : start + len(came)]
