from __future__ import annotations

import numpy as np
import pytest
from device_bytes import W2A, W10, W14, W16, W20, W21, chunk, cut, run, witmotion

from devices.registry import profile
from devices.witmotion import commands
from devices.witmotion.redaction import NAME, Redactor, redact
from devices.witmotion.registers import (
    RATE_CODES,
    battery_percent,
    clock_words,
    register_reply,
    version_words,
)
from schemas.chunk import Chunk, Notification
from schemas.errors import UsageError

ADDRESS = [0x1147, 0x901A, 0xFD08]
BATTERY = register_reply(0x64, [0x018D, 0, *ADDRESS])


def values(payload):
    _, replies, _ = witmotion(payload)
    return replies[0].values


def test_version_and_chip_time_are_read_from_the_captured_reply():
    assert values(W10)["register"] == 46
    assert values(W10)["version"] == "10080.1.22"
    expected = np.datetime64("2015-01-01T00:09:05.935", "ms").astype(float) / 1000
    assert values(W10)["chip_time_s"] == pytest.approx(expected, abs=1e-6)


def test_rate_code_is_read_back_as_hertz():
    assert (values(W14)["rate_code"], values(W14)["rate_hz"]) == (8, 50.0)


def test_disputed_rate_code_has_no_hertz():
    assert "rate_hz" not in values(register_reply(0x03, [0x0A]))
    assert 0x0A not in RATE_CODES.values()


def test_magnetic_field_stays_raw():
    read = values(W16)
    assert [read[f"mag_{axis}_raw"] for axis in "xyz"] == [360, 105, 122]


def test_battery_is_volts_and_percent():
    read = values(BATTERY)
    assert (read["battery_v"], read["battery_percent"]) == (3.97, 100)


def test_battery_while_saving_is_unknown_not_empty():
    read = values(register_reply(0x64, [0, 0, *ADDRESS]))
    assert "battery_v" not in read
    assert "battery_percent" not in read


@pytest.mark.parametrize(
    ("hundredths", "percent"),
    [
        (420, 100),
        (396, 100),
        (395, 90),
        (387, 75),
        (386, 60),
        (379, 50),
        (377, 40),
        (373, 30),
        (370, 20),
        (368, 15),
        (350, 10),
        (340, 5),
        (339, 0),
    ],
)
def test_battery_steps_are_the_makers(hundredths, percent):
    assert battery_percent(hundredths) == percent


def test_zero_references_are_read_in_degrees():
    read = values(register_reply(0x79, [364, 0x10000 - 728]))
    assert read["roll_zero_deg"] == pytest.approx(1.9995, abs=1e-4)
    assert read["pitch_zero_deg"] == pytest.approx(-3.9990, abs=1e-4)


def test_quaternion_poll_is_scaled_to_one():
    read = values(register_reply(0x51, [0x7FFF, 0, 0x8000, 0x4000]))
    assert [read[f"quat_{c}"] for c in "wxyz"] == pytest.approx([0.99997, 0, -1, 0.5], abs=1e-4)


def test_a_value_whose_words_are_not_all_there_is_absent():
    assert "version" not in values(register_reply(0x2F, [0x89D8]))
    assert "battery_v" not in values(register_reply(0x65, [397]))


@pytest.mark.parametrize("start", range(0x100))
def test_every_start_register_can_be_read(start):
    assert values(register_reply(start, [0xFFFF] * 8))["register"] == start


def test_words_for_version_and_clock_read_back():
    read = values(register_reply(0x2E, [*version_words("10080.1.22"), *clock_words(1e9 + 0.25)]))
    assert (read["version"], read["chip_time_s"]) == ("10080.1.22", 1e9 + 0.25)
    assert values(register_reply(0x2E, version_words("1234")))["version"] == "1234"


def test_algorithm_and_bandwidth_are_named():
    assert values(register_reply(0x24, [1]))["axes"] == 6
    assert values(register_reply(0x1F, [4]))["bandwidth_hz"] == 20


