from __future__ import annotations

import asyncio

import pytest
from scripted_radio import Heard, ScriptedRadio, ScriptedSensor, live_link, witmotion_frame
from test_supervisor import commands, scene, streaming

from collector.links.radio import Fault, LinkError
from collector.links.states import SensorState
from collector.links.virtual.time import run_warped


async def lose(link, sensor, _, after_s=2.0):
    await streaming(link)
    await asyncio.sleep(after_s)
    sensor.connection.lose()
    await asyncio.sleep(0.01)


def test_a_lost_link_is_told_and_made_again_with_its_settings():
    async def act(link, sensor, radio):
        await lose(link, sensor, radio)
        sensor.written.clear()
        sensor.registers.clear()
        await streaming(link)
        assert sensor.registers[0x03] == 0x09
        assert commands(sensor)[1] == "ffaa030900"

    heard, _ = scene(act)
    assert heard.kinds() == ["streaming", "link_lost", "alarm", "reconnected"]
    assert heard.path()[4:] == [
        "lost",
        "connecting",
        "configuring",
        "verifying",
        "streaming",
        "idle",
    ]


def test_what_a_sensor_sends_after_a_loss_is_verified_again():
    async def act(link, sensor, radio):
        await lose(link, sensor, radio)
        sensor.rate_scale = 1.2  # it says 100 Hz as before
        await asyncio.sleep(6)
        assert link.status(0).state is SensorState.UNFIT
        assert "it sends 120" in link.status(0).detail

    heard, _ = scene(act)
    assert "reconnected" not in heard.kinds()


def test_the_old_connection_is_let_go_of_before_the_next_is_made():
    async def act(link, sensor, radio):
        await lose(link, sensor, radio)
        await streaming(link)

    _, radio = scene(act)
    again = [call for call in radio.calls if call in ("connect", "disconnect")]
    assert again == ["connect", "disconnect", "connect", "disconnect"]


def test_reconnecting_begins_before_the_first_byte_of_the_new_connection():
    async def act(link, sensor, radio):
        rows = []

        async def take():
            async for batch in link:
                rows.extend(row for row in batch if not row.notification.outgoing)

        task = asyncio.create_task(take())
        await lose(link, sensor, radio)
        lost_us = link.now_us()
        await streaming(link)
        await asyncio.sleep(1)
        after = [row.notification.t_us for row in rows if row.notification.t_us > lost_us]
        assert min(after) >= heard.at_s("reconnected") * 1e6
        await link.close()
        await task

    heard = Heard()
    radio = ScriptedRadio(ScriptedSensor())

    async def body():
        async with live_link(radio, heard) as link:
            await act(link, radio.sensors[0], radio)

    run_warped(body())


@pytest.mark.parametrize("after_s", [0.05, 0.3, 0.7, 1.2, 1.5, 2.2])
def test_a_loss_while_it_is_set_up_or_verified_begins_anew(after_s):
    async def act(link, sensor, _):
        await asyncio.sleep(0.1 + after_s)
        sensor.connection.lose()
        await asyncio.sleep(0.01)
        assert link.status(0).state is SensorState.LOST
        await streaming(link)

    heard, _ = scene(act)
    assert "link_lost" not in heard.kinds()  # nothing had been handed on
    assert heard.kinds() == ["streaming"]


def test_a_second_loss_begins_with_short_waits_again():
    async def act(link, sensor, radio):
        for _ in range(3):
            await lose(link, sensor, radio)
            before = len(radio.connects)
            now_s = asyncio.get_running_loop().time()
            await streaming(link)
            assert radio.connects[before] - now_s == pytest.approx(0.245)

    scene(act)


def test_what_the_user_must_do_is_told_again_when_it_is_needed_again():
    async def act(link, sensor, radio):
        for _ in range(2):
            await lose(link, sensor, radio)
            radio.failures = [LinkError(Fault.ADAPTER_OFF)] * 2
            await streaming(link)

    heard, _ = scene(act)
    told = [kind for kind in heard.kinds() if kind != "alarm"]
    assert told == ["streaming", *["link_lost", "adapter_off", "reconnected"] * 2]


@pytest.mark.parametrize(("frames_each", "spacing_s"), [(4, 0.04), (16, 0.16), (40, 0.4)])
def test_silence_is_stale_after_three_spacings_or_a_quarter_second(frames_each, spacing_s):
    async def act(link, sensor, _):
        await streaming(link)
        await asyncio.sleep(5.003)
        sensor.streams = False
        last_us = link.status(0).last_arrival_us
        stale_s = max(3 * spacing_s, 0.25)
        await asyncio.sleep((last_us - link.now_us()) / 1e6 + stale_s - 0.001)
        assert link.status(0).state is SensorState.STREAMING
        await asyncio.sleep(0.002)
        assert link.status(0).state is SensorState.STALE
        assert heard_at("stale") == pytest.approx(last_us / 1e6 + stale_s, abs=1e-5)

    heard = Heard()

    def heard_at(kind):
        return heard.at_s(kind)

    radio = ScriptedRadio(ScriptedSensor(frames_each=frames_each))

    async def body():
        async with live_link(radio, heard) as link:
            await act(link, radio.sensors[0], radio)

    run_warped(body())


def test_the_alarm_goes_off_after_two_seconds_of_silence_and_ends_with_it():
    async def act(link, sensor, _):
        await streaming(link)
        await asyncio.sleep(1)
        sensor.streams = False
        last_us = link.status(0).last_arrival_us
        await asyncio.sleep((last_us - link.now_us()) / 1e6 + 1.999)
        assert not link.status(0).alarm
        await asyncio.sleep(0.002)
        assert link.status(0).alarm
        sensor.streams = True
        await asyncio.sleep(0.5)
        assert not link.status(0).alarm

    heard, _ = scene(act)
    assert heard.kinds() == ["streaming", "stale", "alarm", "fresh"]


