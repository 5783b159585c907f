from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, fields, replace

import pytest
from hypothesis import given
from trace_strategies import recordings, small_recording

from schemas.chunk import Chunk
from schemas.errors import InputError
from schemas.recording import Recording, RecordingInfo, SensorUse
from schemas.trace import parse_trace, trace_lines

HEADER = next(trace_lines(small_recording()))


def rows_of(chunks: Iterable[Chunk]) -> list[list[object]]:
    return [list(chunk.notifications()) for chunk in chunks]


def assert_same(got: Recording, expected: Recording) -> None:
    assert got.info == expected.info
    assert got.events == expected.events
    assert rows_of(got.chunks) == rows_of(expected.chunks)
    assert [c.sha256() for c in got.chunks] == [c.sha256() for c in expected.chunks]


@given(recordings())
def test_any_recording_comes_back_exactly(recording):
    trace = parse_trace(trace_lines(recording))
    assert trace.complete
    assert_same(trace.recording, recording)


@given(recordings())
def test_lines_are_ascii_json_with_sorted_keys(recording):
    for number, line in enumerate(trace_lines(recording)):
        assert line.isascii()
        assert line.endswith("}\n")
        assert "\n" not in line[:-1]
        keys = list(json.loads(line))
        first = 0 if number else 2
        assert keys[:first] == ["format", "version"][:first]
        assert keys[first:] == sorted(keys[first:])


def test_header_names_every_field_of_a_recording():
    head = json.loads(HEADER)
    assert {f.name for f in fields(RecordingInfo)} | {"format", "version"} == head.keys()
    assert {f.name for f in fields(SensorUse)} == head["sensors"][0].keys()


def test_notification_line_reads_as_documented():
    line = list(trace_lines(small_recording()))[3]
    assert line == (
        '{"characteristic":"ffe4","direction":"in","hex":"5561","sensor":0,"t":0.029811}\n'
    )


def test_lines_stand_in_order_of_time():
    times = [json.loads(line).get("t", 0.0) for line in trace_lines(small_recording())][1:-1]
    assert times == sorted(times) == [-0.000001, 0.0, 0.029811, 0.029811, 0.029811, 0.04]


def test_lines_without_line_ends_and_with_windows_ones_are_accepted():
    lines = list(trace_lines(small_recording()))
    assert parse_trace(line[:-1] for line in lines).complete
    assert parse_trace(line[:-1] + "\r\n" for line in lines).complete


def test_unknown_keys_are_left_alone():
    lines = list(trace_lines(small_recording()))
    lines[0] = json.dumps({**json.loads(lines[0]), "camera": 7}) + "\n"
    lines[2] = json.dumps({**json.loads(lines[2]), "rssi": -60}) + "\n"
    assert_same(parse_trace(lines).recording, small_recording())


def test_keys_with_a_default_may_be_absent():
    head = json.loads(HEADER)
    short = {key: head[key] for key in ("format", "version", "utc")}
    keep = ("segment", "profile_id", "profile_version", "alias", "clock")
    short["sensors"] = [{key: head["sensors"][0][key] for key in keep}]
    info = parse_trace([json.dumps(short)]).recording.info
    assert info.sensors == (SensorUse("pelvis", "witmotion", 1, "ab12", "arrival"),)


def test_a_trace_of_the_first_release_means_what_it_did():
    lines = list(trace_lines(small_recording()))
    head = json.loads(lines[0])
    for key in ("upright", "examiner"):
        del head[key]
    for sensor in head["sensors"]:
        del sensor["kept"]
    lines[0] = json.dumps(head) + "\n"
    assert_same(parse_trace(lines).recording, small_recording())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"upright": {"start_s": 1.0}}, "upright: the key 'end_s' is missing"),
        ({"examiner": 7}, "examiner: expected text"),
    ],
)
def test_a_head_with_a_wrong_value_names_the_key(change, said):
    with pytest.raises(InputError, match=said):
        parse_trace([json.dumps({**json.loads(HEADER), **change}) + "\n"])


def test_a_kept_mounting_without_its_date_names_the_key():
    head = json.loads(HEADER)
    head["sensors"][0]["kept"] = {"axis_left": [1, 0, 0]}
    with pytest.raises(InputError, match="kept: the key"):
        parse_trace([json.dumps(head) + "\n"])


def test_every_cut_is_known_and_what_stands_before_it_is_read():
    text = "".join(trace_lines(small_recording()))
    whole = [row for rows in rows_of(small_recording().chunks) for row in rows]
    for end in range(len(HEADER) - 1, len(text)):
        trace = parse_trace(text[:end].splitlines(keepends=True))
        assert not trace.complete
        assert [reason.code for reason in trace.reasons] == ["trace_cut"]
        assert all(row in whole for rows in rows_of(trace.recording.chunks) for row in rows)
    assert len(whole) == sum(len(rows) for rows in rows_of(trace.recording.chunks))


def test_a_cut_inside_the_header_leaves_nothing_to_use():
    for end in range(1, len(HEADER) - 1):
        with pytest.raises(InputError) as caught:
            parse_trace([HEADER[:end]])
        assert caught.value.reason == "trace_cut"


