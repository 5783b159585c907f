from __future__ import annotations

import struct
from itertools import pairwise

import numpy as np
import pytest
from device_bytes import D1, D7, D8, chunk, cut, dot, run
from hypothesis import given
from hypothesis import strategies as st

from devices.movella_dot import commands, values
from devices.movella_dot.payloads import LAYOUTS
from devices.movella_dot.redaction import redact
from devices.registry import profile
from schemas.chunk import Chunk, Notification
from schemas.errors import UsageError

IDENTITY = struct.pack("<4f", 1, 0, 0, 0)
NOTIFY = {mode: layout.characteristic for mode, layout in LAYOUTS.items()}


def mode5(*ticks):
    return [struct.pack("<I", tick % 2**32) + IDENTITY for tick in ticks]


def reply(characteristic, payload):
    decoder = profile("movella_dot").decoder(None)
    _, replies = run(decoder, chunk([payload], characteristic))
    return (replies[0].values if replies else None), decoder.counters


def test_captured_free_acceleration_has_its_published_values():
    samples, _ = dot(6, "2004", D1)
    np.testing.assert_allclose(samples.free_acc_m_s2, [[3.009197, 5.223928, -2.326010]], atol=1e-6)
    assert samples.device_time_s.tolist() == [1143.080408]
    assert samples.quat_wxyz is samples.acc_m_s2 is None


@pytest.mark.parametrize(
    ("payload", "quat", "free_acc"),
    [
        (D7, (-0.679107, 0.019872, -0.728432, 0.088359), (0.034949, 0.051546, -0.029320)),
        (D8, (0.455677, -0.516383, 0.443556, 0.573550), (0.012660, 0.013815, 0.077197)),
    ],
)
def test_extended_quaternion_has_the_recorded_values(payload, quat, free_acc):
    samples, _ = dot(2, "2003", payload)
    np.testing.assert_allclose(samples.quat_wxyz[0], quat, atol=1e-7)
    np.testing.assert_allclose(samples.free_acc_m_s2[0], free_acc, atol=1e-7)
    assert samples.device_time_s[0] == pytest.approx(3343.444552, abs=1e-9)


@pytest.mark.parametrize("mode", [2, 3, 7, 16, 20, 21, 22, 23, 24, 26])
def test_truncated_payload_is_refused_not_taken_for_a_quaternion(mode):
    samples, counters = dot(mode, NOTIFY[mode], D7[:20])
    assert len(samples) == 0
    assert (counters.damaged, counters.received) == (1, 0)


@pytest.mark.parametrize("payload", [D7, D1])
def test_payload_cut_at_every_byte_is_damage(payload):
    mode = 2 if payload is D7 else 6
    for at in range(1, len(payload)):
        samples, counters = dot(mode, NOTIFY[mode], *cut(payload, [at]))
        assert len(samples) + counters.damaged == 2


# offsets in the payload of every quantity, counted by hand from the maker's tables
OFFSETS = {
    2: {"quat_wxyz": 4, "free_acc_m_s2": 20},
    3: {"quat_wxyz": 4, "free_acc_m_s2": 20},
    4: {"euler_rad": 4},
    5: {"quat_wxyz": 4},
    6: {"free_acc_m_s2": 4},
    7: {"euler_rad": 4, "free_acc_m_s2": 16},
    16: {"euler_rad": 4, "free_acc_m_s2": 16},
    20: {"acc_m_s2": 4, "gyr_rad_s": 16, "mag_raw": 28},
    21: {"acc_m_s2": 4, "gyr_rad_s": 16},
    22: {"euler_rad": 4, "free_acc_m_s2": 16, "gyr_rad_s": 28},
    23: {"euler_rad": 4, "free_acc_m_s2": 16, "mag_raw": 28},
    24: {"quat_wxyz": 4, "gyr_rad_s": 20},
    26: {"quat_wxyz": 4, "acc_m_s2": 20, "gyr_rad_s": 32},
}
USED = {2: 36, 3: 32, 4: 16, 5: 20, 6: 16, 7: 32, 16: 28}
USED |= {20: 34, 21: 28, 22: 40, 23: 34, 24: 32, 26: 44}


@pytest.mark.parametrize("mode", OFFSETS)
def test_every_quantity_lies_where_the_tables_say(mode):
    for name, offset in OFFSETS[mode].items():
        payload = bytearray({"2002": 63, "2003": 40, "2004": 20}[NOTIFY[mode]])
        struct.pack_into("<3h" if name == "mag_raw" else "<3f", payload, offset, 1, 2, 4)
        samples, _ = dot(mode, NOTIFY[mode], bytes(payload))
        unit = {"gyr_rad_s": np.pi / 180, "euler_rad": np.pi / 180, "mag_raw": 1 / 4096}
        expected = np.array([1, 2, 4]) * unit.get(name, 1)
        np.testing.assert_allclose(getattr(samples, name)[0, :3], expected, rtol=1e-15)


