"""The smaller tables of a protocol file, each to its dataclass."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import Final

from schemas.confidence import TAGS
from schemas.protocol_file.figures import Rules
from schemas.protocol_file.formulae import Quantities, Worn, formula_of
from schemas.protocol_file.toml_table import Table
from schemas.protocol_types import (
    Citation,
    Condition,
    Consistency,
    Gates,
    Guard,
    Reference,
    Repetitions,
)

_MILD_THEN_HARD: Final = (
    ("loss_b_pct", "loss_x_pct"),
    ("out_of_plane_c_deg", "out_of_plane_x_deg"),
    ("drift_c_deg", "drift_x_deg"),
)
_PLATEAU_RATE_DEG_S: Final[Mapping[Condition, float]] = {"passive": 3.0, "active": 5.0}


def reference_of(table: Table) -> Reference:
    """Read `[reference]`."""
    found = Reference(
        pose=table.text("pose"),
        still_s=table.number("still_s", 1.0, low=0.0),
        still_sd_deg=table.number("still_sd_deg", 0.5, low=0.0),
        zero=table.choice("zero", ("reference", "standing"), "reference"),
        returns=table.flag("returns", True),
    )
    table.close()
    return found


def repetitions_of(table: Table, condition: Condition) -> Repetitions:
    """Read `[repetitions]`; at least three, up to six, held 1 s (passive) or 0.5 s (active)."""
    least = table.integer("min", 3, low=1)
    most = table.integer("max", 6, low=1)
    if most < least:
        table.fail("max", f"is {most}, below `min`, which is {least}")
    found = Repetitions(
        least=least,
        most=most,
        rest_s=table.pair("rest_s") if "rest_s" in table else (10.0, 30.0),
        hold_s=table.number("hold_s", 1.0 if condition == "passive" else 0.5, low=0.0),
        pace=table.text("pace"),
    )
    table.close()
    return found


def consistency_of(table: Table) -> Consistency:
    """Read `[consistency]`; the defaults are the repetition rule of the AMA Guides."""
    usual = Consistency()
    found = Consistency(
        floor_deg=table.number("floor_deg", usual.floor_deg, low=0.0),
        fraction=table.number("fraction", usual.fraction, low=0.0),
        mode=table.choice("mode", ("deviation", "range"), usual.mode),
    )
    table.close()
    return found


def usual_gates(condition: Condition) -> Gates:
    """Return the gates of a file that overrides none."""
    return Gates(plateau_rate_deg_s=_PLATEAU_RATE_DEG_S[condition])


def gates_of(table: Table, condition: Condition, rules: Rules) -> Gates:
    """Read `[gates]`: any field of `Gates` by its name."""
    usual = usual_gates(condition)
    names = [field.name for field in fields(Gates)]
    found = Gates(**{name: table.number(name, getattr(usual, name), low=0.0) for name in names})
    table.close()
    if rules.strict:
        _check_order(table, found)
    return found


def _check_order(table: Table, gates: Gates) -> None:
    """Refuse a gate that could never open: the milder finding must come first."""
    for mild, hard in _MILD_THEN_HARD:
        one, two = getattr(gates, mild), getattr(gates, hard)
        if one > two:
            table.fail(mild, f"is {one:g}, beyond `{hard}`, which is {two:g}")
    if gates.axis_b_deg < gates.axis_x_deg:
        table.fail("axis_b_deg", f"is below `axis_x_deg`, which is {gates.axis_x_deg:g}")


def guard_of(table: Table, worn: Worn, quantities: Quantities, rules: Rules) -> Guard:
    """Read one of `[[guards]]`."""
    most = 360.0 if rules.strict else math.inf
    found = Guard(
        formula=formula_of(table, "formula", worn, quantities),
        low_deg=table.number("low_deg", low=-most, high=most),
        high_deg=table.number("high_deg", low=-most, high=most),
        sentence=table.text("sentence"),
    )
    table.close()
    low, high = found.low_deg, found.high_deg
    if rules.strict and low > high:
        table.fail("low_deg", f"is {low:g}, above `high_deg`, which is {high:g}")
    if rules.strict and found.formula.absolute and high < 0.0:
        table.fail("high_deg", f"is {high:g}, and an absolute value is never below 0")
    return found


def citation_of(table: Table) -> Citation:
    """Read one of `[[citations]]`."""
    found = Citation(text=table.text("text"), tag=table.choice("tag", TAGS))
    table.close()
    return found
