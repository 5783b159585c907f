from __future__ import annotations

import json
import math
import struct

import pytest
from device_bytes import D7, W2A, W10, W20, W21
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from collector.cli.devices import app
from devices.registry import DEVICES
from schemas.errors import HipgonioError, InputError, UsageError


def invoke(*words, stdin=None):
    result = CliRunner().invoke(app, words, input=stdin)
    if isinstance(result.exception, HipgonioError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def decode(*words, stdin=None):
    def refuse(text):
        raise AssertionError(f"{text} is no JSON")

    text = invoke("decode", *words, "--json", stdin=stdin).stdout
    return json.loads(text, parse_constant=refuse)


def test_json_has_the_fixed_shape():
    body = decode("witmotion", W20.hex(), W10.hex(), W21.hex())
    assert list(body) == ["schema", "profile", "samples", "replies", "counters"]
    assert (body["schema"], body["profile"]) == (1, "witmotion")
    assert set(body["samples"][0]) == {"acc_m_s2", "gyr_rad_s", "euler_deg"}
    assert body["samples"][0]["acc_m_s2"] == pytest.approx([0, 4.903325, 9.80665], abs=1e-12)
    assert body["samples"][0]["euler_deg"] == pytest.approx([0, 45, 90])
    assert body["replies"][0]["register"] == 46
    assert body["replies"][0]["version"] == "10080.1.22"
    assert body["counters"]["received"] == 2


def test_chip_time_is_there_where_the_sensor_sends_it():
    body = decode("witmotion", W2A.hex())
    assert body["samples"][0]["device_time_s"] == pytest.approx(1782139261.793, abs=1e-6)


def test_dot_payload_is_read_in_the_mode_given():
    body = decode("movella_dot", "--mode", "2", D7.hex())
    assert set(body["samples"][0]) == {"quat_wxyz", "free_acc_m_s2", "device_time_s"}
    cut = decode("movella_dot", "--mode", "2", D7[:20].hex())
    assert (cut["samples"], cut["counters"]["damaged"]) == ([], 1)


def test_dot_reply_is_read_on_the_characteristic_given():
    body = decode("movella_dot", "--characteristic", "3001", "6400")
    assert body["replies"] == [{"battery_percent": 100, "charging": 0}]


def test_dash_reads_one_notification_per_line():
    body = decode("witmotion", "-", stdin=f"{W20.hex()}\n\n{W21.hex()}\n")
    assert len(body["samples"]) == 2


@pytest.mark.parametrize("between", [" ", ":", "-", " 0x"])
def test_hex_may_be_written_with_signs_between(between):
    text = between.join(f"{octet:02X}" for octet in W20)
    assert len(decode("witmotion", f"0x{text}")["samples"]) == 1


@pytest.mark.parametrize("text", ["zz", "5", "55 6", "hello world", "5561é"])
def test_text_that_is_not_hex_is_one_sentence(text):
    with pytest.raises(InputError, match="hex digits") as error:
        invoke("decode", "witmotion", text)
    assert error.value.reason == "not_hex"
    assert "\n" not in error.value.message


def test_unknown_profile_and_mode_are_usage_errors():
    with pytest.raises(UsageError, match="witmotion"):
        invoke("decode", "table", "00")
    with pytest.raises(UsageError, match="Payload mode 38"):
        invoke("decode", "movella_dot", "--mode", "38", "00")


def test_numbers_that_are_none_never_reach_the_json():
    body = decode("movella_dot", "--mode", "5", struct.pack("<I4f", 1, math.nan, 0, 0, 0).hex())
    assert (body["samples"], body["counters"]["damaged"]) == ([], 1)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    payloads=st.lists(st.binary(max_size=64), min_size=1, max_size=4),
    chosen=st.sampled_from(
        [(p.id, m.number, m.notify) for p in DEVICES.values() for m in p.modes]
        + [("movella_dot", None, c) for c in ("1001", "1002", "1004", "2001", "3001", "7002")]
    ),
)
def test_no_bytes_make_decode_fail(payloads, chosen):
    profile_id, mode, characteristic = chosen
    words = [] if mode is None else ["--mode", str(mode)]
    words += ["--characteristic", characteristic, *(payload.hex() for payload in payloads)]
    assert decode(profile_id, *words)["schema"] == 1


def test_list_and_show_name_every_device():
    listed = json.loads(invoke("list", "--json").stdout)
    assert [p["id"] for p in listed["profiles"]] == list(DEVICES)
    for profile_id in DEVICES:
        assert profile_id in invoke("list").stdout
        assert profile_id in invoke("show", profile_id).stdout
        assert (
            json.loads(invoke("show", profile_id, "--json").stdout)["profile"]["id"] == profile_id
        )


def test_people_see_a_table_and_the_counts_apart():
    result = invoke("decode", "witmotion", W20.hex(), W21.hex())
    assert "acc_m_s2" in result.stdout
    assert "received 2" in result.stderr
