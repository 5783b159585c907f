from __future__ import annotations

import pytest

from schemas.figures import digits_of
from schemas.protocol import Figure
from schemas.quantities import amount, brief


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (12.34, "deg", "12.3\u00b0"),
        (-0.04, "deg", "0.0\u00b0"),
        (36.6, "pct", "36.6 %"),
        (0.123, "s", "0.12 s"),
        (-0.001, "1", "0.00"),
    ],
)
def test_a_number_has_its_unit_and_nought_has_no_minus(value, unit, said):
    assert brief(value, unit) == said


def test_a_change_has_its_sign():
    assert brief(4.0, "deg", signed=True) == "+4.0\u00b0"
    assert brief(-4.0, "deg", signed=True) == "-4.0\u00b0"


def test_nought_has_no_minus_in_sentences_either():
    assert amount(-0.04) == "0.0 degrees"


def figure(**digits):
    return Figure(of="tot", source="s", tag="F", **digits)


def test_the_digits_of_a_figure_are_limits_else_mean_else_range():
    assert digits_of(figure(below=80.0)) == "below 80"
    assert digits_of(figure(below=39.0, above=65.0), below="<", above=">") == "< 39 or > 65"
    assert digits_of(figure(mean=68.5, sd=6.8)) == "68.5 (SD 6.8)"
    assert digits_of(figure(low=85.0, high=95.0)) == "85 to 95"
