"""Records in processes of its own and kills them: `python killing.py FOLDER SEED COUNT MANNER`.

Every recorder is forked (starting Python anew would take longer than what it records), paced in
real time, and killed with SIGKILL after a random time from its trial's beginning. Beside each
database lies what the source had handed over: the time in microseconds, eight bytes each.
"""

from __future__ import annotations

import asyncio
import heapq
import os
import random
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from recorded import batch, head

from collector.links.base import Batch
from collector.live.recording.recorder import Recorder
from collector.store import open_store

TOGETHER = 8
PERIOD_S = 0.01
CLOSES_AFTER_S = 0.6


def clock_us() -> int:
    return time.perf_counter_ns() // 1000


async def source(put: Callable[[Batch], None], sent: int, until_s: float) -> None:
    """Hand over a notification of two sensors every 10 ms, and note that it was."""
    begun_us = clock_us()
    due_s = asyncio.get_running_loop().time()
    while (t_us := clock_us() - begun_us) < until_s * 1e6:
        put(batch(t_us))
        os.write(sent, t_us.to_bytes(8, "little"))
        due_s += PERIOD_S
        await asyncio.sleep(due_s - asyncio.get_running_loop().time())


async def record(folder: Path, n: int, begun: int, *, closes: bool) -> None:
    every_s = 0.5 if closes or n % 3 else 0.04  # every third commits and merges all the time
    sent = os.open(folder / f"{n}.sent", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    path = folder / f"{n}.db"
    async with Recorder(lambda: open_store(path), head(), every_s=every_s) as recorder:
        os.write(begun, b"!")
        await source(recorder.put, sent, CLOSES_AFTER_S if closes else 3600.0)
    await asyncio.sleep(3600.0)


def forked(folder: Path, n: int, *, closes: bool) -> tuple[int, int]:
    """Return the process and where it says that its trial has begun."""
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return process, reading
    try:
        os.close(reading)
        asyncio.run(record(folder, n, writing, closes=closes))
    finally:
        os._exit(1)


def killed(folder: Path, lives_s: Iterator[tuple[int, float]], *, closes: bool) -> None:
    waiting: dict[int, tuple[int, float]] = {}
    dying: list[tuple[float, int]] = []
    while True:
        while len(waiting) + len(dying) < TOGETHER and (life := next(lives_s, None)):
            process, begun = forked(folder, life[0], closes=closes)
            waiting[begun] = process, life[1]
        if not waiting and not dying:
            return
        wait_s = max(dying[0][0] - time.perf_counter(), 0.0) if dying else None
        for begun in select.select(list(waiting), (), (), wait_s)[0]:
            process, life_s = waiting.pop(begun)
            assert os.read(begun, 1) == b"!", "a recorder did not begin"
            os.close(begun)
            heapq.heappush(dying, (time.perf_counter() + life_s, process))
        while dying and dying[0][0] <= time.perf_counter():
            process = heapq.heappop(dying)[1]
            os.kill(process, signal.SIGKILL)
            assert os.WTERMSIG(os.waitpid(process, 0)[1]) == signal.SIGKILL


if __name__ == "__main__":
    where, seed, count, manner = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    random_s = random.Random(seed)
    span = (0.0, 1.6) if manner == "recording" else (CLOSES_AFTER_S - 0.1, CLOSES_AFTER_S + 0.8)
    lives = ((n, random_s.uniform(*span)) for n in range(count))
    killed(where, lives, closes=manner == "closing")
