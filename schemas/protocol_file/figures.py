"""`[[references]]`, `[[cutoffs]]` and the units of every quantity: numbers that can be true."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from schemas.confidence import TAGS
from schemas.protocol_file.toml_table import Table
from schemas.protocol_scoring import Unit
from schemas.protocol_types import Figure
from schemas.quantities import UNITS, unit_of

_LARGEST: Final[dict[Unit, float]] = {"deg": 360.0, "pct": 100.0, "s": 600.0, "1": 1.0}


@dataclass(frozen=True, slots=True)
class Rules:
    """What a file is held to.

    `form` is its format: units are required, and formulae may name each other, from 2 on.
    `strict` is false for a text of format 1 that an old trial keeps: it was taken, and is read.
    """

    form: int
    strict: bool = True

    @property
    def usual_unit(self) -> Unit | None:
        """The unit of a figure that names none; None where one must be named."""
        return "deg" if self.form == 1 else None


def reference_value_of(table: Table, measures: Collection[str], rules: Rules) -> Figure:
    """Read one of `[[references]]`: a mean and its spread, or a range."""
    if "mean" not in table and not {"low", "high"} <= set(table.names()):
        table.fail("mean", "is missing: expected a mean, or `low` and `high`")
    if rules.strict:
        _refuse(table, ("below", "above"), "belongs to a cut-off: expected a mean or a range")
        if "mean" in table:
            _refuse(table, ("low", "high"), "stands beside `mean`: give a mean or a range")
    return _figure(table, measures, rules, relative=True)


def cutoff_of(table: Table, measures: Collection[str], rules: Rules) -> Figure:
    """Read one of `[[cutoffs]]`: a limit below, above or on both sides, and what it means."""
    if not {"below", "above"} & set(table.names()):
        table.fail("below", "is missing: expected `below` or `above`")
    if "meaning" not in table:
        table.fail("meaning", "is missing: expected what lies beyond the cut-off")
    if rules.strict:
        _refuse(table, ("mean", "sd", "low", "high"), "belongs to a reference value, no cut-off")
    return _figure(table, measures, rules)


def _refuse(table: Table, keys: Collection[str], complaint: str) -> None:
    for key in keys:
        if key in table:
            table.fail(key, complaint)


def _figure(
    table: Table, measures: Collection[str], rules: Rules, *, relative: bool = False
) -> Figure:
    named_unit = "unit" in table
    numbers = ("mean", "sd", "low", "high", "below", "above")
    found = Figure(
        of=quantity_of(table, measures),
        source=table.text("source"),
        tag=table.choice("tag", TAGS),
        group=table.text("group", ""),
        unit=table.choice("unit", UNITS, rules.usual_unit),
        between_sides=table.flag("between_sides", False),
        sd_tag=table.choice("sd_tag", TAGS) if "sd_tag" in table else None,
        meaning=table.text("meaning", ""),
        **{name: table.number_or_none(name) for name in numbers},
    )
    table.close()
    if rules.strict:
        if named_unit:
            check_unit(table, found.of, found.unit, relative=relative or found.between_sides)
        _check_numbers(table, found)
    return found


def quantity_of(table: Table, measures: Collection[str]) -> str:
    """Read `of`: a number that the test computes."""
    of = table.text("of")
    if of not in measures:
        table.fail(
            "of", f"is {of!r}, which this test does not compute: expected one of "
            + ", ".join(measures)
        )  # fmt: skip
    return of


def check_unit(table: Table, of: str, unit: Unit, *, relative: bool = False) -> None:
    """Refuse a unit that the quantity cannot have.

    `relative`: a percentage may be meant as one of something else, of the other side or of the
    person's own range; what a measurement is held against may not.
    """
    expected = unit_of(of)
    if unit != expected and not (relative and expected == "deg" and unit == "pct"):
        table.fail("unit", f"is {unit!r}: `{of}` is given in {expected!r}")


def check_spread(table: Table, mean: float | None, sd: float | None, *, tagged: bool) -> None:
    """Refuse a standard deviation that none can be, or that belongs to nothing."""
    if sd is None:
        if tagged:
            table.fail("sd_tag", "is the tag of a spread that is not there: expected `sd`")
        return
    if mean is None:
        table.fail("sd", "has no `mean` that it is the spread of")
    if sd <= 0.0:
        table.fail("sd", f"is {sd:g}: expected a standard deviation above 0")


def _check_numbers(table: Table, figure: Figure) -> None:
    check_spread(table, figure.mean, figure.sd, tagged=figure.sd_tag is not None)
    for key in ("mean", "sd", "low", "high", "below", "above"):
        _check_possible(table, key, figure)
    low, high, below, above = figure.low, figure.high, figure.below, figure.above
    if low is not None and high is not None and low > high:
        table.fail("low", f"is {low:g}, above `high`, which is {high:g}")
    if below is not None and above is not None and below >= above:
        table.fail(
            "below",
            f"is {below:g} and `above` {above:g}: nothing lies between, so no value could pass",
        )


def _check_possible(table: Table, key: str, figure: Figure) -> None:
    """Refuse what no measurement can come to: 400 degrees, a share of -5 percent."""
    value: float | None = getattr(figure, key)
    largest = _LARGEST[figure.unit]
    least = 0.0 if figure.of == "share" and not figure.between_sides else -largest
    if value is not None and not least <= value <= largest:
        unit = "" if figure.unit == "1" else f" {figure.unit}"
        table.fail(key, f"is {value:g}{unit}: possible is {least:g} to {largest:g}{unit}")
