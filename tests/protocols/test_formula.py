from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.formula import FormulaError, parse_formula
from schemas.motion import CHANNELS


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("F", {"F": 1.0}),
        ("F + P", {"F": 1.0, "P": 1.0}),
        ("-P", {"P": -1.0}),
        ("T - P", {"T": 1.0, "P": -1.0}),
        ("-(F + P)", {"F": -1.0, "P": -1.0}),
        ("-(R - Y)", {"R": -1.0, "Y": 1.0}),
        ("0.5*F - (P - F)", {"F": 1.5, "P": -1.0}),
        ("-0.5*F", {"F": -0.5}),
    ],
)
def test_formulae_become_factors_per_symbol(text, terms):
    assert dict(parse_formula(text).terms) == terms


@pytest.mark.parametrize(
    ("thigh", "pelvis", "hip"), [(120, -30, 90), (-3, 60, 57), (-20, 8, -12), (-10, 10, 0)]
)
def test_hip_is_thigh_plus_pelvis(thigh, pelvis, hip):
    deg = {"thigh_deg": np.array([thigh]), "pelvis_deg": np.array([pelvis])}
    assert parse_formula("F + P")(deg)[0] == hip


def test_bars_take_the_absolute_value():
    assert parse_formula("|Y|")({"pelvis_axial_deg": np.array([-7.0, 3.0])}).tolist() == [7.0, 3.0]


@pytest.mark.parametrize(
    "text",
    ["", "Q", "F * P", "F + 3", "F / 2", "__import__('os')", "F if P else T", "F.real", "|F| + |P|",
     "F - F", "1e999*F", "F" + " + F" * 40, "f", "(" * 60, "True*F", "P*F"],
)  # fmt: skip
def test_everything_else_is_refused(text):
    with pytest.raises(FormulaError):
        parse_formula(text)


QUANTITIES = {"tot": parse_formula("F"), "comp": parse_formula("-P"), "turn": parse_formula("|Y|")}


@pytest.mark.parametrize(
    ("text", "terms", "absolute"),
    [
        ("tot - comp", {"F": 1.0, "P": 1.0}, False),
        ("-(comp + 2*tot)", {"F": -2.0, "P": 1.0}, False),
        ("T + comp", {"T": 1.0, "P": -1.0}, False),
        ("turn", {"Y": 1.0}, True),
        ("|comp|", {"P": -1.0}, True),
    ],
)
def test_words_stand_for_the_quantities_that_they_name(text, terms, absolute):
    formula = parse_formula(text, QUANTITIES.get)
    assert (dict(formula.terms), formula.absolute, formula.text) == (terms, absolute, text)
    assert formula.linked


@pytest.mark.parametrize("text", ["tot", "hip + tot", "turn + tot", "tot - tot", "tot.text"])
def test_words_that_name_nothing_or_vanish_are_refused(text):
    with pytest.raises(FormulaError):
        parse_formula(text, {"turn": parse_formula("|Y|"), "tot": None}.get)


FACTORS = st.sampled_from([-2.5, -1.0, -0.125, 0.5, 1.0, 3.0])


@given(
    st.dictionaries(st.sampled_from(sorted(CHANNELS)), FACTORS, min_size=1, max_size=4),
    st.booleans(),
)
def test_a_formula_spelled_out_reads_as_the_same(terms, absolute):
    text = " + ".join(f"-({-x}*{s})" if x < 0 else f"{x}*{s}" for s, x in terms.items())
    formula = parse_formula(f"|{text}|" if absolute else text)
    again = parse_formula(formula.spelled)
    assert (again.terms, again.absolute, again.linked) == (formula.terms, absolute, False)


@pytest.mark.parametrize("text", ["F + P", "T - P", "-P", "-F - P", "|Y|", "F - 0.5*S"])
def test_spelled_formulae_look_as_an_author_writes_them(text):
    assert parse_formula(text).spelled == text


@given(st.text(alphabet="FPTS|+-*()0.5 _xQ", max_size=90))
def test_any_text_is_a_formula_or_a_formula_error(text):
    try:
        formula = parse_formula(text)
    except FormulaError:
        return
    assert set(formula.channels) <= set(CHANNELS.values())
