"""The tables of a protocol file that weigh its numbers, and its words: each to its dataclass."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, Literal, get_args

from schemas.confidence import TAGS
from schemas.protocol_file.figures import check_spread, check_unit, quantity_of
from schemas.protocol_file.toml_table import Table
from schemas.protocol_scoring import (
    GENERIC_WORDS,
    Control,
    DefaultSem,
    Group,
    NormMotion,
    Pattern,
    Scoring,
    Target,
    Words,
)
from schemas.quantities import UNITS

PATTERNS: Final[tuple[Pattern, ...]] = get_args(Pattern)
_GROUPS: Final[tuple[Group, ...]] = get_args(Group)
_MOTIONS: Final[tuple[NormMotion, ...]] = get_args(NormMotion)


def words_of(table: Table) -> Words:
    """Read `[prompts]`; what is not there is said in general words."""
    usual = GENERIC_WORDS
    found = Words(
        out=table.text("out", usual.out),
        hold=table.text("hold", usual.hold),
        back=table.text("back", usual.back),
        pause_s=table.number("pause_s", usual.pause_s, low=0.0),
    )
    table.close()
    return found


def scoring_of(table: Table, measures: Collection[str]) -> Scoring:
    """Read `[scoring]`; `measures` are the quantities that the test computes."""
    found = Scoring(
        group=table.choice("group", _GROUPS),
        motion=table.choice("motion", _MOTIONS) if "motion" in table else None,
        norm_sign=_sign(table, "norm_sign"),
        limb_ratio=table.flag("limb_ratio", False),
        control=_control(table.table("control")) if "control" in table else None,
        sems=tuple(_sem(row, measures) for row in table.tables("sems")),
        targets=tuple(_target(row) for row in table.tables("targets")),
    )
    table.close()
    return found


def _sign(table: Table, key: str) -> Literal[1, -1]:
    sign = table.integer(key, 1, low=-1)
    if abs(sign) != 1:
        table.fail(key, f"is {sign}: expected 1 or -1")
    return 1 if sign > 0 else -1


def _control(table: Table) -> Control:
    found = Control(
        of=table.choice("of", ("share", "comp")),
        source=table.text("source"),
        tag=table.choice("tag", TAGS),
        mean=table.number_or_none("mean"),
        sd=table.number_or_none("sd"),
        sd_tag=table.choice("sd_tag", TAGS) if "sd_tag" in table else None,
        two_sided=table.flag("two_sided", False),
        raised_deg=table.number_or_none("raised_deg"),
        high_deg=table.number_or_none("high_deg"),
    )
    table.close()
    if found.of == "share":
        _check_share(table, found)
    else:
        _check_limits(table, found)
    return found


def _check_share(table: Table, control: Control) -> None:
    check_spread(table, control.mean, control.sd, tagged=control.sd_tag is not None)
    if control.mean is None or not 0.0 <= control.mean <= 100.0:
        table.fail("mean", "is missing or impossible: a share has a mean of 0 to 100 percent")
    if control.sd is None:
        table.fail("sd", "is missing: a share is weighed by its spread")
    for key in ("raised_deg", "high_deg"):
        if getattr(control, key) is not None:
            table.fail(key, "is a limit of `comp`: a share has `mean` and `sd`")


def _check_limits(table: Table, control: Control) -> None:
    for key in ("mean", "sd", "sd_tag"):
        if getattr(control, key) is not None:
            table.fail(key, "belongs to a share: `comp` has `raised_deg` and `high_deg`")
    if control.two_sided:
        table.fail("two_sided", "belongs to a share: too little of `comp` is no fault")
    raised, high = control.raised_deg, control.high_deg
    if raised is None or high is None:
        table.fail("high_deg", "and `raised_deg` go together: `comp` is weighed by both")
    if not 0.0 < raised < high <= 360.0:
        table.fail(
            "raised_deg", f"is {raised:g} and `high_deg` {high:g}: expected 0 < raised < high"
        )


def _sem(table: Table, measures: Collection[str]) -> DefaultSem:
    found = DefaultSem(
        of=quantity_of(table, measures),
        value=table.positive("value"),
        unit=table.choice("unit", UNITS),
        source=table.text("source"),
        tag=table.choice("tag", TAGS),
    )
    table.close()
    check_unit(table, found.of, found.unit)
    return found


def _target(table: Table) -> Target:
    found = Target(
        activity=table.text("activity"),
        deg=table.number("deg", low=0.0, high=360.0),
        source=table.text("source"),
        tag=table.choice("tag", TAGS),
    )
    table.close()
    return found
