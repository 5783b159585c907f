from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("HIPGONIO_DATA", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The real recordings; a test that needs them carries the mark `data`."""
    if not DATA.is_dir():
        pytest.skip(f"no recordings at {DATA}: set HIPGONIO_DATA")
    return DATA
