"""What is said on the line of an import, on any kind of recording."""

from __future__ import annotations

from dataclasses import replace

import pytest
from csv_files import TABLE, write

from collector.imports.common import ImportOptions
from collector.imports.declared import declared
from collector.imports.table import read_table
from schemas.errors import UsageError
from schemas.recording import Event, Window


@pytest.fixture
def recording(tmp_path):
    plain = read_table({"pelvis": write(tmp_path / "pelvis.csv", *TABLE)})
    return replace(plain, info=replace(plain.info, protocol="pslr", side="left"))


def test_a_site_becomes_the_sensors_placement(recording):
    (use,) = declared(recording, ImportOptions(sites={"pelvis": "sacrum"})).info.sensors

    assert use.placement == "sacrum"


def test_what_was_not_said_stays_as_the_file_has_it(recording):
    upright = Window(12.0, 12.01)
    told = replace(recording, info=replace(recording.info, upright=upright, examiner="E1"))

    same = declared(told, ImportOptions())

    assert (same.info, same.events) == (told.info, told.events)


def test_window_and_examiner_of_the_line_win(recording):
    told = replace(recording, info=replace(recording.info, examiner="E1"))
    upright = Window(12.0, 12.02)

    info = declared(told, ImportOptions(upright=upright, examiner="E2")).info

    assert (info.upright, info.examiner) == (upright, "E2")


def test_pain_and_end_point_are_events_at_the_end_and_replace_older_ones(recording):
    older = replace(recording, events=(Event(5, "pain", "9"), Event(6, "mark")))

    events = declared(older, ImportOptions(pain=3.0, end_point="firm_resistance")).events

    assert events == (
        Event(6, "mark"),
        Event(20_000, "pain", "3"),
        Event(20_000, "end_point", "firm_resistance"),
    )


def test_an_end_point_that_the_test_does_not_know_is_refused(recording):
    with pytest.raises(UsageError, match="pslr does not end with 'fixed_target'") as refusal:
        declared(recording, ImportOptions(end_point="fixed_target"))

    assert refusal.value.reason == "bad_end_point"


def test_a_site_for_a_segment_without_a_sensor_is_refused(recording):
    with pytest.raises(UsageError, match="--site names trunk") as refusal:
        declared(recording, ImportOptions(sites={"trunk": "t12_l1"}))

    assert refusal.value.reason == "bad_site"
