from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from served import Clock, Screen, serve


@pytest.fixture(scope="session")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def running(clock: Clock) -> Iterator[Screen]:
    with serve(clock=clock) as screen:
        screen.sign_in().ask("GET", "/static/css/base.css")  # starts the thread that reads files
        screen.wait_until_left()
        yield screen


@pytest.fixture
def screen(running: Screen) -> Iterator[Screen]:
    """The guarded app on loopback, shared by code, in a browser that is not signed in."""
    yield replace(running, cookie="")
    running.wait_until_left()


@pytest.fixture
def serving() -> Iterator[Callable[..., Screen]]:
    """Serve with limits or TLS of one's own, until the test ends."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(serve(**options))
