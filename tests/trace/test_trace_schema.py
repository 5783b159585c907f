from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from trace_strategies import recordings, small_recording

from schemas.calibration import AccelerometerCalibration, KeptMounting
from schemas.recording import RecordingInfo, SensorUse
from schemas.trace import trace_lines

DOCS = Path(__file__).resolve().parents[2] / "docs"
SCHEMA = json.loads((DOCS / "trace-1.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_schema_is_one_itself():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@given(recordings())
def test_every_line_that_is_written_fits_the_published_schema(recording):
    for line in trace_lines(recording):
        VALIDATOR.validate(json.loads(line))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("header", RecordingInfo),
        ("sensor", SensorUse),
        ("calibration", AccelerometerCalibration),
        ("mounting", KeptMounting),
    ],
)
def test_schema_names_every_field_that_is_written(name, value):
    named = SCHEMA["$defs"][name]["properties"].keys() - {"format", "version"}
    assert named == {field.name for field in fields(value)}


@pytest.mark.parametrize(
    ("line", "change"),
    [
        (0, {"version": 2}),
        (0, {"side": "up"}),
        (0, {"sensors": [{}]}),
        (0, {"upright": {"start_s": 1.0}}),
        (0, {"examiner": None}),
        (3, {"hex": "5"}),
        (3, {"direction": "up"}),
        (3, {"t": 1e9}),
        (-1, {"sha256": "00"}),
    ],
)
def test_schema_refuses_what_a_reader_refuses(line, change):
    row = json.loads(list(trace_lines(small_recording()))[line])
    assert VALIDATOR.is_valid(row)
    assert not VALIDATOR.is_valid({**row, **change})


def test_every_key_of_the_format_is_documented():
    text = (DOCS / "trace-format.md").read_text()
    for part in SCHEMA["$defs"].values():
        for key in part.get("properties", {}):
            assert key in text, f"{key} is not in trace-format.md"


def test_examples_in_the_documentation_fit_the_schema():
    text = (DOCS / "trace-format.md").read_text()
    blocks = [part.split("```")[0] for part in text.split("```json\n")[1:]]
    rows = [json.loads(blocks[0]), *map(json.loads, blocks[1].splitlines()), json.loads(blocks[2])]
    assert len(rows) == 4
    for row in rows:
        VALIDATOR.validate(row)
