"""How long a commit of half a second takes, beside a bare write of the same bytes to the disk."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from collector.bench.measure import Row
from collector.bench.stored import steps
from collector.simulate import simulate_trial
from collector.store import open_store


def commit_rows(seed: int = 1) -> list[Row]:
    """Commit one simulated `pslr` in steps of 0.5 s; after each, write and sync as many bytes."""
    recording = simulate_trial("pslr", "left", seed).recording
    commits_ms, syncs_ms, sizes = [], [], []
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "bench.db") as store:
        bare = os.open(Path(folder) / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        trial = store.begin_trial(recording.info)
        for part in steps(recording):
            begun_s = perf_counter()
            store.append_chunks(trial, part)
            commits_ms.append(1e3 * (perf_counter() - begun_s))
            payload = b"".join(chunk.payload for chunk in part.values())
            begun_s = perf_counter()
            os.write(bare, payload)
            os.fsync(bare)
            syncs_ms.append(1e3 * (perf_counter() - begun_s))
            sizes.append(len(payload))
        os.close(bare)
        store.close_trial(trial)
    p50, p95 = np.percentile(commits_ms, (50, 95)).tolist()
    ratio = p50 / float(np.median(syncs_ms))
    what = f"{len(sizes)} commits of {np.mean(sizes):.0f} bytes"
    detail = f"{what}; p50 {p50:.1f}, max {max(commits_ms):.1f} ms, bare {np.median(syncs_ms):.2f}"
    return [
        Row("commit: times a bare fsync, p50", ratio, "x", 40.0, at_most=True, detail=what),
        Row("commit: latency, p95", p95, "ms", 250.0, at_most=True, detail=detail),
    ]