def test_nothing_at_all_is_an_empty_file():
    with pytest.raises(InputError) as caught:
        parse_trace([])
    assert caught.value.reason == "empty_file"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"hex":"5561"', '"hex":"5562"'),
        ("0.029811", "0.029812"),
        ('"side":"left"', '"side":"right"'),
        ('"notifications":4', '"notifications":3'),
        ('"events":2', '"events":1'),
    ],
)
def test_a_changed_trace_is_reported(old, new):
    text = "".join(trace_lines(small_recording()))
    trace = parse_trace(text.replace(old, new).splitlines(keepends=True))
    assert not trace.complete
    assert [reason.code for reason in trace.reasons] == ["trace_changed"]


def test_a_line_taken_out_is_reported():
    lines = list(trace_lines(small_recording()))
    assert parse_trace(lines[:2] + lines[3:]).reasons[0].code == "trace_changed"


def _head(**changes: object) -> str:
    return json.dumps({**json.loads(HEADER), **changes}) + "\n"


def _sensor(**changes: object) -> str:
    return _head(sensors=[{**json.loads(HEADER)["sensors"][0], **changes}])


@pytest.mark.parametrize(
    ("header", "reason", "says"),
    [
        ("time_s,acc_x_m_s2\n", "not_a_trace", "hipgonio-trace"),
        ("[1, 2]\n", "not_a_trace", "hipgonio-trace"),
        ("[" * 100_000, "not_a_trace", "hipgonio-trace"),
        (_head(format="wt901-recording"), "not_a_trace", "hipgonio-trace"),
        (_head(version=2), "newer_version", "version 2"),
        (_head(version="1"), "bad_header", "'1'"),
        (_head(version=True), "bad_header", "True"),
        (_head(sensors=None), "bad_header", "sensors"),
        (_head(sensors=[7]), "bad_header", "object"),
        (_head(utc=5), "bad_header", "utc"),
        (_head(side="up"), "bad_header", "left, right"),
        (_head(reference={"start_s": 1}), "bad_header", "end_s"),
        (_head(origin_s=True), "bad_header", "origin_s"),
        (_head(origin_s=10**400), "bad_header", "origin_s"),
        (_head(redacted="x"), "bad_header", "redacted"),
        (_sensor(segment="foot"), "bad_header", "segment"),
        (_sensor(clock="sun"), "bad_header", "clock"),
        (_sensor(mode=1.5), "bad_header", "mode"),
        (_sensor(acc_calibration={"bias_m_s2": [0, 0]}), "bad_header", "scale"),
        (json.dumps({"format": "hipgonio-trace", "version": 1, "utc": ""}), "bad_header", "sens"),
    ],
)
def test_a_header_that_cannot_be_used_says_why(header, reason, says):
    with pytest.raises(InputError) as caught:
        parse_trace([header])
    assert caught.value.reason == reason
    assert says in caught.value.message


GOOD = {"characteristic": "ffe4", "direction": "in", "hex": "55", "sensor": 0, "t": 1.0}


@pytest.mark.parametrize(
    "line",
    [
        "half a li",
        "[" * 100_000,
        "[]",
        "{}",
        "NaN",
        json.dumps({**GOOD, "hex": "5"}),
        json.dumps({**GOOD, "hex": 55}),
        json.dumps({**GOOD, "sensor": 2}),
        json.dumps({**GOOD, "sensor": -1}),
        json.dumps({**GOOD, "sensor": True}),
        json.dumps({**GOOD, "direction": "up"}),
        json.dumps({**GOOD, "t": "1"}),
        json.dumps({**GOOD, "t": None}),
        json.dumps({**GOOD, "t": 1e300}),
        json.dumps({**GOOD, "t": float("nan")}),
        json.dumps({**GOOD, "t": 10**400}),
        json.dumps({**GOOD, "characteristic": None}),
        json.dumps({"event": 1, "t": 0.0, "text": ""}),
        json.dumps({"event": "mark", "t": 0.0}),
    ],
)
def test_a_bad_line_in_the_middle_is_named_by_its_number(line):
    lines = list(trace_lines(small_recording()))
    with pytest.raises(InputError, match="Line 3 ") as caught:
        parse_trace([*lines[:2], line + "\n", *lines[2:]])
    assert caught.value.reason == "bad_line"


def test_lines_behind_the_last_one_are_refused():
    lines = list(trace_lines(small_recording()))
    with pytest.raises(InputError, match=f"Line {len(lines) + 1} .*behind the last line"):
        parse_trace([*lines, lines[3]])


def test_time_that_goes_back_within_a_sensor_is_refused():
    lines = list(trace_lines(small_recording()))
    lines[4] = lines[4].replace("0.029811", "0.019811")
    with pytest.raises(InputError, match=r"0\.029811 s to 0\.019811 s") as caught:
        parse_trace(lines)
    assert caught.value.reason == "time_goes_back"


def test_more_characteristics_than_a_chunk_can_index_are_refused():
    rows = [json.dumps({**GOOD, "characteristic": str(i)}) for i in range(257)]
    with pytest.raises(InputError, match="256 characteristics"):
        parse_trace([HEADER[:-1], *rows])


def test_a_number_that_json_cannot_hold_is_never_written():
    info = replace(small_recording().info, origin_s=float("nan"))
    recording = replace(small_recording(), info=info)
    with pytest.raises(ValueError, match="JSON"):
        list(trace_lines(recording))


def test_header_keeps_the_values_of_the_recording():
    head = json.loads(HEADER)
    assert head["reference"] == asdict(small_recording().info)["reference"]
    assert head["note"] == small_recording().info.note
