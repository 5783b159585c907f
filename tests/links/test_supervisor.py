from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace

import pytest
from scripted_radio import (
    NOTIFY,
    UNLOCK,
    Heard,
    ScriptedRadio,
    ScriptedSensor,
    live_link,
    witmotion_frame,
)

from collector.links.policy import ReconnectPolicy
from collector.links.radio import Fault, LinkError
from collector.links.states import SensorState
from collector.links.virtual.time import run_warped

STREAM = ["connecting", "configuring", "verifying", "streaming"]


def scene(act, *sensors, radio=None, **options):
    """Open a link to one sensor (or more), let `act(link, sensor, radio)` happen, close it."""
    radio = radio or ScriptedRadio(*(sensors or (ScriptedSensor(),)))
    heard = Heard()

    async def body():
        async with live_link(radio, heard, **options) as link:
            await act(link, radio.sensors[0], radio)

    run_warped(body())
    assert radio.held == 0
    return heard, radio


async def streaming(link, *_):
    assert await link.ready(20)


def commands(sensor):
    return [payload for _, payload in sensor.written]


def test_a_sensor_goes_from_connecting_to_streaming_and_to_rest():
    heard, _ = scene(streaming)
    assert heard.path() == [*STREAM, "idle"]
    assert heard.kinds() == ["streaming"]


def test_settings_are_written_in_order_and_nothing_is_saved():
    _, radio = scene(streaming)
    assert commands(radio.sensors[0]) == [
        UNLOCK,
        "ffaa030900",  # 100 Hz
        UNLOCK,
        "ffaa240100",  # six axes
        "ffaa270300",  # rate?
        "ffaa272e00",  # version?
        "ffaa277900",  # zero references?
        "ffaa276400",  # battery?
    ]


def test_every_command_is_given_the_pause_that_the_profile_asks_for():
    _, radio = scene(streaming)
    times = [at_s for at_s, _ in radio.sensors[0].written]
    pauses = [later - at_s for at_s, later in itertools.pairwise(times)]
    assert pauses[:4] == pytest.approx([0.152] * 4)  # 0.15 s, and 2 ms for the write
    assert all(pause >= 0.152 - 1e-9 for pause in pauses)


def test_one_question_is_open_at_a_time_and_asked_twice_before_it_is_left():
    sensor = ScriptedSensor(silent_registers=frozenset({0x64}))
    scene(streaming, sensor)
    asked = [(at_s, what) for at_s, what in sensor.written if what.startswith("ffaa27")]
    assert [what[6:8] for _, what in asked] == ["03", "2e", "79", "64", "64"]
    assert asked[4][0] - asked[3][0] == pytest.approx(1.152)  # an answer gets a second


def test_what_is_not_answered_is_unknown_and_not_zero():
    async def act(link, *_):
        await streaming(link)
        facts = link.status(0).facts
        assert "battery_percent" not in facts
        assert facts["roll_zero_deg"] == pytest.approx(2.0, abs=0.01)
        assert facts["rate_hz"] == 100.0

    registers = {0x79: 0x016C, 0x64: 400}  # the published example of two degrees
    scene(act, ScriptedSensor(registers=registers, silent_registers=frozenset({0x64})))


def test_a_rate_that_is_not_taken_makes_it_unfit_and_is_tried_again_slowly():
    async def act(link, *_):
        await asyncio.sleep(12)
        assert link.status(0).state is SensorState.UNFIT
        assert "asked for 100 Hz, it stays at 10" in link.status(0).detail

    sensor = ScriptedSensor(stuck_rate=0x06)
    heard, radio = scene(act, sensor)
    assert commands(sensor).count("ffaa030600") == 0
    assert heard.kinds() == ["unfit"]  # told once
    assert len(radio.connects) >= 2


def test_a_sensor_that_sends_at_another_rate_than_it_says_is_unfit():
    async def act(link, *_):
        await asyncio.sleep(6)
        assert link.status(0).state is SensorState.UNFIT
        assert "it sends 120" in link.status(0).detail

    scene(act, ScriptedSensor(rate_scale=1.2))


