"""`hipgonio protocols`: the clinical tests that ship, and a check for a user's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import options as opt
from collector.cli import output

if TYPE_CHECKING:
    from schemas.protocol import Figure, Protocol

app = typer.Typer(no_args_is_help=True, help="Clinical tests: what ships, and checks of your own.")


@app.command("list")
def list_protocols(as_json: opt.Json = False) -> None:
    """List the tests that ship."""
    from schemas.protocol import load
    from schemas.protocol_file import packaged_ids

    protocols = [load(protocol_id) for protocol_id in packaged_ids()]
    if as_json:
        output.print_json({"protocols": [_head(protocol) for protocol in protocols]})
        return
    _print_list(protocols)


@app.command("show")
def show(
    protocol: Annotated[str, typer.Argument(help="A test's id, or the path of a .toml file.")],
    as_json: opt.Json = False,
) -> None:
    """Show one test: sensors, formulae, gates, figures with sources, and safety."""
    from schemas.protocol import load

    found = load(protocol)
    if as_json:
        output.print_json({"protocol": _plain(found)})
        return
    _print_protocol(found)


@app.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(help="Protocol files to check.")],
    as_json: opt.Json = False,
) -> None:
    """Check protocol files; the first mistake ends it with one sentence naming file and key."""
    from schemas.protocol import load

    checked = [(file, load(file)) for file in files]
    if as_json:
        rows = [{"file": str(file), **_head(protocol)} for file, protocol in checked]
        output.print_json({"checked": rows})
        return
    for file, protocol in checked:
        typer.echo(f"{file}: {protocol.id} version {protocol.version} is sound")


def _head(protocol: Protocol) -> dict[str, object]:
    return {
        "id": protocol.id,
        "version": protocol.version,
        "title": protocol.title,
        "position": protocol.position,
        "condition": protocol.condition,
        "sided": protocol.sided,
        "required": list(protocol.required),
        "optional": list(protocol.optional),
    }


def _plain(value: object) -> object:
    """Turn a protocol, or anything inside one, into what JSON can write; formulae as their text."""
    from collections.abc import Mapping
    from dataclasses import fields, is_dataclass

    from schemas.formula import Formula

    if isinstance(value, Formula):
        return value.text
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _print_list(protocols: list[Protocol]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("test", "version", "title", "position", "sensors", "better with"):
        table.add_column(heading)
    for protocol in protocols:
        table.add_row(
            protocol.id,
            str(protocol.version),
            protocol.title,
            f"{protocol.position}, {protocol.condition}",
            " ".join(protocol.required),
            " ".join(protocol.optional),
        )
    output.data_console().print(table)


def _print_protocol(protocol: Protocol) -> None:
    console = output.data_console()
    f = protocol.formulae
    console.print(f"{protocol.title} ({protocol.id}, version {protocol.version})", style="bold")
    lines = (
        f"{protocol.target}; {protocol.position}, {protocol.condition}",
        f"Sensors: {', '.join(protocol.required)}; better with "
        + (", ".join(protocol.optional) or "none"),
        f"Zero: {protocol.reference.pose}",
        f"TOT = {f.tot.text}   HIP = {f.hip.text}   COMP = {f.comp.text}",
        *(f"{name} = {formula.text}" for name, formula in f.extra.items()),
        *(f"- {step}" for step in protocol.procedure),
    )
    console.print("\n".join(lines), markup=False)
    _print_figures("Reference values", protocol.references)
    _print_figures("Cut-offs", protocol.cutoffs)
    console.print("Safety", style="bold")
    console.print("\n".join(f"- {prompt}" for prompt in protocol.safety), markup=False)


def _print_figures(title: str, figures: tuple[Figure, ...]) -> None:
    from rich.markup import escape
    from rich.table import Table

    if not figures:
        return
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for heading in ("of", "value", "group or meaning", "source", "tag"):
        table.add_column(heading)
    for figure in figures:
        of = f"{figure.of}, between sides" if figure.between_sides else figure.of
        words = "; ".join(text for text in (figure.group, figure.meaning) if text)
        tag = f"{figure.tag} (recalled)" if figure.recalled else figure.tag
        table.add_row(*(escape(cell) for cell in (of, _value(figure), words, figure.source, tag)))
    output.data_console().print(table)


def _value(figure: Figure) -> str:
    unit = "" if figure.unit in ("deg", "1") else f" {figure.unit}"
    if figure.below is not None or figure.above is not None:
        limits = (("<", figure.below), (">", figure.above))
        return " or ".join(f"{sign} {x:g}" for sign, x in limits if x is not None) + unit
    if figure.mean is None:
        return f"{figure.low:g} to {figure.high:g}{unit}"
    return f"{figure.mean:g}" + (f" (SD {figure.sd:g})" if figure.sd is not None else "") + unit
