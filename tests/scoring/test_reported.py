from __future__ import annotations

import pytest
from scoring_scenes import PSLR, angles_of, certificate, leg_raise

from collector.scoring.reported import reported
from collector.scoring.score import score
from schemas.recording import END_POINT, PAIN, Event


def said(*events):
    return tuple(Event(round(at_s * 1e6), kind, text) for at_s, kind, text in events)


def trial(angles, *events):
    return score(angles, PSLR, certificate(), side="left", events=said(*events))


def codes(found):
    return [reason.code for reason in found.reasons]


def without_a_top(n):
    """Return three leg raises of which the plateau of number `n` is missing."""
    angles = leg_raise()
    deg = {name.removesuffix("_deg"): x.copy() for name, x in angles.deg.items()}
    middle = round((6.5 + 9.0 * (n - 1)) * angles.rate_hz)
    deg["thigh"][middle : middle + 5] = float("nan")
    return angles_of(angles.t_s, **deg)


def test_pain_and_end_point_are_carried_beside_the_scores():
    found = trial(leg_raise(), (30.0, PAIN, "4"), (30.0, END_POINT, "firm_resistance"))
    assert (found.pain_nrs, found.end_point) == (4.0, "firm_resistance")
    assert (found.grade, found.reasons) == ("A", ())


def test_nobody_asked_is_not_no_pain():
    assert reported(()).pain_nrs is None
    assert reported(said((1.0, PAIN, "0"))).pain_nrs == 0.0


def test_the_worst_pain_and_the_last_end_point_count():
    told = reported(
        said((1.0, PAIN, "6"), (2.0, PAIN, "3"), (1.0, END_POINT, "pain"), (3.0, END_POINT, "x"))
    )
    assert (told.pain_nrs, told.end_point) == (6.0, "x")


@pytest.mark.parametrize("text", ["", "eleven", "11", "-1", "nan", "inf"])
def test_what_is_no_pain_from_0_to_10_is_told_and_not_counted(text):
    found = trial(leg_raise(), (30.0, PAIN, text))
    assert found.pain_nrs is None
    assert codes(found) == ["pain_unreadable"]
    assert repr(text) in found.reasons[0].sentence


def test_an_end_point_of_another_test_is_a_remark():
    found = trial(leg_raise(), (30.0, END_POINT, "fixed_target"))
    assert (found.grade, codes(found)) == ("A", ["end_point_unknown"])
    assert "firm_resistance" in found.reasons[0].sentence


@pytest.mark.parametrize(("kind", "text"), [(PAIN, "7"), (END_POINT, "pain")])
def test_pain_during_a_repetition_without_a_value_is_its_reason(kind, text):
    found = trial(without_a_top(2), (15.0, kind, text))
    hurt = [[r.code for r in rep.reasons].count("pain_without_value") for rep in found.repetitions]
    assert hurt == [0, 1, 0]
    assert found.repetitions[1].grade == "X"


def test_pain_in_a_repetition_with_a_value_refuses_nothing():
    found = trial(without_a_top(2), (6.5, PAIN, "7"))
    assert not any("pain_without_value" in codes(rep) for rep in found.repetitions)


def test_a_report_of_no_pain_stopped_nothing():
    found = trial(without_a_top(2), (15.0, PAIN, "0"))
    assert not any("pain_without_value" in codes(rep) for rep in found.repetitions)


def test_a_trial_that_pain_stopped_before_any_repetition_says_so():
    found = trial(leg_raise([5.0], [-1.0]), (4.0, PAIN, "8"))
    assert (found.grade, found.pain_nrs) == ("X", 8.0)
    assert codes(found) == ["no_repetition", "pain_without_value"]


def _stopped_on_the_way(at_s):
    """Three leg raises begin at 3, 12 and 21 s; the recording ends during the third one."""
    angles = leg_raise()
    keep = angles.t_s < at_s + 0.3
    deg = {name.removesuffix("_deg"): x[keep] for name, x in angles.deg.items()}
    return angles_of(angles.t_s[keep], **deg)


def test_an_attempt_that_pain_stopped_is_a_refused_repetition():
    found = trial(_stopped_on_the_way(22.0), (22.0, PAIN, "6"))
    assert [rep.grade for rep in found.repetitions] == ["A", "A", "X"]
    last = found.repetitions[-1]
    assert (last.n, last.tot_deg, codes(last)) == (3, None, ["pain_without_value"])
    assert last.start_s == pytest.approx(21.0, abs=0.5)
    assert found.set.used == (1, 2)


@pytest.mark.parametrize("at_s", [20.5, 500.0])
def test_pain_that_is_asked_for_at_rest_is_no_attempt(at_s):
    found = trial(_stopped_on_the_way(20.5), (at_s, PAIN, "6"))
    assert [rep.grade for rep in found.repetitions] == ["A", "A"]


def test_without_a_word_of_pain_an_unfinished_movement_is_no_repetition():
    assert len(trial(_stopped_on_the_way(22.0)).repetitions) == 2
