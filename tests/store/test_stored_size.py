from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from collector.simulate import simulate_trial
from collector.store import open_store
from schemas.chunk import Chunk
from schemas.recording import Recording


def stored_bytes(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        pages, free, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
    return (pages - free) * size


def part(chunk: Chunk, start: int, stop: int) -> Chunk:
    ends = np.concatenate([[0], np.cumsum(chunk.length)])
    rows = slice(start, stop)
    return Chunk(
        chunk.t_us[rows], chunk.outgoing[rows], chunk.characteristic[rows], chunk.length[rows],
        chunk.payload[ends[start] : ends[stop]], chunk.characteristics,
    )  # fmt: skip


def half_seconds(recording: Recording) -> list[dict[int, Chunk]]:
    last_us = max(int(chunk.t_us[-1]) for chunk in recording.chunks)
    edges = np.arange(0, last_us + 500_001, 500_000)
    cuts = [np.searchsorted(chunk.t_us, edges, side="right") for chunk in recording.chunks]
    cuts = [np.concatenate([[0], cut]) for cut in cuts]
    return [
        {n: part(c, cuts[n][i], cuts[n][i + 1]) for n, c in enumerate(recording.chunks)}
        for i in range(len(edges))
    ]


@pytest.mark.parametrize(("seed", "side"), [(1, "right"), (2, "left")])
def test_a_raw_frame_takes_few_bytes_with_everything_counted(path: Path, seed, side, make_result):
    recording = simulate_trial("pslr", side, seed).recording
    frames = sum(len(chunk.payload) for chunk in recording.chunks) / 20
    with open_store(path) as store:
        trial = store.begin_trial(recording.info)
        for new in half_seconds(recording):
            store.append_chunks(trial, new)
        recording_bytes = stored_bytes(path)
        store.close_trial(trial)
        store.add_result(trial, make_result())
        closed_bytes = stored_bytes(path)
        assert store.load_recording(trial).sha256() == recording.sha256()
    assert recording_bytes / frames <= 10.5
    assert closed_bytes / frames <= 8.5
