"""`hipgonio report SUBJECT`: the last visit and the progress, in the terminal and as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from collector.cli import options as opt
from collector.cli import output
from collector.cli.opened import opened_store
from schemas.errors import UsageError

Code = Annotated[str, typer.Argument(metavar="SUBJECT", help="Pseudonymous code, as S-0001.")]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="Page to write; else named by subject and date."),
]
NoPage = Annotated[bool, typer.Option("--no-page", help="Print only; write no page.")]
Composite = Annotated[
    bool,
    typer.Option("--composite", help="Also one number over all tests. Not clinically validated."),
]
AccessoryLimits = Annotated[
    Literal["lumbar", "sacral"],
    typer.Option(
        "--accessory-limits",
        help="What the limits of the accessory check (65 women, 55 men) are read as.",
    ),
]
DoubleBaseline = Annotated[
    bool,
    typer.Option("--double-baseline", help="The baseline is the mean of the first two visits."),
]


def report(
    subject: Code,
    out: Out = None,
    no_page: NoPage = False,
    composite: Composite = False,
    accessory_limits: AccessoryLimits = "lumbar",
    double_baseline: DoubleBaseline = False,
    db: opt.Db = None,
    json: opt.Json = False,
) -> None:
    """Report a person: the last visit, the progress, what is change and what is error."""
    from datetime import UTC, datetime

    from collector.own_norms import all_norms
    from collector.report.choices import Choices
    from collector.report.page import page
    from collector.report.person import person_report

    if out is not None and no_page:
        raise UsageError("--out and --no-page exclude each other: leave one out.", reason="usage")
    norms = all_norms()
    choices = Choices(composite, accessory_limits, double_baseline)
    with opened_store(db, create=False) as store:
        made = person_report(store, subject, norms=norms, choices=choices)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    path = None if no_page else _written(out, subject, now, page(made, made=now))
    if json:
        from collector.report.plain import report_body

        output.print_json(report_body(made, path))
        return
    from collector.report.terminal import show_report

    show_report(output.data_console(), made)
    if path is not None:
        output.say(f"Page: {path}")


def _written(out: Path | None, subject: str, now: str, text: str) -> Path:
    """Write the page; a name of our own steps aside for a file that is there."""
    if out is not None:
        output.write_new(out, text)
        return out
    stem = f"hipgonio-{subject}-{now[:10]}"
    n = 1
    while True:
        path = Path(f"{stem}.html" if n == 1 else f"{stem}-{n}.html")
        if not path.exists():
            output.write_new(path, text)
            return path
        n += 1
