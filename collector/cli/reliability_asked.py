"""What `hipgonio reliability` was asked, held against what there is: test, number, columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from schemas import quantities
from schemas.errors import UsageError

if TYPE_CHECKING:
    from schemas.protocol import Protocol
    from schemas.protocol_scoring import Unit


def stored_what(
    test: Protocol | None, measure: str | None, of_table: Mapping[str, str | None]
) -> tuple[Protocol, str]:
    """Return test and number of stored repeats, once nothing speaks of a table."""
    stray = [name for name, given in of_table.items() if given is not None]
    if stray:
        raise UsageError(
            f"{stray[0]} belongs to a table: expected --table FILE with it; name the file, or "
            "leave it out.",
            reason="table_needed",
        )
    if test is None or measure is None:
        raise UsageError(
            "There is nothing to compare: expected --protocol and --measure for stored trials, or "
            "--table FILE.",
            reason="nothing_named",
        )
    check_measure(test, measure)
    return test, measure


def check_measure(test: Protocol, measure: str) -> None:
    """Refuse a number that the test does not have."""
    from collector.scoring.visit.values import MEASURES

    known = (*MEASURES, *test.formulae.extra)
    if measure not in known:
        raise UsageError(
            f"{test.id} has no number {measure!r}: expected one of {', '.join(known)}.",
            reason="unknown_measure",
        )


def check_table(test: Protocol | None, measure: str | None, *, adopt: bool) -> None:
    """Refuse to adopt what a table says of nobody knows which test and number."""
    if test is not None and measure is not None:
        check_measure(test, measure)
    elif adopt:
        raise UsageError(
            "--adopt does not know what the table is about: expected --protocol and --measure "
            "with it.",
            reason="nothing_named",
        )


def unit_of(unit: Unit | None, measure: str | None, test: Protocol | None) -> Unit:
    """Return the unit of a table; one that contradicts the measure is refused."""
    if measure is None or test is None:
        return unit or "deg"
    expected = quantities.unit_of(measure)
    if unit not in (None, expected):
        raise UsageError(
            f"{measure} is in {expected}, not in {unit}: expected the table in that unit; convert "
            "it, or name another measure.",
            reason="other_unit",
        )
    return expected


def cells_of(
    table: Path, columns: tuple[str | None, str | None, str | None], wide: tuple[str, ...]
) -> dict[tuple[str, str], list[float]]:
    """Return the values of a table, by `columns` (person, rater, value) or by wide columns."""
    from collector.reliability.reading import long_cells, read_rows, wide_cells

    subject, rater, value = columns
    if wide and rater is None and value is None:
        return wide_cells(read_rows(table), wide, subject)
    if not wide and subject and rater and value:
        return long_cells(read_rows(table), subject, rater, value)
    raise UsageError(
        "--table needs to know its columns: expected --subject, --rater and --value for one number "
        "a line, or --wide with the columns of the repeats.",
        reason="columns_needed",
    )
