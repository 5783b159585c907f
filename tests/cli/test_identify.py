from __future__ import annotations

import pytest

from collector.store import open_store

VIRTUAL = ("--virtual", "plain")


def worn(run, db) -> dict[str, str]:
    rows = run("devices", "assigned", "--db", db, "--json").json["assigned"]
    return {row["segment"]: row["name"] for row in rows}


def test_tapped_sensors_are_assigned_in_the_order_of_the_segments(run, db):
    taps = ("--tap", "WT901BLE68", "--tap", "WT901BLE67")
    ran = run("devices", "identify", "pelvis", "thigh_left", *taps, *VIRTUAL, "--db", db, "--json")
    assert [row["name"] for row in ran.json["assigned"]] == ["WT901BLE68", "WT901BLE67"]
    assert "Tap the sensor on the PELVIS" in ran.err
    assert worn(run, db) == {"pelvis": "WT901BLE68", "thigh_left": "WT901BLE67"}


def test_what_was_assigned_is_shown_by_the_next_scan(run, db):
    run("devices", "identify", "trunk", "--tap", "WT901BLE68", *VIRTUAL, "--db", db)
    sensors = run("scan", *VIRTUAL, "--no-battery", "--db", db, "--json").json["sensors"]
    assert {s["name"]: s["segment"] for s in sensors}["WT901BLE68"] == "trunk"


def test_one_sensor_is_not_taken_for_two_segments(run, db):
    taps = ("--tap", "WT901BLE67", "--tap", "WT901BLE67", "--tap", "WT901BLE68")
    ran = run("devices", "identify", "pelvis", "thigh_left", *taps, *VIRTUAL, "--db", db)
    assert ran.code == 0, ran
    assert "is the sensor of pelvis already" in ran.err
    assert worn(run, db) == {"pelvis": "WT901BLE67", "thigh_left": "WT901BLE68"}


def test_sensors_of_one_name_are_told_apart_by_tapping(run, db):
    ran = run(
        "devices",
        "identify",
        "pelvis",
        "thigh_left",
        "--virtual",
        "same-name",
        "--db",
        db,
        "--json",
    )
    aliases = {row["segment"]: row["alias"] for row in ran.json["assigned"]}
    seen = run("scan", "--virtual", "same-name", "--no-battery", "--db", db, "--json").json
    assert {s["alias"]: s["segment"] for s in seen["sensors"]} == {
        alias: segment for segment, alias in aliases.items()
    }


def test_without_a_segment_the_tapped_sensor_is_only_named(run, db):
    ran = run("devices", "identify", "--tap", "WT901BLE68", *VIRTUAL, "--db", db, "--json")
    assert [row["name"] for row in ran.json["tapped"]] == ["WT901BLE68"]
    assert worn(run, db) == {}


def test_no_tap_within_the_time_is_said(run, db):
    ran = run("devices", "identify", "shank_right", "--wait", 5, *VIRTUAL, "--db", db, "--json")
    assert (ran.code, ran.json["error"]["reason"]) == (4, "no_tap")
    assert worn(run, db) == {}


def test_more_segments_than_sensors_are_refused(run, db):
    ran = run(
        "devices", "identify", "pelvis", "trunk", "--virtual", "missing", "--db", db, "--json"
    )
    assert (ran.code, ran.json["error"]["reason"]) == (4, "too_few_sensors")


def test_a_sensor_is_assigned_by_name_and_let_go_again(run, db):
    assert run("devices", "assign", "trunk=WT901BLE67", *VIRTUAL, "--db", db).code == 0
    assert worn(run, db) == {"trunk": "WT901BLE67"}
    gone = run("devices", "unassign", "trunk", "--db", db, "--json").json["unassigned"]
    assert gone["name"] == "WT901BLE67"
    assert run("devices", "unassign", "trunk", "--db", db).code == 4


def test_an_ambiguous_name_is_refused_with_the_way_out(run, db):
    ran = run(
        "devices", "assign", "trunk=WT901BLE67", "--virtual", "same-name", "--db", db, "--json"
    )
    assert (ran.code, ran.json["error"]["reason"]) == (4, "ambiguous_sensor")
    assert "devices identify" in ran.json["error"]["message"]


@pytest.mark.parametrize("words", [["hat=WT"], ["pelvis"], ["pelvis=a", "pelvis=b"]])
def test_wrong_words_are_refused_before_the_radio_is_touched(run, db, words):
    assert run("devices", "assign", *words, "--db", db).code == 2


def test_a_virtual_tap_needs_virtual_sensors(run, db):
    assert run("devices", "identify", "--tap", "x", "--db", db).code == 2


def test_an_address_is_never_kept(run, db):
    address = run("scan", *VIRTUAL, "--no-battery", "--db", db, "--json").json["sensors"][0][
        "address"
    ]
    run("devices", "assign", f"pelvis={address}", *VIRTUAL, "--db", db)
    kept = b"".join(path.read_bytes() for path in db.parent.glob(f"{db.name}*"))
    assert address.encode() not in kept
    assert bytes.fromhex(address.replace(":", "")) not in kept


def test_what_another_virtual_person_wore_does_not_stand_in_the_way(run, db):
    with open_store(db) as store:
        store.assign("feedfacecafe0123", "pelvis", "witmotion", "WT901BLE67")
    sensors = run("scan", *VIRTUAL, "--no-battery", "--db", db, "--json").json["sensors"]
    assert {s["segment"] for s in sensors} == {"pelvis", "thigh_left"}


def test_a_scan_notes_that_an_assigned_sensor_was_there(run, db):
    run("devices", "assign", "trunk=WT901BLE67", *VIRTUAL, "--db", db)
    run("scan", *VIRTUAL, "--no-battery", "--db", db)
    (row,) = run("devices", "assigned", "--db", db, "--json").json["assigned"]
    assert row["seen"] > row["since"]
