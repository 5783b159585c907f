"""The shell in a browser, under the policy that the server sends, over an API of canned answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("fastapi")

from collector.web.pages import shell
from collector.web.safety.policy import SCREEN

STATIC = shell.pages_folder() / "static"
ORIGIN = "http://127.0.0.1:9"  # nothing listens there, and nothing is asked of it
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
IDLE = {"state": "idle", "sensors": [], "repetitions": [], "cues": []}
MOVING = {**IDLE, "state": "move", "subject": "P014", "title": "Passive straight leg raise"}
PERSON = {
    "code": "P014",
    "sex": None,
    "birth_year": 1978,
    "visits": 1,
    "last_utc": "2026-11-20T10:00:00Z",
}


class Screen:
    """The page with its sockets in our hand."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.run = IDLE
        self.signed_in = True
        self.reachable = True
        self.missing = "none"
        self.sockets: list[Any] = []
        self.faults: list[str] = []
        page.set_default_timeout(5000)
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        page.route("**/*", self._answer)
        page.route_web_socket("**/api/live", self._socket)

    def open(self, path: str = "/") -> None:
        self.page.goto(f"{ORIGIN}/#{path}")
        self.page.wait_for_selector("#main h1")

    def tell(self, run: dict[str, Any]) -> None:
        self.sockets[-1].send(json.dumps({"type": "state", "run": run}))

    def _socket(self, socket: Any) -> None:
        if not self.reachable:
            socket.close()
            return
        self.sockets.append(socket)
        self.tell(self.run)

    def _answer(self, route: Any) -> None:
        path = urlsplit(route.request.url).path
        if path == "/":
            policy = {"content-security-policy": SCREEN.text(ORIGIN)}
            route.fulfill(body=shell.shell(), content_type="text/html", headers=policy)
        elif path.startswith("/static/") and self.missing not in path.split("/"):
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
        elif not self.signed_in:
            error = {
                "code": 1,
                "reason": "not_signed_in",
                "message": "Not signed in.",
                "fields": {},
            }
            route.fulfill(status=401, json={"schema": 1, "error": error})
        elif path == "/api/status":
            route.fulfill(json={"schema": 1, "version": "0", "mode": "virtual", "run": self.run})
        elif path == "/api/subjects":
            route.fulfill(json={"schema": 1, "subjects": [PERSON]})
        else:
            route.fulfill(status=404, json={"schema": 1, "error": {"message": "None."}})


@pytest.fixture
def screen(chromium: Any) -> Iterator[Screen]:
    with chromium.new_context() as context:
        screen = Screen(context.new_page())
        yield screen
        assert screen.faults == []


def test_page_begins_under_the_servers_policy(screen):
    said: list[str] = []
    screen.page.on("console", lambda line: said.append(line.text))
    screen.open()
    assert screen.page.inner_text("#connection") == "●\nConnected"
    assert [line for line in said if "Content Security Policy" in line] == []
    assert screen.page.inner_text(".subject .code") == "P014"


def test_missing_view_takes_only_its_own_pages_with_it(screen):
    screen.missing = "report.js"
    screen.open()
    assert "report" in screen.page.inner_text("#page-notice")
    assert screen.page.inner_text(".subject .code") == "P014"


def test_running_trial_is_told_on_every_page(screen):
    screen.open("/settings")
    assert screen.page.is_hidden("#running")
    screen.tell(MOVING)
    screen.page.wait_for_selector("#running a[href='#/live']")
    assert "P014" in screen.page.inner_text("#running")
    screen.tell(IDLE)
    screen.page.wait_for_selector("#running", state="hidden")


def test_reload_in_mid_trial_comes_back_to_it(screen):
    screen.run = MOVING
    screen.page.goto(f"{ORIGIN}/#/")
    screen.page.wait_for_url("**/#/live")


def test_lost_connection_is_told_and_made_again(screen):
    screen.open()
    screen.reachable = False
    screen.sockets[-1].close()
    screen.page.wait_for_selector("#lost:not([hidden])")
    assert "A recording that runs goes on" in screen.page.inner_text("#lost")
    screen.reachable, screen.run = True, MOVING
    screen.page.wait_for_selector("#lost", state="hidden")
    screen.page.wait_for_selector("#running a")


def test_frames_that_stop_are_a_lost_connection(screen):
    screen.page.clock.install()
    screen.open()
    screen.sockets[-1].send(json.dumps({"type": "frame", "hip_deg": 12.0}))
    screen.page.wait_for_function("document.querySelector('#connection.on')")
    before = len(screen.sockets)
    screen.page.clock.run_for(4000)
    screen.page.wait_for_selector("#connection.on")
    assert len(screen.sockets) == before + 1


def test_browser_that_is_no_longer_let_in_is_told_how(screen):
    screen.open()
    screen.signed_in = screen.reachable = False
    screen.sockets[-1].close()
    screen.page.wait_for_selector("a[href='/enter']")
    assert screen.page.inner_text("#main h1") == "This browser is not signed in"
    assert screen.page.is_hidden("#lost")


def test_language_changes_without_losing_place_or_text(screen):
    screen.open()
    screen.page.fill("[name=code]", "P0")
    screen.page.click("#speak-de")
    screen.page.wait_for_selector("html[lang=de]")
    screen.page.wait_for_function("document.activeElement.id === 'speak-de'")
    assert screen.page.input_value("[name=code]") == "P0"
    screen.page.reload()
    screen.page.wait_for_selector("html[lang=de]")


def test_skip_link_is_first_and_leads_to_the_content(screen):
    screen.open()
    screen.page.keyboard.press("Tab")
    assert screen.page.evaluate("document.activeElement.className") == "skip button"
    screen.page.keyboard.press("Enter")
    assert screen.page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1024, 768), (1920, 1080)])
@pytest.mark.parametrize("size", ["100%", "200%"])
def test_nothing_is_cut_at_the_side(screen, width, height, size):
    screen.page.set_viewport_size({"width": width, "height": height})
    screen.open()
    screen.page.evaluate("(size) => { document.documentElement.style.fontSize = size; }", size)
    wide = "[...document.querySelectorAll('#main *, .top *')].filter((e) => "
    wide += "e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 80))"
    assert screen.page.evaluate(wide) == []


def test_targets_are_big_enough_for_a_thumb(screen):
    screen.page.set_viewport_size({"width": 390, "height": 844})
    screen.open()
    code = """[...document.querySelectorAll('button, a:not(.skip), .choice, input[type=text]')]
      .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 43.9)
      .map((e) => e.outerHTML.slice(0, 80))"""
    assert screen.page.evaluate(code) == []
