"""`hipgonio trials certificate ID`: every number of a trial with its origin, as a page or JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from collector.cli import options as opt
from collector.cli import output
from collector.cli.opened import opened_store

TrialId = Annotated[int, typer.Argument(metavar="ID", help="Number of the trial.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Page to write; else named by the trial."),
]


def certificate(
    trial_id: TrialId, out: Out = None, db: opt.Db = None, json: opt.Json = False
) -> None:
    """Write a trial's certificate: every number with its origin, as a page to print.

    With --json the certificate is printed, and the page is written only where --out names it.
    """
    from collector.report.certificate import (
        certificate_body,
        certificate_html,
        certificate_page_of,
    )

    with opened_store(db, create=False) as store:
        page = certificate_page_of(store, trial_id)
    path = out or (None if json else Path(f"hipgonio-certificate-{trial_id}.html"))
    if path is not None:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        output.write_new(path, certificate_html(page, made=now))
    if json:
        output.print_json({**certificate_body(page), "page": None if path is None else str(path)})
        return
    output.say(f"Certificate: {path}")
