"""WitMotion bytes to samples and replies, and back."""

from __future__ import annotations

from typing import Final

import numpy as np

from devices.stream import EMPTY, Stream, incoming
from devices.witmotion.frames import (
    DATA,
    LONG,
    SHORT,
    Calendars,
    Run,
    Words,
    calendar_of,
    calendars,
    unix_s,
    words_of,
)
from devices.witmotion.registers import read_reply
from devices.witmotion.splitter import Found, Splitter
from schemas.chunk import Chunk
from schemas.errors import UsageError
from schemas.samples import Counters, Decoded, Reply, Samples
from schemas.units import G_M_S2, RAD_PER_DEG, FloatArray, IntArray

NOTIFY: Final = "ffe4"

ACC_M_S2: Final = 16.0 * G_M_S2 / 32768.0
GYR_RAD_S: Final = 2000.0 * RAD_PER_DEG / 32768.0
EULER_RAD: Final = 180.0 * RAD_PER_DEG / 32768.0
"""SI units to the count."""
_SCALES: Final = np.array([ACC_M_S2, GYR_RAD_S, EULER_RAD]).reshape(3, 1, 1)


class WitMotionDecoder:
    """The byte stream of one sensor to samples and replies."""

    __slots__ = ("_splitter", "counters")

    def __init__(self) -> None:
        self.counters = Counters()
        self._splitter = Splitter()

    def feed(self, chunk: Chunk) -> Decoded:
        """Decode what is complete; keep at most 29 bytes for the next call."""
        stream, unknown = incoming(chunk, NOTIFY)
        return self._decoded(self._splitter.push(stream), unknown)

    def finish(self) -> Decoded:
        """Decode a frame that still waits for the header behind it: nothing more will come."""
        return self._decoded(self._splitter.push(EMPTY, final=True), 0)

    def reset(self) -> None:
        """Forget the partial frame and the spacing (after a reconnect); counters stay."""
        self._splitter = Splitter()

    def _decoded(self, found: Found, unknown: int) -> Decoded:
        samples = _samples(found)
        replies = _replies(found)
        self.counters += found.counters + Counters(
            received=len(samples), replies=len(replies), unknown=unknown
        )
        return Decoded(samples, replies)


def encode(samples: Samples, mode: int | None = None) -> tuple[bytes, ...]:
    """Return one data frame per sample: 28 bytes where there is a device time, else 20."""
    del mode  # the family has none
    if not len(samples):
        return ()
    frames = np.zeros((len(samples), SHORT), dtype=np.uint8)
    frames[:, :2] = np.frombuffer(DATA, dtype=np.uint8)
    columns = (
        ("acc_m_s2", samples.acc_m_s2, ACC_M_S2),
        ("gyr_rad_s", samples.gyr_rad_s, GYR_RAD_S),
        ("euler_rad", samples.euler_rad, EULER_RAD),
    )
    for i, (name, values, scale) in enumerate(columns):
        if values is None:
            raise UsageError(f"A WitMotion frame needs {name}.", reason="missing_column")
        frames[:, 2 + 6 * i : 8 + 6 * i] = _counts(values, scale)
    if samples.device_time_s is not None:
        calendar = calendar_of(samples.device_time_s).view(np.uint8)
        frames = np.hstack([frames, calendar.reshape(-1, LONG - SHORT)])
    return tuple(frame.tobytes() for frame in frames)


def _counts(values: FloatArray, scale: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    counts = np.clip(np.rint(values / scale), -32768, 32767).astype("<i2")
    return np.ascontiguousarray(counts).view(np.uint8)


def _samples(found: Found) -> Samples:
    if not found.runs:
        return Samples(arrival_us=np.zeros(0, dtype=np.int64))
    if found.aligned:
        return _aligned(found.stream, found.runs[0])
    words, calendar = _gathered(found.stream.data, found.runs)
    return _scaled(_arrivals(found), words, calendar)


def _gathered(data: bytes, runs: list[Run]) -> tuple[Words, Calendars | None]:
    """Return the frames of several runs; a device time only if all of them have one."""
    size = runs[0].size
    if any(run.size != size for run in runs):
        return np.concatenate([words_of(data, run) for run in runs], axis=1), None
    joined = b"".join(data[run.start : run.start + run.frames * size] for run in runs)
    frames = len(joined) // size
    calendar = calendars(joined, 0, frames) if size == LONG else None
    return words_of(joined, Run(0, frames, size)), calendar


def _arrivals(found: Found) -> IntArray:
    """Return for every frame when the notification that holds its last byte came."""
    last = [run.start - 1 + run.size * np.arange(1, run.frames + 1) for run in found.runs]
    complete = np.searchsorted(np.concatenate(last), found.stream.ends())
    return np.repeat(found.stream.t_us, np.diff(complete, prepend=0))


def _aligned(stream: Stream, run: Run) -> Samples:
    """Decode notifications of whole data frames: no search for where the last byte came."""
    calendar = calendars(stream.data, 0, run.frames) if run.size == LONG else None
    arrival_us = np.repeat(stream.t_us, stream.length // run.size)
    return _scaled(arrival_us, words_of(stream.data, run), calendar)


def _scaled(arrival_us: IntArray, words: Words, calendar: Calendars | None) -> Samples:
    values = words.astype(np.float64)
    values *= _SCALES
    return Samples(
        arrival_us=arrival_us,
        device_time_s=None if calendar is None else unix_s(calendar),
        acc_m_s2=values[0],
        gyr_rad_s=values[1],
        euler_rad=values[2],
    )


def _replies(found: Found) -> tuple[Reply, ...]:
    if not found.replies:
        return ()
    data = found.stream.data
    last = np.array(found.replies) + SHORT - 1
    arrival_us = found.stream.t_us[np.searchsorted(found.stream.ends(), last, side="right")]
    return tuple(
        Reply(t, read_reply(data[at : at + SHORT]))
        for t, at in zip(arrival_us.tolist(), found.replies, strict=True)
    )
