"""`hipgonio subjects` and `hipgonio sessions`: who was measured, and when. Codes, never names."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from collector.cli import options as opt
from collector.cli import output

subjects = typer.Typer(no_args_is_help=True, help="People, by pseudonymous code.")
sessions = typer.Typer(no_args_is_help=True, help="Visits and what was measured in them.")

Code = Annotated[str, typer.Argument(help="Pseudonymous code, for example S-0001. No names.")]
BirthYear = Annotated[int | None, typer.Option("--birth-year", min=1900, max=2100)]
Sex = Annotated[Literal["female", "male", "other"] | None, typer.Option("--sex")]
Height = Annotated[float | None, typer.Option("--height-m", min=0.4, max=2.6)]
Mass = Annotated[float | None, typer.Option("--mass-kg", min=2.0, max=400.0)]
