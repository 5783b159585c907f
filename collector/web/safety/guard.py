"""Stands before the app: whose address, whose page, who is in, how much; then lets it through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from collector.web.safety import body as bodies
from collector.web.safety import sentences
from collector.web.safety.entry import Entry, Knock, Session
from collector.web.safety.origins import is_from_our_page, is_plain_path, own_origin
from collector.web.safety.pages import DoorPages, language_of
from collector.web.safety.policy import SCREEN, ContentPolicy, safe_headers

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN_PATHS = frozenset({"/static/css/base.css", "/static/favicon.svg"})
"""What the pages need that are seen before signing in; nothing else is given without a cookie."""

_FORM_BYTES = 4_000
_SAID = {
    Knock.MALFORMED: (422, sentences.CODE_NEEDED),
    Knock.WRONG: (403, sentences.CODE_WRONG),
    Knock.RENEWED: (403, sentences.CODE_RENEWED),
    Knock.PAUSED: (429, sentences.CODE_PAUSED),
    Knock.NOT_SHARED: (403, sentences.NOT_SHARED),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request as the guard sees it; `kind` is its method, or ``websocket``."""

    kind: str
    path: str
    query: bytes
    headers: list[tuple[bytes, bytes]]
    origin: str | None
    language: str
    cookie: str | None

    @property
    def token(self) -> str | None:
        """The one-time token of the opened address, if this is one."""
        if self.kind != "GET" or self.path != "/" or not self.query:
            return None
        found = parse_qs(self.query[:500].decode("ascii", errors="replace"))
        return found["token"][0] if "token" in found else None