def test_the_alarm_goes_off_while_a_lost_sensor_is_looked_for():
    async def act(link, sensor, radio):
        await streaming(link)
        radio.connect_s = 20.0
        await lose(link, sensor, radio)
        await asyncio.sleep(2.1)
        assert link.status(0).state is SensorState.CONNECTING
        assert link.status(0).alarm

    radio = ScriptedRadio(ScriptedSensor())
    scene(act, radio=radio)


def test_a_short_stall_is_left_alone():
    async def act(link, sensor, radio):
        await streaming(link)
        sensor.streams = False
        calls = len(radio.calls)
        await asyncio.sleep(0.9)
        sensor.streams = True
        await asyncio.sleep(1)
        assert len(radio.calls) == calls

    heard, _ = scene(act)
    assert heard.kinds() == ["streaming", "stale", "fresh"]


def test_a_silent_link_is_probed_then_subscribed_again_then_given_up():
    async def act(link, sensor, radio):
        await streaming(link)
        await asyncio.sleep(1)
        del radio.calls[:]
        sensor.streams = False
        await asyncio.sleep(5)

    _, radio = scene(act)
    told = [call for call in radio.calls if "ffaa24" not in call]
    expected = [f"write {'ffaa6988b5'}", "unsubscribe ffe4", "subscribe ffe4"]
    assert told[:3] == expected
    assert "disconnect" in told[3:8]
    assert told.index("connect") > told.index("disconnect")


def test_subscribing_again_is_enough_where_it_helps():
    async def act(link, sensor, radio):
        await streaming(link)
        sensor.resumes_on_subscribe = True
        sensor.streams = False
        await asyncio.sleep(3)
        assert link.status(0).state is SensorState.STREAMING
        assert link.status(0).connections == 1

    heard, _ = scene(act)
    assert heard.kinds()[-1] == "fresh"


def test_a_link_that_does_not_answer_the_probe_is_given_up_at_once():
    async def act(link, sensor, radio):
        await streaming(link)
        sensor.streams, sensor.deaf = False, True
        await asyncio.sleep(1.1)
        assert link.status(0).state is SensorState.LOST
        sensor.streams, sensor.deaf = True, False
        await streaming(link)

    heard, _radio = scene(act)
    assert "searching" not in heard.path()


def test_a_sensor_that_is_connected_but_mute_is_connected_anew():
    async def act(link, sensor, _):
        sensor.streams = False
        sensor.silent_registers = frozenset(range(256))
        await asyncio.sleep(20)
        assert "sends nothing" in link.status(0).detail
        sensor.streams = True
        await streaming(link)

    heard, _ = scene(act)
    assert "lost" in heard.path()


def test_a_slow_start_is_waited_for():
    heard, _ = scene(streaming, ScriptedSensor(first_after_s=3.0))
    assert "lost" not in heard.path()


def test_a_doubled_subscription_is_seen_before_the_start_and_cured():
    async def act(link, sensor, radio):
        await asyncio.sleep(3)
        assert link.status(0).connections == 2
        sensor.copies = 1
        await streaming(link)
        assert link.status(0).duplicated > 10

    heard, _radio = scene(act, ScriptedSensor(copies=2))
    assert heard.kinds()[0] == "duplicated"
    assert heard.kinds()[-1] == "streaming"


@pytest.mark.parametrize("copies", [2, 3, 5])
def test_a_doubled_subscription_in_mid_stream_is_seen_and_cured(copies):
    async def act(link, sensor, radio):
        await streaming(link)
        await asyncio.sleep(6)
        sensor.copies = copies
        await asyncio.sleep(5.5)
        assert radio.calls.count("disconnect") >= 1
        sensor.copies = 1
        await streaming(link)

    heard, _ = scene(act)
    assert "duplicated" in heard.kinds()


def test_a_sensor_that_sends_the_same_at_its_own_rate_is_not_taken_for_doubled():

    async def act(link, *_):
        await streaming(link)
        await asyncio.sleep(10)
        assert link.status(0).connections == 1

    scene(act, ScriptedSensor(frames_each=1, frame=lambda i: witmotion_frame(i // 2)))
    scene(act, ScriptedSensor(frames_each=1, frame=lambda _: witmotion_frame(0)))


def test_other_sensors_stream_on_while_one_is_lost():
    async def act(link, sensor, radio):
        await streaming(link)
        radio.advertises = False
        sensor.connection.lose()
        before = link.status(1).received
        await asyncio.sleep(4)
        assert link.status(1).received - before == pytest.approx(100, abs=2)

    scene(act, ScriptedSensor("A"), ScriptedSensor("B"))


def test_sensors_are_set_up_side_by_side():
    async def act(link, *_):
        await streaming(link)
        assert link.now_us() < 3e6

    scene(act, *(ScriptedSensor(name) for name in "ABCD"))


def test_a_stream_that_ends_for_want_of_the_user_is_a_lost_link_too():
    async def act(link, sensor, _):
        await streaming(link)
        sensor.streams = sensor.paired = sensor.pairs = False
        await asyncio.sleep(1.5)
        assert link.status(0).state is SensorState.NOT_PAIRED
        sensor.streams = sensor.paired = True
        await streaming(link)

    heard, _ = scene(act)
    told = [kind for kind in heard.kinds() if kind != "alarm"]
    assert told == ["streaming", "stale", "link_lost", "not_paired", "reconnected"]
