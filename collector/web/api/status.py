"""/api/status: what this server is, and what goes on."""

from __future__ import annotations

from importlib.metadata import version
from typing import Final

from fastapi import APIRouter, Request

from collector.store import default_path
from collector.web.api.bodies.common import errors
from collector.web.api.bodies.engine import ReplayPart, StatusBody
from collector.web.api.engine import AtStation
from schemas.intended_use import LONG

routes: Final = APIRouter(prefix="/api/status", tags=["status"])


@routes.get("", summary="Show what this server is", operation_id="status", responses=errors())
def status(request: Request, station: AtStation) -> StatusBody:
    """Return version, what stands behind the sensors, the database's name, and the run."""
    desk = station.desk
    session = getattr(request.state, "session", None)
    return StatusBody(
        version=version("hipgonio"),
        mode=desk.mode,
        scenario=desk.scenario,
        database=(desk.db or default_path()).name,
        intended_use=LONG,
        recording=_replayed(request),
        share=bool(getattr(request.app.state, "share", None)),
        tablet=bool(getattr(session, "tablet", False)),
        run=station.board.run,
    )


def _replayed(request: Request) -> ReplayPart | None:
    found = getattr(request.app.state, "recording", None)
    return found if isinstance(found, ReplayPart) else None
