from __future__ import annotations

import asyncio

from collector.links.virtual.time import run_warped
from collector.live.angles.frame import LiveFrame
from collector.live.readers import Reader, Readers


def frames(*times_s: float) -> list[LiveFrame]:
    return [LiveFrame(t_s=t_s) for t_s in times_s]


async def read(reader: Reader, wait_s: float = 0.0) -> list[float]:
    seen = []
    async for frame in reader:
        seen.append(frame.t_s)
        await asyncio.sleep(wait_s)
    return seen


async def publish(readers: Readers, count: int, every_s: float = 0.033) -> None:
    for i in range(count):
        readers.publish(LiveFrame(t_s=float(i)))
        await asyncio.sleep(every_s)
    readers.close()


async def with_readers(*waits_s: float, count: int = 10, kept: int = 30) -> list[list[float]]:
    readers = Readers()
    several = [readers.subscribe(kept=kept) for _ in waits_s]
    async with asyncio.TaskGroup() as group:
        group.create_task(publish(readers, count))
        tasks = [group.create_task(read(r, w)) for r, w in zip(several, waits_s, strict=True)]
    return [task.result() for task in tasks]


def test_every_reader_gets_every_frame_in_order() -> None:
    first, second = run_warped(with_readers(0.0, 0.0))
    assert first == second == [float(i) for i in range(10)]


def test_a_slow_reader_drops_its_oldest_frames_and_only_its_own() -> None:
    fast, slow = run_warped(with_readers(0.0, 1.0, count=20, kept=3))
    assert fast == [float(i) for i in range(20)]
    assert slow == [0.0, 17.0, 18.0, 19.0]


def test_a_reader_that_never_reads_delays_nobody_and_is_counted() -> None:
    async def body() -> tuple[int, float]:
        loop, readers = asyncio.get_running_loop(), Readers()
        reader = readers.subscribe(kept=4)
        begun = loop.time()
        for frame in frames(*map(float, range(10))):
            readers.publish(frame)
        readers.close()
        return reader.dropped, loop.time() - begun

    assert run_warped(body()) == (6, 0.0)


def test_dropped_frames_stay_counted_when_the_reader_has_left() -> None:
    async def body() -> int:
        readers = Readers()
        with readers.subscribe(kept=1):
            for frame in frames(0.0, 1.0, 2.0):
                readers.publish(frame)
        return readers.dropped

    assert run_warped(body()) == 2


def test_closing_ends_a_reader_that_waits() -> None:
    async def body() -> list[float]:
        readers = Readers()
        task = asyncio.create_task(read(readers.subscribe()))
        await asyncio.sleep(1.0)
        readers.close()
        return await asyncio.wait_for(task, 1.0)

    assert run_warped(body()) == []


def test_a_reader_may_leave_while_others_stay() -> None:
    async def body() -> list[float]:
        readers = Readers()
        leaving, staying = readers.subscribe(), readers.subscribe()
        leaving.close()
        leaving.close()
        readers.publish(LiveFrame(t_s=1.0))
        readers.close()
        assert await read(leaving) == []
        return await read(staying)

    assert run_warped(body()) == [1.0]


def test_who_comes_after_the_end_sees_the_end() -> None:
    async def body() -> list[float]:
        readers = Readers()
        readers.close()
        return await read(readers.subscribe())

    assert run_warped(body()) == []
