from __future__ import annotations

from dataclasses import replace

import pytest

from collector.store import Store
from collector.store.assignments import name_to_keep
from schemas.calibration import AccelerometerCalibration

A, B = "0123456789abcdef", "fedcba9876543210"


def worn(store: Store) -> dict[str, str]:
    return {row.segment: row.alias for row in store.assignments()}


def test_a_sensor_is_remembered_with_its_segment(store: Store):
    store.assign(A, "pelvis", "witmotion", "WT901BLE67")
    (row,) = store.assignments()
    assert (row.alias, row.segment, row.profile_id, row.name) == (
        A, "pelvis", "witmotion", "WT901BLE67",
    )  # fmt: skip
    assert row.since == row.seen


def test_a_sensor_is_on_one_segment_and_a_segment_has_one_sensor(store: Store):
    store.assign(A, "pelvis", "witmotion")
    store.assign(B, "thigh_left", "witmotion")
    store.assign(A, "thigh_left", "witmotion")
    assert worn(store) == {"thigh_left": A}


def test_what_was_before_is_in_the_trail(store: Store):
    store.assign(A, "pelvis", "witmotion")
    store.assign(B, "pelvis", "witmotion")
    store.unassign("pelvis")
    told = [(row.action, row.target, row.detail) for row in store.audit_trail()]
    assert told == [
        ("sensor.assign", "segment pelvis", A),
        ("sensor.assign", "segment pelvis", f"{B}, was {A} on pelvis"),
        ("sensor.unassign", "segment pelvis", B),
    ]


def test_nobody_is_unassigned_without_a_word_in_the_trail(store: Store):
    assert store.unassign("pelvis") is None
    assert store.audit_trail() == ()


def test_recording_says_when_a_sensor_was_last_seen(store: Store, make_info):
    store.assign(A, "pelvis", "witmotion")
    (before,) = store.assignments()
    store.begin_trial(make_info())
    (after,) = store.assignments()
    assert (after.since, after.seen > before.seen) == (before.since, True)
    store.saw_sensors([A, B])
    assert store.assignments()[0].seen > after.seen


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("WT901BLE67", "WT901BLE67"),
        ("WT901BLE5.0", "WT901BLE5.0"),
        ("Movella DOT", "Movella DOT"),
        ("HWT905", "HWT905"),
        ("Xsens DOT D4:22:CD:00:11:22", "Xsens DOT"),
        ("D4-22-CD-00-11-22", ""),
        ("DOT-00A1B2", "DOT"),
        ("Movesense 174630000123", "Movesense"),
        ("WTSDCL4E21", "WTSDCL"),
        ("  ", ""),
    ],
)
def test_a_name_is_kept_without_what_may_be_of_an_address(name: str, kept: str):
    assert name_to_keep(name) == kept


def test_the_newest_calibration_counts_whatever_was_kept_last(store: Store):
    old = AccelerometerCalibration((0.1, 0, 0), (1, 1, 1), None, 6, "2026-05-01T08:00:00Z")
    new = replace(old, bias_m_s2=(0.2, 0.0, 0.0), utc="2026-05-02T08:00:00Z")
    assert store.latest_calibration(A) is None
    store.add_calibration(new, alias=A)
    store.add_calibration(old, alias=A)
    assert store.latest_calibration(A) == new
    assert store.latest_calibration(B) is None
