"""A browser for the measuring pages, whose server is scripted; skipped where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser
from scripted_page import Body, ScriptedPage

Open = Callable[[Body], ScriptedPage]


@pytest.fixture(scope="module")
def loaded(chromium: Browser) -> Iterator[ScriptedPage]:
    """Return the one page of these tests: to load its modules anew for each takes too long."""
    site = ScriptedPage(chromium)
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
