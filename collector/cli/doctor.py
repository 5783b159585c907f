"""`hipgonio doctor`: is everything as it should be, and if not, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from collector.cli import options as opt
from collector.cli import output, radio
from schemas.errors import RadioError, StoreError, UsageError

if TYPE_CHECKING:
    from collector.cli.checkup import Line

Bundle = Annotated[
    Path | None,
    typer.Option("--bundle", help="Write one file for support, without patient data."),
]

_CODES: Final = {
    "database": StoreError.exit_code,
    "disk": StoreError.exit_code,
    "radio": RadioError.exit_code,
    "libraries": UsageError.exit_code,
    "packages": UsageError.exit_code,
}
"""What the process ends with where a topic is bad; the first of this order that is."""


def doctor(
    bundle: Bundle = None,
    db: opt.Db = None,
    json: opt.Json = False,
    virtual: radio.Virtual = None,
    adapter: radio.Adapter = None,
) -> None:
    """Look at radio, database, versions and settings, and say what to do about them."""
    from collector.store import default_path

    path = radio.live_db(db, virtual) or default_path()
    lines = _lines(path, virtual, adapter)
    if bundle is not None:
        from collector.cli.support import write_bundle

        write_bundle(bundle, lines, path)
    code = exit_code(lines)
    if json:
        output.print_json({"code": code, "checks": [_body(line) for line in lines]})
    else:
        _show(lines)
    if bundle is not None:
        output.say(
            f"Written to {bundle}: versions, states and counts; look into it before sending."
        )
    if code:
        raise typer.Exit(code)


def exit_code(lines: Sequence[Line]) -> int:
    """Return 0, or what the gravest bad line stands for: the data first, then the radio."""
    bad = {line.topic for line in lines if line.status == "bad"}
    return next((code for topic, code in _CODES.items() if topic in bad), 0)


def _lines(path: Path, virtual: str | None, adapter: str | None) -> list[Line]:
    from collector.cli import checkup, own_look, store_look

    return [
        checkup.adapter(virtual, adapter),
        *checkup.bluez(),
        store_look.database(path),
        *store_look.backups(path),
        checkup.disk(path),
        *checkup.versions(),
        checkup.packages(),
        checkup.environment(),
        own_look.own_files_line(),
    ]


def _body(line: Line) -> dict[str, object]:
    return {
        "topic": line.topic,
        "status": line.status,
        "reason": line.reason,
        "found": line.found,
        "advice": line.advice,
        **({"facts": dict(line.facts)} if line.facts else {}),
    }


def _show(lines: Sequence[Line]) -> None:
    output.print_table(
        ("", "what", "found"), [(line.status, line.topic, line.found) for line in lines]
    )
    for line in lines:
        if line.advice:
            output.say(f"{line.topic}: {line.advice}")
