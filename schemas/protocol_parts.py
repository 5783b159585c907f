"""The tables inside a protocol file, each to its dataclass."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Final, get_args

from schemas.formula import Formula, FormulaError, parse_formula
from schemas.protocol import (
    Citation,
    Condition,
    Consistency,
    Figure,
    Formulae,
    Gates,
    Guard,
    How,
    Reference,
    Repetitions,
)
from schemas.protocol_scoring_parts import TAGS as _TAGS
from schemas.protocol_scoring_parts import UNITS
from schemas.segments import Role
from schemas.toml_table import Table

_HOW: Final[tuple[How, ...]] = get_args(How)
MEASURES: Final = ("tot", "hip", "comp", "lum", "share", "mark", "onset_deg", "lag_s", "slope_r")
_PLATEAU_RATE_DEG_S: Final[Mapping[Condition, float]] = {"passive": 3.0, "active": 5.0}
_SYMBOL: Final[Mapping[Role, str]] = {
    "pelvis": "P",
    "trunk": "T",
    "thigh": "F",
    "shank": "S",
    "thigh_other": "F2",
    "shank_other": "S2",
}


def formulae_of(
    table: Table, *, moving: Role, required: Collection[Role], optional: Collection[Role]
) -> Formulae:
    """Read `[formulae]`; TOT must need no more than the required sensors."""
    worn = {*required, *optional}
    tot = _formula(table, "tot", required)
    hip = _formula(table, "hip", worn)
    drive = _formula(table, "drive", required, default=parse_formula(_SYMBOL[moving]))
    found = Formulae(
        tot=tot,
        hip=hip,
        comp=_formula(table, "comp", worn),
        lum=_formula_or_none(table, "lum", worn),
        drive=drive,
        extreme=_formula(table, "extreme", required, default=drive),
        lag_from=_formula(table, "lag_from", worn, default=drive),
        mark_of=_formula(table, "mark_of", worn, default=hip),
        share_of=_formula_or_none(table, "share_of", worn),
        share_within=_formula_or_none(table, "share_within", worn),
        extra=_extra(table.table("extra", optional=True), worn),
        how=_how(table.table("how", optional=True)),
    )
    if (found.share_of is None) != (found.share_within is None):
        table.fail("share_of", "and `share_within` go together: name both or neither")
    table.close()
    return found


def _formula(
    table: Table, key: str, worn: Collection[Role], *, default: Formula | None = None
) -> Formula:
    if default is not None and key not in table:
        return default
    text = table.text(key)
    try:
        formula = parse_formula(text)
    except FormulaError as error:
        table.fail(key, f"({text!r}) {error}")
    missing = sorted(formula.roles - set(worn))
    if missing:
        table.fail(key, f"({text!r}) needs {', '.join(missing)}, which this key may not rely on")
    return formula


def _formula_or_none(table: Table, key: str, worn: Collection[Role]) -> Formula | None:
    return _formula(table, key, worn) if key in table else None


def _extra(table: Table, worn: Collection[Role]) -> Mapping[str, Formula]:
    return {key: _formula(table, key, worn) for key in table.names()}


def _how(table: Table) -> Mapping[str, How]:
    keys: tuple[str, ...] = ("tot", "hip", "comp")
    how = {key: table.choice(key, _HOW) for key in keys if key in table}
    table.close()
    return how


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


def gates_of(table: Table, condition: Condition) -> Gates:
    """Read `[gates]`: any field of `Gates` by its name."""
    usual = Gates(plateau_rate_deg_s=_PLATEAU_RATE_DEG_S[condition])
    names = [field.name for field in fields(Gates)]
    found = Gates(**{name: table.number(name, getattr(usual, name), low=0.0) for name in names})
    table.close()
    return found


def guard_of(table: Table, worn: Collection[Role]) -> Guard:
    """Read one of `[[guards]]`."""
    found = Guard(
        formula=_formula(table, "formula", worn),
        low_deg=table.number("low_deg"),
        high_deg=table.number("high_deg"),
        sentence=table.text("sentence"),
    )
    table.close()
    return found


def reference_value_of(table: Table, extra: Collection[str], form: int) -> Figure:
    """Read one of `[[references]]`."""
    if "mean" not in table and not {"low", "high"} <= set(table.names()):
        table.fail("mean", "is missing: expected a mean, or `low` and `high`")
    return _figure(table, extra, form)


def cutoff_of(table: Table, extra: Collection[str], form: int) -> Figure:
    """Read one of `[[cutoffs]]`."""
    if not {"below", "above"} & set(table.names()):
        table.fail("below", "is missing: expected `below` or `above`")
    if "meaning" not in table:
        table.fail("meaning", "is missing: expected what lies beyond the cut-off")
    return _figure(table, extra, form)


def _figure(table: Table, extra: Collection[str], form: int) -> Figure:
    numbers = ("mean", "sd", "low", "high", "below", "above")
    found = Figure(
        of=table.choice("of", (*MEASURES, *extra)),
        source=table.text("source"),
        tag=table.choice("tag", _TAGS),
        group=table.text("group", ""),
        unit=table.choice("unit", UNITS, "deg" if form == 1 else None),
        between_sides=table.flag("between_sides", False),
        sd_tag=table.choice("sd_tag", _TAGS) if "sd_tag" in table else None,
        meaning=table.text("meaning", ""),
        **{name: table.number_or_none(name) for name in numbers},
    )
    table.close()
    return found


def citation_of(table: Table) -> Citation:
    """Read one of `[[citations]]`."""
    found = Citation(text=table.text("text"), tag=table.choice("tag", _TAGS))
    table.close()
    return found
