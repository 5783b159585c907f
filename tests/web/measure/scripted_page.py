"""The page in a browser without a server: answers are canned, live messages are sent by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, Route, WebSocketRoute

from collector.web.pages.shell import pages_folder, shell
from collector.web.safety.policy import SCREEN

ORIGIN: Final = "http://hipgonio.test"
MEDIA: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
SIZE: Final = {"width": 1024, "height": 768}

Body = dict[str, Any]
Answer = Body | Callable[[Body], tuple[int, Body]]

PROTOCOL: Final[Body] = {
    "schema": 1,
    "id": "pslr",
    "version": 1,
    "title": "Passive straight leg raise",
    "target": "hamstrings",
    "position": "supine",
    "sided": True,
    "condition": "passive",
    "procedure": ["Lift the straight leg slowly.", "Stop at firm resistance."],
    "reference_pose": "Lying still, both legs straight and flat on the table.",
    "standing_first": False,
    "lean_first": False,
    "placements": [
        {
            "segment": segment,
            "role": role,
            "required": required,
            "text": f"strapped to the {role}",
            "site": sites[0],
            "sites": sites,
        }
        for segment, role, required, sites in (
            ("pelvis", "pelvis", True, ["iliac_crest", "sacrum"]),
            ("thigh_left", "thigh", True, ["lateral_thigh", "anterior_thigh"]),
            ("shank_left", "shank", False, ["lateral_shank", "anterior_shank"]),
        )
    ],
    "safety": [
        "Do not test with a suspected fracture.",
        "Stop and note it when pain rises by 2 points or more.",
    ],
    "end_points": ["firm_resistance", "pain", "pelvis_moves", "knee_bends", "apprehension"],
    "repetitions": {"least": 3, "most": 6, "hold_s": 1.0, "rest_s": [10, 30]},
    "formulae": {"tot": "F", "hip": "F + P", "comp": "-P"},
    "citations": [],
}


def line(test: str, title: str, position: str) -> Body:
    """Return a test as the list has it."""
    return {
        "id": test,
        "title": title,
        "target": "a muscle group",
        "position": position,
        "sided": test != "fb",
        "condition": "active",
        "phase": "out",
        "required": ["pelvis", "thigh"],
        "not_with": ["hip_precautions"] if test in {"k2c", "mtt", "sir", "squat"} else [],
        "simulated": True,
    }


TESTS: Final = (
    line("pslr", "Passive straight leg raise", "supine"),
    line("k2c", "Knee to chest", "supine"),
    line("mtt", "Modified Thomas test", "supine"),
    line("phe", "Prone hip extension", "prone"),
    line("sir", "Seated internal rotation", "sitting"),
    line("fb", "Standing forward bend", "standing"),
    line("squat", "Bodyweight squat", "standing"),
)


CALIBRATED = {
    "steady_deg": None,
    "axis_found": True,
    "axis_missing": [],
    "refused": None,
    "tries": 0,
}


def sensor(segment: str, **changes: object) -> Body:
    """Return a sensor of a RUN that is well."""
    return {
        "segment": segment,
        "name": "WT901BLE",
        "state": "streaming",
        "words": "streaming",
        "glyph": "ok",
        "rate_hz": 99.8,
        "asked_hz": 100.0,
        "battery_percent": 84.0,
        "battery_low": False,
        "rssi_dbm": -61,
        "received": 3000,
        "lost": 3,
        "lost_pct": 0.1,
        "fresh": True,
        "ready": True,
        "blocks": [],
        "warnings": [],
        **changes,
    }


def run_of(state: str, **changes: object) -> Body:
    """Return a RUN of a left leg raise."""
    return {
        "schema": 1,
        "number": 4,
        "state": state,
        "subject": "P-014",
        "test": "pslr",
        "title": PROTOCOL["title"],
        "side": "left",
        "examiner": "",
        "note": "",
        "virtual": True,
        "lender": "pelvis",
        "adds_up": True,
        "prompt": "Lift the straight leg slowly. (2 of 3)",
        "countdown_s": None,
        "counted": 1,
        "wanted": 3,
        "trial": 12,
        "elapsed_s": 32.0,
        "stored": True,
        "failure": None,
        "held": False,
        "gate": None,
        "sensors": [sensor("pelvis"), sensor("thigh_left")],
        "repetitions": [repetition(1)],
        "target": {"low_deg": 60.0, "high_deg": 75.0, "of": "hip", "label": "healthy adults"},
        "calibration": dict(CALIBRATED),
        "cues": [],
        "asks": None,
        "tap": None,
        "result": None,
        "error": None,
        "viewers": 1,
        **changes,
    }


def repetition(n: int, **changes: object) -> Body:
    """Return a repetition of a RUN."""
    angles = {"tot_deg": 78.4, "hip_deg": 66.2, "comp_deg": 12.2, "share_pct": 15.6}
    return {"n": n, **angles, "usable": True, "slipped": "", **changes}


def frame_of(**changes: object) -> Body:
    """Return a FRAME at the top of a repetition."""
    pulse = {"fresh": True, "rate_hz": 99.8, "lost": 3, "received": 3100}
    return {
        "t_s": 33.1,
        "elapsed_s": 33.1,
        "state": "move",
        "hip_deg": 64.3,
        "tot_deg": 76.0,
        "comp_deg": 11.7,
        "share_pct": 15.4,
        "pelvis_deg": -11.7,
        "thigh_deg": 76.0,
        "trunk_deg": None,
        "peak_hip_deg": 67.4,
        "peak_tot_deg": 79.0,
        "pelvis_moving": False,
        "countdown_s": None,
        "counted": 1,
        "wanted": 3,
        "at_start": False,
        "amiss": [],
        "still": False,
        "moving_deg": 6.0,
        "axis_found": True,
        "sensors": [{"segment": segment, **pulse} for segment in ("pelvis", "thigh_left")],
        **changes,
    }


def refused(status: int, reason: str, message: str) -> tuple[int, Body]:
    """Return an error's answer."""
    error = {"code": 5, "reason": reason, "message": message, "fields": {}}
    return status, {"schema": 1, "error": error}


