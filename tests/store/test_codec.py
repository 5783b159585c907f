from __future__ import annotations

import contextlib

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.store.codec import CODEC, decode_chunk, encode_chunk
from schemas.chunk import Chunk, Notification

INT64 = st.integers(-(2**63), 2**63 - 1)
NOTIFICATIONS = st.lists(
    st.builds(
        Notification,
        t_us=st.one_of(INT64, st.integers(0, 10_000_000)),
        outgoing=st.booleans(),
        characteristic=st.sampled_from(["ffe4", "ffe9", "", "a\nb", "ä\u20ac"]),
        payload=st.one_of(st.binary(max_size=90), st.binary(min_size=20, max_size=20)),
    ),
    max_size=30,
)


def same(left: Chunk, right: Chunk) -> bool:
    return (
        left.sha256() == right.sha256()
        and left.characteristics == right.characteristics
        and left.t_us.dtype == right.t_us.dtype
        and left.length.dtype == right.length.dtype
        and left.outgoing.dtype == right.outgoing.dtype
    )


def walk(frames: int, seed: int = 0) -> Chunk:
    """One frame of ten 16-bit columns a notification: constant, noise, ramp, parabola, jumps."""
    rng, n = np.random.default_rng(seed), np.arange(frames)
    table = rng.integers(-2, 3, (frames, 10))
    table[:, 0] = 0x6155
    table[:, 1] += 37 * n
    table[:, 2] += 3 * n * n
    table[:, 3] = rng.integers(-(2**15), 2**15, frames)
    table[:, 4] = 32767 * (n % 2)
    payload = (table & 0xFFFF).astype("<u2").tobytes()
    return Chunk.of(
        Notification(10_000 * i, False, "ffe4", payload[20 * i : 20 * i + 20])
        for i in range(frames)
    )


@given(NOTIFICATIONS, st.integers(0, 45))
@settings(max_examples=300, deadline=None)
def test_any_chunk_comes_back_whole(notifications: list[Notification], stride: int):
    chunk = Chunk.of(notifications)
    assert same(decode_chunk(encode_chunk(chunk, stride)), chunk)


@given(st.binary(min_size=1, max_size=400), st.integers(1, 45))
@settings(deadline=None)
def test_any_frames_come_back_whole(data: bytes, stride: int):
    payload = data * stride
    chunk = Chunk.of([Notification(0, False, "ffe4", payload)])
    assert decode_chunk(encode_chunk(chunk, stride)).payload == payload


@pytest.mark.parametrize("stride", [0, 20, 7, 2000])
def test_a_wrong_stride_costs_room_but_no_bytes(stride: int):
    chunk = walk(300)
    assert same(decode_chunk(encode_chunk(chunk, stride)), chunk)


def test_what_follows_a_rule_takes_almost_no_room():
    n = np.arange(2000)
    table = np.stack([np.full(2000, 0x6155), 5 * n, n * n], axis=1) & 0xFFFF
    chunk = Chunk.of([Notification(0, False, "ffe4", table.astype("<u2").tobytes())])
    assert len(encode_chunk(chunk, 6)) < 80


def test_columns_beat_plain_compression_of_the_same_bytes():
    chunk = walk(3000)
    plain = len(zstandard.ZstdCompressor(level=12).compress(chunk.payload))
    assert len(encode_chunk(chunk, 20)) < 0.6 * plain


def test_codec_one_still_reads_what_it_once_wrote():
    blob = bytes.fromhex(
        "28b52ffd2432910100031106070204666665340466666539d00f026022ea4e400001000c01010203"
        "0004556101020304000100040003ffaa27006480ae3445"
    )
    assert CODEC == 1
    assert list(decode_chunk(blob).notifications()) == [
        Notification(1000, False, "ffe4", bytes.fromhex("556101020304")),
        Notification(31000, True, "ffe9", bytes.fromhex("ffaa270064")),
        Notification(41001, False, "ffe4", bytes.fromhex("556102020707")),
    ]


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_damaged_blob_is_refused_never_misread(data: st.DataObject):
    chunk = walk(40)
    blob = bytearray(encode_chunk(chunk, 20))
    at = data.draw(st.integers(0, len(blob) - 1))
    blob[at] ^= data.draw(st.integers(1, 255))
    try:
        read = decode_chunk(bytes(blob))
    except ValueError:
        return
    assert same(read, chunk)


@given(st.integers(0, 200))
@settings(deadline=None)
def test_a_cut_blob_is_refused(size: int):
    blob = encode_chunk(walk(40), 20)
    with pytest.raises(ValueError):  # noqa: PT011  # the text is zstd's own
        decode_chunk(blob[: min(size, len(blob) - 1)])


@given(st.binary(max_size=120))
@settings(max_examples=300, deadline=None)
def test_any_unpacked_bytes_give_a_chunk_or_a_value_error(body: bytes):
    with contextlib.suppress(ValueError):
        decode_chunk(zstandard.compress(body))


def test_a_blob_that_unpacks_to_too_much_is_refused_unread():
    bomb = zstandard.compress(bytes(5_000_000))
    with pytest.raises(ValueError, match="more than is allowed"):
        decode_chunk(bomb, limit=1_000_000)
