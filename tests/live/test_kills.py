"""Killed at any instant: at most a second is lost, and the trial is salvaged and says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from recorded import sent

from collector.salvage import salvaged
from collector.store import Store, open_store
from schemas.chunk import Chunk

HERE = Path(__file__).resolve().parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{HERE.parents[1]}{os.pathsep}{HERE}"}
MAY_BE_MISSING_S = 1.0

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


def killed(folder: Path, count: int, manner: str) -> None:
    words = [sys.executable, str(HERE / "killing.py"), str(folder), "7", str(count), manner]
    subprocess.run(words, check=True, env=ENVIRONMENT)


def handed_over(folder: Path, n: int) -> list[int]:
    content = (folder / f"{n}.sent").read_bytes()
    return [int.from_bytes(content[i : i + 8], "little") for i in range(0, len(content) - 7, 8)]


def stored(store: Store) -> list[list[int]]:
    return [chunk.t_us.tolist() for chunk in store.load_recording(1).chunks]


def check_whole(store: Store, times_us: list[int]) -> None:
    """What is there is what was handed over, without a hole, byte for byte."""
    chunks: tuple[Chunk, ...] = store.load_recording(1).chunks
    wanted = sent(times_us[: len(chunks[0])])
    assert [c.sha256() for c in chunks] == [c.sha256() for c in wanted]


def test_of_a_hundred_killed_recordings_none_loses_more_than_a_second(tmp_path: Path):
    killed(tmp_path, 100, "recording")
    missing_s = []
    for n in range(100):
        path, times_us = tmp_path / f"{n}.db", handed_over(tmp_path, n)
        with open_store(path) as store:
            (sentence,) = salvaged(store, path)
            assert sentence.startswith("Trial 1 was left open by a crash: its ")
            assert store.trial(1).state == "salvaged"
            assert store.verify_audit() > 0
            check_whole(store, times_us)
            kept = stored(store)[0]
        missing_s.append((times_us[-1] - kept[-1] if kept else times_us[-1]) / 1e6)
    assert max(missing_s) <= MAY_BE_MISSING_S
    assert max(missing_s) > 0.3, "nobody was killed between two commits: the test shows nothing"


def test_killed_while_the_trial_is_closed_it_is_whole(tmp_path: Path):
    killed(tmp_path, 18, "closing")
    states = []
    for n in range(18):
        with open_store(tmp_path / f"{n}.db") as store:
            list(salvaged(store, None))
            states.append(store.trial(1).state)
            check_whole(store, handed_over(tmp_path, n))
            if states[-1] == "closed":
                assert stored(store)[0] == handed_over(tmp_path, n)
    assert set(states) == {"closed", "salvaged"}


INTERRUPTED = """
import asyncio
import sys
from recorded import batch, head
from collector.live.recording.recorder import Recorder
from collector.store import open_store

async def body():
    async with Recorder(lambda: open_store(sys.argv[1]), head()) as recorder:
        recorder.put(batch(1))
        print("begun", flush=True)
        await asyncio.sleep(60)

asyncio.run(body())
"""


def test_an_interrupt_from_the_keyboard_keeps_what_came(tmp_path: Path):
    path = tmp_path / "trial.db"
    words = [sys.executable, "-c", INTERRUPTED, str(path)]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        process.send_signal(signal.SIGINT)
    with open_store(path) as store:
        assert store.trial(1).state == "interrupted"
        assert stored(store) == [[1], [1]]
