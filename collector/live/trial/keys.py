"""Single keys from a terminal, without waiting for enter; the terminal is put back always."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final, Literal

Key = Literal["mark", "finish", "pain", "interrupt"]

KEYS: Final[dict[str, Key]] = {
    " ": "mark",
    "\r": "finish",
    "\n": "finish",
    "q": "finish",
    "Q": "finish",
    "p": "pain",
    "P": "pain",
    "\x03": "interrupt",
}
"""What a character means; any other means nothing."""

POLL_S: Final = 0.05
"""Windows tells nobody that a key was pressed: it is asked this often."""


@asynccontextmanager
async def keys(pressed: Callable[[Key], None]) -> AsyncIterator[bool]:
    """Call `pressed` for every key that means something, while inside.

    Yields whether there is a terminal to read from; without one nothing is ever pressed.
    """
    if not _is_terminal():
        yield False
    elif sys.platform == "win32":
        async with _polled(pressed):
            yield True
    else:
        async with _read(pressed):
            yield True


async def line(timeout_s: float) -> str:
    """Return a line that is typed at the terminal; empty if none comes in time."""
    try:
        async with asyncio.timeout(timeout_s):
            return (await _line()).strip()
    except TimeoutError:
        return ""


def _is_terminal() -> bool:
    try:
        return sys.stdin is not None and sys.stdin.isatty()
    except ValueError:  # closed
        return False


if sys.platform != "win32":
    import termios
    import tty

    async def _line() -> str:
        """Read what the terminal gives when enter was pressed."""
        number, loop = sys.stdin.fileno(), asyncio.get_running_loop()
        typed: asyncio.Future[bytes] = loop.create_future()

        def readable() -> None:
            loop.remove_reader(number)
            octets = b""
            with suppress(OSError):
                octets = os.read(number, 1024)
            if not typed.done():
                typed.set_result(octets)

        loop.add_reader(number, readable)
        try:
            return (await typed).decode(errors="replace")
        finally:
            loop.remove_reader(number)

    @asynccontextmanager
    async def _read(pressed: Callable[[Key], None]) -> AsyncIterator[None]:
        """Read characters as they are typed; Ctrl-C stays a signal."""
        number = sys.stdin.fileno()
        before = termios.tcgetattr(number)
        loop = asyncio.get_running_loop()

        def readable() -> None:
            octets = b""
            with suppress(OSError):
                octets = os.read(number, 64)
            if not octets:  # the terminal is gone
                loop.remove_reader(number)
            _heard(octets.decode(errors="replace"), pressed)

        tty.setcbreak(number)
        loop.add_reader(number, readable)
        try:
            yield
        finally:
            loop.remove_reader(number)
            with suppress(termios.error):
                termios.tcsetattr(number, termios.TCSADRAIN, before)


if sys.platform == "win32":
    import msvcrt

    async def _line() -> str:
        """Read a line; whoever gives up waiting leaves it to the next."""
        return await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)

    @asynccontextmanager
    async def _polled(pressed: Callable[[Key], None]) -> AsyncIterator[None]:
        """Ask for keys again and again."""
        task = asyncio.create_task(_poll(pressed), name="keys")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _poll(pressed: Callable[[Key], None]) -> None:
        while True:
            while msvcrt.kbhit():
                _heard(msvcrt.getwch(), pressed)
            await asyncio.sleep(POLL_S)


def _heard(text: str, pressed: Callable[[Key], None]) -> None:
    for character in text:
        if character in KEYS:
            pressed(KEYS[character])
