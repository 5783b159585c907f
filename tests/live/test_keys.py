from __future__ import annotations

import asyncio
import io
import os
import sys

import pytest

from collector.live.trial.interrupts import interrupts
from collector.live.trial.keys import keys

if sys.platform == "win32":
    pytest.skip("terminals are another thing there", allow_module_level=True)

import pty
import signal
import termios


@pytest.fixture
def terminal(monkeypatch):
    """A terminal to type into; its other end is this process's standard input."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, closefd=True) as file:
        monkeypatch.setattr(sys, "stdin", file)
        yield ours
    os.close(ours)


async def typed(terminal: int, text: bytes) -> list[str]:
    heard: list[str] = []
    async with keys(heard.append) as there:
        assert there
        os.write(terminal, text)
        async with asyncio.timeout(5):
            while len(heard) < len([c for c in text if c in b" \nqQ"]):
                await asyncio.sleep(0.01)
    return heard


def test_single_keys_are_heard_without_enter(terminal):
    assert asyncio.run(typed(terminal, b" xq \n")) == ["mark", "finish", "mark", "finish"]


def test_the_terminal_is_put_back_even_after_a_defect(terminal):
    before = termios.tcgetattr(sys.stdin.fileno())

    async def broken() -> None:
        async with keys(lambda _key: None):
            assert termios.tcgetattr(sys.stdin.fileno()) != before
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(broken())
    assert termios.tcgetattr(sys.stdin.fileno()) == before


def test_without_a_terminal_nothing_is_ever_pressed(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("q\n"))

    async def body() -> bool:
        async with keys(lambda _key: pytest.fail("nobody typed")) as there:
            await asyncio.sleep(0.01)
            return there

    assert not asyncio.run(body())


def test_the_first_interrupt_is_heard_and_the_second_one_ends():
    heard: list[str] = []

    async def body() -> None:
        with interrupts(lambda: heard.append("first")):
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(0)
            await asyncio.sleep(0.01)
            assert heard == ["first"]
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(1)

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(body())


def test_afterwards_interrupts_do_what_they_did():
    before = signal.getsignal(signal.SIGINT)

    async def body() -> None:
        inside = signal.getsignal(signal.SIGINT)
        with interrupts(lambda: None):
            assert signal.getsignal(signal.SIGINT) is not inside
        assert signal.getsignal(signal.SIGINT) is inside

    asyncio.run(body())
    assert signal.getsignal(signal.SIGINT) is before


@pytest.fixture
def plainly_started():
    """Not as a child of `nohup`, which ignores its terminal's end."""
    before = {n: signal.signal(n, signal.SIG_DFL) for n in (signal.SIGHUP, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


async def raised(*numbers: signal.Signals) -> list[str]:
    heard: list[str] = []
    with interrupts(lambda: heard.append("ended")):
        for number in numbers:
            signal.raise_signal(number)
            await asyncio.sleep(0.01)
    return heard


@pytest.mark.usefixtures("plainly_started")
def test_a_closed_terminal_ends_in_order_though_it_is_told_twice():
    assert asyncio.run(raised(signal.SIGHUP, signal.SIGHUP)) == ["ended"]


@pytest.mark.usefixtures("plainly_started")
def test_a_request_to_end_is_heard_like_ctrl_c():
    assert asyncio.run(raised(signal.SIGTERM)) == ["ended"]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


@pytest.mark.usefixtures("plainly_started")
def test_a_program_told_to_outlive_its_terminal_does():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    assert asyncio.run(raised(signal.SIGHUP)) == []
