"""A real server for the attacks: point `serve(app=...)` at any app to try them on it."""

from __future__ import annotations

import asyncio
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, WebSocket
from fastapi.responses import HTMLResponse, PlainTextResponse

from collector.web.pages.shell import router as pages
from collector.web.safety.doorman import Limits
from collector.web.safety.entry import Entry
from collector.web.safety.guard import Guard
from collector.web.safety.listening import listen
from collector.web.safety.origins import origins_of
from collector.web.safety.policy import document_policy
from collector.web.safety.server import GuardedServer

REPORT = "<html><style>p { color: red }</style><p>report</p></html>"


class Clock:
    """Seconds that go on when a test says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Screen:
    """A server that runs, and how a browser would ask it."""

    entry: Entry
    host: str
    port: int
    tls: bool = False
    cookie: str = ""
    codes: list[str] = field(default_factory=list)
    server: GuardedServer | None = None

    @property
    def netloc(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.netloc}"

    def sign_in(self) -> Screen:
        answer = self.ask("GET", f"/?token={self.entry.new_token()}")
        assert answer.status == 303
        self.cookie = answer.headers["set-cookie"].split(";")[0]
        return self

    def ask(self, method: str, target: str, body: Any = None, **headers: str | None) -> Answer:
        """Ask as a page of ours would; a header of None is left out."""
        sent: dict[str, str | None] = {"Host": self.netloc, "Cookie": self.cookie or None}
        sent |= {"Origin": self.origin} if method not in {"GET", "HEAD"} else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(self._connection()) as line:
            line.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            if isinstance(body, bytes) and "Content-Length" not in sent:
                sent["Content-Length"] = str(len(body))
            for name, value in sent.items():
                if value is not None:
                    line.putheader(name, value)
            line.endheaders()
            if body is not None:
                line.send(body)
            reply = line.getresponse()
            return Answer(
                reply.status,
                {name.lower(): value for name, value in reply.getheaders()},
                reply.read(),
            )

    def upgrade(self, path: str = "/api/live", **headers: str | None) -> Answer:
        """Ask for a WebSocket and return the answer to the upgrade."""
        key = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455, section 1.3
        return self.ask(
            "GET",
            path,
            **{
                "Connection": "Upgrade",
                "Upgrade": "websocket",
                "Sec_WebSocket_Key": key,
                "Sec_WebSocket_Version": "13",
                "Origin": self.origin,
                **headers,
            },
        )

    def wait_until_left(self) -> None:
        """Wait until the server has closed what a browser has left."""
        until(lambda: self.server is None or self.server.connections == 0)

    def raw(self) -> socket.socket:
        return socket.create_connection((self.host, self.port), timeout=10)

    def _connection(self) -> http.client.HTTPConnection:
        if not self.tls:
            return http.client.HTTPConnection(self.host, self.port, timeout=10)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(self.host, self.port, timeout=10, context=context)


def little_app() -> FastAPI:
    """The least that has a page, files, an API, a document of its own and a WebSocket."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(pages())

    @app.get("/api/who")
    async def who(request: Request) -> dict[str, bool]:
        return {"tablet": request.state.session.tablet}

    @app.post("/api/echo")
    async def echo(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    @app.get("/api/report.html")
    async def report(request: Request) -> HTMLResponse:
        request.state.policy = document_policy(REPORT)
        return HTMLResponse(REPORT, headers={"Content-Security-Policy": "default-src *"})

    @app.websocket("/api/live")
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text("here")
        await socket.receive()

    return app


@contextmanager
def serve(
    *,
    clock: Clock | None = None,
    app: Any = None,
    limits: Limits | None = None,
    tls: ssl.SSLContext | None = None,
    shared: bool = True,
) -> Iterator[Screen]:
    door = listen("127.0.0.1", tls=tls)
    codes: list[str] = []
    entry = Entry(clock=clock or Clock(), shared=shared, on_new_code=codes.append)
    guard = Guard(
        app or little_app(),
        entry=entry,
        origins=origins_of(door.scheme, ["127.0.0.1", "localhost", "::1"], door.port),
    )
    server = GuardedServer(guard, [door], limits=limits, grace_s=1)
    before = set(threading.enumerate())
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        until(lambda: server.started)
        yield Screen(entry, "127.0.0.1", door.port, tls is not None, codes=codes, server=server)
    finally:
        server.should_exit = True
        for left in set(threading.enumerate()) - before:  # it, and those that read files for it
            left.join(15)


def until(ready: Any) -> None:
    end = time.monotonic() + 10
    while not ready():
        assert time.monotonic() < end, "waited for too long"
        time.sleep(0.005)