@pytest.mark.parametrize("mode", USED)
def test_lengths_between_used_and_padded_are_accepted_and_no_others(mode):
    full = LAYOUTS[mode].size
    for length in range(70):
        _, counters = dot(mode, NOTIFY[mode], bytes(length))
        assert counters.received == (USED[mode] <= length <= full)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_damage(bad):
    payload = struct.pack("<I4f", 1, bad, 0, 0, 0)
    samples, counters = dot(5, "2004", payload, *mode5(2))
    assert len(samples) == counters.received == counters.damaged == 1


def test_clock_runs_on_over_the_wrap():
    samples, _ = dot(5, "2004", *mode5(4294958963), *mode5(8334))
    assert np.diff(samples.device_time_s)[0] == pytest.approx(0.016667, abs=1e-9)


def test_clock_runs_on_over_the_wrap_between_chunks():
    decoder = profile("movella_dot").decoder(5)
    ticks = [2**32 - 16667, 0, 16667]
    samples, _ = run(decoder, *(chunk(mode5(t), "2004") for t in ticks))
    np.testing.assert_allclose(np.diff(samples.device_time_s), 0.016667, atol=1e-9)


def test_repeated_and_late_samples_are_dropped_and_counted():
    samples, counters = dot(5, "2004", *mode5(10, 20, 20, 30, 20, 10, 40))
    assert (samples.device_time_s * 1e6).round().tolist() == [10, 20, 30, 40]
    assert (counters.received, counters.duplicated, counters.out_of_order) == (4, 1, 2)


def test_restarted_clock_is_kept_and_goes_back():
    samples, counters = dot(5, "2004", *mode5(900_000_000, 900_016_667, 1000, 17_667))
    assert len(samples) == 4
    assert counters.out_of_order == 0
    assert np.diff(samples.device_time_s)[1] < -800


@given(
    start=st.integers(0, 2**32 - 1),
    steps=st.lists(st.integers(1, 2**31 - 1), max_size=20),
    edges=st.lists(st.integers(0, 20)),
)
def test_rising_clock_is_unwrapped_exactly_however_it_is_split(start, steps, edges):
    ticks = start + np.cumsum([0, *steps])
    payloads = mode5(*ticks.tolist())
    bounds = [0, *sorted(edges), len(payloads)]
    decoder = profile("movella_dot").decoder(5)
    parts = [chunk(payloads[a:b], "2004") for a, b in pairwise(bounds)]
    samples, _ = run(decoder, *parts)
    np.testing.assert_array_equal(np.rint(samples.device_time_s * 1e6), ticks)


def test_loss_is_visible_in_the_clock():
    samples, _ = dot(5, "2004", *mode5(0, 16667, 50001, 66668))
    steps = np.rint(np.diff(samples.device_time_s) / 0.016667)
    assert steps.tolist() == [1, 2, 1]


def test_payload_of_another_mode_is_unknown():
    _, counters = dot(5, "2003", D7)
    assert (counters.received, counters.unknown) == (0, 1)


def test_without_a_mode_the_quaternion_mode_is_read():
    assert len(dot(None, "2004", *mode5(1))[0]) == 1


@pytest.mark.parametrize("mode", [0, 1, 17, 25, 38])
def test_unreadable_mode_is_refused(mode):
    with pytest.raises(UsageError, match="choose one of 2, 3, 4"):
        profile("movella_dot").decoder(mode)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(2, "010102"), (5, "010105"), (16, "010110"), (22, "010116"), (26, "01011a")],
)
def test_start_and_stop_bytes_are_the_published_ones(mode, expected):
    assert profile("movella_dot").start(mode)[0].payload.hex() == expected
    assert profile("movella_dot").stop(mode)[0].payload.hex() == "0100" + expected[4:]


def test_heading_commands_are_the_published_ones():
    assert commands.COMMANDS["reset_heading"].payload.hex() == "0100"
    assert commands.COMMANDS["revert_heading"].payload.hex() == "0700"


def test_rate_is_written_at_its_place_in_the_control():
    payload = profile("movella_dot").set_rate(30)[0].payload
    assert (len(payload), payload[0], payload[24:26]) == (32, 0x10, b"\x1e\x00")


def test_recording_rate_cannot_be_streamed():
    with pytest.raises(UsageError, match="not at 120"):
        profile("movella_dot").set_rate(120)


