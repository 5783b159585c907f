"""Raw notifications as rows of blobs: appended while recording, repacked when a trial closes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.engine import Connection

from collector.store.codec import (
    CODEC,
    LIVE_LEVEL,
    MAX_COUNT,
    PACKED_LEVEL,
    decode_chunk,
    encode_chunk,
)
from devices import registry
from schemas.chunk import Chunk
from schemas.errors import StoreError, UsageError
from schemas.recording import SensorUse
from schemas.tables import Chunk as ChunkTable

MAX_PACKED_BYTES: Final = 1 << 24
"""A packed chunk holds no more payload than this, so that reading needs bounded memory."""


def stride_of(use: SensorUse, chunk: Chunk) -> int:
    """Return the frame length of the sensor's profile that fits most notifications, 0 if none."""
    try:
        modes = registry.profile(use.profile_id).modes
    except UsageError:
        return 0
    ordered = sorted(modes, key=lambda mode: mode.number != use.mode)
    strides = [mode.frame_bytes for mode in ordered if mode.frame_bytes]
    came = chunk.length[~chunk.outgoing]
    return max(strides, key=lambda stride: int((came % stride == 0).sum()), default=0)


def append(
    connection: Connection,
    trial: int,
    seq: int,
    chunks: Mapping[int, Chunk],
    uses: Sequence[SensorUse],
) -> None:
    """Insert what came since the last time, one row per sensor that said anything."""
    rows = [
        _row(trial, seq, sensor, chunk, uses[sensor], LIVE_LEVEL)
        for sensor, chunk in chunks.items()
        if len(chunk)
    ]
    if rows:
        connection.execute(insert(ChunkTable), rows)


def write_packed(
    connection: Connection, trial: int, chunks: Sequence[Chunk], uses: Sequence[SensorUse]
) -> None:
    """Insert whole recordings, each sensor in as few rows as the limit allows."""
    rows = [
        _row(trial, seq, sensor, part, uses[sensor], PACKED_LEVEL)
        for sensor, chunk in enumerate(chunks)
        for seq, part in enumerate(_parts(chunk))
    ]
    if rows:
        connection.execute(insert(ChunkTable), rows)


def remove(connection: Connection, trial: int, *, first_seq: int = 0) -> None:
    """Delete rows of a trial, to be replaced by larger ones in the same transaction."""
    connection.execute(
        delete(ChunkTable).where(ChunkTable.trial_id == trial, ChunkTable.seq >= first_seq)
    )


def read(connection: Connection, sensors: Mapping[int, int]) -> dict[int, tuple[Chunk, ...]]:
    """Return one chunk per sensor of some trials; `sensors` says how many each trial has.

    Raises `StoreError` `damaged_chunk` naming trial and chunk.
    """
    parts: dict[int, list[list[Chunk]]] = {t: [[] for _ in range(n)] for t, n in sensors.items()}
    for row in connection.execute(_ROWS, {"trials": list(sensors)}):
        row_id, trial, sensor, codec, count, data = row
        parts[trial][sensor].append(_decoded(trial, row_id, codec, count, data))
    return {trial: tuple(map(Chunk.joined, of_trial)) for trial, of_trial in parts.items()}


_ROWS = (
    select(
        ChunkTable.id,
        ChunkTable.trial_id,
        ChunkTable.sensor,
        ChunkTable.codec,
        ChunkTable.count,
        ChunkTable.data,
    )
    .where(ChunkTable.trial_id.in_(bindparam("trials", expanding=True)))
    .order_by(ChunkTable.trial_id, ChunkTable.id)
)


def _decoded(trial: int, row_id: int, codec: int, count: int, data: bytes) -> Chunk:
    try:
        if codec != CODEC:
            raise ValueError(f"codec {codec}, this version knows {CODEC}")
        chunk = decode_chunk(data)
        if len(chunk) != count:
            raise ValueError(f"{len(chunk)} notifications instead of {count}")
    except ValueError as error:
        raise StoreError(
            f"Chunk {row_id} of trial {trial} is damaged ({error}): expected notifications as they "
            "were recorded; restore a backup.",
            reason="damaged_chunk",
        ) from error
    return chunk


def _row(
    trial: int, seq: int, sensor: int, chunk: Chunk, use: SensorUse, level: int
) -> dict[str, Any]:
    return {
        "trial_id": trial,
        "sensor": sensor,
        "seq": seq,
        "kind": "samples" if use.profile_id == "table" else "notifications",
        "codec": CODEC,
        "count": len(chunk),
        "start_us": int(chunk.t_us[0]),
        "end_us": int(chunk.t_us[-1]),
        "data": _blob(chunk, use, level),
    }


def _blob(chunk: Chunk, use: SensorUse, level: int) -> bytes:
    """Encode by the profile's frames; when there is time, also without them, and keep the less."""
    stride = stride_of(use, chunk)
    blob = encode_chunk(chunk, stride, level=level)
    if level == LIVE_LEVEL or not stride:
        return blob
    return min(blob, encode_chunk(chunk, level=level), key=len)


def _parts(chunk: Chunk) -> Iterator[Chunk]:
    ends = np.cumsum(chunk.length)
    start = begin = 0
    while start < len(chunk):
        stop = int(np.searchsorted(ends, begin + MAX_PACKED_BYTES, side="right"))
        stop = min(max(stop, start + 1), start + MAX_COUNT)
        part = slice(start, stop)
        end = int(ends[stop - 1])
        yield Chunk(
            chunk.t_us[part],
            chunk.outgoing[part],
            chunk.characteristic[part],
            chunk.length[part],
            chunk.payload[begin:end],
            chunk.characteristics,
        )
        start, begin = stop, end
