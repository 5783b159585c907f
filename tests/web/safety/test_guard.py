from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable

import pytest
from served import Clock, Screen

from collector.web.safety.entry import Entry
from collector.web.safety.guard import Guard

MEGABYTES = 10_000_000


def _reason(answer) -> str:
    if answer.headers["content-type"] == "application/json":
        error = json.loads(answer.text)["error"]
        assert error["message"].endswith(".")
        return str(error["reason"])
    found = re.search(r'data-reason="(\w+)"', answer.text)
    assert found, answer.text
    return found[1]


def test_the_address_with_its_token_gives_a_cookie_and_a_clean_address(screen: Screen):
    answer = screen.ask("GET", f"/?token={screen.entry.new_token()}")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    name, *rest = answer.headers["set-cookie"].split("; ")
    assert name.startswith(screen.entry.cookie_name + "=")
    assert {part.lower() for part in rest} == {"httponly", "path=/", "samesite=strict"}


def test_who_signed_in_sees_the_page_and_the_api(screen: Screen):
    screen.sign_in()
    assert screen.ask("GET", "/").status == 200
    assert json.loads(screen.ask("GET", "/api/who").text) == {"tablet": False}
    assert screen.ask("POST", "/api/echo", b"abc").text == "3"
    assert screen.upgrade().status == 101


def test_a_token_is_good_once(screen: Screen):
    token = screen.entry.new_token()
    assert screen.ask("GET", f"/?token={token}").status == 303
    again = screen.ask("GET", f"/?token={token}")
    assert (again.status, _reason(again)) == (403, "token_spent")
    assert "set-cookie" not in again.headers


def test_a_token_is_good_for_a_minute(screen: Screen, clock: Clock):
    token = screen.entry.new_token()
    clock.now_s += 60
    answer = screen.ask("GET", f"/?token={token}")
    assert (answer.status, _reason(answer)) == (403, "token_spent")


def test_an_old_address_opened_again_by_who_is_in_just_opens_the_page(screen: Screen):
    screen.sign_in()
    assert screen.ask("GET", "/?token=spent").status == 303


@pytest.mark.parametrize("cookie", [None, "x=y", "{}=guess", "{}=", "{}", "hipgonio=1"])
def test_without_the_cookie_nothing_is_given(screen: Screen, cookie: str | None):
    screen.cookie = cookie.format(screen.entry.cookie_name) if cookie else ""
    for target in ["/", "/api/who", "/static/js/main.js", "/anything", "/openapi.json"]:
        answer = screen.ask("GET", target)
        assert (answer.status, _reason(answer)) == (401, "not_signed_in")
    assert screen.ask("POST", "/api/echo", b"x").status == 401
    assert screen.upgrade().status == 401


def test_a_value_of_another_cookie_name_is_no_session(screen: Screen):
    value = screen.sign_in().cookie.split("=")[1]
    screen.cookie = f"hipgonio={value}"
    assert screen.ask("GET", "/").status == 401


def test_the_entrance_has_its_style_without_a_cookie(screen: Screen):
    assert screen.ask("GET", "/static/css/base.css").status == 200
    assert screen.ask("POST", "/static/css/base.css", b"").status == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "", None, "[::1]"]
)
def test_a_wrong_host_is_refused_even_with_the_cookie(screen: Screen, host: str | None):
    screen.sign_in()
    host = host and host.format(port=screen.port)
    for target in ["/", "/api/who", "/enter", "/static/css/base.css"]:
        assert screen.ask("GET", target, Host=host).status in {400, 403}
    assert screen.upgrade(Host=host).status in {400, 403}


def test_every_name_of_this_computer_is_an_address_of_the_screen(screen: Screen):
    screen.sign_in()
    for name in ["localhost", "LOCALHOST", "[::1]"]:
        assert screen.ask("GET", "/", Host=f"{name}:{screen.port}").status == 200


ORIGINS = ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1", None]


@pytest.mark.parametrize("origin", [*ORIGINS, "http://localhost:{port}", "", "*"])
def test_a_foreign_origin_is_refused_on_post_and_on_websocket(screen: Screen, origin: str | None):
    screen.sign_in()
    origin = origin.format(port=screen.port) if origin is not None else None
    answer = screen.ask("POST", "/api/echo", b"x", Origin=origin)
    assert (answer.status, _reason(answer)) == (403, "wrong_origin")
    assert screen.upgrade(Origin=origin).status == 403


def test_a_foreign_origin_is_refused_on_get_too(screen: Screen):
    assert screen.sign_in().ask("GET", "/api/who", Origin="http://evil.example").status == 403


