"""Properties of the byte stream that hold for all bytes."""

from __future__ import annotations

import re
import struct
from itertools import pairwise

import numpy as np
import pytest
from device_bytes import W2A, W2E, W20, W21, assert_same, chunk, cut, run, witmotion
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from devices.registry import profile
from devices.stream import EMPTY, Stream
from devices.witmotion.registers import register_reply
from devices.witmotion.splitter import Splitter
from schemas.chunk import Chunk
from schemas.samples import Samples

WORD = st.integers(-0x8000, 0x7FFF)
SHORT_FRAME = st.lists(WORD, min_size=9, max_size=9).map(
    lambda words: b"\x55\x61" + struct.pack("<9h", *words)
)
CALENDAR = st.builds(
    lambda *fields: struct.pack("<6BH", *fields),
    st.integers(15, 99),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 59),
    st.integers(0, 999),
)
LONG_FRAME = st.builds(bytes.__add__, SHORT_FRAME, CALENDAR)
REPLY = st.builds(
    register_reply, st.integers(0, 0xFF), st.lists(st.integers(0, 0xFFFF), min_size=8, max_size=8)
)
GARBAGE = st.binary(min_size=1, max_size=40).map(lambda b: bytes(x | 0x80 for x in b))


def stream_of(frame):
    return st.lists(st.one_of(frame, frame, frame, REPLY, GARBAGE), min_size=1, max_size=12)


STREAM = st.one_of(stream_of(SHORT_FRAME), stream_of(LONG_FRAME))


def decoded(pieces):
    return witmotion(*pieces, t_us=[0] * len(pieces))


def is_unambiguous(parts):
    """No header hides inside a payload or across the edge of two parts."""
    frames = sum(part[0] == 0x55 for part in parts)
    return len(re.findall(rb"\x55[\x61\x71]", b"".join(parts))) == frames


@given(parts=STREAM, cuts=st.lists(st.integers(0, 500)))
def test_any_split_gives_the_same_samples_replies_and_counts(parts, cuts):
    assume(is_unambiguous(parts))
    data = b"".join(parts)
    whole, replies, counters = decoded([data])
    samples, cut_replies, cut_counters = decoded(cut(data, cuts))
    assert_same(whole, samples)
    assert (replies, counters) == (cut_replies, cut_counters)


@given(parts=STREAM)
def test_every_frame_and_reply_of_a_stream_is_found(parts):
    assume(is_unambiguous(parts))
    samples, replies, counters = decoded([b"".join(parts)])
    frames = [part for part in parts if part[:2] == b"\x55\x61"]
    assert len(samples) == len(frames)
    assert len(replies) == sum(part[:2] == b"\x55\x71" for part in parts)
    assert counters.skipped_bytes == sum(len(part) for part in parts if part[0] != 0x55)
    assert profile("witmotion").encode(samples, None) == tuple(frames)


@given(
    payloads=st.lists(
        st.one_of(st.binary(max_size=90), SHORT_FRAME, LONG_FRAME, REPLY), max_size=12
    ),
    edges=st.lists(st.integers(0, 12)),
)
def test_grouping_notifications_into_chunks_changes_nothing(payloads, edges):
    times = [1000 * i for i in range(len(payloads))]
    whole = profile("witmotion").decoder(None)
    parts = profile("witmotion").decoder(None)
    bounds = [0, *sorted(min(e, len(payloads)) for e in edges), len(payloads)]
    one, replies = run(whole, chunk(payloads, t_us=times))
    many, more = run(
        parts,
        *(chunk(payloads[a:b], t_us=times[a:b]) for a, b in pairwise(bounds)),
    )
    assert_same(one, many)
    assert (replies, whole.counters) == (more, parts.counters)


HOSTILE = st.lists(
    st.one_of(
        st.binary(max_size=60),
        st.sampled_from([b"\x55\x61", b"\x55\x71", b"\x55", W20, W21, W2A + W2E]),
    ),
    max_size=30,
)


@given(payloads=HOSTILE)
def test_no_bytes_make_it_raise_or_remember_more_than_a_frame(payloads):
    splitter = Splitter()
    for payload in payloads:
        splitter.push(Stream(payload, np.zeros(1, dtype=np.int64), np.array([len(payload)])))
        assert len(splitter.tail.data) <= 29
        assert len(splitter.tail.length) <= 29
    splitter.push(EMPTY, final=True)
    assert splitter.tail.data == b""


@given(payloads=HOSTILE)
def test_every_byte_is_decoded_or_counted(payloads):
    _, _, counters = decoded(payloads)
    samples, replies, _ = decoded(payloads)
    used = 20 * (len(samples) + len(replies))
    total = sum(map(len, payloads))
    assert used + counters.skipped_bytes <= total
    assert total - used - counters.skipped_bytes <= 8 * len(samples)  # chip times


@settings(max_examples=20)
@given(payloads=HOSTILE)
def test_outgoing_and_foreign_bytes_are_left_alone(payloads):
    ours = chunk([W20 + W21])
    foreign = chunk(payloads, "2a19")
    written = Chunk(
        ours.t_us, ~ours.outgoing, ours.characteristic, ours.length, ours.payload, ("ffe4",)
    )
    decoder = profile("witmotion").decoder(None)
    samples, _ = run(decoder, Chunk.joined([foreign, written, ours]))
    assert len(samples) == 2
    assert decoder.counters.unknown == len(payloads)


@pytest.mark.parametrize("size", [20, 28])
def test_many_hostile_bytes_are_read_to_the_end(size):
    data = (b"\x55\x61" * 7 + b"\x80" * 5) * 5_000
    decoder = profile("witmotion").decoder(None)
    run(decoder, chunk(cut(data, range(0, len(data), size))))
    assert decoder.counters.received + decoder.counters.damaged > 0


@pytest.mark.parametrize("at", range(1, 56))
def test_partial_long_frame_waits_for_its_end(at):
    stream = W2A + W2E
    samples, _, counters = witmotion(W2A + W2A, *cut(stream, [at]))
    assert len(samples) == 4
    assert len(samples.device_time_s) == 4
    assert counters.damaged == counters.skipped_bytes == 0


def test_arrival_is_that_of_the_notification_with_the_last_byte():
    data = W20 + W21 + W20
    samples, _, _ = witmotion(data[:19], data[19:20], data[20:41], data[41:], t_us=[10, 20, 30, 40])
    assert samples.arrival_us.tolist() == [20, 30, 40]


def test_nothing_gives_empty_samples():
    decoder = profile("witmotion").decoder(None)
    assert isinstance(decoder.feed(Chunk.of([])).samples, Samples)
    assert len(decoder.finish().samples) == 0
