"""The history's pages in a browser whose server is a table of answers, with the real policy."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, Route

from collector.web.pages.shell import charts_folder, pages_folder, shell
from collector.web.safety.policy import SCREEN, document_policy

ORIGIN: Final = "http://history.test"
MEDIA: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

Body = dict[str, Any]
Answer = Body | str | Callable[[Body], tuple[int, Body]]


def brief(number: int, **changes: object) -> Body:
    """Return a trial as lists show it: a left leg raise, hip 67 of 90 degrees."""
    return {
        "id": number,
        "session": 1,
        "subject": "P-014",
        "utc": f"2026-11-{number:02}T10:00:00+00:00",
        "protocol": "pslr",
        "title": "Passive straight leg raise",
        "side": "left",
        "state": "closed",
        "state_reason": "",
        "grade": "A",
        "examiner": "",
        "note": "",
        "pain_nrs": None,
        "end_point": "",
        "tot_deg": 90.0,
        "hip_deg": 67.0,
        "comp_deg": 23.0,
        "share_pct": 25.6,
        **changes,
    }


def history_of(*trials: Body) -> Body:
    """Return one visit with these trials."""
    person = {"code": "P-014", "sex": "female", "birth_year": 1984, "created": trials[0]["utc"]}
    visit = {"session": 1, "utc": trials[0]["utc"], "note": "", "trials": list(trials)}
    return {"schema": 1, "subject": person, "visits": [visit]}


def full(trial: Body, remarks: list[Body] | None = None) -> Body:
    """Return a trial's page: two repetitions of ten seconds."""
    angles = {"tot_deg": 90.0, "hip_deg": 67.0, "comp_deg": 23.0, "share_pct": 25.6}
    repetitions: list[Body] = [
        {
            "n": n,
            "start_s": 20.0 * n - 15.0,
            "end_s": 20.0 * n - 5.0,
            "plateau_start_s": 20.0 * n - 11.0,
            "plateau_end_s": 20.0 * n - 9.0,
            "peak_only": False,
            "grade": "A",
            "reasons": [],
            **angles,
        }
        for n in (1, 2)
    ]
    made = {"trial": trial["id"], "reasons": [], "repetitions": repetitions, "sentences": []}
    counted = {"used": [1, 2], "consistent": True, "hip_ci95_deg": 1.2, "tot_ci95_deg": 1.5}
    return {
        "schema": 1,
        "trial": {**trial, **made, "set": counted, "extra": {}},
        "remarks": remarks or [],
        "before": [],
        "result_sentence": "Hip 67.0\u00b0.",
        "set_sentence": "Repetitions 1, 2 agree.",
        "grade_meaning": "nothing speaks against it",
        "target": None,
        "refusal": None,
    }


def curves(seconds: int = 40) -> Body:
    """Return forty seconds in which the hip goes up a degree a second, the pelvis stays."""
    times = [float(second) for second in range(seconds + 1)]
    spans = [
        {"n": 1, "start_s": 5.0, "end_s": 15.0, "plateau": [9.0, 11.0], "grade": "A"},
        {"n": 2, "start_s": 25.0, "end_s": 35.0, "plateau": None, "grade": "X"},
    ]
    return {
        "schema": 1,
        "t_s": times,
        "series": {"hip_deg": times, "pelvis_deg": [-5.5 for _ in times]},
        "repetitions": spans,
        "events": [{"t_s": 12.0, "kind": "mark", "text": ""}],
        "names": {"hip_deg": "hip", "pelvis_deg": "pelvis"},
    }


def course(measure: str = "hip", **changes: object) -> Body:
    """Return one number over two visits, the second not to be used."""
    points = [
        {"trial": 1, "utc": "2026-09-01T10:00:00Z", "value": 60.25, "usable": True, "grade": "A"},
        {"trial": 2, "utc": "2026-11-01T10:00:00Z", "value": 67.0, "usable": False, "grade": "X"},
    ]
    return {
        "protocol": "pslr",
        "title": "Passive straight leg raise",
        "side": "left",
        "measure": measure,
        "name": measure,
        "unit": "deg",
        "better": "up",
        "points": points,
        "mdc95": 8.5,
        "sem_source": "this site",
        "baseline": 60.25,
        "norm": {"low": 55.0, "high": 75.0, "label": "adults", "recalled": True},
        "since_last": {"text": "+6.8 within error", "label": "within_error"},
        "since_baseline": None,
        **changes,
    }


