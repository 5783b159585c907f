"""`hipgonio report SUBJECT`: the last visit and the progress, in the terminal and as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from collector.cli import options as opt
from collector.cli import output
from collector.cli.opened import opened_store
from collector.cli.pdf_option import OWN_NAME, Pdf
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
    pdf: Pdf = None,
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
    pdf_path = _pdf_path(pdf)
    norms = all_norms()
    choices = Choices(composite, accessory_limits, double_baseline)
    with opened_store(db, create=False) as store:
        made = person_report(store, subject, norms=norms, choices=choices)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    stem = f"hipgonio-{subject}-{now[:10]}"
    path = None if no_page else _written(out, stem, ".html", page(made, made=now))
    paper = None
    if pdf is not None:
        from collector.report.pdf.person import person_pdf

        paper = _written(pdf_path, stem, ".pdf", person_pdf(made, made=now))
    if json:
        from collector.report.plain import report_body

        output.print_json({**report_body(made, path), "pdf": None if paper is None else str(paper)})
        return
    from collector.report.terminal import show_report

    show_report(output.data_console(), made)
    if path is not None:
        output.say(f"Page: {path}")
    if paper is not None:
        output.say(f"PDF: {paper}")


def _pdf_path(pdf: str | None) -> Path | None:
    """Return the PDF's file if it was named; refuse what cannot be before anything is computed."""
    if pdf is None:
        return None
    from collector.report.pdf import require_reportlab

    require_reportlab()
    if pdf == OWN_NAME:
        return None
    output.check_new(Path(pdf))
    return Path(pdf)


def _written(out: Path | None, stem: str, suffix: str, content: str | bytes) -> Path:
    """Write a file; a name of our own steps aside for a file that is there."""
    path, n = out or Path(f"{stem}{suffix}"), 1
    while out is None and path.exists():
        n += 1
        path = Path(f"{stem}-{n}{suffix}")
    output.write_new(path, content)
    return path