def test_battery_is_percent_and_charging():
    assert reply("3001", bytes.fromhex("6400"))[0] == {"battery_percent": 100, "charging": 0}
    assert reply("3001", b"\xff\x00")[1].damaged == 1


def test_control_read_has_rate_filter_and_timeouts():
    head = b"\x01\x01\x02\n\x00\x1e\x00\tXsens DOT".ljust(24, b"\0")
    read, _ = reply("1002", head + b"<\x00\x00" + bytes(5))
    assert (read["visit"], read["identify"], read["power"]) == (1, 1, 2)
    assert (read["idle_timeout_s"], read["connected_timeout_s"]) == (600, 1800)
    assert (read["tag"], read["rate_hz"], read["filter"]) == ("Xsens DOT", 60, "General")


GOOD_MESSAGES = [
    "010102FC",
    "0103010602F3",
    "010141BD",
    "010260019C",
    "010974000105060708090A54",
    "0102700786",
    "020108F5",
    "02025109A2",
    "02025104A7",
    "0207013D69F16ECAD453",
    "02020300F9",
    "020102FB",
    "02025000AC",
]


@pytest.mark.parametrize("text", GOOD_MESSAGES)
def test_published_message_has_a_right_checksum(text):
    payload = bytes.fromhex(text)
    assert reply("7002", payload)[0]["data"] == payload[2:-1].hex()
    assert values.message(payload[0], payload[2:-1]) == payload


def test_misprinted_checksum_is_refused_and_counted():
    read, counters = reply("7002", bytes.fromhex("010740DF503B5B0807E0"))
    assert read is None
    assert counters.damaged == 1
    assert reply("7002", bytes.fromhex("010740DF503B5B0807E4"))[0] is not None


def test_synchronization_state_is_named():
    assert reply("7002", bytes.fromhex("02025109A2"))[0]["synchronized"] == 0
    assert reply("7002", bytes.fromhex("02025104A7"))[0]["synchronized"] == 1


def test_message_commands_are_the_published_ones():
    assert commands.COMMANDS["recording_state"].payload.hex() == "010102fc"
    assert commands.COMMANDS["sync_status"].payload.hex() == "020108f5"
    assert commands.COMMANDS["stop_sync"].payload.hex() == "020102fb"
    sync = commands.start_sync("D4:CA:6E:F1:69:3D")[0].payload.hex()
    assert sync == "0207013d69f16ecad453"


def test_button_report_has_its_time():
    payload = (bytes((5, 4)) + (1234).to_bytes(4, "little")).ljust(36, b"\0")
    assert reply("1004", payload)[0] == {"report": "button", "button_ms": 1234}


def test_device_information_has_version_and_product():
    read, _ = reply("1001", values.device_info((2, 4, 0), "XS-T02"))
    assert (read["version"], read["product"]) == ("2.4.0", "XS-T02")


ADDRESS = bytes.fromhex("d422cd112233")


def test_address_serial_and_tag_are_zeroed():
    info = ADDRESS + values.device_info((1, 6, 0), "XS-T01", serial=0x1122334455667788)[6:]
    sync = commands.start_sync("D4:22:CD:11:22:33")[0].payload
    raw = Chunk.of(
        [
            Notification(0, False, "1001", info),
            Notification(1, False, "1002", values.control(tag="Jane Doe", rate_hz=60)),
            Notification(2, True, "7001", sync),
            Notification(3, False, "2004", mode5(1)[0]),
        ]
    )
    clean, names = redact(raw)
    assert len(names) == 3
    for secret in (ADDRESS, ADDRESS[::-1], b"Jane", bytes.fromhex("8877665544332211")):
        assert secret in raw.payload or secret == ADDRESS
        assert secret not in clean.payload
    rows = list(clean.notifications())
    assert [len(row.payload) for row in rows] == raw.length.tolist()
    assert values.read_info(rows[0].payload)["version"] == "1.6.0"
    assert values.read_control(rows[1].payload)["rate_hz"] == 60
    assert values.read_message(rows[2].payload) is not None
    assert rows[3].payload == mode5(1)[0]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["1001", "1002", "1004", "2001", "2004", "2007", "3001", "7001", "7002"]
            ),
            st.booleans(),
            st.binary(max_size=70),
        )
    )
)
def test_redaction_of_any_bytes_keeps_every_length(rows):
    raw = Chunk.of(Notification(i, out, name, data) for i, (name, out, data) in enumerate(rows))
    clean, _ = redact(raw)
    assert clean.length.tolist() == raw.length.tolist()
    assert len(clean.payload) == len(raw.payload)
    assert redact(clean)[0].payload == clean.payload
