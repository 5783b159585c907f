"""The worked example of the scoring model: every number by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from visit_scenes import MAN, PSLR, YOUDAS, given

from collector.scoring.progress import progress_of
from collector.scoring.visit import visit_of

FIRST = [(71.0, 45.0, 26.0), (72.0, 45.0, 27.0), (73.0, 47.0, 26.0)]
NEXT = [(82.0, 46.0, 36.0)] * 3


def visit(session, rows, utc="2026-05-04T09:00:00+00:00"):
    return visit_of(session, utc, [given(PSLR, "left", rows)], MAN, [YOUDAS])


@pytest.fixture(scope="module")
def first():
    return visit(1, FIRST).tests[0]


@pytest.mark.parametrize(
    ("measure", "mean"),
    [("tot", 72.0), ("hip", 45.666667), ("comp", 26.333333), ("share", 36.5744)],
)
def test_the_set_is_the_mean_of_its_three_repetitions(first, measure, mean):
    # shares 26/71, 27/72, 26/73: mean 36.58
    shares = (26 / 71 + 27 / 72 + 26 / 73) / 3 * 100
    assert first.values[measure].mean == pytest.approx(
        shares if measure == "share" else mean, abs=1e-5
    )
    assert shares == pytest.approx(36.6, abs=0.05)


def test_the_set_has_its_standard_error(first):
    # SD of 71, 72, 73 is 1; SE 1/sqrt 3; t.975,2 = 4.3027
    tot = first.values["tot"]
    assert (tot.sd, tot.most) == (pytest.approx(1.0), 73.0)
    assert tot.se == pytest.approx(0.57735, abs=1e-5)
    assert tot.ci95 == pytest.approx(2.48414, abs=1e-4)


def test_mobility_is_typical(first):
    assert first.mobility.z == pytest.approx(3.5 / 6.8)
    assert f"{first.mobility.z:+.2f}" == "+0.51"
    assert f"{first.mobility.percentile:.1f}" == "69.7"
    assert first.mobility.klass == "typical"
    assert first.mobility.percent_of_norm == pytest.approx(7200 / 68.5)
    assert first.mobility.norm.recalled


def test_control_is_full(first):
    assert f"{first.control.z:+.2f}" == "-0.30"
    assert first.control.score == 100.0
    assert (first.control.tag, first.control.sd_tag) == ("F", "P")


def test_nothing_lacks_to_the_norm(first):
    assert first.deficit_deg == 0.0


def test_the_hip_alone_has_no_norm(first):
    assert first.hip_mobility is None
    assert [r.code for r in first.withheld] == ["norm_corrected"]


@pytest.fixture(scope="module")
def progress():
    visits = [visit(1, FIRST), visit(2, NEXT, "2026-05-11T09:00:00+00:00")]
    return progress_of(visits, {"pslr": PSLR}, [], [YOUDAS], MAN)


def test_the_whole_angle_changed_and_the_hip_did_not(progress):
    course = {c.measure: c.since_baseline for c in progress.courses}
    assert course["tot"].difference == pytest.approx(10.0)
    assert (course["tot"].label, course["tot"].direction) == ("real_change", "improved")
    assert course["tot"].rci == pytest.approx(10 / (3.5 * 2**0.5))
    assert course["hip"].difference == pytest.approx(1 / 3)
    assert (course["hip"].label, course["hip"].direction) == ("no_change", "")


def test_the_gain_is_told_to_have_come_from_the_pelvis(progress):
    told = progress.sentences[0]
    assert (told.code, told.protocol, told.side) == ("gain_not_from_hip", "pslr", "left")
    for part in ("gained 10.0 degrees", "9.7 degrees", "0.3 degrees", "3.5 degrees"):
        assert part in told.sentence
    assert told.sentence.endswith("came from the pelvis and low back, not from the hip.")


def test_a_corrected_norm_is_the_hips_and_not_the_whole_angles():
    corrected = replace(YOUDAS, id="own_hip", corrected=True, mean_deg=45.0, sd_deg=5.0)
    found = visit_of(1, "2026-05-04", [given(PSLR, "left", FIRST)], MAN, [corrected]).tests[0]
    assert found.mobility is None
    assert found.hip_mobility.z == pytest.approx(2 / 3 / 5)
