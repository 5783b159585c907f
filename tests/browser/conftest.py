from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

pytest.importorskip("playwright")

from axe_check import grave_faults
from chromium import MISSING, Errors, chromium, chromium_path, looking
from kept_visits import keep_visits
from playwright.sync_api import Browser, BrowserContext, Page
from practice import Kept, Practice, signed_in
from screen_process import Screen, screen

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium_path() is None:
        pytest.skip(MISSING)
    with chromium() as started:  # per module: its loop must not run beside other rooms' tests
        yield started


@pytest.fixture
def errors() -> Iterator[Errors]:
    """What the pages of a test complained of: nothing, or the test fails."""
    heard = Errors()
    yield heard
    assert not heard, f"the page complained: {heard}"


@pytest.fixture
def window(browser: Browser, errors: Errors) -> Iterator[Callable[..., BrowserContext]]:
    """Make browser windows that know nothing of each other."""
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(looking(browser, errors, **how))


@pytest.fixture
def page(window: Callable[..., BrowserContext]) -> Page:
    return window().new_page()


@pytest.fixture
def serve(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Screen]]:
    """Start a screen of its own; options are those of `hipgonio serve`."""
    with ExitStack() as stack:
        yield lambda *options, **how: stack.enter_context(screen(tmp_path, *options, **how))


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A screen with some weeks of visits behind it, which every test may look at."""
    folder = tmp_path_factory.mktemp("practice")
    keep_visits(folder / "trials.db")
    with screen(folder) as started:
        yield signed_in(started)


@pytest.fixture
def kept(window: Callable[..., BrowserContext], practice: Practice) -> Kept:
    """A browser window that is let in to the practice."""
    return Kept(window(storage_state=practice.state).new_page(), practice.origin)


@pytest.fixture
def axe() -> Iterator[Callable[[Page, str], None]]:
    """Look at a page with axe-core; what is grave on any page of a test is told at its end."""
    found: list[str] = []
    yield lambda page, name: found.extend(grave_faults(page, name))
    assert not found, "\n".join(found)
