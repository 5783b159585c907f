"""Connections that are lost and come back, cut into simulated recordings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from schemas.chunk import Chunk, Notification
from schemas.recording import Event, Recording


def without(
    recording: Recording, sensor: int, start_s: float, end_s: float, *, torn: bool = True
) -> Recording:
    """Take out what one sensor sent from `start_s` to `end_s`, and note the reconnect.

    `torn` leaves half a notification before the hole, as a link does that dies in the middle.
    """
    rows = list(recording.chunks[sensor].notifications())
    before = [row for row in rows if row.t_us < start_s * 1e6]
    behind = [row for row in rows if row.t_us >= end_s * 1e6]
    if torn:
        lost = rows[len(before)]
        half = lost.payload[: len(lost.payload) // 2 - 3]
        before.append(Notification(lost.t_us, False, lost.characteristic, half))
    chunks = list(recording.chunks)
    chunks[sensor] = Chunk.of([*before, *behind])
    segment = recording.info.sensors[sensor].segment
    events = (
        *recording.events,
        Event(round(start_s * 1e6), "link_lost", segment),
        Event(round(end_s * 1e6), "reconnected", segment),
    )
    return replace(recording, chunks=tuple(chunks), events=events)


def restarted_ticks(recording: Recording, sensor: int, from_s: float) -> Recording:
    """Let a Movella DOT's clock begin at zero again with what it sends from `from_s` on."""
    chunk = recording.chunks[sensor]
    size = int(chunk.length[0])
    octets = np.frombuffer(chunk.payload, dtype=np.uint8).reshape(-1, size).copy()
    ticks = octets[:, :4].copy().view("<u4")[:, 0]
    late = chunk.t_us >= from_s * 1e6
    ticks[late] -= ticks[late][0]
    octets[:, :4] = ticks[:, None].view(np.uint8)
    chunks = list(recording.chunks)
    chunks[sensor] = replace(chunk, payload=octets.tobytes())
    return replace(recording, chunks=tuple(chunks))
