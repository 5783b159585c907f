from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from trial_kit import Ran, Watched, ran

from collector.links.virtual import world as world_module


@pytest.fixture(autouse=True)
def no_sensor_left_connected(monkeypatch) -> Iterator[None]:
    """Watch every world, and fail the test after which a sensor still has a connection."""
    monkeypatch.setattr(world_module, "World", Watched)
    monkeypatch.setattr(Watched, "change", {})
    Watched.opened.clear()
    yield
    for world in Watched.opened:
        assert world.left_connected == (), "a sensor was left connected"
    Watched.opened.clear()


@pytest.fixture
def db(tmp_path) -> Path:
    return tmp_path / "trials.db"


@pytest.fixture
def hipgonio(capsys, monkeypatch, tmp_path, db) -> Callable[..., Ran]:
    """Run the command in this process; `change` alters what a scenario says of every sensor."""
    monkeypatch.setenv("HIPGONIO_DB", str(tmp_path / "home" / "hipgonio.db"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: object, into: Path = db, **change: object) -> Ran:
        monkeypatch.setattr(Watched, "change", change)
        return ran(words, capsys, into)

    return run
