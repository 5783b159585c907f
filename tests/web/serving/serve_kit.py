"""`hipgonio serve` as a process of its own, and somebody who is signed in to it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
from websockets.sync.client import connect

SCRIPT = "from collector.cli.script import script; script()"


@dataclass
class Served:
    """The process, what it said first, and a client that is in."""

    process: subprocess.Popen[str]
    said: dict
    client: httpx.Client

    @property
    def origin(self) -> str:
        return self.said["address"].split("/?")[0]

    def post(self, path: str, **body: object) -> httpx.Response:
        return self.client.post(f"/api/{path}", json=body)

    def messages(self) -> Iterator[dict]:
        """What a viewer gets, until the caller has seen enough."""
        cookie = "; ".join(f"{k}={v}" for k, v in self.client.cookies.items())
        with connect(
            f"{self.origin.replace('http', 'ws')}/api/live",
            origin=self.origin,
            additional_headers={"Cookie": cookie},
        ) as socket:
            for text in socket:
                yield json.loads(text)

    def until(self, state: str, *, counted: int = 0) -> dict:
        """Wait for a state of the run; begin the trial as soon as that is possible."""
        for message in self.messages():
            run = message.get("run", {})
            gate = run.get("gate") or {}
            if run.get("held") and gate.get("open"):
                self.post("trial/begin").raise_for_status()
            if run.get("state") == state and run["counted"] >= counted:
                return run
            assert run.get("state") != "failed", run
        raise AssertionError("the screen has gone")


@contextmanager
def served(db: Path, *words: str, err: int | IO[str] = subprocess.DEVNULL) -> Iterator[Served]:
    """Serve virtual sensors; the process is killed where the test has not ended it."""
    line = ["serve", "--no-browser", "--json", "--db", str(db), *words]
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *line], stdout=subprocess.PIPE, stderr=err, text=True
    ) as process:
        try:
            said = json.loads(process.stdout.readline())
            origin = said["address"].split("/?")[0]
            with httpx.Client(base_url=origin, headers={"Origin": origin}) as client:
                client.get(said["address"])
                yield Served(process, said, client)
        finally:
            process.kill()


def begun(screen: Served, repetitions: int = 2) -> Served:
    """Add somebody, and connect the sensors of a straight leg raise."""
    screen.post("subjects", code="S-0001").raise_for_status()
    wish = {"subject": "S-0001", "test": "pslr", "side": "left", "repetitions": repetitions}
    screen.post("trial", **wish).raise_for_status()
    return screen