COMMANDS = {
    "unlock": "ffaa6988b5",
    "save": "ffaa000000",
    "restart": "ffaa00ff00",
    "factory": "ffaa000100",
    "calibrate_acc": "ffaa010100",
    "calibrate_mag": "ffaa010700",
    "end_calibration": "ffaa010000",
    "zero_heading": "ffaa010400",
    "angle_reference": "ffaa010800",
    "six_axes": "ffaa240100",
    "nine_axes": "ffaa240000",
    "bandwidth_20_hz": "ffaa1f0400",
    "read_mag": "ffaa273a00",
    "read_quaternion": "ffaa275100",
    "read_battery": "ffaa276400",
    "read_time": "ffaa273000",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_command_bytes_are_the_published_ones(name):
    assert commands.COMMANDS[name].payload.hex() == COMMANDS[name]


@pytest.mark.parametrize(
    ("rate_hz", "expected"), [(10, "06"), (20, "07"), (50, "08"), (100, "09"), (200, "0b")]
)
def test_rate_command_has_the_published_code(rate_hz, expected):
    assert commands.rate(rate_hz).payload.hex() == f"ffaa03{expected}00"


def test_unknown_rate_is_refused_with_those_that_exist():
    with pytest.raises(UsageError, match="100, 200 Hz, not at 125"):
        profile("witmotion").set_rate(125)


def test_zero_reference_command_truncates_like_the_published_example():
    assert commands.zero_reference("roll", 2.0).payload.hex() == "ffaa796c01"


def test_start_unlocks_waits_and_never_saves():
    start = profile("witmotion").start(None)
    assert start[0] == commands.UNLOCK
    assert all(command.wait_s >= 0.1 for command in start)
    assert commands.COMMANDS["six_axes"] in start
    assert not {c.payload[2] for c in start} & {0x00, 0x02}


def address_left(chunk_):
    return any(word.to_bytes(2, "little") in chunk_.payload for word in ADDRESS)


@pytest.mark.parametrize("start", range(0x5C, 0x6B))
def test_address_is_zeroed_wherever_a_reply_covers_it(start):
    words = dict.fromkeys(range(start, start + 8), 0x1111)
    words.update({r: w for r, w in zip(range(0x66, 0x69), ADDRESS, strict=True) if r in words})
    raw = chunk([W20, register_reply(start, list(words.values())), W21])
    clean, names = redact(raw)
    assert not address_left(clean)
    assert names == ((NAME,) if set(words) & {0x66, 0x67, 0x68} else ())
    kept = {r: w for r, w in words.items() if r not in range(0x66, 0x69)}
    expected = register_reply(start, [kept.get(r, 0) for r in words])
    assert clean.payload == W20 + expected + W21


@pytest.mark.parametrize("at", range(1, 80))
def test_address_is_zeroed_in_a_split_reply(at):
    data = W20 + W21 + BATTERY + W20
    clean, names = redact(chunk(cut(data, [at])))
    assert not address_left(clean)
    assert names == (NAME,)
    samples, replies = run(profile("witmotion").decoder(None), clean)
    assert len(samples) == 3
    assert replies[0].values["battery_v"] == 3.97


@pytest.mark.parametrize("at", range(1, 80))
def test_address_is_zeroed_in_a_reply_spread_over_chunks(at):
    redactor = Redactor()
    data = W20 + W21 + BATTERY + W20
    clean = Chunk.joined([redactor.redact(chunk([p]))[0] for p in cut(data, [at, at + 3])])
    assert not address_left(clean)
    assert clean.payload.count(0) == data.count(0) + 6
    assert len(clean.payload) == len(data)


def test_address_behind_a_frame_that_lost_its_end_is_zeroed_before_it_is_known():
    redactor = Redactor()
    pieces = [W2A + W2A, b"\x55\x61", BATTERY, W2A]
    clean = [redactor.redact(chunk([piece]))[0] for piece in pieces]
    assert not any(address_left(piece) for piece in clean)
    assert clean[-1].payload == W2A


def test_frames_without_an_address_are_the_same_chunk():
    raw = chunk([W20, W10, W21])
    assert redact(raw) == (raw, ())


def test_redaction_leaves_what_the_host_wrote():
    raw = Chunk.of(
        [
            Notification(0, True, "ffe9", bytes.fromhex("ffaa276400")),
            Notification(1, False, "ffe4", BATTERY),
            Notification(2, False, "2a00", BATTERY),
        ]
    )
    clean, _ = redact(raw)
    rows = list(clean.notifications())
    assert rows[0].payload.hex() == "ffaa276400"
    assert rows[1].payload != rows[2].payload == BATTERY
