from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def loaded(chromium: Any) -> Iterator[Any]:
    """One page for all tests of a module: to load it anew for each takes ten times as long."""
    from history_site import HistorySite

    page = HistorySite(chromium)
    yield page
    page.close()


@pytest.fixture
def site(loaded: Any) -> Iterator[Callable[..., Any]]:
    """Give the page other answers; at the end it is checked for faults of its modules."""
    yield loaded.use
    loaded.check()


@pytest.fixture
def other_site(chromium: Any) -> Iterator[Any]:
    """A page of its own, for what must be true while it is loaded."""
    from history_site import HistorySite

    page = HistorySite(chromium)
    yield page
    page.close()
    page.check()
