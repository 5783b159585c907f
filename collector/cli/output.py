"""Data on standard output, talk on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

SCHEMA = 1
"""Version of everything `--json` prints."""


def print_json(body: Mapping[str, object]) -> None:
    """Print one JSON object with the schema version first; NaN is a defect, not a value."""
    json.dump({"schema": SCHEMA, **body}, sys.stdout, allow_nan=False, ensure_ascii=False)
    sys.stdout.write("\n")


def say(text: str) -> None:
    """Print talk (not data) on standard error."""
    sys.stderr.write(f"{text}\n")


def data_console() -> Console:
    """Return a rich console on standard output; it follows NO_COLOR and pipes by itself."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())
