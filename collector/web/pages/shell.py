"""The page's shell at "/" and the files it is made of under "/static/"."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from schemas.intended_use import SHORT

_MEDIA: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
"""What is served, by suffix: the system's own table may call a module plain text."""

_STYLES: Final = ("base", "measure", "live", "history")
_CHARTS: Final = ("uPlot.iife.js", "uPlot.min.css")
_NO_CHARTS: Final = (
    "The chart library is not installed: curves are not drawn, all else works."
    " Install it with: pip install uplot-python"
)


def pages_folder() -> Path:
    """Return where the templates and the static files of the page are."""
    return Path(str(files("collector.web.pages")))


def charts_folder() -> Path | None:
    """Return where the installed uplot-python keeps uPlot; None without it. It is not imported."""
    spec = find_spec("uplot")
    places = (spec.submodule_search_locations or []) if spec else []
    folders = (Path(place) / "static" for place in places)
    return next((folder for folder in folders if (folder / _CHARTS[0]).is_file()), None)


def shell() -> str:
    """Return the HTML of the one page: in English, which the page's own code translates."""
    folder = pages_folder() / "templates"
    env = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    env.globals["_"] = str  # marks a text for the catalogue
    return env.get_template("shell.html.j2").render(intended_use=SHORT, styles=_STYLES)


def router() -> APIRouter:
    """Return the routes of the shell and of its static files."""
    routes = APIRouter(include_in_schema=False)
    page = cache(shell)
    own = StaticFiles(directory=pages_folder() / "static")

    @routes.api_route("/", methods=["GET", "HEAD"], response_class=HTMLResponse)
    def index() -> HTMLResponse:
        return HTMLResponse(page(), headers={"Cache-Control": "no-cache"})

    @routes.api_route("/static/uplot/{name}", methods=["GET", "HEAD"])
    async def charts(name: str, request: Request) -> Response:
        folder = charts_folder()
        if folder is None:
            return _without_charts()
        if name not in _CHARTS:
            raise HTTPException(404)
        return await _file(StaticFiles(directory=folder), name, request)

    @routes.api_route("/static/{path:path}", methods=["GET", "HEAD"])
    async def static(path: str, request: Request) -> Response:
        return await _file(own, path, request)

    return routes


async def _file(folder: StaticFiles, path: str, request: Request) -> Response:
    """Answer with a file; the browser may keep it, but asks each time whether it changed."""
    media = _MEDIA.get(Path(path).suffix)
    if media is None or ".." in path.split("/"):
        raise HTTPException(404)
    response = await folder.get_response(path, request.scope)
    if response.status_code == 200:  # a 304 has no body to describe
        response.headers["Content-Type"] = media
    response.headers["Cache-Control"] = "no-cache"
    return response


def _without_charts() -> JSONResponse:
    error = {"code": 1, "reason": "no_charts", "message": _NO_CHARTS, "fields": {}}
    return JSONResponse({"schema": 1, "error": error}, status_code=404)
