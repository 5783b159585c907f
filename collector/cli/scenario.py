"""The option `--virtual` and its scenario, which may be left out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Final

import typer

from schemas.errors import UsageError

VIRTUAL: Final = "--virtual"
PLAIN: Final = "plain"
"""The scenario in which nothing goes wrong."""

LIST: Final = "list"
"""Instead of a scenario: print those that there are."""


def _scenario(name: str | None) -> str | None:
    """Refuse an unknown scenario before anything happens; list them where that is asked for."""
    if name is None:
        return None
    from collector.links.virtual.scenarios import SCENARIOS

    if name == LIST:
        from collector.cli import output

        output.print_table(("scenario", "what happens"), tuple(SCENARIOS.items()))
        raise typer.Exit
    if name not in SCENARIOS:
        raise _unknown(name)
    return name


def _unknown(name: str) -> UsageError:
    from collector.links.virtual.scenarios import SCENARIOS

    return UsageError(
        f"{name!r} is no scenario for {VIRTUAL}: expected one of {', '.join(SCENARIOS)};"
        f" `{VIRTUAL} {LIST}` says what each does.",
        reason="unknown_scenario",
    )


Virtual = Annotated[
    str | None,
    typer.Option(
        VIRTUAL,
        metavar="[SCENARIO]",
        callback=_scenario,
        is_eager=True,
        help="Virtual sensors instead of real ones; a scenario says what goes wrong (plain), list"
        " shows them all.",
    ),
]


def with_scenario(words: Sequence[str]) -> list[str]:
    """Give a bare `--virtual` its scenario: typer knows no option whose value may be left out."""
    out = list(words)
    for i, word in enumerate(words):
        if word == "--":
            break
        if word == VIRTUAL and not _is_scenario(words[i + 1 : i + 2]):
            out[i] = f"{VIRTUAL}={PLAIN}"
    return out


def _is_scenario(next_word: Sequence[str]) -> bool:
    if not next_word or next_word[0].startswith("-"):
        return False
    from collector.links.virtual.scenarios import SCENARIOS

    return next_word[0] in (*SCENARIOS, LIST)


def stray_scenario(words: Sequence[str]) -> UsageError | None:
    """Return the error for a word behind `--virtual` that no verb took: it was meant as a scenario.

    `words` are the line's, as `with_scenario` left them.
    """
    for word, behind in pairwise(words):
        if word == f"{VIRTUAL}={PLAIN}" and not behind.startswith("-"):
            return _unknown(behind)
    return None
