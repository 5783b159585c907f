"""The shell and its files: what a browser may get from us, and as what."""

from __future__ import annotations

import asyncio
import re
import sys
import threading
from html.parser import HTMLParser
from typing import Any

import pytest

pytest.importorskip("fastapi")
from fastapi import FastAPI

from collector.web.pages import shell
from schemas.intended_use import SHORT

STATIC = shell.pages_folder() / "static"
FILES = sorted(path for path in STATIC.rglob("*") if path.is_file())
MEDIA = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = FastAPI(openapi_url=None)
    app.include_router(shell.router())
    return app


def ask(app: FastAPI, path: str, *headers: tuple[str, str]) -> tuple[int, dict[str, str], bytes]:
    """A request whose path arrives exactly as written, which no client library would send."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": b"",
        "root_path": "", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 5),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }  # fmt: skip
    sent: list[dict[str, Any]] = []
    asked: list[bool] = []

    async def receive() -> dict[str, Any]:
        if asked:
            await asyncio.Event().wait()  # the browser stays
        asked.append(True)
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type] # plain dicts are messages
    for thread in threading.enumerate():
        if thread.name.startswith("AnyIO"):  # told to end with its loop, which does not wait
            thread.join(5)
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], answered, b"".join(message.get("body", b"") for message in sent[1:])


class Tags(HTMLParser):
    """Every tag of a page with its attributes, and the text inside <script> and <style>."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inline = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] in ("script", "style"):
            self.inline += data.strip()


def test_shell_is_one_page_with_its_landmarks(app):
    status, headers, body = ask(app, "/")
    tags = Tags(body.decode()).tags
    assert status == 200
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert ("main", {"id": "main", "tabindex": "-1"}) in tags
    assert [tag for tag, _ in tags].count("main") == 1
    assert dict(tags)["html"]["lang"] == "en"
    assert {attrs.get("aria-live") for _, attrs in tags} >= {"polite", "assertive"}
    assert SHORT in body.decode()


def test_shell_has_no_script_style_or_handler_of_its_own(app):
    page = Tags(ask(app, "/")[2].decode())
    names = {name for _, attrs in page.tags for name in attrs}
    assert page.inline == ""
    assert "style" not in names
    assert not [name for name in names if name.startswith("on")]
    assert [attrs for tag, attrs in page.tags if tag == "script"] == [
        {"type": "module", "src": "/static/js/main.js"}
    ]


def test_shell_names_nothing_outside_this_computer(app):
    page = Tags(ask(app, "/")[2].decode())
    found = [attrs[key] for _, attrs in page.tags for key in ("src", "href") if attrs.get(key)]
    assert found
    assert all(re.match(r"/static/|#", str(address)) for address in found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(STATIC).as_posix())
def test_every_file_is_served_as_what_it_is(app, path):
    status, headers, body = ask(app, "/static/" + path.relative_to(STATIC).as_posix())
    assert status == 200
    assert headers["content-type"].partition(";")[0] == MEDIA[path.suffix]
    assert body == path.read_bytes()


def test_file_type_does_not_depend_on_the_system(app, monkeypatch):
    monkeypatch.setattr("mimetypes.guess_type", lambda *_, **__: ("text/plain", None))
    assert ask(app, "/static/js/main.js")[1]["content-type"].startswith("text/javascript")


def test_unchanged_file_is_not_sent_twice(app):
    tag = ask(app, "/static/css/base.css")[1]["etag"]
    status, headers, body = ask(app, "/static/css/base.css", ("if-none-match", tag))
    assert (status, body) == (304, b"")
    assert headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../shell.py",
        "/static/js/../../shell.py",
        "/static//etc/passwd",
        "/static/..\\shell.py",
        "/static/js/../../templates/../static/js/main.js",
        "/static/uplot/../__init__.py",
        "/static/uplot/__init__.py",
        "/static/js/main.js\x00.js",
        "/static/",
        "/static/js",
        "/static/js/",
        "/static/" + "a" * 5000 + ".js",
    ],
)
def test_nothing_else_is_served(app, path):
    status, _, body = ask(app, path)
    assert status == 404
    assert b"import" not in body


def test_chart_library_is_served_without_being_imported(app):
    if shell.charts_folder() is None:
        pytest.skip("uplot-python is not installed")
    status, headers, body = ask(app, "/static/uplot/uPlot.iife.js")
    assert status == 200
    assert headers["content-type"].startswith("text/javascript")
    assert b"uPlot" in body
    assert ask(app, "/static/uplot/uPlot.min.css")[1]["content-type"].startswith("text/css")
    assert "uplot" not in sys.modules


def test_missing_chart_library_is_told(app, monkeypatch):
    monkeypatch.setattr(shell, "find_spec", lambda _: None)
    status, _, body = ask(app, "/static/uplot/uPlot.iife.js")
    assert status == 404
    assert b"The chart library is not installed" in body
    assert ask(app, "/static/js/main.js")[0] == 200
