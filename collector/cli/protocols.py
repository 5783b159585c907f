"""`hipgonio protocols`: the clinical tests that ship and the user's own, and a check of files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import options as opt
from collector.cli import output

if TYPE_CHECKING:
    from collector.own_files import OwnFile
    from schemas.protocol import Protocol

BROKEN = 6
"""Exit code where a file that was checked cannot be used; that of `InputError`."""

app = typer.Typer(no_args_is_help=True, help="Clinical tests: what ships, and your own.")


@app.command("list")
def list_protocols(as_json: opt.Json = False) -> None:
    """List the tests that ship and those in your own folder, by what they are about."""
    from collector.cli.protocol_list import print_list
    from collector.own_files import clashes, own_files
    from schemas.protocol import load
    from schemas.protocol_file import packaged_ids

    shipped = [load(protocol_id) for protocol_id in packaged_ids()]
    own = own_files()
    notes = list(clashes(own).values())
    if as_json:
        rows = [_head(protocol) for protocol in shipped]
        rows += [_head(file.protocol, file.path) for file in own if file.protocol]
        broken = [_broken(file) for file in own if file.error]
        output.print_json({"protocols": rows, "broken": broken, "notes": notes})
        return
    print_list(shipped, own)
    for note in notes:
        output.say(note)


@app.command("show")
def show(
    protocol: Annotated[
        str, typer.Argument(help="A test's id, that of one of your own, or the path of a file.")
    ],
    as_json: opt.Json = False,
) -> None:
    """Show one test: what for, sensors, how it is done, formulae, figures with sources, safety."""
    from collector.cli.protocol_text import print_protocol
    from collector.own_files import find_test, own_path

    found, text = find_test(protocol, output.say)
    file = own_path(protocol) if text else None
    if as_json:
        body = {"protocol": _plain(found), "own": bool(text), "file": file and str(file)}
        output.print_json(body)
        return
    print_protocol(found, str(file) if file else None)


@app.command("check")
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Protocol files; else those in your own folder.")
    ] = None,
    as_json: opt.Json = False,
) -> None:
    """Check protocol files: every broken one is named with file, line, key and reason."""
    from collector.own_files import clashes, own_files, protocol_folder, read_own

    checked = [read_own(file) for file in files] if files else list(own_files())
    notes = [] if files else list(clashes(checked).values())
    if as_json:
        output.print_json({"checked": [_checked(file) for file in checked], "notes": notes})
    else:
        _print_checked(checked)
        if not checked:
            notes = [f"No file to check: your own are looked for in {protocol_folder()}."]
        for note in notes:
            output.say(note)
    if any(file.error for file in checked):
        raise output.ToldError(BROKEN)


def _head(protocol: Protocol, file: Path | None = None) -> dict[str, object]:
    return {
        "id": protocol.id,
        "version": protocol.version,
        "title": protocol.title,
        "target": protocol.target,
        "group": protocol.scoring.group if protocol.scoring else None,
        "position": protocol.position,
        "condition": protocol.condition,
        "sided": protocol.sided,
        "required": list(protocol.required),
        "optional": list(protocol.optional),
        "own": file is not None,
        "file": str(file) if file else None,
    }


def _broken(file: OwnFile) -> dict[str, object]:
    error = file.error
    return {
        "file": str(file.path),
        "reason": error.reason if error else None,
        "message": error.message if error else None,
    }


def _checked(file: OwnFile) -> dict[str, object]:
    if file.protocol is None:
        return {"sound": False, **_broken(file)}
    return {"sound": True, **_head(file.protocol, file.path)}


def _print_checked(files: list[OwnFile]) -> None:
    for file in files:
        if file.protocol is not None:
            version = f"{file.protocol.id} version {file.protocol.version}"
            typer.echo(f"{file.path}: {version} is sound")
        elif file.error is not None:
            output.say(file.error.message)


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
