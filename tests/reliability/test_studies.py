from __future__ import annotations

import math

import numpy as np
import pytest
from published import ANXIETY, CARDIAC_OUTPUT, SHROUT_FLEISS

from collector.reliability.adoption import site_sem
from collector.reliability.plain import body_of
from collector.reliability.study import Study, study
from collector.reliability.wording import sentences
from schemas.errors import QualityError


def cells(values):
    return {
        (f"P{i}", f"R{j}"): [float(x)] for i, row in enumerate(values) for j, x in enumerate(row)
    }


def of(values, design="by rater") -> Study:
    return study(cells(values), design)


def refused(found) -> str:
    with pytest.raises(QualityError) as caught:
        study(found, "by rater")
    assert caught.value.exit_code == 5
    return caught.value.reason


def test_between_raters_and_between_days_report_agreement_under_its_own_name():
    assert (of(SHROUT_FLEISS).label, of(SHROUT_FLEISS, "by day").label) == ("ICC(2,1)", "ICC(A,1)")
    assert of(SHROUT_FLEISS).icc.value == pytest.approx(0.290, abs=5e-4)
    assert of(SHROUT_FLEISS).band == ("poor", "good")


def test_all_columns_are_compared_two_by_two():
    found = [(pair.first, pair.second) for pair in of(ANXIETY).pairs]
    assert found == [("R0", "R1"), ("R0", "R2"), ("R1", "R2")]


def test_a_person_who_lacks_a_repeat_is_left_out_by_name():
    found = cells(SHROUT_FLEISS)
    del found["P2", "R1"]
    found["P4", "R0"] = [math.nan]
    made = study(found, "by rater")
    assert (made.people, made.dropped) == (4, ("P2", "P4"))
    assert "2 left out, a repeat is missing: P2, P4." in sentences(made, "deg")
    kept = np.delete(SHROUT_FLEISS, [2, 4], axis=0)
    assert made.icc.value == pytest.approx(of(kept).icc.value)


def test_further_values_of_a_cell_are_counted_and_the_first_is_used():
    found = cells(SHROUT_FLEISS)
    found["P0", "R0"] += [77.0, 78.0]
    made = study(found, "by rater")
    assert (made.spare, made.icc.value) == (2, of(SHROUT_FLEISS).icc.value)
    assert any(text.startswith("2 further values") for text in sentences(made, "deg"))


def test_several_values_under_two_columns_have_limits_of_their_own():
    found = {
        (str(person), method): list(rows[:, i])
        for person, rows in enumerate(CARDIAC_OUTPUT)
        for i, method in enumerate(("RV", "IC"))
    }
    constant, varying = study(found, "by rater").repeated
    assert (constant.true_value, round(constant.bias, 4)) == ("constant", 0.7092)
    assert (varying.true_value, round(varying.sd, 6)) == ("varying", 0.990624)


def test_one_repeat_one_person_or_nobody_is_refused():
    assert refused(cells(SHROUT_FLEISS[:, :1])) == "too_few_repeats"
    assert refused(cells(SHROUT_FLEISS[:1])) == "too_few_people"
    assert refused({}) == "too_few_repeats"
    holes = {("A", "1"): [1.0], ("A", "2"): [2.0], ("B", "1"): [3.0], ("C", "2"): [1.0]}
    assert refused(holes) == "too_few_people"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([[5, 5], [5, 5], [5, 5]], "no_variance"),
        ([[5, 7], [7, 5], [6, 6]], "no_variance"),
        ([[5, 5], [6, 6], [9, 9]], "no_error_variance"),
        ([[5.1, 7.1], [6.3, 8.3], [9.7, 11.7]], "no_error_variance"),
    ],
)
def test_columns_without_variance_are_refused(values, reason):
    assert refused(cells(values)) == reason


def test_ties_are_no_reason_to_refuse():
    assert of([[5, 5], [5, 5], [6, 6], [7, 6], [5, 6]]).people == 5


def test_the_sentences_name_form_interval_band_error_and_smallest_change():
    text = " ".join(sentences(of(SHROUT_FLEISS), "deg"))
    assert "6 people, 4 raters: ICC(2,1) 0.290 (95 % interval 0.019 to 0.761)" in text
    assert "between poor and good" in text
    assert "2.5 degrees (SEM, agreement); a change below 6.9 degrees is within error" in text
    assert "Fewer than 10 people" in text
    assert "R0 reads 5.2 degrees more than R1 on average." in text


def test_the_error_of_agreement_is_what_a_site_adopts():
    sem = site_sem(of(SHROUT_FLEISS), "pslr", "hip", "deg", from_table=True)
    assert sem.value == pytest.approx(2.503, abs=5e-4)
    assert (sem.form, sem.people, sem.repeats, sem.design) == (
        "ICC(2,1)", 6, 4, "by rater (table)",
    )  # fmt: skip


def test_a_study_that_tells_nobody_apart_is_not_adopted():
    useless = of([[1.0, 9.0], [9.0, 1.0], [4.0, 7.0], [7.0, 3.0], [5.0, 5.5]])
    assert useless.icc.value < 0
    assert any("not above zero" in text for text in sentences(useless, "deg"))
    with pytest.raises(QualityError, match="not above zero") as caught:
        site_sem(useless, "pslr", "hip", "deg")
    assert caught.value.reason == "not_adopted"


def test_a_study_of_four_people_is_not_adopted():
    with pytest.raises(QualityError, match="it has 4 people, at least 5"):
        site_sem(of(SHROUT_FLEISS[:4]), "pslr", "hip", "deg")


def test_the_whole_study_can_be_written_as_json():
    body = body_of(of(ANXIETY), "deg")
    assert body["sem"]["mdc95"] == pytest.approx(1.96 * math.sqrt(2) * body["sem"]["value"])
    assert [form["form"] for form in body["forms"]][:2] == ["ICC(1,1)", "ICC(2,1)"]
    assert (body["label"], body["unit"], body["people"]) == ("ICC(2,1)", "deg", 20)
