"""Movella DOT notifications to samples and replies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from devices.movella_dot.payloads import (
    SIZES,
    Layout,
    Octets,
    are_numbers,
    columns_of,
    layout_of,
    ticks_of,
)
from devices.movella_dot.ticks import Unwrapper
from devices.movella_dot.values import READERS
from devices.stream import on
from schemas.chunk import Chunk, Notification
from schemas.samples import Counters, Decoded, Reply, Samples
from schemas.units import IntArray


class DotDecoder:
    """The notifications of one sensor that was started in one mode."""

    __slots__ = ("_clock", "_layout", "counters")

    def __init__(self, mode: int | None = None) -> None:
        self.counters = Counters()
        self._layout = layout_of(mode)
        self._clock = Unwrapper()

    def feed(self, chunk: Chunk) -> Decoded:
        """Decode every notification; nothing waits for the next call."""
        payloads = ~chunk.outgoing & on(chunk, self._layout.characteristic)
        samples = self._samples(chunk, np.flatnonzero(payloads))
        others = np.flatnonzero(~chunk.outgoing & ~payloads)
        return Decoded(samples, self._replies(chunk, others) if len(others) else ())

    def finish(self) -> Decoded:
        """Return nothing: every notification was complete."""
        return Decoded(Samples(arrival_us=np.zeros(0, dtype=np.int64)))

    def reset(self) -> None:
        """Keep the clock: it runs on through a lost connection."""

    def _samples(self, chunk: Chunk, rows: IntArray) -> Samples:
        length = chunk.length[rows]
        whole = rows[(length >= self._layout.used) & (length <= self._layout.size)]
        octets = _octets(chunk, whole, self._layout)
        columns = columns_of(self._layout, octets)
        good = are_numbers(columns)
        time, new = self._clock.unwrap(ticks_of(octets)[good])
        kept = np.flatnonzero(good)[new]
        if len(kept) < len(whole):
            columns = {name: values[kept] for name, values in columns.items()}
        self.counters += Counters(received=len(kept), damaged=len(rows) - int(good.sum()))
        self._count_ticks()
        return Samples(arrival_us=chunk.t_us[whole[kept]], device_time_s=time[new] / 1e6, **columns)

    def _count_ticks(self) -> None:
        self.counters = replace(
            self.counters,
            duplicated=self._clock.duplicated,
            out_of_order=self._clock.out_of_order,
        )

    def _replies(self, chunk: Chunk, rows: IntArray) -> tuple[Reply, ...]:
        ends = np.cumsum(chunk.length)
        replies: list[Reply] = []
        for i in rows.tolist():
            end = int(ends[i])
            payload = chunk.payload[end - int(chunk.length[i]) : end]
            name = chunk.characteristics[int(chunk.characteristic[i])]
            reply = self._reply(Notification(int(chunk.t_us[i]), False, name, payload))
            if reply is not None:
                replies.append(reply)
        return tuple(replies)

    def _reply(self, notification: Notification) -> Reply | None:
        read = READERS.get(notification.characteristic)
        if read is None:
            self.counters += Counters(unknown=1)
            return None
        values = read(notification.payload)
        self.counters += Counters(replies=1) if values is not None else Counters(damaged=1)
        return None if values is None else Reply(notification.t_us, values)


def _octets(chunk: Chunk, rows: IntArray, layout: Layout) -> Octets:
    """Return the used bytes of the notifications `rows`, shape (N, used)."""
    octets = np.frombuffer(chunk.payload, dtype=np.uint8)
    length = SIZES[layout.characteristic]
    if len(rows) == len(chunk) and len(octets) == len(rows) * length:
        return octets.reshape(len(rows), length)[:, : layout.used]
    starts = (np.cumsum(chunk.length) - chunk.length)[rows]
    gathered: Octets = octets[starts[:, None] + np.arange(layout.used)]
    return gathered
