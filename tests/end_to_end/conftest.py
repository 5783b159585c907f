from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from trial_kit import Ran, ran

HERE = Path(__file__).parent
LAST = HERE / "test_two_hours.py"
PATIENCE_S = 1200.0
BESIDE = pytest.StashKey["tuple[subprocess.Popen[bytes], Path]"]()
"""The two hours that run beside the other tests, and their folder."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the two hours' own tests be the last: by then they have passed."""
    items.sort(key=lambda item: item.path == LAST)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin the two hours if anybody is going to ask for them."""
    wanted = any(item.path == LAST for item in session.items)
    if not wanted or session.config.option.collectonly or not Path("/proc/self/statm").exists():
        return
    folder = Path(tempfile.mkdtemp(prefix="two-hours-"))
    words = [sys.executable, str(HERE / "two_hours.py"), folder / "report.json", folder / "two.db"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=quiet)
    session.config.stash[BESIDE] = (process, folder)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if BESIDE in session.config.stash:
        process, folder = session.config.stash[BESIDE]
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def two_hours(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What two hours of recording came to."""
    if BESIDE not in request.config.stash:
        pytest.skip("this system does not tell a process's memory")
    process, folder = request.config.stash[BESIDE]
    assert process.wait(PATIENCE_S) == 0
    return json.loads((folder / "report.json").read_text())


@pytest.fixture
def db(tmp_path) -> Path:
    return tmp_path / "trials.db"


@pytest.fixture
def hipgonio(db) -> Callable[..., Ran]:
    """Run the command; `change` alters what a scenario says of its sensors (`Watched.change`)."""

    def run(*words: object, into: Path = db, **change: object) -> Ran:
        return ran(words, into, **change)

    return run
