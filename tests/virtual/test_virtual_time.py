from __future__ import annotations

import asyncio
import threading
import time

from collector.links.virtual.time import WarpLoop, run_warped


def test_an_hour_passes_at_once_and_in_order():
    passed = []

    async def body():
        loop = asyncio.get_running_loop()
        for minutes in (59, 1, 30):
            loop.call_later(60 * minutes, lambda m=minutes: passed.append((m, loop.now_us())))
        await asyncio.sleep(3600)

    begun_s = time.perf_counter()
    run_warped(body())
    assert time.perf_counter() - begun_s < 5
    assert passed == [(1, 60_000_000), (30, 1_800_000_000), (59, 3_540_000_000)]


def test_virtual_time_stands_still_while_a_thread_works():
    async def body():
        loop = asyncio.get_running_loop()
        loop.call_later(10, lambda: None)
        await loop.run_in_executor(None, time.sleep, 0.05)
        return loop.time()

    assert run_warped(body()) == 0.0


def test_waiting_for_threads_at_the_end_takes_no_virtual_time():
    """From Python 3.12 on a runner gives them 300 s, which must not be over at once."""

    async def body():
        await asyncio.get_running_loop().run_in_executor(None, int)

    loop = WarpLoop()
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(body())
    assert loop.time() == 0.0
    assert threading.active_count() == 1


def test_at_a_speed_waiting_takes_that_part_of_real_time():
    begun_s = time.perf_counter()
    run_warped(asyncio.sleep(1.0), speed=10.0)
    assert time.perf_counter() - begun_s >= 0.099
