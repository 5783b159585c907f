"""How long a live frame takes, and how much of a processor: four sensors at 200 Hz."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from collector.bench.measure import Row
from collector.bench.source import HEAD, paced_recording
from collector.links.base import Received
from collector.live.angles.separation import Separation
from collector.live.readers import Reader, Readers
from schemas.chunk import Notification
from schemas.protocol import protocol_of
from schemas.recording import RecordingInfo

TICK_S: Final = 0.033
WARM_S: Final = 3.0


@dataclass(slots=True)
class _Figures:
    """Milliseconds from tick to frame, from callback to frame, and the share of one core."""

    tick_ms: list[float] = field(default_factory=list)
    callback_ms: list[float] = field(default_factory=list)
    core_pct: float = 0.0


class Arrivals(asyncio.Protocol):
    """Stamps and appends, as the radio's callback does."""

    def __init__(self) -> None:
        self.rows: list[Received] = []
        self.began_us: int | None = None
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        """Take what the source wrote."""
        now_us = time.perf_counter_ns() // 1000
        self.began_us = self.began_us or now_us
        data, at = self._rest + data, 0
        while len(data) - at >= HEAD.size:
            sensor, length = HEAD.unpack_from(data, at)
            end = at + HEAD.size + length
            if end > len(data):
                break
            payload = data[at + HEAD.size : end]
            row = Notification(now_us - self.began_us, False, "ffe4", payload)
            self.rows.append(Received(sensor, row))
            at = end
        self._rest = data[at:]

    def taken(self) -> tuple[Received, ...]:
        """Return what came since the last call."""
        rows, self.rows = self.rows, []
        return tuple(rows)


def live_rows(seconds: float = 10.0) -> list[Row]:
    """Run a live trial on a paced source in another process, and hold it against the bars."""
    figures = asyncio.run(_run(paced_recording().info, seconds))
    tick = np.percentile(figures.tick_ms, (50, 95, 99))
    callback = np.percentile(figures.callback_ms, (50, 95, 99))
    what = f"4 sensors at 200 Hz, {seconds:.0f} s, {len(figures.tick_ms)} frames"
    return [
        Row("live: tick to frame, p95", tick[1], "ms", 10.0, True, f"{what}; {_others(tick)}"),
        Row("live: callback to frame, p95", callback[1], "ms", 50.0, True, _others(callback)),
        Row("live: share of one core", figures.core_pct, "%", 15.0, True, "the source not counted"),
    ]


def _others(percentiles: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    return f"p50 {percentiles[0]:.1f}, p99 {percentiles[2]:.1f} ms"


async def _run(info: RecordingInfo, seconds: float) -> _Figures:
    command = [sys.executable, "-m", "collector.bench.source", f"{WARM_S + seconds + 1.0:g}"]
    source = subprocess.Popen(command, stdout=subprocess.PIPE)
    loop, arrivals, readers = asyncio.get_running_loop(), Arrivals(), Readers()
    transport, _ = await loop.connect_read_pipe(lambda: arrivals, source.stdout)
    try:
        while arrivals.began_us is None:
            await asyncio.sleep(0.01)
        figures, sent = _Figures(), deque[tuple[float, tuple[Received, ...]]]()
        async with asyncio.TaskGroup() as group:
            reading = _read(readers.subscribe(), sent, arrivals.began_us, figures)
            group.create_task(reading)
            await _tick(Separation(info, protocol_of(info)), arrivals, readers, sent, WARM_S)
            figures.tick_ms.clear()
            figures.callback_ms.clear()
            begun_s, used_s = time.perf_counter(), time.process_time()
            await _tick(Separation(info, protocol_of(info)), arrivals, readers, sent, seconds)
            used_s = time.process_time() - used_s
            figures.core_pct = 100.0 * used_s / (time.perf_counter() - begun_s)
            readers.close()
        return figures
    finally:
        transport.close()
        source.kill()
        source.wait()


async def _tick(
    separation: Separation,
    arrivals: Arrivals,
    readers: Readers,
    sent: deque[tuple[float, tuple[Received, ...]]],
    seconds: float,
) -> None:
    loop = asyncio.get_running_loop()
    due_s = loop.time()
    assert arrivals.began_us is not None
    for _ in range(round(seconds / TICK_S)):
        due_s += TICK_S
        await asyncio.sleep(max(0.0, due_s - loop.time()))
        started_s = time.perf_counter()
        batch = arrivals.taken()
        separation.feed(batch)
        frame = separation.tick(round(started_s * 1e6) - arrivals.began_us)
        sent.append((started_s, batch))
        readers.publish(frame)


async def _read(
    reader: Reader,
    sent: deque[tuple[float, tuple[Received, ...]]],
    began_us: int,
    figures: _Figures,
) -> None:
    async for _ in reader:
        now_s = time.perf_counter()
        started_s, batch = sent.popleft()
        figures.tick_ms.append(1e3 * (now_s - started_s))
        came_us = [row.notification.t_us + began_us for row in batch]
        figures.callback_ms.extend(1e3 * now_s - t_us / 1e3 for t_us in came_us)
