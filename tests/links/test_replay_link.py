from __future__ import annotations

import asyncio

import numpy as np
import pytest
from link_contract import LinkContract, run, take

from collector.links.base import Link, collect
from collector.links.replay import ReplayLink, replay
from schemas.chunk import Chunk
from schemas.recording import Event, Recording, RecordingInfo, SensorUse


def chunk(t_us: list[int], outgoing_at: tuple[int, ...] = ()) -> Chunk:
    n = len(t_us)
    outgoing = np.isin(np.arange(n), outgoing_at)
    payload = b"".join(bytes([i % 256]) * 2 for i in range(n))
    return Chunk(
        t_us=np.array(t_us, dtype=np.int64),
        outgoing=outgoing,
        characteristic=outgoing.astype(np.uint8),
        length=np.full(n, 2, dtype=np.int64),
        payload=payload,
        characteristics=("ffe4", "ffe9"),
    )


def recording(*chunks: Chunk) -> Recording:
    segments = ("pelvis", "thigh_left", "trunk")
    sensors = tuple(
        SensorUse(segments[i], "witmotion", 1, "", "arrival") for i in range(len(chunks))
    )
    return Recording(RecordingInfo(sensors, ""), chunks, (Event(1, "mark"),))


STEADY = recording(
    chunk([i * 30_000 for i in range(100)], outgoing_at=(0, 7)),
    chunk([15_000 + i * 40_000 for i in range(80)]),
)


class Time:
    """A clock that only sleeping moves."""

    def __init__(self, overrun_s: float = 0.0) -> None:
        self.now_s = 1000.0
        self.slept_s: list[float] = []
        self.overrun_s = overrun_s

    def clock(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.now_s += seconds + self.overrun_s
        await asyncio.sleep(0)


class TestUnpacedReplay(LinkContract):
    def make_link(self) -> Link:
        return ReplayLink(STEADY)


class TestPacedReplay(LinkContract):
    def make_link(self) -> Link:
        time = Time()
        return ReplayLink(STEADY, speed=1.0, clock=time.clock, sleep=time.sleep)


@pytest.mark.parametrize("speed", [None, 1e9])
def test_what_arrives_is_what_was_recorded(speed):
    again = replay(STEADY, speed=speed)
    assert [c.sha256() for c in again.chunks] == [c.sha256() for c in STEADY.chunks]
    assert again.info == STEADY.info
    assert again.events == STEADY.events


def test_without_a_speed_nothing_ever_sleeps():
    async def never(_: float) -> None:
        raise AssertionError("slept")

    chunks = asyncio.run(collect(ReplayLink(STEADY, sleep=never)))
    assert [len(c) for c in chunks] == [100, 80]


@pytest.mark.parametrize(("speed", "seconds"), [(1.0, 3.175), (2.0, 1.5875)])
def test_pace_is_the_recorded_one_times_the_speed(speed, seconds):
    time = Time()
    link = ReplayLink(STEADY, speed=speed, clock=time.clock, sleep=time.sleep)
    asyncio.run(collect(link))
    assert sum(time.slept_s) == pytest.approx(seconds)
    assert max(time.slept_s) <= 0.0401 / speed


def test_replay_begins_at_once_whatever_the_first_time_is():
    time = Time()
    late = recording(chunk([5_000_000, 5_010_000]))
    asyncio.run(collect(ReplayLink(late, speed=1.0, clock=time.clock, sleep=time.sleep)))
    assert time.slept_s == pytest.approx([0.0, 0.01])


def test_what_fell_due_while_sleeping_too_long_comes_in_one_batch():
    async def body():
        time = Time(overrun_s=0.1)
        link = ReplayLink(STEADY, speed=1.0, clock=time.clock, sleep=time.sleep)
        async with link:
            batches = [batch async for batch in link]
        assert sum(len(batch) for batch in batches) == 180
        assert len(batches[0]) == 7  # 0, 15, 30, 55, 60, 90 and 95 ms
        assert time.now_s - 1000.0 == pytest.approx(3.175, abs=0.1)

    run(body)


def test_sensors_are_merged_by_arrival_and_keep_their_own_order():
    async def body():
        link = ReplayLink(recording(chunk([0, 5, 5]), chunk([5, 6])))
        async with link:
            rows = await take(link)
        assert [(r.sensor, r.notification.t_us) for r in rows] == [
            (0, 0),
            (0, 5),
            (0, 5),
            (1, 5),
            (1, 6),
        ]
        assert [r.notification.payload[0] for r in rows] == [0, 1, 2, 0, 1]

    run(body)


def test_commands_written_during_a_replay_are_noted():
    async def body():
        async with ReplayLink(STEADY) as link:
            await link.write(0, "ffe9", b"\xff")
            assert link.written == [(0, "ffe9", b"\xff")]

    run(body)


def test_a_recording_of_nothing_replays_to_nothing():
    assert replay(recording()).chunks == ()
    assert [len(c) for c in replay(recording(chunk([]))).chunks] == [0]


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_a_speed_that_leads_nowhere_is_refused(speed):
    with pytest.raises(ValueError, match="speed"):
        ReplayLink(STEADY, speed=speed)
