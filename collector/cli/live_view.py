"""What somebody with a leg in one hand sees of a live trial: a screen, or plain lines.

Everything here is talk, so it goes to standard error. Drawing happens in a thread: a terminal that
is stopped or slow delays the next picture and nothing else.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final, Protocol

from collector.cli import live_screen, output

if TYPE_CHECKING:
    from rich.live import Live

    from collector.live.trial.guide import Cue
    from collector.live.trial.parts import Snapshot

DRAW_EVERY_S: Final = 0.1
PROMPTS: Final = frozenset({"hold", "back", "amiss"})
"""Said on a screen alone: by the time somebody reads the line the leg is elsewhere."""
ON_SCREEN: Final = frozenset(
    {
        *("lean_forward", "lean_once_more", "lean_refused"),
        *("stand_still", "get_into_position", "keep_still", "move", "amiss", "settle"),
        *("waiting", "gate_open", "gate_refused"),
        *("free", "finished", "ended_early"),
    }
)
"""Cues that the screen shows as its prompt; the others stay below it for a while."""
REMEMBERED: Final = 4


class View(Protocol):
    """Somewhere to show a trial. Both methods are called from a thread, one at a time."""

    def tell(self, cue: Cue) -> None:
        """Say something."""
        ...

    def draw(self, snapshot: Snapshot) -> None:
        """Show the present state."""
        ...

    def close(self) -> None:
        """Put the terminal back."""
        ...


class PlainView:
    """Lines of text without control codes: one for every phase, repetition and mishap."""

    def tell(self, cue: Cue) -> None:
        """Print the cue, unless it is only a prompt."""
        if cue.code not in PROMPTS:
            output.say(cue.text)

    def draw(self, snapshot: Snapshot) -> None:
        """Draw nothing: a log has no present."""

    def close(self) -> None:
        """Have nothing to put back."""


class ScreenView:
    """A screen of its own that is drawn again and again; what stood there before comes back."""

    def __init__(self, title: str) -> None:
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True, highlight=False)
        self._title = title
        self._said: deque[str] = deque(maxlen=REMEMBERED)
        self._kept: list[str] = []
        self._live: Live = Live(console=console, auto_refresh=False, screen=True)

    def tell(self, cue: Cue) -> None:
        """Keep what the prompt does not say."""
        if cue.code in PROMPTS or cue.code in ON_SCREEN:
            return
        self._said.append(cue.text)
        self._kept.append(cue.text)

    def draw(self, snapshot: Snapshot) -> None:
        """Draw the screen."""
        self._live.start()  # does nothing the second time
        columns, rows = self._live.console.size
        picture = live_screen.screen(
            self._title, snapshot, tuple(self._said), rows=rows, columns=columns
        )
        self._live.update(picture, refresh=True)

    def close(self) -> None:
        """Leave the screen, and say what befell the trial."""
        self._live.stop()
        while self._kept:  # closed before a question and at the end: said once
            output.say(self._kept.pop(0))


def view_for(title: str) -> View:
    """Return a screen on a terminal, plain lines anywhere else."""
    return ScreenView(title) if _on_terminal() else PlainView()


def _on_terminal() -> bool:
    from rich.console import Console

    console = Console(stderr=True)
    return sys.stderr.isatty() and console.is_terminal and not console.is_dumb_terminal


class Showing:
    """Hands cues and snapshots to a view, in a thread, at its own pace.

    Parameters
    ----------
    view
        Where to show.
    wall_s
        Real seconds: also a trial in compressed time is drawn ten times a second, not faster.
    """

    def __init__(self, view: View, wall_s: Callable[[], float] = time.perf_counter) -> None:
        self._view = view
        self._wall_s = wall_s
        self._cues: deque[Cue] = deque()
        self._drawn_s = -DRAW_EVERY_S

    def cue(self, cue: Cue) -> None:
        """Take a cue; returns at once."""
        self._cues.append(cue)

    @asynccontextmanager
    async def of(self, snapshot: Callable[[], Snapshot]) -> AsyncIterator[None]:
        """Show while inside, and say what is left to say at the end."""
        ending = asyncio.Event()
        task = asyncio.create_task(self._show(snapshot, ending), name="view")
        try:
            yield
        finally:
            ending.set()
            await task

    async def close(self) -> None:
        """Put the terminal back; harmless where nothing was shown."""
        await self._in_thread(self._view.close)

    async def _show(self, snapshot: Callable[[], Snapshot], ending: asyncio.Event) -> None:
        while not ending.is_set():
            if self._cues or self._wall_s() - self._drawn_s >= DRAW_EVERY_S:
                await self._in_thread(self._shown, snapshot())
            try:
                async with asyncio.timeout(DRAW_EVERY_S):
                    await ending.wait()
            except TimeoutError:
                continue
        await self._in_thread(self._shown, snapshot())

    def _shown(self, snapshot: Snapshot) -> None:
        while self._cues:
            self._view.tell(self._cues.popleft())
        if self._wall_s() - self._drawn_s >= DRAW_EVERY_S:
            self._view.draw(snapshot)
            self._drawn_s = self._wall_s()

    async def _in_thread(self, work: Callable[..., None], *arguments: object) -> None:
        # A terminal that was closed takes no more: that must not keep a trial from being scored.
        with suppress(OSError):
            await asyncio.get_running_loop().run_in_executor(None, work, *arguments)
