"""`hipgonio db`: back up, check, recover and upgrade the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import options as opt
from collector.cli import output
from schemas.errors import StoreError

if TYPE_CHECKING:
    from collector.store.checking import Checked

app = typer.Typer(no_args_is_help=True, help="The database: back up, check, recover, upgrade.")

BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="File to write the copy to.")]
NewFile = Annotated[
    Path, typer.Argument(metavar="FILE", help="New database for what can still be read.")
]


@app.command()
def backup(file: BackupFile, db: opt.Db = None, json: opt.Json = False) -> None:
    """Copy the database while it is in use, and compare the copy with it."""
    from collector.store import default_path
    from collector.store.backup import back_up

    source = db or default_path()
    with output.progress("Copying", 100) as advance:
        made = back_up(source, file, advance)
    if json:
        body = {"file": str(file), "bytes": made.size_bytes, "rows": made.rows}
        output.print_json({"backup": {**body, "sha256": made.sha256}})
        return
    output.say(
        f"{source} copied to {file}: {made.rows['trial']} trials, {made.size_bytes / 1e6:.1f} MB, "
        "compared row by row."
    )


@app.command()
def check(db: opt.Db = None, json: opt.Json = False) -> None:
    """Read everything: pages, references, audit trail, the raw bytes of every trial."""
    from collector.store import open_store
    from collector.store.checking import check as check_store

    with open_store(db, create=False) as store:
        count, path = store.count_trials(), store.path
        with output.progress("Checking trials", count) as advance:
            checked = check_store(store, advance)
    if json:
        output.print_json({"check": _body(checked)})
    else:
        _say(checked, path)
    if checked.faults:
        output.say(_broken(checked, path))
        raise typer.Exit(StoreError.exit_code)


def _body(checked: Checked) -> dict[str, object]:
    from dataclasses import asdict

    return {"sound": not checked.faults, **asdict(checked)}


def _say(checked: Checked, path: Path) -> None:
    for fault in checked.faults:
        output.say(f"- {fault}")
    for trial in checked.open_trials:
        output.say(f"Trial {trial} is open: it is being recorded, or the next command closes it.")
    if not checked.faults:
        output.say(
            f"{path} is sound: {checked.trials} trials with {checked.notifications} notifications "
            f"match their hashes, {checked.audit_entries} audit entries follow one another."
        )


def _broken(checked: Checked, path: Path) -> str:
    return (
        f"hipgonio: The database {path} is damaged ({len(checked.faults)} faults): restore a "
        "backup, or save what can be read with `hipgonio db recover FILE`."
    )


@app.command()
def recover(file: NewFile, db: opt.Db = None, json: opt.Json = False) -> None:
    """Save what can be read of a damaged database into a new one; the old one is not touched."""
    from collector.store import default_path
    from collector.store.recover import TABLES
    from collector.store.recover import recover as recover_store

    source = db or default_path()
    with output.progress("Reading tables", len(TABLES)) as advance:
        done = recover_store(source, file, advance)
    if json:
        body = {"file": str(file), "rows": done.rows, "lost": done.lost}
        output.print_json({"recover": body})
        return
    for sentence in done.lost:
        output.say(f"- {sentence}")
    output.say(
        f"{done.rows['trial']} trials of {source} are in {file}; "
        + ("what is listed above is not." if done.lost else "nothing is missing.")
    )


@app.command()
def upgrade(db: opt.Db = None, json: opt.Json = False) -> None:
    """Bring the database to this version's schema; a copy is put beside it first."""
    from collector.store import open_store
    from collector.store.migrate import HEAD

    with open_store(db, create=False) as store:
        path, copy = store.path, store.backup
    if json:
        body = {"file": str(path), "version": HEAD, "backup": str(copy) if copy else None}
        output.print_json({"upgrade": body})
    elif copy:
        output.say(f"{path} is now of version {HEAD}; it was first copied to {copy}.")
    else:
        output.say(f"{path} is of version {HEAD} already: nothing was changed.")
