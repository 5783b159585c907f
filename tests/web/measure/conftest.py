"""A browser for the measuring pages, whose server is scripted; skipped where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from scripted_page import Body, ScriptedPage

Open = Callable[[Body], ScriptedPage]


@pytest.fixture(scope="module")
def measuring_browser() -> Iterator[Browser]:
    """Return a running Chromium."""
    path = os.environ.get("HIPGONIO_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("no browser: chromium is not installed")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def loaded(measuring_browser: Browser) -> Iterator[ScriptedPage]:
    """Return the one page of these tests: to load its modules anew for each takes too long."""
    site = ScriptedPage(measuring_browser)
    yield site
    site.close()


@pytest.fixture
def scripted(loaded: ScriptedPage) -> Iterator[Open]:
    """Return a way to a page on which a run is under way; its errors fail the test."""

    def script(run: Body) -> ScriptedPage:
        loaded.begin_anew(run)
        return loaded

    yield script
    loaded.check()