class Guard:
    """ASGI middleware around the whole app, for HTTP and WebSocket alike.

    Whoever comes through is `request.state.session` (`Session`). A route that answers with a
    document of its own puts its policy into `request.state.policy` (see `document_policy`); a
    header that the app sets itself never replaces one of ours.

    Parameters
    ----------
    app
        What is guarded.
    entry
        Tokens, codes and sessions.
    origins
        Every origin this server is reached at, see `origins_of`.
    pages
        The pages for those who are not in.
    """

    def __init__(
        self, app: ASGIApp, *, entry: Entry, origins: frozenset[str], pages: DoorPages | None = None
    ) -> None:
        self._app = app
        self._entry = entry
        self._origins = origins
        self._pages = pages or DoorPages()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        asked = self._asked(scope)
        scope.setdefault("state", {})["policy"] = SCREEN
        dressed = _dressed(send, scope, asked)
        reply = self._stopped(asked) or await self._at_the_door(asked, receive)
        if reply is None:
            reply = await self._let_through(asked, scope, receive, dressed)
        if reply is not None:
            await reply(scope, receive, dressed)

    def _asked(self, scope: Scope) -> _Asked:
        headers = list(scope["headers"])
        connection = HTTPConnection(scope)
        return _Asked(
            kind="websocket" if scope["type"] == "websocket" else scope["method"],
            path=scope["path"],
            query=scope["query_string"],
            headers=headers,
            origin=own_origin(scope["scheme"], headers, self._origins),
            language=language_of(connection.headers.get("accept-language", "")),
            cookie=connection.cookies.get(self._entry.cookie_name),
        )

    def _stopped(self, asked: _Asked) -> Response | None:
        """Refuse what no page of ours can have sent, whoever is signed in."""
        if asked.origin is None:
            return self._refused(asked, sentences.WRONG_HOST)
        if not is_from_our_page(asked.kind, asked.headers, asked.origin):
            return self._refused(asked, sentences.WRONG_ORIGIN)
        if not is_plain_path(asked.path):
            return self._refused(asked, sentences.NO_SUCH_PAGE)
        return None

    async def _at_the_door(self, asked: _Asked, receive: Receive) -> Response | None:
        """Answer what is open to everybody: the address with its token, and the tablet's page."""
        if asked.token is not None:
            return self._redeemed(asked, asked.token)
        if asked.path != "/enter" or asked.kind == "websocket":
            return None
        if self._session(asked) is not None:
            return RedirectResponse("/", 303)
        if asked.kind == "POST":
            return await self._code_typed(asked, receive)
        knock = Knock.MALFORMED if self._entry.code is not None else Knock.NOT_SHARED
        return self._enter_page(asked, knock)

    def _redeemed(self, asked: _Asked, token: str) -> Response:
        value = self._entry.redeem(token)
        if value is not None:
            return self._signed_in(asked, value)
        if self._session(asked) is not None:  # the same address opened again by who is in
            return RedirectResponse("/", 303)
        return self._refused(asked, sentences.TOKEN_SPENT)

    async def _code_typed(self, asked: _Asked, receive: Receive) -> Response:
        try:
            body = await bodies.read_body(receive, asked.headers, most=_FORM_BYTES)
        except bodies.BodyTooLargeError:
            return self._refused(asked, sentences.TOO_LARGE)
        except bodies.BodyTooSlowError:
            return self._refused(asked, sentences.TOO_SLOW)
        typed = parse_qs(body.decode("utf-8", errors="replace")).get("code", [""])[0]
        knock, value = self._entry.knock(typed)
        if value is not None:
            return self._signed_in(asked, value)
        return self._enter_page(asked, knock, typed)

    def _enter_page(self, asked: _Asked, knock: Knock, typed: str | None = None) -> Response:
        """Return the page of the six digits; `typed` None asks for them the first time."""
        status, sentence = _SAID[knock]
        asks = knock not in {Knock.PAUSED, Knock.NOT_SHARED}
        first = asks and typed is None
        error = "" if first else sentence
        page = self._pages.enter(asked.language, error=error, typed=typed or "", asks=asks)
        return HTMLResponse(page, 200 if first else status)

    def _signed_in(self, asked: _Asked, value: str) -> Response:
        """Send the browser to the clean address, with its cookie."""
        reply = RedirectResponse("/", 303)
        reply.set_cookie(
            self._entry.cookie_name,
            value,
            path="/",
            httponly=True,
            samesite="strict",
            secure=asked.origin is not None and asked.origin.startswith("https:"),
        )
        return reply

    async def _let_through(
        self, asked: _Asked, scope: Scope, receive: Receive, send: Send
    ) -> Response | None:
        session = self._session(asked)
        open_path = asked.path in OPEN_PATHS and asked.kind in {"GET", "HEAD"}
        if session is None and not open_path:
            return self._refused(asked, sentences.NOT_SIGNED_IN)
        scope["state"]["session"] = session
        if asked.kind == "websocket" or session is None:
            await self._app(scope, receive if session else bodies.no_body, send)
            return None
        try:
            whole = await bodies.read_body(receive, asked.headers)
        except bodies.BodyTooLargeError:
            return self._refused(asked, sentences.TOO_LARGE)
        except bodies.BodyTooSlowError:
            return self._refused(asked, sentences.TOO_SLOW)
        await self._app(scope, bodies.replay(whole, receive), send)
        return None

    def _session(self, asked: _Asked) -> Session | None:
        return self._entry.session(asked.cookie)

    def _refused(self, asked: _Asked, refusal: sentences.Refusal) -> Response:
        if asked.path.startswith("/api/"):
            return JSONResponse(_error(refusal), refusal.status)
        shared = self._entry.code is not None
        page = self._pages.refused(asked.language, refusal, shared=shared)
        return HTMLResponse(page, refusal.status)


def _error(refusal: sentences.Refusal) -> dict[str, Any]:
    body = {"code": 2, "reason": refusal.reason, "message": refusal.sentence, "fields": {}}
    return {"schema": 1, "error": body}


def _dressed(send: Send, scope: Scope, asked: _Asked) -> Send:
    """Return a `send` that puts our headers on every answer, in place of the app's own."""

    async def with_headers(message: Message) -> None:
        if message["type"] in {"http.response.start", "websocket.http.response.start"}:
            policy = scope["state"].get("policy")
            ours = safe_headers(
                policy if isinstance(policy, ContentPolicy) else SCREEN,
                origin=asked.origin or "",
                path=asked.path,
            )
            names = {name for name, _ in ours}
            app = [(n, v) for n, v in message.get("headers", []) if n.lower() not in names]
            message = {**message, "headers": app + ours}
        await send(message)

    return with_headers