def test_a_weak_link_that_loses_some_still_streams_and_shows_its_rate():
    async def act(link, *_):
        await streaming(link)
        await asyncio.sleep(6)
        assert link.status(0).rate_hz == pytest.approx(80.0, rel=0.02)

    scene(act, ScriptedSensor(rate_scale=0.8))


@pytest.mark.parametrize("rate_scale", [0.96, 1.04])
def test_a_rate_within_five_percent_is_good_enough(rate_scale):
    scene(streaming, ScriptedSensor(rate_scale=rate_scale))


def test_a_device_without_the_characteristic_is_unfit():
    async def act(link, *_):
        await asyncio.sleep(1)
        assert link.status(0).state is SensorState.UNFIT
        assert f"no characteristic {NOTIFY}" in link.status(0).detail

    scene(act, ScriptedSensor(characteristics=frozenset({"2a00"})))


def test_acceleration_that_is_none_is_unfit():
    async def act(link, *_):
        await asyncio.sleep(5)
        assert link.status(0).state is SensorState.UNFIT
        assert "acceleration is 2.0 m/s2" in link.status(0).detail

    scene(act, ScriptedSensor(frame=lambda i: witmotion_frame(i, acc=(0.0, 0.0, 2.0))))


def test_frozen_angles_are_a_fact_until_they_move():
    def frame(i):
        frozen = i < 600  # for six seconds, while it turns at ten degrees a second
        angle = 0.0 if frozen else i * 0.001
        return witmotion_frame(0, gyr=(0.1745, 0.0, 0.0), euler=(0.0, 0.0, angle))

    async def act(link, *_):
        await streaming(link)
        assert link.status(0).facts["frozen_angles"] == 1
        await asyncio.sleep(8)
        assert link.status(0).facts["frozen_angles"] == 0

    scene(act, ScriptedSensor(frame=frame))


def test_what_came_before_the_start_is_counted_and_not_handed_on():
    async def act(link, sensor, _):
        rows = []

        async def take():
            async for batch in link:
                rows.extend(batch)

        task = asyncio.create_task(take())
        await streaming(link)
        await asyncio.sleep(1.003)
        status = link.status(0)
        incoming = [row for row in rows if not row.notification.outgoing]
        assert len(incoming) == status.received > 20
        assert status.before_start > 20
        assert incoming[0].notification.t_us >= status.since_us
        assert [r.notification.payload.hex() for r in rows if r.notification.outgoing] == commands(
            sensor
        )
        await link.close()
        await task

    scene(act)


# Failures of the radio

ASKING = {
    Fault.NO_ADAPTER: "no_adapter",
    Fault.ADAPTER_OFF: "adapter_off",
    Fault.PERMISSION_DENIED: "permission_denied",
    Fault.ADAPTER_WEDGED: "adapter_wedged",
    Fault.NOT_PAIRED: "not_paired",
    Fault.UNSUPPORTED: "unfit",
    Fault.REFUSED: "unfit",
}


@pytest.mark.parametrize(("fault", "state"), ASKING.items())
def test_what_the_user_must_do_is_a_state_of_its_own_and_recovers(fault, state):
    radio = ScriptedRadio(ScriptedSensor())
    radio.failures = [LinkError(fault, "said so")] * 2
    heard, _ = scene(streaming, radio=radio)
    assert heard.path()[:4] == ["connecting", state, "connecting", state]
    assert heard.path()[-5:] == [*STREAM, "idle"]
    assert radio.connects == pytest.approx([0.0, 5.1, 10.2])  # slowly: it is the user's turn
    assert heard.kinds() == [state, "streaming"]


@pytest.mark.parametrize("fault", [Fault.NOT_FOUND, Fault.TIMEOUT])
def test_a_sensor_that_does_not_answer_is_searched_and_found(fault):
    radio = ScriptedRadio(ScriptedSensor())
    radio.failures = [LinkError(fault)]
    heard, _ = scene(streaming, radio=radio)
    assert heard.path() == ["connecting", "lost", "searching", *STREAM, "idle"]


