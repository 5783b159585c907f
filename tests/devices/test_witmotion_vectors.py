from __future__ import annotations

import json

import numpy as np
import pytest
from device_bytes import (
    TRUNCATED,
    W2A,
    W2E,
    W10,
    W20,
    W21,
    WITMOTION_FRAMES,
    assert_frame,
    assert_same,
    chunk,
    cut,
    run,
    witmotion,
)

from devices.registry import profile
from schemas.units import G_M_S2, RAD_PER_DEG

FRAMES = {name: bytes.fromhex(row[0]) for name, row in WITMOTION_FRAMES.items()}
GARBAGE = (b"\x01" * 9, b"\x00", b"\x01\x02\x03", bytes(8), b"\x61\x71\xff" * 9)


@pytest.mark.parametrize("name", FRAMES)
def test_frame_has_the_values_its_source_prints(name):
    samples, _, counters = witmotion(FRAMES[name])
    assert len(samples) == counters.received == 1
    assert_frame(samples, 0, name)


@pytest.mark.parametrize("name", FRAMES)
def test_frame_cut_at_every_byte_is_the_same_frame(name):
    whole, _, _ = witmotion(FRAMES[name])
    for at in range(1, len(FRAMES[name])):
        parts, _, counters = witmotion(*cut(FRAMES[name], [at]))
        np.testing.assert_array_equal(parts.euler_rad, whole.euler_rad)
        assert parts.arrival_us.tolist() == [1]
        assert counters.skipped_bytes == counters.damaged == 0


@pytest.mark.parametrize("names", [("W20", "W21", "W3", "W3-256"), ("W2a", "W2e")])
@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_between_frames_is_skipped_and_counted(names, garbage):
    stream = garbage.join(FRAMES[name] for name in names)
    for pieces in ([stream], cut(stream, range(len(stream)))):
        samples, _, counters = witmotion(*pieces)
        assert len(samples) == len(names)
        for i, name in enumerate(names):
            assert_frame(samples, i, name)
        assert counters.skipped_bytes == len(garbage) * (len(names) - 1)
        assert counters.resyncs == len(names) - 1


def test_long_frames_carry_the_chip_time_as_unix_seconds():
    samples, _, _ = witmotion(W2A + W2E)
    expected = [
        np.datetime64(WITMOTION_FRAMES[n][4], "ms").astype(float) / 1000 for n in ("W2a", "W2e")
    ]
    np.testing.assert_allclose(samples.device_time_s, expected, atol=1e-6)


def test_lone_long_frame_is_read_with_its_time():
    samples, _, counters = witmotion(W2A)
    assert samples.device_time_s is not None
    assert counters.skipped_bytes == 0


def test_short_frames_have_no_device_time():
    samples, _, _ = witmotion(W20 + W21)
    assert samples.device_time_s is None


@pytest.mark.parametrize(("text", "acc_g", "gyr_deg_s", "roll_deg"), TRUNCATED)
def test_truncated_log_frames_have_the_values_printed_once_padded(text, acc_g, gyr_deg_s, roll_deg):
    samples, _, _ = witmotion(bytes.fromhex(text) + bytes(4))
    np.testing.assert_allclose(samples.acc_m_s2[0] / G_M_S2, acc_g, atol=6e-5)
    np.testing.assert_allclose(samples.gyr_rad_s[0] / RAD_PER_DEG, gyr_deg_s, atol=6e-4)
    assert samples.euler_rad[0, 0] / RAD_PER_DEG == pytest.approx(roll_deg, abs=6e-4)


def test_frame_without_its_end_gives_nothing_and_no_error():
    for stub in (bytes.fromhex("55610000"), bytes.fromhex(TRUNCATED[0][0])):
        samples, _, counters = witmotion(stub)
        assert len(samples) == 0
        assert counters.damaged == 1


def test_stream_that_turns_short_is_followed():
    samples, _, counters = witmotion(W2A + W2E, W20 + W21, W20 + W21)
    assert len(samples) == 5
    assert_frame(samples, -1, "W21")
    assert counters.damaged == 1


@pytest.mark.parametrize("before", [b"", W20 + W20], ids=["first", "later"])
def test_frame_that_lost_its_end_does_not_swallow_the_next(before):
    samples, _, counters = witmotion(*filter(None, [before, bytes.fromhex(TRUNCATED[0][0]), W21]))
    assert_frame(samples, -1, "W21")
    assert len(samples) == len(before) // 20 + 1
    assert counters.damaged == 1


def test_header_split_from_its_frame_is_found():
    samples, _, counters = witmotion(b"\xaa\x55" + W20)
    assert_frame(samples, 0, "W20")
    assert (counters.skipped_bytes, counters.resyncs) == (2, 1)


def test_two_frames_in_one_notification_share_its_arrival():
    samples, _, _ = witmotion(W20 + W21)
    assert_frame(samples, 1, "W21")
    assert samples.arrival_us.tolist() == [0, 0]


