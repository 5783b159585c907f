from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from collector.store import open_store
from collector.store.recorder import MERGE_AFTER

RECORDER = """
import sys
from itertools import count
from collector.store import open_store
from schemas.chunk import Chunk, Notification
from schemas.recording import RecordingInfo, SensorUse

def chunk(i):
    return Chunk.of([Notification(500_000 * i, False, "ffe4", i.to_bytes(4, "little") * 20)])

use = SensorUse("pelvis", "witmotion", 1, "0123456789abcdef", "arrival")
store = open_store(sys.argv[1])
trial = store.begin_trial(RecordingInfo((use,), "2026-05-04T09:30:00Z"))
for i in count():
    store.append_chunks(trial, {0: chunk(i)})
    print(i + 1, flush=True)
"""


def killed_after(commits: int, path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RECORDER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= commits:
                process.kill()
                break


@pytest.mark.parametrize("commits", [1, MERGE_AFTER - 1, MERGE_AFTER, 3 * MERGE_AFTER - 1])
def test_what_was_committed_survives_a_kill(path: Path, commits: int):
    killed_after(commits, path)
    with open_store(path) as store:
        assert store.open_trials() == (1,)
        store.salvage(1)
        (chunk,) = store.load_recording(1).chunks
        assert store.trial(1).state == "salvaged"
        assert store.verify_audit() == len(store.audit_trail()) == 4
    assert len(chunk) >= commits
    assert [n.payload[:4] for n in chunk.notifications()] == [
        i.to_bytes(4, "little") for i in range(len(chunk))
    ]
