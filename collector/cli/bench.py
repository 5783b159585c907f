"""`hipgonio bench`: speed, size and accuracy, each as a ratio or figure beside its bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from collector.cli import options as opt
from collector.cli import output
from schemas.errors import UsageError

if TYPE_CHECKING:
    from collector.bench.measure import Row

Topics = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[TOPIC]...",
        help="decode, rescore, stored, live, screen, live-accuracy, commit, radio, alignment,"
        " accuracy, tests.",
    ),
]
Sessions = Annotated[
    int, typer.Option("--seeds", min=1, help="Simulated sessions (alignment, accuracy).")
]


def bench(topics: Topics = None, seeds: Sessions = 50, json: opt.Json = False) -> None:
    """Measure speed, size and accuracy against the bars that the design sets."""
    known = _topics(seeds)
    for topic in topics or known:
        if topic not in known:
            raise UsageError(
                f"Unknown topic {topic!r}: expected one of {', '.join(known)}.",
                reason="unknown_topic",
            )
    rows: list[Row] = []
    for topic in topics or known:
        output.say(f"measuring {topic} ...")
        rows.extend(known[topic]())
    if json:
        body = [{**asdict(row), "reached": row.reached} for row in rows]
        output.print_json({"rows": body})
        return
    _print(rows)


def _topics(seeds: int) -> dict[str, Callable[[], list[Row]]]:
    from collector.bench.accuracy import accuracy_rows
    from collector.bench.alignment import alignment_rows
    from collector.bench.commit import commit_rows
    from collector.bench.decode import decode_rows
    from collector.bench.every_test import every_test_rows
    from collector.bench.live import live_rows
    from collector.bench.live_accuracy import live_accuracy_rows
    from collector.bench.radio import radio_rows
    from collector.bench.rescore import rescore_rows
    from collector.bench.stored import stored_rows

    known = {
        "decode": decode_rows,
        "rescore": rescore_rows,
        "stored": stored_rows,
        "live": live_rows,
        "screen": _screen_rows,
        "live-accuracy": lambda: live_accuracy_rows(max(1, seeds // 25)),
        "commit": commit_rows,
        "radio": radio_rows,
        "alignment": lambda: alignment_rows(seeds),
        "accuracy": lambda: accuracy_rows(seeds),
        "tests": lambda: every_test_rows(max(1, seeds // 5)),
    }
    if find_spec("bumble") is None:  # the extra `virtual`
        del known["radio"]
    if find_spec("fastapi") is None:  # the extra `web`
        del known["screen"]
    return known


def _screen_rows() -> list[Row]:
    from collector.bench.screen import screen_rows

    return screen_rows()


def _print(rows: Sequence[Row]) -> None:
    output.print_table(
        ("what", "figure", "bar", "", "measured on"),
        [
            (
                row.name,
                f"{row.value:.3g} {row.unit}",
                f"{'<=' if row.at_most else '>='} {row.bar:g}",
                "reached" if row.reached else "MISSED",
                row.detail,
            )
            for row in rows
        ],
    )
