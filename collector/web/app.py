"""The application: the page, its files, and everything under /api/."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from collector.web import api
from collector.web.api import errors, sensors, share, status, stream, trial
from collector.web.api.bodies.engine import ReplayPart
from collector.web.api.share import Sharing
from collector.web.pages import shell
from collector.web.station.station import Station

DESCRIPTION = (
    "What the page of `hipgonio serve` uses, and nothing else. Angles in degrees, times UTC."
    " A measuring aid, not a medical device."
)


def application(
    station: Station, *, sharing: Sharing | None = None, recording: ReplayPart | None = None
) -> FastAPI:
    """Return the application of one engine; a guard must stand in front of it.

    Parameters
    ----------
    station
        The engine; it is closed with the application, what it records is kept.
    sharing
        How tablets join, None where they may not.
    recording
        What the replayed trace is of.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        station.board.open()
        yield
        await asyncio.get_running_loop().run_in_executor(None, station.close)
        station.board.shut()

    app = FastAPI(
        title="hipgonio",
        version=version("hipgonio"),
        description=DESCRIPTION,
        docs_url=None,  # FastAPI's own pages load from outside
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=lifespan,
    )
    app.state.desk = station.desk
    app.state.station = station
    app.state.share = sharing
    app.state.recording = recording
    errors.install(app)
    for router in (*api.routers(), shell.router()):
        app.include_router(router)
    for room in (status, sensors, trial, stream, share):
        app.include_router(room.routes)
    return app
