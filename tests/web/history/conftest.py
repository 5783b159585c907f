from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium; skipped, with the reason, where it is not installed."""
    driver = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("no browser: chromium is not installed")
    with driver.sync_playwright() as running:
        found = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def loaded(browser: Any) -> Iterator[Any]:
    """One page for all tests of a module: to load it anew for each takes ten times as long."""
    from history_site import HistorySite

    page = HistorySite(browser)
    yield page
    page.close()


@pytest.fixture
def site(loaded: Any) -> Iterator[Callable[..., Any]]:
    """Give the page other answers; at the end it is checked for faults of its modules."""
    yield loaded.use
    loaded.check()


@pytest.fixture
def other_site(browser: Any) -> Iterator[Any]:
    """A page of its own, for what must be true while it is loaded."""
    from history_site import HistorySite

    page = HistorySite(browser)
    yield page
    page.close()
    page.check()