def test_another_server_on_this_computer_cannot_read_with_our_cookie(screen: Screen):
    screen.sign_in()
    site = {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"}
    assert screen.ask("GET", "/api/who", **site).status == 403
    link = {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "navigate"}
    assert screen.ask("GET", "/", **link, Sec_Fetch_Dest="document").status == 200
    assert screen.ask("GET", "/", **link, Sec_Fetch_Dest="iframe").status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2f..%2fetc%2fpasswd",
        "/static/%252e%252e/%252e%252e/etc/passwd",
        "/static/..%5c..%5cshell.py",
        "/static/css\\..\\..\\..\\shell.py",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/css/base.css%00.png",
        "/static/../shell.py",
        "/static/css/../../shell.py",
        "/static/css/%ff",
        "http://127.0.0.1/static/../shell.py",
        "*",
    ],
)
def test_no_path_leads_out_of_the_static_files(screen: Screen, path: str):
    answer = screen.sign_in().ask("GET", path)
    assert answer.status in {400, 404}
    assert b"root:" not in answer.body
    assert b"import" not in answer.body


def test_a_path_that_leads_up_never_reaches_the_app(serving: Callable[..., Screen]):
    async def gullible(scope, receive, send):
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"given"})
        else:
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})

    screen = serving(app=gullible).sign_in()
    assert screen.ask("GET", "/static/css/base.css").text == "given"
    for path in ["/../x", "/a/%2e%2e/x", "/a/..%2fx", "/a%5c..%5cx", "/a//x", "/a%00", "/%0ax"]:
        assert screen.ask("GET", path).status == 404
        assert screen.upgrade(path).status == 404


def test_a_stranger_hands_no_body_to_the_app():
    async def reads(scope, receive, send):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(receive(), 0.01)
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive():
        return {"type": "http.request", "body": b"x", "more_body": False}

    async def send(message):
        sent.append(message)

    sent: list[dict[str, object]] = []
    asked = {"type": "http", "scheme": "http", "method": "GET", "path": "/static/css/base.css"}
    asked |= {"query_string": b"", "headers": [(b"host", b"localhost:1")]}
    guard = Guard(reads, entry=Entry(), origins=frozenset({"http://localhost:1"}))
    asyncio.run(guard(asked, receive, send))
    assert sent[0]["status"] == 200


def _poured(size: int):
    piece = b"x" * 65_536
    for _ in range(size // len(piece)):
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


def test_ten_megabytes_are_refused_whether_announced_or_poured(screen: Screen):
    screen.sign_in()
    told = screen.ask("POST", "/api/echo", b"x" * MEGABYTES)
    assert (told.status, _reason(told)) == (413, "too_large")
    poured = screen.ask("POST", "/api/echo", _poured(MEGABYTES), Transfer_Encoding="chunked")
    assert (poured.status, _reason(poured)) == (413, "too_large")


def test_a_megabyte_is_taken_and_one_byte_more_is_not(screen: Screen):
    screen.sign_in()
    assert screen.ask("POST", "/api/echo", b"x" * 1_000_000).text == "1000000"
    assert screen.ask("POST", "/api/echo", b"x" * 1_000_001).status == 413


def test_who_is_not_in_cannot_send_a_body_either(screen: Screen):
    assert screen.ask("POST", "/api/echo", b"x" * MEGABYTES).status == 401
    form = screen.ask("POST", "/enter", b"code=" + b"1" * 5000)
    assert (form.status, _reason(form)) == (413, "too_large")


def test_a_flood_of_headers_is_refused(screen: Screen):
    with screen.raw() as line:
        line.sendall(b"GET / HTTP/1.1\r\n")
        try:
            for n in range(5000):
                line.sendall(b"x-%d: %s\r\n" % (n, b"y" * 60))
            answer = line.recv(100)
        except ConnectionError:
            answer = b""
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4")
    assert screen.ask("GET", "/enter").status == 200


def test_every_answer_carries_the_headers_that_bind_the_browser(screen: Screen):
    screen.sign_in()
    for target in ["/", "/api/who", "/missing", "/static/css/base.css"]:
        headers = screen.ask("GET", target).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert f"connect-src 'self' ws://{screen.netloc};" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in headers
        kept = "no-cache" if target.startswith("/static") else "no-store"
        assert headers["cache-control"] == kept


def test_refusals_carry_the_same_headers(screen: Screen):
    for answer in [screen.ask("GET", "/"), screen.ask("GET", "/", Host="evil"), screen.upgrade()]:
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"


def test_a_document_of_ours_may_have_its_one_style_and_no_script(screen: Screen):
    answer = screen.sign_in().ask("GET", "/api/report.html")
    policy = answer.headers["content-security-policy"]
    # printf 'p { color: red }' between its tags | openssl dgst -sha256 -binary | base64
    assert "style-src 'self' 'sha256-ngewhhP73WDIbgwseeu52VAAJgKdGUsu1IUQQsAm8m4='" in policy
    assert "script-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert "default-src *" not in policy
