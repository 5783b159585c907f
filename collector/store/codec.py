"""A chunk as one small blob, without loss, and back.

Layout of codec 1, the whole of it one zstd frame: variable-length integers (count, payload bytes,
stride or 0, flags, number of names), each name behind its length, then the columns: arrival times
as differences, direction and characteristic only where they vary, lengths only where they vary,
framed payload as `collector.store.columns`, the rest of the payload as it is.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import zstandard

from collector.store.columns import MAX_STRIDE, columns_from_bytes, columns_to_bytes
from schemas.chunk import Chunk
from schemas.units import BoolArray, IntArray

CODEC: Final = 1
"""Number of the layout, stored beside every blob."""

MAX_UNPACKED_BYTES: Final = 1 << 26
"""A blob that unpacks to more than this is damaged or hostile, and is refused."""

MAX_COUNT: Final = 1 << 20
"""A chunk of more notifications than this is split before it is encoded."""

LIVE_LEVEL: Final = 3
PACKED_LEVEL: Final = 12

_THREAD = threading.local()
_OUTGOING, _NAMED, _LENGTHS = 1, 2, 4
_NO_SIGN: Final = (1 << 63) - 1


@dataclass(slots=True)
class _Reader:
    """Where reading has come to in an unpacked blob."""

    data: memoryview
    at: int = field(default=0)

    def integer(self) -> int:
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
            if shift > 63:
                raise ValueError("a number longer than 64 bits")

    def take(self, size: int) -> memoryview:
        part = self.data[self.at : self.at + size]
        if len(part) != size:
            raise ValueError("shorter than its head says")
        self.at += size
        return part


def encode_chunk(chunk: Chunk, stride: int = 0, *, level: int = LIVE_LEVEL) -> bytes:
    """Return `chunk` as a blob of codec `CODEC`.

    `stride` is the profile's frame length in bytes, 0 if unknown: it decides how small the blob
    gets, never whether the chunk comes back whole.
    """
    n = len(chunk)
    lengths_vary = n > 0 and bool((chunk.length != chunk.length[0]).any())
    framed = _framed(chunk.length, chunk.outgoing, stride)
    if not framed.any():
        stride = 0
    flags = (
        _OUTGOING * bool(chunk.outgoing.any())
        | _NAMED * bool(chunk.characteristic.any())
        | _LENGTHS * lengths_vary
    )
    names = [name.encode() for name in chunk.characteristics]
    parts = [_integer(value) for value in (n, len(chunk.payload), stride, flags, len(names))]
    parts += [_integer(len(name)) + name for name in names]
    parts.append(_differences(chunk.t_us))
    if flags & _OUTGOING:
        parts.append(np.packbits(chunk.outgoing).tobytes())
    if flags & _NAMED:
        parts.append(chunk.characteristic.astype(np.uint8).tobytes())
    parts.append(_differences(chunk.length) if lengths_vary else _integer(_first(chunk.length)))
    parts.extend(_payload_parts(chunk, framed, stride))
    return zstandard.ZstdCompressor(level=level, write_checksum=True).compress(b"".join(parts))


def decode_chunk(blob: bytes, *, limit: int = MAX_UNPACKED_BYTES) -> Chunk:
    """Return the chunk that `blob` holds; `ValueError` says what is damaged."""
    try:
        size = zstandard.frame_content_size(blob)
        if not 0 <= size <= limit:
            raise ValueError("unpacks to more than is allowed")
        data = _decompressor().decompress(blob, max_output_size=limit)
        return _read(_Reader(memoryview(data)), limit)
    except (zstandard.ZstdError, IndexError, UnicodeDecodeError, OverflowError) as error:
        raise ValueError(str(error)) from error


def _decompressor() -> zstandard.ZstdDecompressor:
    """Return this thread's own: making one takes a quarter of the time of using it."""
    if not hasattr(_THREAD, "decompressor"):
        _THREAD.decompressor = zstandard.ZstdDecompressor()
    known: zstandard.ZstdDecompressor = _THREAD.decompressor
    return known