def refusal(status: int, message: str, **fields: str) -> tuple[int, Body]:
    """Return an error in the shape of all errors."""
    error = {"code": 2, "reason": "refused", "message": message, "fields": fields}
    return status, {"schema": 1, "error": error}


class HistorySite:
    """One page and what answers it: `answers` by "METHOD /path", `asked` what was sent.

    The page is loaded once and then moved by its address, as a person does: `use` begins anew.
    """

    def __init__(self, browser: Browser) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, Body]] = []
        self.charts = True
        self.errors: list[str] = []
        self._opened = 0
        self._context = browser.new_context(viewport={"width": 1024, "height": 768})
        self._context.set_default_timeout(5_000)
        self.page: Page = self._context.new_page()
        self.page.route("**/*", self._answer)
        self.page.route_web_socket("**/api/live", lambda _socket: None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def use(self, answers: dict[str, Answer]) -> HistorySite:
        """Answer with these from now on; what was asked and typed before is forgotten."""
        self.answers = {**USUAL, **answers}
        self.asked.clear()
        if self._opened:
            self.page.evaluate("sessionStorage.clear()")
        return self

    def open(self, path: str) -> Page:
        """Go to a path of the page and return it once its view is drawn."""
        self._opened += 1
        if self._opened == 1:
            self.page.goto(f"{ORIGIN}/#{path}")
        else:
            self.page.evaluate(LEAVE, f"{path}?{self._opened}")
        self.page.wait_for_selector("main:not([aria-busy]) h1")
        return self.page

    def close(self) -> None:
        """Close the page."""
        self._context.close()

    def check(self) -> None:
        """Raise where a module of the page threw."""
        assert not self.errors, self.errors

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).split("?")[0]
        if path == "/":
            route.fulfill(body=shell(), headers=_headers("text/html; charset=utf-8"))
        elif path.startswith("/static/"):
            self._file(route, path)
        else:
            self._api(route, path)

    def _file(self, route: Route, path: str) -> None:
        folder = charts_folder() if path.startswith("/static/uplot/") else None
        file = folder / Path(path).name if folder else pages_folder() / path.removeprefix("/")
        if not file.is_file() or (folder and not self.charts):
            route.fulfill(status=404, body="")
        else:
            route.fulfill(body=file.read_bytes(), headers=_headers(MEDIA[file.suffix]))

    def _api(self, route: Route, path: str) -> None:
        request = route.request
        sent: Body = json.loads(request.post_data or "{}")
        if request.method != "GET":
            self.asked.append((f"{request.method} {path}", sent))
        answer = self.answers.get(f"{request.method} {path}")
        if isinstance(answer, str):
            policy = document_policy(answer).text(ORIGIN)
            route.fulfill(
                body=answer,
                headers={"content-type": "text/html", "content-security-policy": policy},
            )
            return
        status, told = answer(sent) if callable(answer) else (200, answer)
        if told is None:
            status, told = refusal(404, f"There is nothing at {path}.")
        route.fulfill(status=status, body=json.dumps(told), headers=_headers("application/json"))


USUAL: Final[dict[str, Answer]] = {
    "GET /api/status": {"schema": 1, "run": {"state": "idle", "number": 0}},
    "GET /api/tests/pslr": {"schema": 1, "end_points": ["pain", "firm_resistance"]},
    "GET /api/trials/1/curves": curves(),
    "GET /api/trials/2/curves": curves(30),
}


LEAVE: Final = """path => {
    const main = document.getElementById("main");
    document.querySelectorAll("dialog").forEach((each) => each.close());
    main.replaceChildren();
    main.setAttribute("aria-busy", "true");
    location.hash = path;
}"""


def _headers(media: str) -> dict[str, str]:
    return {"content-type": media, "content-security-policy": SCREEN.text(ORIGIN)}
