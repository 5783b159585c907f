"""Recordings fed to the live part as a radio would: tick by tick, nothing before it came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from collector.links.base import Batch, Received
from collector.live.angles.clocks import LiveClock
from collector.live.angles.frame import LiveFrame
from collector.live.angles.separation import Separation
from collector.simulate.radio import RadioModel, deliver
from schemas.chunk import Chunk
from schemas.protocol import protocol_of
from schemas.recording import Recording
from schemas.samples import Samples

TICK_US = 33_000


@dataclass(frozen=True)
class Session:
    """Samples as they arrived, when they really were measured, and how many never came."""

    samples: Samples
    true_s: np.ndarray
    lost: int


def session(
    seed: int,
    model: RadioModel,
    *,
    rate_hz: float = 100.0,
    ticks: bool = False,
    span_s: float = 60.0,
) -> Session:
    rng = np.random.default_rng(seed)
    off = 20e-6 if ticks else 0.01
    true_hz = rate_hz * (1.0 + rng.uniform(-off, off))
    ready_s = rng.uniform(0.0, 0.3) + np.arange(int(span_s * true_hz)) / true_hz
    sent = deliver(ready_s, model, rng)
    rows = [np.arange(a, b + 1) for a, b in zip(sent.first, sent.last, strict=True)]
    index = np.concatenate(rows)
    arrival_us = np.repeat(sent.arrival_us, sent.last - sent.first + 1)
    samples = Samples(arrival_us=arrival_us, device_time_s=7.0 + index / rate_hz if ticks else None)
    return Session(samples, ready_s[index], len(sent.lost))


def rows_of(samples: Samples, rows: slice) -> Samples:
    device_s = samples.device_time_s
    return Samples(
        arrival_us=samples.arrival_us[rows],
        device_time_s=None if device_s is None else device_s[rows],
    )


def blocks(samples: Samples, every_us: int = TICK_US) -> Iterator[Samples]:
    """What came since the last tick, tick by tick."""
    last_us = int(samples.arrival_us[-1])
    edges = np.searchsorted(samples.arrival_us, np.arange(0, last_us + 2 * every_us, every_us))
    for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if b > a:
            yield rows_of(samples, slice(a, b))


def live_times(clock: LiveClock, samples: Samples) -> np.ndarray:
    return np.concatenate([clock.feed(block)[0] for block in blocks(samples)])


def batches(recording: Recording, tick_us: int = TICK_US) -> Iterator[tuple[int, Batch]]:
    """Yield the time of every tick and what came before it."""
    rows = sorted(
        (
            Received(sensor, notification)
            for sensor, chunk in enumerate(recording.chunks)
            for notification in chunk.notifications()
        ),
        key=lambda row: row.notification.t_us,
    )
    at = 0
    for now_us in range(tick_us, rows[-1].notification.t_us + tick_us, tick_us):
        first = at
        while at < len(rows) and rows[at].notification.t_us <= now_us:
            at += 1
        yield now_us, tuple(rows[first:at])


def play(recording: Recording, separation: Separation | None = None) -> Iterator[LiveFrame]:
    """Yield a frame a tick; the reference is taken as soon as it is over, events as they come."""
    if separation is None:
        separation = Separation(recording.info, protocol_of(recording.info))
    segments = [use.segment for use in recording.info.sensors]
    events = [e for e in recording.events if e.kind == "reconnected"]
    reference = recording.info.reference
    for now_us, batch in batches(recording):
        if events and events[0].t_us <= now_us:
            event = events.pop(0)
            separation.feed(tuple(r for r in batch if r.notification.t_us < event.t_us))
            separation.reconnected(segments.index(event.text))
            separation.feed(tuple(r for r in batch if r.notification.t_us >= event.t_us))
        else:
            separation.feed(batch)
        if reference is not None and now_us > (reference.end_s + 0.1) * 1e6:
            separation.set_reference(reference)
            reference = None
        yield separation.tick(now_us)


def first_seconds(recording: Recording, seconds: float) -> Recording:
    chunks = [
        Chunk.of(row for row in chunk.notifications() if row.t_us < seconds * 1e6)
        for chunk in recording.chunks
    ]
    return Recording(recording.info, tuple(chunks), recording.events)
