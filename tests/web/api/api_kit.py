"""The API alone, asked without a network, and a database of simulated visits."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from fastapi import FastAPI

from collector.pipeline import process
from collector.simulate import Performance, TrialConfig, simulate_trial
from collector.store import open_store
from collector.web.api import routers
from collector.web.api.errors import install
from collector.web.desk import Desk
from schemas.recording import Recording, Window

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST, SECOND, THIRD, RIGHT, OTHER, UNSCORED, OPEN = range(1, 8)
"""Trials: three weekly left ones and a right one of S-1, one of S-2, one without a result, one
that is being recorded."""
HTTP_OK = 200


def lifted(tot_deg: float, hip_deg: float, week: int, side: str = "left") -> Recording:
    """A passive straight leg raise with that whole angle and hip."""
    how = Performance(range_deg=tot_deg, share=(tot_deg - hip_deg) / tot_deg)
    recording = simulate_trial("pslr", side, 100 + week, TrialConfig(how=how)).recording
    utc = (BEGAN + timedelta(weeks=week)).isoformat()
    return replace(recording, info=replace(recording.info, utc=utc, note="quiet room"))


def keep_all(path: Path) -> None:
    """Keep the trials that the numbers above name."""
    with open_store(path) as store:
        store.add_subject("S-1", birth_year=1996, sex="male")
        store.add_subject("S-2")
        lifts = [lifted(66.0, 42.0, 0), lifted(67.0, 43.0, 1), lifted(90.0, 62.0, 2)]
        lifts.append(lifted(70.0, 45.0, 2, "right"))
        for recording in lifts:
            store.add_trial(recording, subject="S-1", result=process(recording).result)
        store.add_trial(lifts[0], subject="S-2", result=process(lifts[0]).result)
        moving = replace(lifts[0].info, reference=Window(5.0, 8.0))  # the leg goes up
        store.add_trial(replace(lifts[0], info=moving), subject="S-2")
        store.begin_trial(lifts[0].info, subject="S-2")


def application(db: Path) -> FastAPI:
    """Return an application with nothing but these routers."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.state.desk = Desk(db)
    for router in routers():
        app.include_router(router)
    install(app)
    return app


class Api:
    """Asks an application, one request at a time; a path begins behind /api."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def __call__(self, method: str, path: str, **how) -> httpx.Response:
        found = asyncio.run(self._asked(method, path, how))
        for thread in threading.enumerate():
            if "AnyIO" in thread.name:
                thread.join(5.0)
        return found

    async def _asked(self, method: str, path: str, how) -> httpx.Response:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            return await client.request(method, f"/api{path}", **how)

    def get(self, path: str):
        """Return the body of what must be there."""
        response = self("GET", path)
        assert response.status_code == HTTP_OK, response.text
        return response.json()

    def post(self, path: str, body: object) -> httpx.Response:
        return self("POST", path, json=body)


def refused(response: httpx.Response, status: int) -> dict:
    """Return the error of a response, in the one shape that there is."""
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"schema", "error"}
    assert body["schema"] == 1
    assert set(body["error"]) == {"code", "reason", "message", "fields"}
    return body["error"]
