from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from api_kit import Api, application, keep_all


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("api") / "kept.db"
    keep_all(path)
    return path


@pytest.fixture
def db(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(kept, tmp_path / "desk.db"))


@pytest.fixture
def api(db: Path) -> Api:
    return Api(application(db))