def test_what_was_searched_for_is_connected_to_as_it_was_heard_then():
    """The system forgets what it heard before: an old handle may lead nowhere."""
    used = []

    class Noting(ScriptedRadio):
        async def connect(self, advert, *, lost):
            used.append(advert.rssi_dbm)
            return await super().connect(advert, lost=lost)

        async def scan(self, seconds, *, found=None, enough=None):
            adverts = await super().scan(seconds, found=found, enough=enough)
            return tuple(replace(advert, rssi_dbm=-70) for advert in adverts)

    async def act(link, *_):
        await streaming(link)
        assert link.status(0).rssi_dbm == -70

    radio = Noting(ScriptedSensor())
    radio.failures = [LinkError(Fault.NOT_FOUND)]
    scene(act, radio=radio)
    assert used == [-50, -70]


def test_every_faults_words_are_kept_until_it_streams():
    async def act(link, *_):
        await asyncio.sleep(1)
        assert link.status(0).fault is Fault.ADAPTER_OFF
        assert link.status(0).detail == "powered off"
        assert await link.ready(20)
        assert (link.status(0).fault, link.status(0).detail) == (None, "")

    radio = ScriptedRadio(ScriptedSensor())
    radio.failures = [LinkError(Fault.ADAPTER_OFF, "powered off")]
    scene(act, radio=radio)


def test_attempts_back_off_from_a_quarter_second_to_five():
    async def act(link, *_):
        await asyncio.sleep(30)

    radio = ScriptedRadio(ScriptedSensor())
    radio.failures = [LinkError(Fault.LINK_LOST)] * 20
    scene(act, radio=radio)
    waits = [b - a - 0.1 for a, b in zip(radio.connects, radio.connects[1:], strict=False)]
    assert waits[:7] == pytest.approx([0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0])


@pytest.mark.parametrize("chance", [0.0, 0.3, 1.0])
def test_waits_are_jittered_within_the_stated_bounds(chance):
    policy = ReconnectPolicy()
    waits = [policy.delay_for(attempt, lambda: chance) for attempt in range(2000)]
    assert min(waits) >= 0.25
    assert max(waits) <= 5.0
    assert waits[-1] == pytest.approx(5.0 * (0.5 + 0.5 * chance))


def test_a_sensor_that_never_advertises_is_tried_blindly_now_and_then():
    async def act(link, *_):
        await asyncio.sleep(60)

    radio = ScriptedRadio(ScriptedSensor())
    radio.advertises = False
    radio.failures = [LinkError(Fault.TIMEOUT)]
    heard, _ = scene(act, radio=radio)
    assert radio.calls.count("scan") == 4
    assert heard.path()[-2:] == ["streaming", "idle"]


def test_a_search_that_fails_says_why_and_goes_on():
    radio = ScriptedRadio(ScriptedSensor())
    radio.failures = [LinkError(Fault.NOT_FOUND)]
    radio.scan_failures = [LinkError(Fault.ADAPTER_OFF)]
    heard, _ = scene(streaming, radio=radio)
    assert heard.path()[:5] == ["connecting", "lost", "searching", "adapter_off", "searching"]


# Pairing


def test_a_sensor_that_wants_an_encrypted_link_is_paired_once():
    heard, radio = scene(streaming, ScriptedSensor(paired=False))
    assert heard.path() == [*STREAM, "idle"]
    assert radio.calls.count("pair") == 1


def test_a_sensor_that_cannot_be_paired_asks_the_user():
    async def act(link, *_):
        await asyncio.sleep(1)
        assert link.status(0).state is SensorState.NOT_PAIRED
        assert link.status(0).detail == "no agent"

    _, radio = scene(act, ScriptedSensor(paired=False, pairs=False))
    assert radio.calls.count("pair") == 1
