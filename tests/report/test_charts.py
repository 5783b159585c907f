from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.report.charts.bars import FRAME, Bars, bars_drawing
from collector.report.charts.curve import Curve, curve_drawing
from collector.report.charts.frame import Scale, scale_over
from collector.report.charts.svg import paths, svg_of, text

SVG = "{http://www.w3.org/2000/svg}"


def rectangles(svg: str) -> dict[str, ET.Element]:
    titled = ((r.find(f"{SVG}title"), r) for r in ET.fromstring(svg).iter(f"{SVG}rect"))
    return {str(t.text): r for t, r in titled if t is not None}


def test_hip_and_lent_lie_end_to_end_in_their_proportion():
    bars = rectangles(svg_of(bars_drawing(Bars(46.0, 26.0, "pelvis"), "x")))
    hip, lent = bars["hip"], bars["lent"]
    assert float(hip.get("width")) / float(lent.get("width")) == pytest.approx(46 / 26, rel=1e-3)
    end = float(hip.get("x")) + float(hip.get("width"))
    assert float(lent.get("x")) == pytest.approx(end, abs=0.2)


def test_the_norm_band_is_mean_plus_and_minus_one_sd():
    bars = rectangles(svg_of(bars_drawing(Bars(46.0, 26.0, "pelvis", (68.5, 6.8), "norm"), "x")))
    band, hip = bars["norm"], bars["hip"]
    per_deg = float(hip.get("width")) / 46.0
    assert float(band.get("width")) == pytest.approx(2 * 6.8 * per_deg, rel=1e-2)
    assert float(band.get("x")) - FRAME.left == pytest.approx((68.5 - 6.8) * per_deg, rel=1e-2)


def test_movement_the_other_way_draws_no_bar_and_keeps_its_number():
    svg = svg_of(bars_drawing(Bars(-12.0, 0.0, "pelvis"), "x"))
    assert float(rectangles(svg)["hip"].get("width")) == 0.0
    assert "hip -12" in svg


def test_a_gap_breaks_the_curve():
    nan = math.nan
    svg = paths((0, 1, 2, 3, 4), (1.0, 2.0, nan, 3.0, 4.0), ink="#000")
    assert svg.count("M") == 2
    assert "nan" not in svg


def test_a_curve_of_nothing_but_gaps_can_be_drawn():
    nan = [math.nan] * 3
    svg = svg_of(curve_drawing(Curve([0.0, 1.0, 2.0], nan, nan, nan, ()), "x"))
    assert ET.fromstring(svg).tag == f"{SVG}svg"


def test_words_of_people_cannot_become_markup():
    assert "<b>" not in text(0, 0, "<b>a & b</b>")
    assert "&amp;" in text(0, 0, "a & b")


@given(st.lists(st.floats(-400, 400), min_size=1), st.floats(1, 50))
def test_every_value_lies_inside_its_chart(values, least):
    scale = scale_over(values, 200.0, 20.0, least=least)
    assert all(20.0 <= scale(v) <= 200.0 for v in values)
    assert scale.high - scale.low >= least * 0.99


@given(st.floats(-300, 300), st.floats(0.5, 500))
def test_ticks_are_round_and_inside(low, span):
    scale = Scale(low, low + span, 0.0, 1.0)
    ticks = scale.ticks(6)
    assert 1 <= len(ticks) <= 7
    assert all(scale.low - 1e-9 <= t <= scale.high + 1e-9 for t in ticks)


def test_the_bar_fits_the_page():
    bars = rectangles(svg_of(bars_drawing(Bars(120.0, 40.0, "pelvis", (133.0, 8.0), "norm"), "x")))
    ends = [float(r.get("x")) + float(r.get("width")) for r in bars.values()]
    assert max(ends) <= FRAME.width - FRAME.right + 0.1


def test_what_was_not_measured_is_not_in_the_legend():
    nan = [math.nan] * 3
    svg = svg_of(curve_drawing(Curve([0.0, 1.0, 2.0], nan, nan, [0.0, 9.0, 0.0], ()), "x"))
    named = [t.text for t in ET.fromstring(svg).iter(f"{SVG}text")]
    assert "read without correction" in named
    assert not {"hip", "lent"} & set(named)


def test_a_lender_that_went_the_other_way_lent_nothing_and_that_is_said():
    svg = svg_of(bars_drawing(Bars(46.0, 0.0, "pelvis", other_way_deg=4.0), "x"))
    assert "pelvis lent nothing, moved 4\u00b0 the other way" in svg
