from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from trial_kit import Ran, ran


@pytest.fixture
def db(tmp_path) -> Path:
    return tmp_path / "trials.db"


@pytest.fixture
def hipgonio(db) -> Callable[..., Ran]:
    """Run the command; `change` alters what a scenario says of its sensors (`Watched.change`)."""

    def run(*words: object, into: Path = db, **change: object) -> Ran:
        return ran(words, into, **change)

    return run
