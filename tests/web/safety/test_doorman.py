from __future__ import annotations

import asyncio
import contextlib
import http.client
import resource
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from served import Screen, until

from collector.web.safety.body import BodyTooLargeError, BodyTooSlowError, read_body
from collector.web.safety.doorman import Limits
from collector.web.safety.listening import listen
from collector.web.safety.tls import own_certificate
from schemas.errors import UsageError

SHORT = Limits(head_s=0.3)
FLOOD = 1000


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    return own_certificate(["127.0.0.1"], folder=tmp_path_factory.mktemp("tls")).context()


def _is_closed(line: socket.socket, within_s: float) -> bool:
    """Whether the other side closes within a time; what it says before is passed over."""
    end = time.monotonic() + within_s
    while (left := end - time.monotonic()) > 0:
        line.settimeout(left)
        try:
            if not line.recv(4096):
                return True
        except TimeoutError:
            return False
        except OSError:
            return True
    return False


def _closes_after_s(line: socket.socket, say: Callable[[], object] = lambda: None) -> float:
    began = time.monotonic()
    for _ in range(100):
        with contextlib.suppress(OSError):
            say()
        if _is_closed(line, 0.05):
            break
    return time.monotonic() - began


def _websocket(screen: Screen, stack: ExitStack) -> socket.socket:
    line = stack.enter_context(screen.raw())
    line.sendall(
        (
            f"GET /api/live HTTP/1.1\r\nHost: {screen.netloc}\r\nOrigin: {screen.origin}\r\n"
            f"Cookie: {screen.cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        ).encode()
    )
    heard = b""
    while not heard.endswith(b"\x81\x04here"):  # RFC 6455, 5.2: a text of four bytes
        heard += line.recv(4096)
    return line


@contextmanager
def _asked_all_the_while(screen: Screen) -> Iterator[list[float]]:
    """Ask for the page every 50 ms; gives how long each answer took in seconds."""
    took, over = [], threading.Event()

    def ask() -> None:
        while not over.wait(0.05):
            began = time.monotonic()
            try:
                answer = screen.ask("GET", "/")
                took.append(time.monotonic() - began if answer.status == 200 else 99.0)
            except (OSError, http.client.HTTPException):
                took.append(99.0)

    asker = threading.Thread(target=ask)
    asker.start()
    try:
        yield took
    finally:
        over.set()
        asker.join()


def _need_files() -> None:
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < FLOOD + 400:
        pytest.skip(f"this system gives fewer than {FLOOD + 400} files to a process")


@pytest.mark.parametrize("half", [b"", b"GET / HTTP/1.1\r\nHost: 127"])
def test_a_thousand_half_open_connections_do_not_keep_the_page_waiting(
    serving: Callable[..., Screen], half: bytes
):
    _need_files()
    screen = serving().sign_in()
    with ExitStack() as stack:
        live = _websocket(screen, stack)
        with _asked_all_the_while(screen) as took:
            for _ in range(FLOOD):
                stack.enter_context(screen.raw()).sendall(half)
            until(lambda: len(took) >= 20)
        assert max(took) < 1.0
        assert screen.server is not None
        assert screen.server.connections <= 130
        assert not _is_closed(live, 0.05)


def test_half_open_handshakes_do_not_keep_the_page_waiting(
    serving: Callable[..., Screen], tls: ssl.SSLContext
):
    _need_files()
    screen = serving(tls=tls).sign_in()
    with ExitStack() as stack, _asked_all_the_while(screen) as took:
        for n in range(FLOOD):
            line = stack.enter_context(screen.raw())
            if n % 4 == 0:
                line.sendall(b"\x16\x03\x01\x02\x00")  # a hello that says no more
        until(lambda: len(took) >= 10)
    assert max(took) < 1.0


def test_headers_that_drip_end_with_the_time_for_headers(serving: Callable[..., Screen]):
    screen = serving(limits=SHORT)
    with screen.raw() as line:
        line.sendall(b"GET / HTTP/1.1\r\n")
        took_s = _closes_after_s(line, lambda: line.sendall(b"x: y\r\n"))
    assert 0.2 < took_s < 1.5


def test_a_second_request_that_drips_ends_too(serving: Callable[..., Screen]):
    screen = serving(limits=SHORT)
    with screen.raw() as line:
        line.sendall(f"GET /enter HTTP/1.1\r\nHost: {screen.netloc}\r\n\r\nGET /".encode())
        assert line.recv(15).startswith(b"HTTP/1.1 200")
        assert _closes_after_s(line, lambda: line.sendall(b"x")) < 1.5


def test_a_handshake_that_stops_halfway_is_closed(
    serving: Callable[..., Screen], tls: ssl.SSLContext
):
    screen = serving(limits=SHORT, tls=tls)
    for said in [b"", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\n\r\n"]:
        with screen.raw() as line:
            line.sendall(said)
            assert _closes_after_s(line) < 1.5
    assert screen.ask("GET", "/enter").status == 200


def test_headers_that_drip_over_tls_are_closed(serving: Callable[..., Screen], tls: ssl.SSLContext):
    screen = serving(limits=SHORT, tls=tls)
    client = ssl.create_default_context()
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    with screen.raw() as plain, client.wrap_socket(plain) as line:
        line.sendall(b"GET / HTTP/1.1\r\n")
        assert _closes_after_s(line, lambda: line.sendall(b"x: y\r\n")) < 1.5


def test_a_websocket_outlasts_the_time_for_headers(serving: Callable[..., Screen]):
    screen = serving(limits=Limits(head_s=0.1)).sign_in()
    with ExitStack() as stack:
        assert not _is_closed(_websocket(screen, stack), 0.5)


def test_the_oldest_half_open_one_gives_way(serving: Callable[..., Screen]):
    screen = serving(limits=Limits(connections=4))
    with ExitStack() as stack:
        lines = [stack.enter_context(screen.raw()) for _ in range(4)]
        assert screen.ask("GET", "/enter").status == 200
        assert _is_closed(lines[0], 2)
        assert not any(_is_closed(line, 0.02) for line in lines[1:])


def test_an_idle_one_gives_way_and_a_busy_one_does_not(serving: Callable[..., Screen]):
    screen = serving(limits=Limits(connections=3)).sign_in()
    with ExitStack() as stack:
        busy = [_websocket(screen, stack) for _ in range(2)]
        idle = stack.enter_context(screen.raw())
        idle.sendall(f"GET /enter HTTP/1.1\r\nHost: {screen.netloc}\r\n\r\n".encode())
        assert idle.recv(15).startswith(b"HTTP/1.1 200")
        assert screen.ask("GET", "/").status == 200
        assert _is_closed(idle, 2)
        assert not any(_is_closed(line, 0.02) for line in busy)


@pytest.mark.parametrize("ask", ["POST /enter", "GET /static/css/base.css", "GET /enter"])
def test_strangers_hold_no_seat_by_slow_bodies_or_by_never_reading(
    serving: Callable[..., Screen], ask: str
):
    screen = serving(limits=Limits(connections=3)).sign_in()
    body = "\r\nContent-Length: 999\r\n\r\ncode=" if "POST" in ask else "\r\n\r\n"
    said = f"{ask} HTTP/1.1\r\nHost: {screen.netloc}\r\nOrigin: {screen.origin}{body}".encode()
    with ExitStack() as stack:
        live = _websocket(screen, stack)
        for _ in range(4):
            line = stack.enter_context(screen.raw())
            line.settimeout(0.2)
            with contextlib.suppress(OSError):
                line.sendall(said * (1 if "POST" in ask else 2000))
        assert screen.ask("GET", "/").status == 200
        assert not _is_closed(live, 0.02)


def test_when_all_are_busy_the_new_one_is_turned_away(serving: Callable[..., Screen]):
    screen = serving(limits=Limits(connections=2)).sign_in()
    with ExitStack() as stack:
        busy = [_websocket(screen, stack) for _ in range(2)]
        with screen.raw() as line:
            assert line.recv(12) == b"HTTP/1.1 503"
        assert not any(_is_closed(each, 0.02) for each in busy)
    screen.wait_until_left()
    assert screen.ask("GET", "/").status == 200


def test_who_asks_and_never_reads_loses_the_seat(serving: Callable[..., Screen]):
    app = FastAPI()

    @app.get("/api/big")
    async def big() -> StreamingResponse:
        return StreamingResponse(iter([b"x" * 100_000] * 1000))

    screen = serving(app=app, limits=Limits(send_s=0.3, head_s=0.3))
    token = screen.ask("GET", f"/?token={screen.entry.new_token()}")
    cookie = token.headers["set-cookie"].split(";")[0]
    with screen.raw() as line:
        ask = f"GET /api/big HTTP/1.1\r\nHost: {screen.netloc}\r\nCookie: {cookie}\r\n\r\n"
        line.sendall(ask.encode())
        until(lambda: screen.server is not None and screen.server.connections == 1)
        screen.wait_until_left()


def test_who_pipelines_refused_requests_and_never_reads_loses_the_seat(
    serving: Callable[..., Screen],
):
    screen = serving(limits=Limits(send_s=0.3, head_s=0.3))
    ask = f"GET /enter HTTP/1.1\r\nHost: {screen.netloc}\r\n\r\n".encode() * 50
    with screen.raw() as line:
        line.settimeout(0.5)
        with contextlib.suppress(OSError):
            for _ in range(2000):
                line.sendall(ask)
        screen.wait_until_left()


def test_a_busy_port_is_said_in_a_sentence():
    with closing(listen("127.0.0.1").sock) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"Port {port} is in use") as refused:
            listen("127.0.0.1", port)
    assert refused.value.reason == "port_in_use"


@pytest.mark.parametrize(("host", "port"), [("203.0.113.9", 0), ("127.0.0.1", 70000)])
def test_what_cannot_be_listened_at_is_said_in_a_sentence(host: str, port: int):
    with pytest.raises(UsageError):
        listen(host, port)


def _read(*messages: dict[str, object], most: int = 10) -> bytes:
    left = list(messages)

    async def receive() -> dict[str, object]:
        return left.pop(0) if left else await asyncio.Event().wait()  # type: ignore[return-value]

    return asyncio.run(read_body(receive, [], most=most, within_s=0.05))


def _piece(body: bytes, *, more: bool) -> dict[str, object]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_is_taken_whole_or_not_at_all():
    assert _read(_piece(b"12345", more=True), _piece(b"67890", more=False)) == b"1234567890"
    with pytest.raises(BodyTooLargeError):
        _read(_piece(b"12345", more=True), _piece(b"678901", more=True))
    with pytest.raises(BodyTooSlowError):
        _read(_piece(b"12345", more=True))
    with pytest.raises(BodyTooSlowError):
        _read(_piece(b"12345", more=True), {"type": "http.disconnect"})


def test_a_port_is_known_before_there_is_an_app(tmp_path: Path):
    door = listen("127.0.0.1")
    with closing(door.sock):
        assert door.address == f"http://127.0.0.1:{door.sock.getsockname()[1]}"
        assert door.port > 0
