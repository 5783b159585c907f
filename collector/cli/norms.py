"""`hipgonio norms`: what angles are held against, where it comes from, and checks of your own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import options as opt
from collector.cli import output
from schemas.errors import UsageError

if TYPE_CHECKING:
    from schemas.norm import Norm

app = typer.Typer(
    no_args_is_help=True, help="Norms: what ships, your own, and every figure's page."
)

Motion = Annotated[
    str | None, typer.Option("--motion", metavar="MOTION", help="This movement alone.")
]
Test = Annotated[
    str | None,
    typer.Option("--test", metavar="PROTOCOL", help="What this test's angle may be held against."),
]


@app.command("list")
def list_norms(motion: Motion = None, test: Test = None, as_json: opt.Json = False) -> None:
    """List the norms, your own first; recalled figures say so."""
    from collector.own_norms import all_norms

    wanted = {name for name in (_motion(motion), _motion_of(test)) if name}
    norms = [norm for norm in all_norms() if wanted <= {norm.motion}]
    if as_json:
        output.print_json({"norms": [_plain(norm) for norm in norms]})
        return
    _print_norms(norms)


@app.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(help="CSV files of own norms.")],
    as_json: opt.Json = False,
) -> None:
    """Check files of own norms; the first mistake is told with file, line and column."""
    from collector.own_norms import read_checked

    checked = [(file, len(read_checked(file))) for file in files]
    if as_json:
        rows = [{"file": str(file), "norms": count} for file, count in checked]
        output.print_json({"checked": rows})
        return
    for file, count in checked:
        typer.echo(f"{file}: {count} {'norm is' if count == 1 else 'norms are'} sound")


@app.command("table")
def table(as_json: opt.Json = False) -> None:
    """Print the page of every norm, cut-off and other figure that ships, with its confidence."""
    from collector.cli import norms_page
    from schemas.norm_file import packaged_norms

    if as_json:
        figures = [norms_page.plain(figure) for figure in norms_page.figures()]
        norms = [_plain(norm) for norm in packaged_norms()]
        output.print_json({"norms": norms, "figures": figures})
        return
    typer.echo(norms_page.page(), nl=False)


def _motion(name: str | None) -> str | None:
    from schemas.norm_file import MOTIONS

    if name is not None and name not in MOTIONS:
        raise UsageError(
            f"Unknown motion {name!r}: expected one of {', '.join(MOTIONS)}.",
            reason="unknown_motion",
        )
    return name


def _motion_of(test: str | None) -> str | None:
    """Return the movement whose norms a test's TOT or HIP may be held against."""
    if test is None:
        return None
    from collector.own_files import find_test

    protocol, _ = find_test(test, output.say)
    if protocol.scoring is None or protocol.scoring.motion is None:
        raise UsageError(
            f"No norm belongs to {protocol.id}: its numbers are compared with the other side and"
            " with earlier visits.",
            reason="no_norm",
        )
    return protocol.scoring.motion


def _plain(norm: Norm) -> dict[str, object]:
    from dataclasses import asdict

    return {**asdict(norm), "recalled": norm.recalled}


def _print_norms(norms: list[Norm]) -> None:
    from collector.cli import norms_page

    headings = ("motion", *(name.lower() for name in norms_page.NORM_HEADINGS))
    output.print_table(headings, [(n.motion, *norms_page.norm_cells(n)) for n in norms])