class ScriptedPage:
    """One browser page whose server is this object.

    Attributes
    ----------
    run
        What runs: sent at connecting, and by `send_run`.
    asked
        Every request that changes something: method, path and body.
    answers
        What "METHOD path" answers, where that is not the usual.
    """

    def __init__(self, browser: Browser, run: Body | None = None, **context: Any) -> None:
        self.run = run or {**run_of("idle"), "subject": "", "test": "", "number": 0}
        self.asked: list[tuple[str, str, Body]] = []
        self.answers: dict[str, Answer] = {}
        self.errors: list[str] = []
        self._sockets: list[WebSocketRoute] = []
        self.context = browser.new_context(**{"viewport": SIZE, **context})
        self.page: Page = self.context.new_page()
        self.page.route("**/*", self._answer)
        self.page.route_web_socket("**/api/live", self._connected)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._console)

    def open(self, path: str) -> Page:
        """Show a path of the page and return it once it is drawn."""
        if self.page.url == "about:blank":
            self.page.goto(f"{ORIGIN}/#{path}")
        else:
            self.page.evaluate("path => { location.hash = path; }", path)
        self.page.wait_for_selector("main:not([aria-busy]) .view h1:not(.of-nowhere)")
        return self.page

    def begin_anew(self, run: Body) -> None:
        """Forget everything, as a page that is just loaded has, without loading it again."""
        if self.page.url == "about:blank":
            self.run = run
            return
        self.page.evaluate("() => { sessionStorage.clear(); localStorage.clear(); }")
        self.page.evaluate(NOWHERE)
        self.send_run(run)
        while self.page.evaluate(KNOWN) != run:
            self.page.wait_for_timeout(10)
        self.asked.clear()
        self.answers.clear()

    def sent(self, path: str, count: int = 1) -> list[Body]:
        """Return the bodies that were sent to a path, once there are so many."""
        for _ in range(200):
            if len(self.bodies(path)) >= count:
                break
            self.page.wait_for_timeout(25)
        return self.bodies(path)

    def send_run(self, run: Body) -> None:
        """Tell every socket a new state."""
        self.run = run
        self._send({"type": "state", "run": run})

    def send_frame(self, **changes: object) -> None:
        """Send one frame."""
        self._send({"type": "frame", **frame_of(**changes)})

    def bodies(self, path: str) -> list[Body]:
        """Return the bodies that were sent to a path."""
        return [body for _, to, body in self.asked if to == path]

    def close(self) -> None:
        """Close the page."""
        self.context.close()

    def check(self) -> None:
        """Fail if anything went wrong in the page."""
        errors = [*self.errors]
        self.errors.clear()
        assert not errors, errors

    def _console(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)

    def _connected(self, socket: WebSocketRoute) -> None:
        self._sockets.append(socket)
        socket.send(json.dumps({"type": "state", "run": self.run}))

    def _send(self, message: Body) -> None:
        for socket in self._sockets[-1:]:
            socket.send(json.dumps(message))

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).split("?")[0]
        if path == "/":
            route.fulfill(body=shell(), headers=_headers("text/html; charset=utf-8"))
        elif path.startswith("/static/"):
            self._static(route, path)
        else:
            self._api(route, path.removeprefix("/api"))

    def _static(self, route: Route, path: str) -> None:
        file = pages_folder() / path.removeprefix("/")
        if not file.is_file():
            route.fulfill(status=404, body="")
            return
        route.fulfill(body=file.read_bytes(), headers=_headers(MEDIA.get(Path(path).suffix, "")))

    def _api(self, route: Route, path: str) -> None:
        request = route.request
        body = json.loads(request.post_data or "{}")
        if request.method != "GET":
            self.asked.append((request.method, path, body))
        if path.endswith("drawing.svg"):
            route.fulfill(body=DRAWING, headers=_headers("image/svg+xml"))
            return
        answer = self.answers.get(f"{request.method} {path}", self._usual(path))
        status, told = answer(body) if callable(answer) else (200, answer)
        route.fulfill(status=status, body=json.dumps(told), headers=_headers("application/json"))

    def _usual(self, path: str) -> Body:
        known: dict[str, Body] = {
            "/status": STATUS | {"run": self.run},
            "/tests": {"schema": 1, "tests": list(TESTS), "unusable": []},
            "/tests/pslr": PROTOCOL,
            "/sensors": {"schema": 1, "job": None, "found": [], "assigned": [], "wanted": []},
        }
        return known.get(path, self.run)


STATUS: Final[Body] = {
    "schema": 1,
    "version": "0",
    "mode": "virtual",
    "scenario": "plain",
    "scenarios": ["plain"],
    "database": "demo.db",
    "intended_use": "A measuring aid.",
    "recording": None,
    "share": False,
}
NOWHERE: Final = """async () => {
  location.hash = "/nowhere";
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const heading = document.querySelector("main:not([aria-busy]) .view h1");
    if (heading?.textContent === "No such page") { heading.classList.add("of-nowhere"); return; }
  }
}"""
"""Leaves the view that is shown, and marks the one in its place."""
KNOWN: Final = "async () => (await import('/static/js/live.js')).run()"
DRAWING: Final = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 520 372'>"
    "<rect x='60' y='230' width='400' height='16'/><circle cx='120' cy='205' r='20'/></svg>"
)


def _headers(media: str) -> dict[str, str]:
    return {
        "content-type": media,
        "content-security-policy": SCREEN.text(ORIGIN),
    }
