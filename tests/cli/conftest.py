from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from collector.cli.main import main


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(capsys, monkeypatch, tmp_path) -> Callable[..., Ran]:
    """Run the command in this process, with a home of its own."""
    monkeypatch.setenv("HIPGONIO_DB", str(tmp_path / "home" / "hipgonio.db"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: object) -> Ran:
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return call


@pytest.fixture(autouse=True)
def demo_by_link(request, monkeypatch) -> None:
    """Let the demo take its simulated link, in a tenth of the time, but where asked for."""
    if "virtual_radio" not in request.fixturenames:
        monkeypatch.setattr("collector.cli.demo.has_virtual_radio", lambda: False)


@pytest.fixture
def virtual_radio() -> None:
    """Have the demo run on the virtual radio, as it does for users."""


@pytest.fixture
def db(tmp_path) -> Path:
    return tmp_path / "trials.db"
