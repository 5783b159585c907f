from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("HIPGONIO_DATA", ROOT.parent / "shared" / "data"))


def pytest_configure() -> None:
    """Hear Ctrl-C: what a script starts in the background is born deaf to it, children included."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ["HIPGONIO_CONFIG"] = str(ROOT / "tests" / "no own files")  # not the developer's


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The real recordings; a test that needs them carries the mark `data`."""
    if not DATA.is_dir():
        pytest.skip(f"no recordings at {DATA}: set HIPGONIO_DATA")
    return DATA


@pytest.fixture(autouse=True)
def nothing_left_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail every test that leaves a task, a thread, a connection or a file open."""
    tasks: list[asyncio.Task[object]] = []
    cancel_all = asyncio.runners._cancel_all_tasks

    def noting(loop: asyncio.AbstractEventLoop) -> None:
        tasks.extend(asyncio.all_tasks(loop))
        cancel_all(loop)

    monkeypatch.setattr(asyncio.runners, "_cancel_all_tasks", noting)
    threads, files = set(threading.enumerate()), _open_files()
    yield
    assert not tasks, f"tasks left running: {tasks}"
    assert not set(threading.enumerate()) - threads, "a thread was left running"
    if _open_files() - files:
        gc.collect()
    left = _open_files() - files
    assert not left, f"left open: {left}"


def _open_files() -> set[tuple[str, str]]:
    """What this process has open, by number and name; nothing where the system does not tell."""
    folder = Path("/proc/self/fd")
    found = set()
    for entry in folder.iterdir() if folder.is_dir() else ():
        try:
            target = str(entry.readlink())
        except FileNotFoundError:  # the listing itself
            continue
        if not target.startswith("/dev/"):
            found.add((entry.name, target))
    return found
