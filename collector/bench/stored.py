"""How many bytes the database spends on one raw frame, everything counted."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import numpy as np

from collector.bench.measure import Row
from collector.simulate import simulate_trial
from collector.store import open_store
from schemas.chunk import Chunk
from schemas.recording import Recording

COMMIT_US = 500_000
FRAME_BYTES = 20


def stored_rows(seed: int = 1) -> list[Row]:
    """Record one simulated `pslr` in steps of 0.5 s, close it, and weigh the database twice."""
    recording = simulate_trial("pslr", "left", seed).recording
    frames = sum(len(chunk.payload) for chunk in recording.chunks) // FRAME_BYTES
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        with open_store(path) as store:
            trial_id = store.begin_trial(recording.info)
            for part in steps(recording):
                store.append_chunks(trial_id, part)
            recording_bytes = _used_bytes(path)
            store.close_trial(trial_id)
            closed_bytes = _used_bytes(path)
    detail = f"one trial, two sensors, {frames} frames, every page of the database counted"
    return [
        Row("stored bytes a frame, recording", recording_bytes / frames, "B", 10.5, True, detail),
        Row("stored bytes a frame, closed", closed_bytes / frames, "B", 8.5, True, detail),
    ]


def steps(recording: Recording) -> list[dict[int, Chunk]]:
    """Return what a recorder commits every half second, by sensor."""
    end_us = max(int(chunk.t_us[-1]) for chunk in recording.chunks)
    return [
        {index: _between(chunk, start, start + COMMIT_US) for index, chunk in enumerate(chunks)}
        for chunks in [recording.chunks]
        for start in range(0, end_us + 1, COMMIT_US)
    ]


def _between(chunk: Chunk, start_us: int, end_us: int) -> Chunk:
    first, last = np.searchsorted(chunk.t_us, [start_us, end_us])
    ends = np.concatenate([[0], np.cumsum(chunk.length)])
    return Chunk(
        t_us=chunk.t_us[first:last],
        outgoing=chunk.outgoing[first:last],
        characteristic=chunk.characteristic[first:last],
        length=chunk.length[first:last],
        payload=chunk.payload[ends[first] : ends[last]],
        characteristics=chunk.characteristics,
    )


def _used_bytes(path: Path) -> int:
    with sqlite3.connect(path) as db:
        pages, free, size = (
            db.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size)
