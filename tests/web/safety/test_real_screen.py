"""The attacks once more, on every route of the screen itself."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from served import Screen, until

from collector.web.desk import Desk
from collector.web.serving import Doors, Engine, Serving

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    desk = Desk(tmp_path_factory.mktemp("real") / "x.db", mode="virtual")
    serving = Serving(Engine(desk), Doors())
    before = set(threading.enumerate())
    thread = threading.Thread(target=serving.run)
    thread.start()
    try:
        until(lambda: serving.started)
        base, token = serving.address().split("/?token=")
        screen = Screen(serving._entry, "127.0.0.1", int(base.rsplit(":", 1)[1]))
        screen.server = serving._server
        answer = screen.ask("GET", f"/?token={token}")
        screen.cookie = answer.headers["set-cookie"].split(";")[0]
        assert screen.ask("GET", "/api/status").status == 200  # starts the thread for the store
        screen.wait_until_left()
        yield screen
    finally:
        serving.stop()
        for left in set(threading.enumerate()) - before:
            left.join(15)


@pytest.fixture
def signed_in(real: Screen) -> Iterator[Screen]:
    yield real
    real.wait_until_left()


@pytest.fixture
def routes(signed_in: Screen) -> list[tuple[str, str]]:
    paths = json.loads(signed_in.ask("GET", "/api/openapi.json").text)["paths"]
    found = [
        (verb.upper(), path.replace("{", "").replace("}", ""))
        for path in paths
        for verb in paths[path]
    ]
    assert len(found) > 15
    return found


def test_no_route_answers_without_the_cookie(signed_in: Screen, routes: list[tuple[str, str]]):
    stranger = replace(signed_in, cookie="")
    for verb, path in [*routes, ("GET", "/api/openapi.json"), ("GET", "/"), ("GET", "/docs")]:
        assert stranger.ask(verb, path, b"{}").status == 401, (verb, path)
    assert stranger.upgrade("/api/live").status == 401


def test_no_route_takes_orders_from_elsewhere(signed_in: Screen, routes: list[tuple[str, str]]):
    for verb, path in routes:
        assert signed_in.ask(verb, path, b"{}", Host="evil.example").status == 403
        assert signed_in.ask(verb, path, b"{}", Origin="http://evil.example").status == 403
        if verb != "GET":
            assert signed_in.ask(verb, path, b"{}", Origin=None).status == 403
    assert signed_in.upgrade("/api/live", Origin="http://evil.example").status == 403


def test_a_script_as_subject_is_refused_or_told_as_text(signed_in: Screen):
    body = json.dumps({"code": SCRIPT}).encode()
    answer = signed_in.ask("POST", "/api/subjects", body, Content_Type="application/json")
    assert answer.status in {201, 422}
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_no_address_of_the_screen_echoes_a_script(signed_in: Screen):
    for path in [f"/{SCRIPT}", f"/api/{SCRIPT}", f"/api/trials/{SCRIPT}", f"/static/{SCRIPT}"]:
        answer = signed_in.ask("GET", path.replace("<", "%3C").replace(">", "%3E"))
        assert answer.status in {404, 422}
        if "html" in answer.headers["content-type"]:
            assert SCRIPT not in answer.text


def test_ten_megabytes_are_refused_by_every_route(signed_in: Screen, routes: list[tuple[str, str]]):
    for verb, path in routes:
        if verb != "GET":
            assert signed_in.ask(verb, path, b" " * 1_000_001).status == 413


def test_no_file_of_the_house_is_served(signed_in: Screen, tmp_path: Path):
    for path in [
        "/static/../app.py",
        "/static/..%2f..%2f..%2fserving.py",
        "/static/css/",
        "/static/",
    ]:
        assert signed_in.ask("GET", path).status == 404
    assert signed_in.ask("GET", f"/static/{tmp_path}/x.db").status == 404
