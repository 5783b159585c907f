"""The tables of a protocol file that weigh its numbers, and its words: each to its dataclass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, get_args

from schemas.protocol_scoring import (
    GENERIC_WORDS,
    Control,
    DefaultSem,
    Group,
    NormMotion,
    Pattern,
    Scoring,
    Tag,
    Target,
    Unit,
    Words,
)
from schemas.toml_table import Table

PATTERNS: Final[tuple[Pattern, ...]] = get_args(Pattern)
TAGS: Final[tuple[Tag, ...]] = get_args(Tag)
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
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


def scoring_of(table: Table, measures: Sequence[str]) -> Scoring:
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
    if sign == 0:
        table.fail(key, "is 0: expected 1 or -1")
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
    return found


def _sem(table: Table, measures: Sequence[str]) -> DefaultSem:
    found = DefaultSem(
        of=table.choice("of", measures),
        value=table.number("value", low=0.0),
        unit=table.choice("unit", UNITS),
        source=table.text("source"),
        tag=table.choice("tag", TAGS),
    )
    table.close()
    return found


def _target(table: Table) -> Target:
    found = Target(
        activity=table.text("activity"),
        deg=table.number("deg"),
        source=table.text("source"),
        tag=table.choice("tag", TAGS),
    )
    table.close()
    return found
