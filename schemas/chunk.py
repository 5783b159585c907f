"""Notifications as they came: one sensor, arrival order, both directions, columns not objects."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.units import BoolArray, IntArray


class Notification(NamedTuple):
    """One radio event of one sensor: what a link hands over.

    `t_us` is the arrival in whole microseconds since the session's start (host monotonic clock),
    `outgoing` is true for what the host wrote, `characteristic` is the short lower-case name
    (the 16-bit part of the UUID, for example ``ffe4``).
    """

    t_us: int
    outgoing: bool
    characteristic: str
    payload: bytes


@dataclass(frozen=True, eq=False, slots=True)
class Chunk:
    """A block of N notifications of one sensor.

    Attributes
    ----------
    t_us : (N,) int64
        Arrival, whole microseconds since the session's start; never decreasing.
    outgoing : (N,) bool
        True for bytes the host wrote.
    characteristic : (N,) uint8
        Index into `characteristics`.
    length : (N,) int64
        Payload bytes of every notification.
    payload : bytes
        All payloads, one behind the other.
    characteristics : tuple of str
        Short names of the characteristics that occur.
    """

    t_us: IntArray
    outgoing: BoolArray
    characteristic: npt.NDArray[np.uint8]
    length: IntArray
    payload: bytes
    characteristics: tuple[str, ...]

    def __post_init__(self) -> None:
        n = len(self.t_us)
        if not (len(self.outgoing) == len(self.characteristic) == len(self.length) == n):
            raise ValueError("the columns of a chunk must have one length")
        if int(self.length.sum()) != len(self.payload):
            raise ValueError("the lengths of a chunk must add up to its payload")

    def __len__(self) -> int:
        return len(self.t_us)

    @classmethod
    def of(cls, notifications: Iterable[Notification]) -> Chunk:
        """Gather notifications, in the order given."""
        rows = list(notifications)
        names = tuple(dict.fromkeys(row.characteristic for row in rows))
        index = {name: i for i, name in enumerate(names)}
        return cls(
            t_us=np.array([row.t_us for row in rows], dtype=np.int64),
            outgoing=np.array([row.outgoing for row in rows], dtype=np.bool_),
            characteristic=np.array([index[row.characteristic] for row in rows], dtype=np.uint8),
            length=np.array([len(row.payload) for row in rows], dtype=np.int64),
            payload=b"".join(row.payload for row in rows),
            characteristics=names,
        )

    @classmethod
    def joined(cls, chunks: Sequence[Chunk]) -> Chunk:
        """Put chunks of one sensor behind each other."""
        if len(chunks) == 1:
            return chunks[0]
        names = tuple(dict.fromkeys(name for chunk in chunks for name in chunk.characteristics))
        index = {name: i for i, name in enumerate(names)}
        maps = [np.array([index[n] for n in c.characteristics], dtype=np.uint8) for c in chunks]
        empty = np.zeros(0, dtype=np.int64)
        return cls(
            t_us=np.concatenate([empty, *(c.t_us for c in chunks)]),
            outgoing=np.concatenate([empty.astype(np.bool_), *(c.outgoing for c in chunks)]),
            characteristic=np.concatenate(
                [
                    empty.astype(np.uint8),
                    *(m[c.characteristic] for m, c in zip(maps, chunks, strict=True) if len(c)),
                ]
            ),
            length=np.concatenate([empty, *(c.length for c in chunks)]),
            payload=b"".join(c.payload for c in chunks),
            characteristics=names,
        )

    def notifications(self) -> Iterator[Notification]:
        """Yield the notifications one by one (for traces and links, not for decoding)."""
        ends = np.cumsum(self.length)
        for i, end in enumerate(ends.tolist()):
            yield Notification(
                int(self.t_us[i]),
                bool(self.outgoing[i]),
                self.characteristics[int(self.characteristic[i])],
                self.payload[end - int(self.length[i]) : end],
            )

    def sha256(self) -> str:
        """Hash the canonical uncompressed notifications, so that repacking keeps the hash.

        Per column, little-endian: `t_us` int64, `outgoing` u8, name of the characteristic with a
        trailing newline, `length` u32, then the payload; each behind its own byte count.
        """
        lines = [f"{name}\n".encode() for name in self.characteristics]
        if len(lines) == 1:
            names = lines[0] * len(self)
        else:
            names = b"".join([lines[i] for i in self.characteristic.tolist()])
        digest = hashlib.sha256()
        for part in (
            self.t_us.astype("<i8").tobytes(),
            self.outgoing.astype("u1").tobytes(),
            names,
            self.length.astype("<u4").tobytes(),
            self.payload,
        ):
            digest.update(len(part).to_bytes(8, "little"))
            digest.update(part)
        return digest.hexdigest()
