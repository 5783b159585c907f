"""The option `--pdf` of `report` and its file, which may be left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

import typer

PDF: Final = "--pdf"
OWN_NAME: Final = ""
"""Instead of a file: a name made of subject and date."""

Pdf = Annotated[
    str | None,
    typer.Option(
        PDF,
        metavar="[FILE]",
        help="Also as PDF (extra pdf); without FILE named by subject and date.",
    ),
]


def with_pdf(words: Sequence[str]) -> list[str]:
    """Return the words with a name for `report ... --pdf` where none was given."""
    given = list(words)
    if given[:1] != ["report"] or PDF not in given:
        return given
    at = given.index(PDF)
    if given[at + 1 :][:1] == [] or given[at + 1].startswith("-"):
        given.insert(at + 1, OWN_NAME)
    return given
