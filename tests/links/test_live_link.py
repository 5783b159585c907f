from __future__ import annotations

import asyncio

import pytest
from link_contract import LinkContract
from scripted_radio import Heard, ScriptedRadio, ScriptedSensor, live_link, witmotion_frame

from collector.links.base import Link, collect
from collector.links.live_link import LiveLink
from collector.links.radio import LinkError
from collector.links.virtual.time import run_warped


def two() -> ScriptedRadio:
    return ScriptedRadio(ScriptedSensor("A"), ScriptedSensor("B"))


class EndingLink(LiveLink):
    """A live link whose user closes it after ten seconds."""

    async def __aenter__(self):
        loop = asyncio.get_running_loop()
        self.timer = loop.call_later(10, lambda: loop.create_task(self.close()))
        return await super().__aenter__()

    async def _end(self):
        self.timer.cancel()
        await super()._end()


class TestLiveLink(LinkContract):
    @pytest.fixture(autouse=True)
    def in_virtual_time(self, monkeypatch):
        monkeypatch.setattr(asyncio, "run", run_warped)

    def make_link(self) -> Link:
        return live_link(two(), kind=EndingLink)


def test_opening_two_sensors_takes_under_three_seconds_and_tells_all():
    async def body():
        heard = Heard()
        async with live_link(two(), heard) as link:
            assert await link.ready(3)
            await asyncio.sleep(3)
            assert [status.received for status in link.statuses()] == [75, 75]
            status = link.status(1)
            assert status.rate_hz == pytest.approx(100.0)
            assert (status.spacing_s, status.jitter_s) == (0.04, 0.0)
            assert status.max_silence_s == pytest.approx(0.04)
        assert heard.path(0) == heard.path(1)

    run_warped(body())


def test_waiting_for_readiness_ends_with_its_time():
    async def body():
        radio = two()
        radio.connect_s = 60.0
        async with live_link(radio) as link:
            assert not await link.ready(2.5)
            assert link.now_us() == 2_500_000

    run_warped(body())


def test_times_count_from_the_opening():
    async def body():
        await asyncio.sleep(100)
        link = live_link(two())
        await asyncio.sleep(100)
        async with link:
            assert link.now_us() == 0

    run_warped(body())


def test_a_command_waits_for_its_sensor_and_gives_up_with_its_state():
    async def body():
        radio = two()
        radio.connect_s = 60.0
        async with live_link(radio) as link:
            with pytest.raises(LinkError, match="sensor 1 is connecting"):
                await link.write(1, "ffe9", b"\xff\xaa\x27\x64\x00")
            assert link.now_us() == 10_000_000

    run_warped(body())


def test_closing_lets_go_of_every_sensor_politely():
    async def body():
        radio = two()
        async with live_link(radio) as link:
            await link.ready(10)
            del radio.calls[:]
        assert sorted(radio.calls) == ["disconnect"] * 2 + ["unsubscribe ffe4"] * 2

    run_warped(body())


@pytest.mark.parametrize("step_ms", range(0, 2600, 130))
def test_ending_at_any_moment_leaves_nothing_connected(step_ms):
    async def body():
        radio = two()
        async with live_link(radio):
            await asyncio.sleep(step_ms / 1000)
        assert radio.held == 0
        assert len(asyncio.all_tasks()) == 1

    run_warped(body())


@pytest.mark.parametrize("step_ms", [50, 700, 1500, 3000])
def test_cancelling_the_user_of_a_link_leaves_nothing_connected(step_ms):
    async def use(radio):
        async with live_link(radio) as link:
            async for _ in link:
                pass

    async def body():
        radio = two()
        task = asyncio.create_task(use(radio))
        await asyncio.sleep(step_ms / 1000)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert radio.held == 0

    run_warped(body())


class BrokenError(Exception):
    """A defect of ours."""


def breaking(link):
    def broken(_notification):
        raise BrokenError

    link._supervisors[0]._hand_on = broken


def test_a_defect_in_a_supervisor_ends_the_iteration_with_it():
    async def body():
        radio = two()
        link = live_link(radio)
        breaking(link)
        with pytest.raises(BrokenError):
            await collect(link)
        assert radio.held == 0

    run_warped(body())


def test_a_defect_is_told_by_whatever_is_asked_next():
    async def body():
        link = live_link(two())
        breaking(link)
        await link.__aenter__()
        for ask in (link.ready(20), link.write(0, "ffe9", b""), link.close()):
            with pytest.raises(BrokenError):
                await ask

    run_warped(body())


def test_nobody_listening_loses_nothing():
    async def body():
        async with live_link(two()) as link:
            await link.ready(10)
            await asyncio.sleep(60)
            rows = []
            async for batch in link:
                rows += [row for row in batch if not row.notification.outgoing]
                break
            assert len(rows) == sum(status.received for status in link.statuses())
            assert len(rows) >= 2999

    run_warped(body())


def test_an_hour_of_streaming_keeps_little_in_memory():
    async def body():
        frames = [witmotion_frame(i) for i in range(50)]
        sensor = ScriptedSensor("A", frames_each=20, frame=lambda i: frames[i % 50])
        async with live_link(ScriptedRadio(sensor)) as link:

            async def take():
                async for _ in link:
                    pass

            task = asyncio.create_task(take())
            await link.ready(10)
            await asyncio.sleep(3600)
            assert link.status(0).received >= 17_990
            assert len(link._rows) <= 1
            assert len(link._trackers[0].pulse._arrivals) <= 27
            assert link._supervisors[0].contact._scrutiny._intake is None
            await link.close()
            await task

    run_warped(body())


def test_what_came_before_the_link_was_closed_is_still_handed_over():
    async def body():
        radio, rows = ScriptedRadio(ScriptedSensor("A")), []
        link = live_link(radio)

        async def take():
            async for batch in link:
                rows.extend(batch)
                await asyncio.sleep(0.5)  # a slow reader: data wait while it is busy

        async with link:
            task = asyncio.create_task(take())
            await link.ready(5)
            await asyncio.sleep(2.2)
            received = link.status(0).received
            await link.close()
            await task
        return received, sum(not row.notification.outgoing for row in rows)

    received, handed = run_warped(body())
    assert handed == received > 40
