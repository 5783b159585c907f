"""`hipgonio reliability`: how well repeats agree, from stored trials or from a table."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from collector.cli import options as opt
from collector.cli import output
from collector.cli.opened import opened_store
from collector.cli.reliability_asked import cells_of, check_table, stored_what, unit_of
from collector.cli.reliability_stored import Asked, Gathered, gather
from schemas.protocol_scoring import Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from collector.reliability.study import Design, Study
    from schemas.progress import SiteSem
    from schemas.protocol import Protocol

ProtocolId = Annotated[str | None, typer.Option("--protocol", help="Clinical test.")]
SideOption = Annotated[
    Literal["left", "right"] | None, typer.Option("--side", help="The tested side.")
]
Measure = Annotated[
    str | None,
    typer.Option("--measure", help="Which number: tot hip comp share lum, or one of the test's."),
]
By = Annotated[
    Literal["rater", "day"],
    typer.Option("--by", help="What was repeated: other people measured, or another day."),
]
Visits = Annotated[int, typer.Option("--visits", min=2, max=20, help="First visits, by day.")]
Within = Annotated[
    int, typer.Option("--within-days", min=0, help="Repeats later than this are left out.")
]
Raters = Annotated[str | None, typer.Option("--raters", help="Only these examiners: A,B.")]
Table = Annotated[Path | None, typer.Option("--table", help="A CSV table instead of the database.")]
Subject = Annotated[str | None, typer.Option("--subject", help="Column of the person.")]
Rater = Annotated[str | None, typer.Option("--rater", help="Column of the rater or day.")]
Value = Annotated[str | None, typer.Option("--value", help="Column of the number.")]
Wide = Annotated[
    str | None, typer.Option("--wide", help="Columns that hold one repeat each: A,B,...")
]
UnitOption = Annotated[
    Unit | None, typer.Option("--unit", help="Unit of a table: deg pct s, or 1 for none.")
]
Adopt = Annotated[
    bool, typer.Option("--adopt", help="Keep the error as this site's own, for progress.")
]


def reliability(
    protocol: ProtocolId = None,
    side: SideOption = None,
    measure: Measure = None,
    by: By = "rater",
    visits: Visits = 2,
    within_days: Within = 14,
    raters: Raters = None,
    table: Table = None,
    subject: Subject = None,
    rater: Rater = None,
    value: Value = None,
    wide: Wide = None,
    unit: UnitOption = None,
    adopt: Adopt = False,
    db: opt.Db = None,
    json: opt.Json = False,
) -> None:
    """Say how well repeats agree: ICC, standard error, smallest real change, limits of agreement.

    Over stored trials of one test, or over any table of repeats. Repeats with treatment in between
    say nothing about error.
    """
    from collector.reliability.study import study

    test, design = _test(protocol), _DESIGNS[by]
    if table is None:
        stray = {"--subject": subject, "--rater": rater, "--value": value, "--wide": wide}
        of_test, of = stored_what(test, measure, {**stray, "--unit": unit})
        found = _stored(db, Asked(of_test, of, side, design, visits, within_days, _names(raters)))
    else:
        check_table(test, measure, adopt=adopt)
        found = _tabled(table, (subject, rater, value), _names(wide), unit_of(unit, measure, test))
    made = study(found.cells, design)
    adopted = None
    if adopt and test is not None and measure is not None:
        adopted = _adopt(made, found.unit, (test.id, measure), db, from_table=table is not None)
    (_print_json if json else _print)(made, found, adopted)


_DESIGNS: Mapping[str, Design] = {"rater": "by rater", "day": "by day"}


def _stored(db: Path | None, asked: Asked) -> Gathered:
    with opened_store(db, create=False) as store:
        return gather(store, asked)


def _tabled(
    table: Path,
    columns: tuple[str | None, str | None, str | None],
    wide: tuple[str, ...],
    unit: Unit,
) -> Gathered:
    return Gathered(cells_of(table, columns, wide), unit)


def _test(protocol: str | None) -> Protocol | None:
    from collector.own_files import find_test

    return None if protocol is None else find_test(protocol, output.say)[0]


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _adopt(
    made: Study, unit: Unit, of: tuple[str, str], db: Path | None, *, from_table: bool
) -> SiteSem:
    from collector.reliability.adoption import site_sem
    from collector.reliability.plain import body_of

    sem = site_sem(made, *of, unit, from_table=from_table)
    with opened_store(db) as store:
        number = store.adopt_sem(sem, body_of(made, unit))
        (kept,) = (s for s in store.site_sems() if s.id == number)
    return replace(kept, id=number)


def _print_json(made: Study, found: Gathered, adopted: SiteSem | None) -> None:
    from collector.reliability.plain import body_of
    from collector.reliability.wording import sentences

    output.print_json(
        {
            "reliability": body_of(made, found.unit),
            "trials": found.trials or None,
            "left_out": dict(found.left_out),
            "sentences": [*sentences(made, found.unit), *found.notes],
            "adopted": asdict(adopted) if adopted else None,
        }
    )


def _print(made: Study, found: Gathered, adopted: SiteSem | None) -> None:
    from collector.cli.reliability_tables import print_study
    from collector.reliability.wording import FEW, sentences

    print_study(made, found.unit)
    for sentence in (*sentences(made, found.unit), *found.notes):
        typer.echo(sentence)
    for what, count in found.left_out.items():
        output.say(f"Left out: {count} {what}.")
    if adopted is not None:
        few = f" With fewer than {FEW} people it is a poor one." if made.people < FEW else ""
        output.say(
            f"Adopted as study {adopted.id}: progress of {adopted.protocol} {adopted.measure} is "
            f"held against it from now on.{few}"
        )
