"""WitMotion bytes to samples and replies, and back."""

from __future__ import annotations

from typing import Final

import numpy as np

from devices.stream import EMPTY, Stream, incoming
from devices.witmotion.frames import (
    DATA,
    LONG,
    SHORT,
    Run,
    calendar_of,
    calendars,
    unix_s,
    words_of,
)
from devices.witmotion.registers import read_reply
from devices.witmotion.splitter import Found, Splitter, arrivals_of
from schemas.chunk import Chunk
from schemas.errors import UsageError
from schemas.samples import Counters, Decoded, Reply, Samples
from schemas.units import G_M_S2, RAD_PER_DEG, FloatArray

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
        replies = tuple(_reply(found.stream, at) for at in found.replies)
        self.counters += found.counters + Counters(
            received=len(samples), replies=len(replies), unknown=unknown
        )
        return Decoded(samples, replies)


def encode(samples: Samples, mode: int | None = None) -> tuple[bytes, ...]:
    """Return one data frame per sample: 28 bytes where there is a device time, else 20."""
    del mode  # the family has none
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
    data = found.stream.data
    blocks = [words_of(data, run) for run in found.runs]
    if not blocks:
        return Samples(arrival_us=np.zeros(0, dtype=np.int64))
    words = blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=1)
    values = words.astype(np.float64)
    values *= _SCALES
    return Samples(
        arrival_us=arrivals_of(found),
        device_time_s=_device_time(data, found.runs),
        acc_m_s2=values[0],
        gyr_rad_s=values[1],
        euler_rad=values[2],
    )


def _device_time(data: bytes, runs: list[Run]) -> FloatArray | None:
    if any(run.size != LONG for run in runs):
        return None  # a column is for all samples of a block or for none
    return np.concatenate([unix_s(calendars(data, run.start, run.frames)) for run in runs])


def _reply(stream: Stream, at: int) -> Reply:
    last = int(np.searchsorted(stream.ends(), at + SHORT - 1, side="right"))
    return Reply(int(stream.t_us[last]), read_reply(stream.data[at : at + SHORT]))