def test_two_sensors_never_share_a_buffer():
    a, b = profile("witmotion").decoder(None), profile("witmotion").decoder(None)
    a.feed(chunk([W20[:10]]))
    b.feed(chunk([W21]))
    first, _ = run(a, chunk([W20[10:]]))
    second, _ = run(b)
    assert len(first) == len(second) == 1
    assert_frame(first, 0, "W20")
    assert_frame(second, 0, "W21")


@pytest.mark.parametrize("at", range(60))
def test_register_reply_between_frames_is_no_frame(at):
    samples, replies, counters = witmotion(*cut(W20 + W10 + W21, [at]))
    assert_frame(samples, 0, "W20")
    assert_frame(samples, 1, "W21")
    assert replies[0].values["version"] == "10080.1.22"
    assert (counters.received, counters.replies, counters.skipped_bytes) == (2, 1, 0)


@pytest.mark.parametrize("fake", [b"\x55\x61", b"\x55\x71"])
@pytest.mark.parametrize("offset", range(2, 19))
def test_header_inside_a_payload_breaks_nothing(fake, offset):
    frame = W20[:offset] + fake + W20[offset + 2 :]
    whole, _, _ = witmotion(W21 + frame + W21)
    assert_frame(whole, 2, "W21")
    for at in range(60):
        parts, replies, counters = witmotion(*cut(W21 + frame + W21, [at]))
        np.testing.assert_array_equal(parts.acc_m_s2, whole.acc_m_s2)
        assert not replies
        assert counters.damaged == counters.skipped_bytes == 0


def test_impossible_date_refuses_the_frame_and_nothing_else():
    bad = W2A[:21] + b"\x0d" + W2A[22:]  # month 13
    samples, _, counters = witmotion(W2A + W2A + bad + W2E)
    assert len(samples) == 3
    assert counters.damaged == 1
    assert_frame(samples, 2, "W2e")


@pytest.mark.parametrize("date", ["1a021d", "190b1f", "1a0600", "1a0020"])
def test_days_that_do_not_exist_are_damage(date):
    bad = W2A[:20] + bytes.fromhex(date) + W2A[23:]
    assert witmotion(W2A + W2E + bad + W2E)[2].damaged == 1


def test_once_the_spacing_is_known_no_frame_waits():
    decoder = profile("witmotion").decoder(None)
    decoder.feed(chunk([W20 + W21]))
    assert len(decoder.feed(chunk([W20])).samples) == 1
    decoder = profile("witmotion").decoder(None)
    decoder.feed(chunk([W2A + W2A]))
    assert len(decoder.feed(chunk([W2E])).samples) == 1


def test_first_frame_waits_for_one_header_and_keeps_its_own_arrival():
    decoder = profile("witmotion").decoder(None)
    assert len(decoder.feed(chunk([W20], t_us=[1000])).samples) == 0
    assert decoder.feed(chunk([W21], t_us=[2000])).samples.arrival_us.tolist() == [1000, 2000]


def test_reset_forgets_the_partial_frame_and_keeps_the_counts():
    decoder = profile("witmotion").decoder(None)
    decoder.feed(chunk([W20 + W21 + W20[:7]]))
    decoder.reset()
    samples, _ = run(decoder, chunk([W21]))
    assert_frame(samples, 0, "W21")
    assert decoder.counters.received == 3


@pytest.mark.data
def test_recorded_notifications_give_288_frames_with_frozen_angles(data_dir):
    lines = (
        (data_dir / "witmotion_notifications" / "wt901-100hz.jsonl").read_text().splitlines()[1:]
    )
    rows = [json.loads(line) for line in lines]
    decoder = profile("witmotion").decoder(None)
    times = [round(row["t"] * 1e6) for row in rows]
    samples, _ = run(decoder, chunk([bytes.fromhex(row["hex"]) for row in rows], t_us=times))
    assert len(rows) == 72
    assert len(samples) == 288
    assert np.ptp(samples.euler_rad[:256], axis=0).max() == 0
    assert np.ptp(samples.acc_m_s2[:256], axis=0).min() > 0.1
    assert_frame(samples, 0, "W3")
    assert_frame(samples, 256, "W3-256")
    assert samples.arrival_us[256] == 2_701_342
    assert samples.arrival_us[-1] == 2_997_984


def test_many_notifications_in_one_chunk_equal_one_at_a_time():
    payloads = [W20 + W21, W20, W21 * 3, b"", W20[:3], W20[3:]] * 3
    whole = profile("witmotion").decoder(None)
    parts = profile("witmotion").decoder(None)
    times = list(range(0, 1000 * len(payloads), 1000))
    one, _ = run(whole, chunk(payloads, t_us=times))
    many, _ = run(parts, *(chunk([p], t_us=[t]) for p, t in zip(payloads, times, strict=True)))
    assert_same(one, many)