def _read(reader: _Reader, limit: int) -> Chunk:
    n, size, stride, flags, name_count = (reader.integer() for _ in range(5))
    if n > MAX_COUNT or size > limit or stride > MAX_STRIDE or name_count > 256:
        raise ValueError("counts that cannot be")
    names = tuple(bytes(reader.take(reader.integer())).decode() for _ in range(name_count))
    t_us = _read_differences(reader, n)
    outgoing = np.zeros(n, dtype=np.bool_)
    if flags & _OUTGOING:
        packed = np.frombuffer(reader.take((n + 7) // 8), np.uint8)
        outgoing = np.unpackbits(packed, count=n).astype(np.bool_)
    characteristic = np.zeros(n, dtype=np.uint8)
    if flags & _NAMED:
        characteristic = np.frombuffer(reader.take(n), np.uint8)
    if flags & _NAMED and characteristic.max() >= name_count:
        raise ValueError("names of characteristics that do not fit")
    length, framed = _read_lengths(reader, flags, outgoing, size, stride)
    payload = _read_payload(reader, length, framed, stride, size)
    return Chunk(t_us, outgoing, characteristic, length, payload, names)


def _read_lengths(
    reader: _Reader, flags: int, outgoing: BoolArray, size: int, stride: int
) -> tuple[IntArray, BoolArray | None]:
    """Return the lengths and which notifications are framed, None for all of them."""
    n = len(outgoing)
    if flags & _LENGTHS:
        length = _read_differences(reader, n)
        if length.min(initial=0) < 0 or length.max(initial=0) > size or length.sum() != size:
            raise ValueError("lengths that do not add up")
        return length, _framed(length, outgoing, stride)
    each = reader.integer()
    if n * each != size:
        raise ValueError("lengths that do not add up")
    length = np.full(n, each, dtype=np.int64)
    whole = not flags & _OUTGOING and stride and each % stride == 0
    return length, None if whole else _framed(length, outgoing, stride)


def _framed(length: IntArray, outgoing: BoolArray, stride: int) -> BoolArray:
    """Tell which notifications hold whole frames of `stride` bytes."""
    if not 0 < stride <= MAX_STRIDE:
        return np.zeros(len(length), dtype=np.bool_)
    framed: BoolArray = (length % stride == 0) & (length > 0) & ~outgoing
    return framed


def _payload_parts(chunk: Chunk, framed: BoolArray, stride: int) -> list[bytes]:
    if not stride:
        return [chunk.payload]
    if framed.all():
        return [columns_to_bytes(chunk.payload, stride)]
    everything = np.frombuffer(chunk.payload, np.uint8)
    mask = np.repeat(framed, chunk.length)
    return [columns_to_bytes(everything[mask].tobytes(), stride), everything[~mask].tobytes()]


def _read_payload(
    reader: _Reader, length: IntArray, framed: BoolArray | None, stride: int, size: int
) -> bytes:
    if not stride:
        return bytes(reader.take(size))
    frame_bytes = size if framed is None else int(length[framed].sum())
    frames, used = columns_from_bytes(reader.data[reader.at :], stride, frame_bytes)
    reader.take(used)
    if framed is None:
        return frames
    out = np.empty(size, dtype=np.uint8)
    mask = np.repeat(framed, length)
    out[mask] = np.frombuffer(frames, np.uint8)
    out[~mask] = np.frombuffer(reader.take(size - frame_bytes), np.uint8)
    return out.tobytes()


def _first(values: IntArray) -> int:
    return int(values[0]) if len(values) else 0


def _integer(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _differences(values: IntArray) -> bytes:
    """Return int64 values as zigzag differences in as many byte planes as the largest needs."""
    step = np.diff(values, prepend=np.int64(0))
    zigzag = ((step << 1) ^ (step >> 63)).view(np.uint64)
    head, rest = int(zigzag[0]) if len(zigzag) else 0, zigzag[1:].astype("<u8")
    planes = (int(rest.max(initial=0)).bit_length() + 7) // 8
    table = rest.view(np.uint8).reshape(-1, 8)[:, :planes]
    return _integer(head) + bytes([planes]) + np.ascontiguousarray(table.T).tobytes()


def _read_differences(reader: _Reader, n: int) -> IntArray:
    head, planes = reader.integer(), reader.integer()
    if planes > 8:
        raise ValueError("differences wider than 64 bits")
    count = max(n - 1, 0)
    table = np.frombuffer(reader.take(planes * count), np.uint8).reshape(planes, count)
    little = np.zeros((n, 8), dtype=np.uint8)
    little[1:, :planes] = table.T
    zigzag = little.view("<i8").reshape(n).astype(np.int64, copy=False)
    if n:
        zigzag[0] = np.uint64(head).astype(np.int64)
    step = (zigzag >> 1 & np.int64(_NO_SIGN)) ^ -(zigzag & 1)
    return np.add.accumulate(step, out=step)
