from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import pytest

from collector.report.drawing import HEIGHT, SENSOR, WIDTH, drawing
from collector.report.figure import DIRECTIONS, FORWARD, body, directions_of, spot_of
from schemas.protocol import load
from schemas.protocol_file import packaged_ids
from schemas.sites import SITES

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("protocol", packaged_ids())
def test_every_test_has_a_drawing_that_fits_its_frame(protocol):
    root = ET.fromstring(drawing(load(protocol)))
    for line in root.iter(f"{SVG}line"):
        assert all(0 <= float(line.get(k)) <= WIDTH for k in ("x1", "x2"))
        assert all(0 <= float(line.get(k)) <= HEIGHT for k in ("y1", "y2"))
    for circle in root.iter(f"{SVG}circle"):
        assert float(circle.get("cy")) - float(circle.get("r")) >= 0


@pytest.mark.parametrize("protocol", packaged_ids())
def test_every_sensor_is_drawn_on_the_body_and_named(protocol):
    test = load(protocol)
    root = ET.fromstring(drawing(test))
    cases = [r for r in root.iter(f"{SVG}rect") if r.get("stroke") == SENSOR]
    worn = [role for role in (*test.required, *test.optional) if role in test.sites]
    others = sum(role.endswith("_other") for role in worn)
    assert len(cases) == 2 * len(worn) - others
    solid = sum(case.get("fill") == SENSOR for case in cases)
    needed = [r for r in worn if r in test.required]
    assert solid == 2 * len(needed) - sum(r.endswith("_other") for r in needed)


def test_standing_the_sacrum_lies_behind_and_the_sternum_in_front():
    lines = body((100.0, 100.0), DIRECTIONS["standing"])
    forward = FORWARD["standing"]
    assert spot_of("sacrum", "pelvis", lines, forward).at[0] < 100.0
    assert spot_of("sternum", "trunk", lines, forward).at[0] > 100.0


def test_on_the_belly_the_sacrum_lies_on_top():
    lines = body((100.0, 100.0), DIRECTIONS["prone"])
    assert spot_of("sacrum", "pelvis", lines, FORWARD["prone"]).at[1] < 100.0


def test_prone_rotation_is_drawn_with_the_knee_bent():
    assert directions_of(load("pir"))["shank"] == 0.0
    assert directions_of(load("phe"))["shank"] == 90.0


@pytest.mark.parametrize("site", SITES)
def test_every_site_has_a_place_on_every_posture(site):
    role = {"t12_l1": "trunk", "sternum": "trunk", "sacrum": "pelvis", "iliac_crest": "pelvis"}
    where = role.get(site) or site.split("_")[1]
    for position, directions in DIRECTIONS.items():
        lines = body((0.0, 0.0), directions)
        spot = spot_of(site, where, lines, FORWARD[position])
        assert all(map(math.isfinite, spot.at))
