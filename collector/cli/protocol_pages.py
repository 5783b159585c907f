"""`hipgonio protocols page`: one page with a drawing for every test, made from its file alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import output
from schemas.errors import UsageError

if TYPE_CHECKING:
    from schemas.protocol import Protocol

Tests = Annotated[
    list[str] | None,
    typer.Argument(metavar="[TEST]...", help="Ids or .toml files; without any, all that ship."),
]
Folder = Annotated[
    Path | None,
    typer.Option("--out", metavar="FOLDER", help="Write ID.md and ID.svg there, over older ones."),
]


def page(tests: Tests = None, out: Folder = None) -> None:
    """Make the page of a test: Markdown on standard output, or with its drawing in a folder."""
    from collector.own_files import find_test
    from collector.report.protocol_page import protocol_page
    from schemas.protocol_file import packaged_ids

    found = [find_test(name)[0] for name in tests or packaged_ids()]
    if out is not None:
        _write(found, out)
        return
    if len(found) != 1:
        raise UsageError(
            f"{len(found)} pages do not go to standard output: name one test, or a folder with"
            " --out.",
            reason="usage",
        )
    typer.echo(protocol_page(found[0]), nl=False)


def _write(protocols: list[Protocol], folder: Path) -> None:
    from collector.report.drawing import drawing
    from collector.report.protocol_page import index_page, protocol_page

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for protocol in protocols:
            _put(folder / f"{protocol.id}.md", protocol_page(protocol))
            _put(folder / f"{protocol.id}.svg", drawing(protocol))
        if len(protocols) > 1:
            _put(folder / "README.md", index_page(protocols))
    except OSError as error:
        raise UsageError(
            f"The pages cannot be written to {folder} ({error.strerror}): name another folder.",
            reason="not_writable",
        ) from None
    output.say(f"{len(protocols)} pages with drawings written to {folder}")


def _put(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
