"""Bytes of one characteristic, with the arrival of every byte: what decoders work on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from schemas.chunk import Chunk
from schemas.units import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False, slots=True)
class Stream:
    """Consecutive bytes and the N notifications that brought them.

    Attributes
    ----------
    data : bytes
        All bytes, in order.
    t_us : (N,) int64
        Arrival of every notification, host microseconds.
    length : (N,) int64
        How many of the bytes each one brought.
    """

    data: bytes
    t_us: IntArray
    length: IntArray

    def __add__(self, later: Stream) -> Stream:
        if not self.data:
            return later
        return Stream(
            self.data + later.data,
            np.concatenate([self.t_us, later.t_us]),
            np.concatenate([self.length, later.length]),
        )

    def ends(self) -> IntArray:
        """Offset behind the last byte of every notification."""
        return np.cumsum(self.length)

    def after(self, start: int) -> Stream:
        """Return what begins at byte `start`, without notifications that brought nothing."""
        if start >= len(self.data):
            return EMPTY
        left = np.minimum(self.ends() - start, self.length)
        kept = left > 0
        return Stream(self.data[start:], self.t_us[kept], left[kept])


EMPTY = Stream(b"", np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def incoming(chunk: Chunk, characteristic: str) -> tuple[Stream, int]:
    """Return what `characteristic` sent, and how many notifications came from elsewhere.

    What the host wrote is neither: it is not the sensor's.
    """
    if chunk.characteristics == (characteristic,) and not chunk.outgoing.any():
        return Stream(chunk.payload, chunk.t_us, chunk.length), 0
    received = ~chunk.outgoing
    wanted = received & on(chunk, characteristic)
    payload = np.frombuffer(chunk.payload, dtype=np.uint8)
    data = payload[np.repeat(wanted, chunk.length)].tobytes()
    elsewhere = int(np.count_nonzero(received & ~wanted))
    return Stream(data, chunk.t_us[wanted], chunk.length[wanted]), elsewhere


def on(chunk: Chunk, characteristic: str) -> BoolArray:
    """Mark the notifications of `chunk` that belong to `characteristic`."""
    if characteristic not in chunk.characteristics:
        return np.zeros(len(chunk), dtype=np.bool_)
    index = chunk.characteristics.index(characteristic)
    return np.asarray(chunk.characteristic == index, dtype=np.bool_)


def as_floats(rows: npt.NDArray[np.generic]) -> FloatArray:
    """Return (N, few) numbers of any stride as contiguous float64, column by column.

    NumPy copies row by row otherwise, which for three numbers a row takes twice as long.
    """
    out = np.empty(rows.shape)
    for column in range(rows.shape[1]):
        out[:, column] = rows[:, column]
    return out
