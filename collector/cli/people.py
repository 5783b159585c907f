"""`hipgonio subjects` and `hipgonio sessions`: who was measured, and when. Codes, never names."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

import typer

from collector.cli import options as opt
from collector.cli import output
from collector.cli.opened import opened_store

subjects = typer.Typer(no_args_is_help=True, help="People, by pseudonymous code.")
sessions = typer.Typer(no_args_is_help=True, help="Visits and what was measured in them.")

CODE_HELP = "Pseudonymous code, for example S-0001; made up where none is given. No names."
BirthYear = Annotated[int | None, typer.Option("--birth-year", min=1900, max=2100)]
Sex = Annotated[Literal["female", "male", "other"] | None, typer.Option("--sex")]
Height = Annotated[float | None, typer.Option("--height-m", min=0.4, max=2.6)]
Mass = Annotated[float | None, typer.Option("--mass-kg", min=2.0, max=400.0)]


@subjects.command("list")
def list_subjects(db: opt.Db = None, json: opt.Json = False) -> None:
    """List the people who are kept."""
    with opened_store(db, create=False) as store:
        rows = store.list_subjects()
    if json:
        output.print_json({"subjects": [asdict(row) for row in rows]})
        return
    output.print_table(
        ("code", "born", "sex", "height (m)", "mass (kg)", "since (UTC)"),
        [
            (
                r.code,
                _or_dash(r.birth_year),
                r.sex or "-",
                _or_dash(r.height_m),
                _or_dash(r.mass_kg),
                r.created,
            )
            for r in rows
        ],
    )


@subjects.command("add")
def add_subject(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help=CODE_HELP)] = None,
    birth_year: BirthYear = None,
    sex: Sex = None,
    height_m: Height = None,
    mass_kg: Mass = None,
    db: opt.Db = None,
    json: opt.Json = False,
) -> None:
    """Add a person under a pseudonymous code."""
    with opened_store(db) as store:
        row = store.add_subject(
            code, birth_year=birth_year, sex=sex, height_m=height_m, mass_kg=mass_kg
        )
    if json:
        output.print_json({"subject": asdict(row)})
        return
    output.say(f"Subject {row.code} added.")


@sessions.command("list")
def list_sessions(subject: opt.Subject = None, db: opt.Db = None, json: opt.Json = False) -> None:
    """List the visits, oldest first."""
    with opened_store(db, create=False) as store:
        rows = store.list_sessions(subject)
    if json:
        output.print_json({"sessions": [asdict(row) for row in rows]})
        return
    output.print_table(
        ("id", "subject", "when (UTC)", "trials", "note"),
        [(str(r.id), r.subject, r.utc, str(r.trials), r.note) for r in rows],
    )


def _or_dash(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
