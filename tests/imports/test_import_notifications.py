from __future__ import annotations

import json

import numpy as np
import pytest
from csv_files import samples, write

from collector.imports.common import ImportOptions
from collector.imports.notifications import read_notifications
from schemas.alias import alias_of
from schemas.errors import InputError, UsageError

FRAME = "5561000000040008000000200000000000200040"
MAC_REPLY = "557164008d01" + "0000" + "1147901a08fd" + "0000" * 3
LINES = (
    json.dumps({"created_utc": "2026-08-19T05:30:26+00:00", "device_id": "DDCD", "x": 1}),
    json.dumps({"t": 2.5, "hex": FRAME, "rssi": -60}),
    json.dumps({"t": 2.53, "hex": FRAME + FRAME}),
)


@pytest.fixture
def file(tmp_path):
    return write(tmp_path / "a.jsonl", *LINES)


def test_raw_bytes_and_the_times_of_the_file_are_kept(file):
    recording = read_notifications({"pelvis": file})
    (chunk,) = recording.chunks
    assert chunk.payload.hex() == FRAME * 3
    assert recording.info.origin_s == 0.0
    np.testing.assert_array_equal(chunk.t_us, [0, 30_000])
    assert chunk.characteristics == ("ffe4",)
    assert len(samples(recording)) == 3


def test_header_is_used_and_its_device_hashed(file):
    info = read_notifications({"pelvis": file}, ImportOptions(salt=b"s")).info
    assert info.utc == "2026-08-19T05:30:26+00:00"
    assert (info.sensors[0].profile_id, info.sensors[0].clock) == ("witmotion", "arrival")
    assert info.sensors[0].alias == alias_of("DDCD", b"s")
    assert "DDCD" not in repr(info)


def test_header_may_be_missing(tmp_path):
    recording = read_notifications({"pelvis": write(tmp_path / "a.jsonl", *LINES[1:])})
    assert len(recording.chunks[0]) == 2
    assert recording.info.utc == ""


def test_a_hardware_address_never_gets_in(tmp_path):
    line = json.dumps({"t": 0, "hex": MAC_REPLY})
    recording = read_notifications({"pelvis": write(tmp_path / "a.jsonl", line)})
    assert "1147901a" not in recording.chunks[0].payload.hex()
    assert len(recording.chunks[0].payload) == 20
    assert len(recording.info.redacted) == 1


def test_a_last_line_that_is_cut_is_said(tmp_path):
    (tmp_path / "a.jsonl").write_text("\n".join(LINES) + '\n{"t": 2.6, "he')
    recording = read_notifications({"pelvis": tmp_path / "a.jsonl"})
    assert len(recording.chunks[0]) == 2
    assert "cut" in recording.info.note


def test_files_that_name_different_clocks_are_refused_together(tmp_path):
    a = write(tmp_path / "a.jsonl", json.dumps({"clock": "laptop"}), *LINES[1:])
    b = write(tmp_path / "b.jsonl", json.dumps({"clock": "phone"}), *LINES[1:])
    with pytest.raises(InputError, match="different clocks") as caught:
        read_notifications({"pelvis": a, "trunk": b})
    assert caught.value.reason == "clocks_unrelated"


def test_files_that_name_no_clock_are_taken_together_on_trust(tmp_path, file):
    other = write(tmp_path / "b.jsonl", *LINES)
    recording = read_notifications({"pelvis": file, "trunk": other})
    assert len(recording.chunks) == 2
    assert "taken to be of one host" in recording.info.note


def test_files_that_name_one_clock_share_its_axis(tmp_path):
    head = json.dumps({"clock": "laptop monotonic"})
    a = write(tmp_path / "a.jsonl", head, *LINES[1:])
    b = write(tmp_path / "b.jsonl", head, LINES[2])
    recording = read_notifications({"pelvis": a, "trunk": b})
    assert recording.chunks[1].t_us.tolist() == [30_000]


@pytest.mark.parametrize(
    ("lines", "reason", "says"),
    [
        ([""], "empty_file", "holds no"),
        ([LINES[0]], "empty_file", "holds no"),
        (["time_s,acc"], "bad_line", "Line 1"),
        ([LINES[1], "x", LINES[2]], "bad_line", "Line 2"),
        ([LINES[1], "[]"], "bad_line", "Line 2"),
        ([LINES[1], '{"t": 3}'], "bad_line", "hex"),
        ([LINES[1], '{"t": 3, "hex": 5}'], "bad_line", "hex"),
        ([LINES[1], '{"t": 3, "hex": "5"}'], "bad_line", "'5' is not hex"),
        ([LINES[1], '{"t": "3", "hex": "55"}'], "bad_line", "t in seconds"),
        ([LINES[1], '{"t": NaN, "hex": "55"}'], "bad_line", "t in seconds"),
        ([LINES[1], '{"t": true, "hex": "55"}'], "bad_line", "t in seconds"),
        ([LINES[2], LINES[1]], "time_goes_back", "Line 2 of a.jsonl: t goes back from 2.53"),
    ],
)
def test_bad_files_are_one_sentence_with_a_place(tmp_path, lines, reason, says):
    with pytest.raises(InputError) as caught:
        read_notifications({"pelvis": write(tmp_path / "a.jsonl", *lines)})
    assert caught.value.reason == reason
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("profile_id", "mode", "reason"),
    [("none", None, "unknown_profile"), ("witmotion", 5, "unknown_mode")],
)
def test_unknown_profiles_and_modes_are_wrong_usage(file, profile_id, mode, reason):
    with pytest.raises(UsageError) as caught:
        read_notifications({"pelvis": file}, profile_id=profile_id, mode=mode)
    assert caught.value.reason == reason


@pytest.mark.data
def test_real_notifications_are_kept_byte_for_byte(data_dir):
    file = data_dir / "witmotion_notifications" / "wt901-100hz.jsonl"
    recording = read_notifications({"pelvis": file})
    (chunk,) = recording.chunks
    rows = [json.loads(line) for line in file.read_text().splitlines()[1:]]
    assert len(chunk) == 72
    assert chunk.payload.hex() == "".join(row["hex"] for row in rows)
    assert chunk.t_us[-1] == 2_997_984
    assert recording.info.redacted == ()
    assert len(samples(recording)) == 288
