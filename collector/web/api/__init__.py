"""The HTTP API under /api/: everything that the screen and scripts may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import APIRouter


def routers() -> tuple[APIRouter, ...]:
    """Return the routers of what is kept: people, tests, trials, texts."""
    from collector.web.api import (
        compare,
        curves,
        export,
        history,
        papers,
        subjects,
        tests,
        texts,
        trials,
    )

    rooms = (subjects, history, tests, trials, curves, export, compare, texts, papers)
    return tuple(room.routes for room in rooms)
