"""A browser for the tests of the page's modules; without one they are skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, for one module: while it runs, no test can have an event loop."""
    playwright = pytest.importorskip("playwright.sync_api")
    path = os.environ.get("HIPGONIO_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium on this computer")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
