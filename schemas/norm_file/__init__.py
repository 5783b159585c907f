"""Norms from CSV files: those that ship, and a site's own; each cell checked, each mistake named.

`docs/norms.md` lists the columns. One row is one `schemas.norm.Norm`; an empty cell is what the
source does not say.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, get_args

from schemas.confidence import TAGS
from schemas.errors import InputError
from schemas.norm import Norm, NormSex
from schemas.norm_file.cells import BAD_NORMS, Row
from schemas.norm_file.overlap import rival_of
from schemas.protocol import Condition, Position
from schemas.protocol_scoring import NormMotion

COLUMNS: Final = tuple(field.name for field in fields(Norm) if field.name != "own")
REQUIRED: Final = ("id", "motion", "corrected", "sex", "source", "tag")

MOTIONS: Final[tuple[NormMotion, ...]] = get_args(NormMotion)
_SEXES: Final[tuple[NormSex, ...]] = get_args(NormSex)
_CONDITIONS: Final[tuple[Condition, ...]] = get_args(Condition)
_POSITIONS: Final[tuple[Position, ...]] = get_args(Position)
_OLDEST: Final = 120
_MOST_PEOPLE: Final = 10_000_000


@cache
def packaged_norms() -> tuple[Norm, ...]:
    """Return the norms that ship, file by file in the order of their names."""
    folder = files("schemas") / "norms"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".csv"))
    return tuple(
        norm
        for name in names
        for norm in parse_norms((folder / name).read_text(encoding="utf-8"), file=name)
    )


def read_norms(path: Path) -> tuple[Norm, ...]:
    """Read a site's own norms.

    Raises
    ------
    InputError
        ``file_missing``, or ``bad_norms`` naming file, line and column.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InputError(
            f"Cannot read the norms {path}: {why}; give a CSV file in UTF-8.",
            reason="file_missing" if isinstance(error, FileNotFoundError) else BAD_NORMS,
        ) from None
    return parse_norms(text, file=str(path), own=True)


def parse_norms(text: str, *, file: str, own: bool = False) -> tuple[Norm, ...]:
    """Parse and check the text of a CSV file; `file` is its name for messages, `own` a site's."""
    found: list[tuple[int, Norm]] = []
    for row, line in _rows(text, file):
        norm = replace(_norm_of(row), own=own)
        _refuse_twin(row, norm, found)
        found.append((line, norm))
    if not found:
        raise InputError(f"{file} holds no norm below its header.", reason=BAD_NORMS)
    return tuple(norm for _, norm in found)


def _rows(text: str, file: str) -> Iterator[tuple[Row, int]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        _check_header(reader.fieldnames or (), file)
        for cells in reader:
            yield Row(file, reader.line_num, cells), reader.line_num
    except csv.Error as error:
        line = reader.line_num
        raise InputError(f"{file} line {line} is not CSV: {error}.", reason=BAD_NORMS) from None


def _check_header(names: Sequence[str], file: str) -> None:
    where = f"{file} line 1, column"
    for name in names:
        if name not in COLUMNS:
            raise InputError(f"{where} {name}: {_unknown(name)}.", reason=BAD_NORMS)
        if list(names).count(name) > 1:
            raise InputError(f"{where} {name}: stands there twice.", reason=BAD_NORMS)
    values = () if {"low_deg", "high_deg"} <= set(names) else ("mean_deg",)
    for name in (*REQUIRED, *values):
        if name not in names:
            raise InputError(f"{where} {name}: is missing.", reason=BAD_NORMS)


def _unknown(name: str) -> str:
    if f"{name}_deg" in COLUMNS:
        return f"lacks its unit: expected {name}_deg"
    return f"is not known here: expected {', '.join(COLUMNS)}, with commas between"


def _norm_of(row: Row) -> Norm:
    norm = Norm(
        id=row.needed("id"),
        motion=row.choice("motion", MOTIONS),
        corrected=row.choice("corrected", ("yes", "no")) == "yes",
        sex=row.choice("sex", _SEXES),
        source=row.needed("source"),
        tag=row.choice("tag", TAGS),
        condition=row.choice_or_none("condition", _CONDITIONS),
        position=row.choice_or_none("position", _POSITIONS),
        age_from=row.whole("age_from", _OLDEST),
        age_to=row.whole("age_to", _OLDEST),
        age_known=row.flag("age_known", default=True),
        mean_deg=row.degrees("mean_deg"),
        sd_deg=row.degrees("sd_deg"),
        low_deg=row.degrees("low_deg"),
        high_deg=row.degrees("high_deg"),
        n=row.whole("n", _MOST_PEOPLE),
        sd_tag=row.choice_or_none("sd_tag", TAGS),
        method_tag=row.choice_or_none("method_tag", TAGS),
        only_when=row.text("only_when"),
        licence=row.text("licence"),
        note=row.text("note"),
    )
    _check(row, norm)
    return norm


def _check(row: Row, norm: Norm) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,63}", norm.id):
        row.fail("id", f"is {norm.id!r}: expected up to 64 lower-case letters, digits, _ . and -")
    _check_numbers(row, norm)
    if norm.age_from is not None and norm.age_to is not None and norm.age_to < norm.age_from:
        row.fail("age_to", f"is {norm.age_to}, below age_from, which is {norm.age_from}")
    if not norm.age_known and (norm.age_from, norm.age_to) != (None, None):
        row.fail("age_known", "is no although ages are given")
    if norm.n == 0:
        row.fail("n", "is 0: a norm of nobody")


def _check_numbers(row: Row, norm: Norm) -> None:
    low, high = norm.low_deg, norm.high_deg
    if norm.mean_deg is None and low is None and high is None:
        row.fail("mean_deg", "is empty: expected a mean, or low_deg and high_deg")
    if norm.sd_deg is not None and norm.sd_deg <= 0.0:
        row.fail("sd_deg", f"is {norm.sd_deg:g}: expected a spread above 0")
    if norm.sd_deg is not None and norm.mean_deg is None:
        row.fail("sd_deg", "is given without mean_deg")
    if (low is None) != (high is None):
        row.fail("low_deg" if low is None else "high_deg", "is empty: a range has both ends")
    if low is not None and high is not None and high <= low:
        row.fail("high_deg", f"is {high:g}: expected more than low_deg, which is {low:g}")


def _refuse_twin(row: Row, norm: Norm, before: Sequence[tuple[int, Norm]]) -> None:
    for line, other in before:
        if other.id == norm.id:
            row.fail("id", f"is {norm.id!r}, which line {line} has already")
    rival = rival_of(norm, [other for _, other in before])
    if rival is not None:
        line = next(line for line, other in before if other is rival)
        row.fail(
            "age_from",
            f"overlaps line {line} ({rival.id}) in motion, method, sex and age, and neither is the"
            " narrower: it would be open which one to compare with",
        )
