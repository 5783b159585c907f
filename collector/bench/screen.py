"""How long a live frame takes to a browser, and at what cost: one viewer, five, one that hangs."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import httpx
import numpy as np

from collector.bench.live import TICK_S, Arrivals
from collector.bench.measure import Row
from collector.bench.source import paced_recording
from collector.bench.viewers import Looking
from collector.live.angles.separation import Separation
from collector.live.trial.parts import Snapshot
from collector.live.trial.phases import Phase
from collector.store import open_store
from collector.web.desk import Desk
from collector.web.serving import Doors, Engine, Serving
from collector.web.station.board import Board
from collector.web.station.state import Run
from collector.web.station.watching import Watching
from schemas.protocol import protocol_of
from schemas.recording import RecordingInfo

WARM_S: Final = 3.0
MARK_DEG: Final = 5.0
_MOVING: Final = Snapshot(Phase.MOVE, "", None, 0, 3, (), (), None, None, 0.0, None, None)


@dataclass(frozen=True, slots=True)
class Case:
    """How many look on, and how many of them never read."""

    name: str
    viewers: int
    stalled: int = 0


CASES: Final = (
    Case("one viewer", 1),
    Case("five viewers", 5),
    Case("five viewers and one that never reads", 5, 1),
)


@dataclass(frozen=True, slots=True)
class _Sent:
    """One frame: its time, when its tick began, and when what it shows was called back."""

    t_s: float
    began_s: float
    came_s: tuple[float, ...]


def screen_rows(seconds: float = 10.0) -> list[Row]:
    """Stream four sensors at 200 Hz through the real server, while others look on."""
    info = paced_recording().info
    return [row for case in CASES for row in _case(case, info, seconds)]


def _case(case: Case, info: RecordingInfo, seconds: float) -> Iterator[Row]:
    with _served() as (serving, cookie):
        address = serving.address().split("/?")[0]
        looking = Looking(address, cookie, WARM_S + seconds + 1.0, case.viewers, case.stalled)
        with _watched(looking) as viewers:
            sent, core_pct = asyncio.run(_stream(info, serving.station.board, seconds))
            came = json.loads(viewers.communicate()[0])
    tick_ms, callback_ms = _latencies(sent, came)
    tick, callback = (np.percentile(ms, (50, 95, 99)) for ms in (tick_ms, callback_ms))
    name = f"screen, {case.name}"
    got = 100.0 * len(tick_ms) / max(1, case.viewers * len(sent))
    yield Row(f"{name}: tick to frame, p95", tick[1], "ms", 10.0, True, _others(tick))
    yield Row(f"{name}: callback to frame, p95", callback[1], "ms", 50.0, True, _others(callback))
    yield Row(f"{name}: share of one core", core_pct, "%", 15.0, True, "server and trial together")
    yield Row(f"{name}: frames that came", got, "%", 99.0, False, f"{len(sent)} sent to each")


@contextmanager
def _served() -> Iterator[tuple[Serving, str]]:
    """Run the server on a thread; yield it with the cookie of somebody who is in."""
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "bench.db"
        with open_store(db):
            pass
        serving = Serving(Engine(Desk(db)), Doors())
        thread = threading.Thread(target=serving.run, name="server")
        thread.start()
        try:
            while not serving.started:
                time.sleep(0.01)
            answer = httpx.get(serving.address())
            cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
            yield serving, cookie
        finally:
            serving.stop()
            thread.join()


@contextmanager
def _watched(looking: Looking) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "collector.bench.viewers"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as viewers:
        assert viewers.stdin is not None
        assert viewers.stdout is not None
        viewers.stdin.write(json.dumps(asdict(looking)) + "\n")
        viewers.stdin.flush()
        viewers.stdout.readline()  # they are looking
        try:
            yield viewers
        finally:
            viewers.kill()


async def _stream(info: RecordingInfo, board: Board, seconds: float) -> tuple[list[_Sent], float]:
    """Tick on a paced source in another process; return what was shown, and the cost."""
    command = [sys.executable, "-m", "collector.bench.source", f"{WARM_S + seconds + 1.0:g}"]
    source = subprocess.Popen(command, stdout=subprocess.PIPE)
    loop, arrivals = asyncio.get_running_loop(), Arrivals()
    transport, _ = await loop.connect_read_pipe(lambda: arrivals, source.stdout)
    try:
        while arrivals.began_us is None:
            await asyncio.sleep(0.01)
        separation = Separation(info, protocol_of(info))
        watching = Watching(Run(), MARK_DEG)
        await _tick(separation, arrivals, board, watching, WARM_S)
        began_s, used_s = time.perf_counter(), time.process_time()
        sent = await _tick(separation, arrivals, board, watching, seconds)
        used_s = time.process_time() - used_s
        return sent, 100.0 * used_s / (time.perf_counter() - began_s)
    finally:
        transport.close()
        source.kill()
        source.wait()


async def _tick(
    separation: Separation, arrivals: Arrivals, board: Board, watching: Watching, seconds: float
) -> list[_Sent]:
    loop, sent = asyncio.get_running_loop(), list[_Sent]()
    due_s, zero_us = loop.time(), arrivals.began_us or 0
    for _ in range(round(seconds / TICK_S)):
        due_s += TICK_S
        await asyncio.sleep(max(0.0, due_s - loop.time()))
        began_s = time.perf_counter()
        batch = arrivals.taken()
        separation.feed(batch)
        live = separation.tick(round(began_s * 1e6) - zero_us)
        shown = watching.frame(_MOVING, replace(live, t_s=began_s))  # a time that nobody else has
        board.show(shown)
        came_s = tuple((row.notification.t_us + zero_us) / 1e6 for row in batch)
        sent.append(_Sent(shown.t_s, began_s, came_s))
    return sent


def _latencies(
    sent: list[_Sent], came: list[list[tuple[float, float]]]
) -> tuple[list[float], list[float]]:
    known = {frame.t_s: frame for frame in sent}
    seen = [(known[t_s], at_s) for viewer in came for t_s, at_s in viewer if t_s in known]
    tick_ms = [1e3 * (at_s - frame.began_s) for frame, at_s in seen]
    callback_ms = [1e3 * (at_s - came_s) for frame, at_s in seen for came_s in frame.came_s]
    return tick_ms, callback_ms


def _others(percentiles: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    return f"p50 {percentiles[0]:.1f}, p99 {percentiles[2]:.1f} ms"
