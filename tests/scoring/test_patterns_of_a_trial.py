from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from scoring_scenes import PSLR, angles_of, certificate, leg_raise, movement

from collector.scoring.patterns.trial import patterns_of
from collector.scoring.score import score
from schemas.patterns import PATTERNS_VERSION, Patterns
from schemas.protocol import load
from schemas.result import TrialResult, Versions
from schemas.result_json import from_plain, to_plain

FB = replace(
    load("fb"),
    patterns=("band_ratio", "break_point", "vector_coding", "relative_phase", "cross_lag"),
)
VERSIONS = Versions("0", 1, 1, "auto", "offline")


def result_of(angles, protocol, side=None):
    known = certificate(("trunk", "pelvis"))
    found = score(angles, protocol, known, side=side)
    return TrialResult(
        protocol.id, side, found.grade, found.reasons, found.repetitions, found.set, known, VERSIONS
    )


def bends(lag_s=0.0, **timing):
    """Bends of 100 degrees, 45 of them the low back's, which sets out `lag_s` after the pelvis."""
    t, pelvis = movement([55.0] * 3, **timing)
    _, low = movement([45.0] * 3, lag_s=lag_s, **timing)
    return angles_of(t, trunk=pelvis + low, pelvis=pelvis)


def measured(angles, protocol=FB, **options):
    return patterns_of(angles, protocol, result_of(angles, protocol), **options)


def test_a_bend_shared_evenly_has_one_ratio_throughout():
    found = measured(bends())
    assert [rep.n for rep in found.repetitions] == [1, 2, 3]
    first = found.repetitions[0]
    ratios = [band.ratio for band in (*first.bands, *first.quarters_out, *first.quarters_back)]
    assert ratios == pytest.approx([45.0 / 55.0] * 11, abs=0.02)
    assert first.break_point.bend == "straight"


def test_the_coupling_angle_of_a_bend_is_that_of_its_shares():
    """atan2(55, 45) is 50.7 degrees: in phase, the hip a little more."""
    found = measured(bends())
    first = found.repetitions[0].coupling
    assert first.angle_deg == pytest.approx(50.71, abs=0.3)
    assert first.needham_pct["in_phase_distal"] > 95.0
    assert found.cav_deg == pytest.approx(0.0, abs=0.5)


def test_a_test_of_the_return_is_coded_on_the_way_back():
    """Both decrease: the same direction from the other side, 180 + 50.7 degrees."""
    back = replace(FB, phase="return", patterns=("vector_coding",))
    first = measured(bends(), back).repetitions[0].coupling
    assert first.angle_deg == pytest.approx(230.71, abs=1.0)
    assert first.needham_pct["in_phase_distal"] > 90.0


def test_a_low_back_that_follows_has_a_lag_and_a_phase_behind():
    together, late = measured(bends()), measured(bends(lag_s=0.4))
    assert together.repetitions[0].cross_lag.lag_s == pytest.approx(0.0, abs=0.01)
    assert 0.1 < late.repetitions[0].cross_lag.lag_s < 0.4
    assert together.relative_phase.marp_deg == pytest.approx(0.0, abs=0.5)
    assert late.relative_phase.mean_deg < -1.0
    assert late.relative_phase.cycles == 3


def test_only_what_the_test_asks_for_is_measured():
    found = measured(bends(), replace(FB, patterns=("cross_lag",)))
    first = found.repetitions[0]
    assert first.cross_lag is not None
    assert (first.bands, first.break_point, first.coupling, first.reversal) == (
        (),
        None,
        None,
        None,
    )
    assert (found.cav_deg, found.relative_phase) == (None, None)


def test_a_test_without_patterns_says_so():
    found = measured(bends(), replace(FB, patterns=()))
    assert (found.repetitions, found.reasons[0].code) == ((), "no_patterns")


def test_late_compensation_has_its_break_where_it_begins():
    t, thigh = movement([80.0] * 3)
    pelvis = -0.7 * np.maximum(0.0, thigh - 45.0)
    angles = angles_of(t, thigh=thigh, pelvis=pelvis)
    raised = replace(PSLR, patterns=("break_point",))
    for rep in patterns_of(angles, raised, result_of(angles, raised, "left")).repetitions:
        assert rep.break_point.at_deg == pytest.approx(45.0, abs=1.0)
        assert rep.break_point.bend == "late"


def test_ranges_of_a_repetition_are_its_extremes():
    angles = leg_raise([70.0] * 3, [-26.0] * 3)
    ranges = replace(PSLR, patterns=("ranges",))
    first = patterns_of(angles, ranges, result_of(angles, ranges, "left")).repetitions[0]
    assert first.ranges_deg["tot_deg"] == pytest.approx(70.0, abs=0.1)
    assert first.ranges_deg["comp_deg"] == pytest.approx(26.0, abs=0.1)


def test_a_gap_leaves_out_its_repetition_and_says_so():
    angles = bends()
    pelvis = angles.deg["pelvis_deg"].copy()
    pelvis[400:405] = np.nan
    torn = angles_of(angles.t_s, trunk=angles.deg["trunk_deg"], pelvis=pelvis)
    found = measured(torn)
    assert [rep.n for rep in found.repetitions] == [2, 3]
    assert "gap_in_pattern" in [reason.code for reason in found.reasons]
    assert found.relative_phase is None


def test_a_refused_repetition_has_no_patterns():
    angles = bends()
    result = result_of(angles, FB)
    refused = replace(result.repetitions[0], grade="X")
    changed = replace(result, repetitions=(refused, *result.repetitions[1:]))
    found = patterns_of(angles, FB, changed)
    assert [rep.n for rep in found.repetitions] == [2, 3]
    assert found.reasons[0].code == "repetitions_refused"


def test_a_recording_that_begins_at_12_seconds_has_the_same_patterns():
    angles = bends(lag_s=0.4)
    result = result_of(angles, FB)
    moved = tuple(
        replace(
            rep,
            start_s=rep.start_s + 12.0,
            onset_s=rep.onset_s + 12.0,
            plateau_start_s=rep.plateau_start_s + 12.0,
            plateau_end_s=rep.plateau_end_s + 12.0,
            end_s=rep.end_s + 12.0,
        )
        for rep in result.repetitions
    )
    later = patterns_of(angles, FB, replace(result, repetitions=moved), origin_s=12.0)
    assert later == patterns_of(angles, FB, result)


def test_patterns_go_through_json_and_back():
    found = measured(bends(lag_s=0.3))
    assert from_plain(Patterns, json.loads(json.dumps(to_plain(found)))) == found
    assert found.version == PATTERNS_VERSION
