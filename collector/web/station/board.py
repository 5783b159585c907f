"""Where the engine hangs up what viewers read: the engine never waits, a slow viewer loses frames.

The engine runs on a thread of its own. It hands over text that is made once for all viewers; the
page's loop gives it to each of them. What is only of this moment (frames) may be dropped, the
newest state of the run and what was said may not.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from threading import Lock
from typing import Final, Self

from collector.live.trial.cues import Cue
from collector.web.station.state import Frame, Run

FRAMES_KEPT: Final = 3
"""A viewer that is later than this sees the newest frames, not the oldest."""
CUES_WAITING: Final = 64
"""What was said waits longer: it is short, and must be read."""


class Viewer:
    """One viewer's messages, as JSON text: iterate with ``async for``; it ends when closed.

    Attributes
    ----------
    dropped
        Frames that this viewer was too slow for.
    """

    def __init__(self, board: Board) -> None:
        self._board = board
        self._run: str | None = None
        self._cues: deque[str] = deque(maxlen=CUES_WAITING)
        self._frames: deque[str] = deque(maxlen=FRAMES_KEPT)
        self._news = asyncio.Event()
        self._closed = False
        self.dropped = 0

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        while True:
            if (text := self._next()) is not None:
                return text
            if self._closed:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_why: object) -> None:
        self.close()

    def close(self) -> None:
        """Take no more; what waits can still be read. Closing twice is harmless."""
        self._board.forget(self)
        self._closed = True
        self._news.set()

    def see_run(self, text: str) -> None:
        """Take the newest state: an older one that was not read yet is of no use any more."""
        self._run = text
        self._news.set()

    def hear(self, text: str) -> None:
        """Take what was said."""
        self._cues.append(text)
        self._news.set()

    def see_frame(self, text: str) -> None:
        """Take a frame; the oldest one makes room."""
        self.dropped += len(self._frames) == self._frames.maxlen
        self._frames.append(text)
        self._news.set()

    def _next(self) -> str | None:
        if self._run is not None:
            text, self._run = self._run, None
            return text
        if self._cues:
            return self._cues.popleft()
        return self._frames.popleft() if self._frames else None


Give = Callable[[Viewer, str], None]


class Board:
    """Holds the newest state of the run, and hands on everything; its methods take any thread.

    Viewers come and go on the loop that `open` was called on.
    """

    def __init__(self) -> None:
        self._run = Run()
        self._lock = Lock()
        self._viewers: set[Viewer] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def run(self) -> Run:
        """The newest state of the run."""
        with self._lock:
            return replace(self._run, viewers=len(self._viewers))

    def open(self) -> None:
        """Hand everything on by the running loop."""
        self._loop = asyncio.get_running_loop()

    def shut(self) -> None:
        """End every viewer's messages, and hand on nothing more."""
        self._loop = None
        for viewer in tuple(self._viewers):
            viewer.close()

    def view(self) -> Viewer:
        """Return a new viewer, who sees the state of the run first."""
        viewer = Viewer(self)
        self._viewers.add(viewer)
        viewer.see_run(state_text(self.run))
        return viewer

    def forget(self, viewer: Viewer) -> None:
        """Hand nothing more to a viewer."""
        self._viewers.discard(viewer)

    def post(self, run: Run) -> None:
        """Hang up a new state."""
        with self._lock:
            seq = self._run.seq
            if replace(run, seq=seq) == self._run:
                return
            self._run = replace(run, seq=seq + 1)
        self._spread(lambda viewer, text: viewer.see_run(text), state_text(self.run))

    def say(self, cue: Cue) -> None:
        """Hand on what was said."""
        text = json.dumps({"type": "cue", **asdict(cue)})
        self._spread(lambda viewer, text: viewer.hear(text), text)

    def show(self, frame: Frame) -> None:
        """Hand on a frame."""
        if self._viewers:
            text = json.dumps({"type": "frame", **asdict(frame)})
            self._spread(lambda viewer, text: viewer.see_frame(text), text)

    def _spread(self, give: Give, text: str) -> None:
        loop = self._loop
        if loop is None:
            return
        with suppress(RuntimeError):  # the page's loop has ended meanwhile
            loop.call_soon_threadsafe(self._give, give, text)

    def _give(self, give: Give, text: str) -> None:
        for viewer in tuple(self._viewers):
            give(viewer, text)


def state_text(run: Run) -> str:
    """Return a state of the run as a message."""
    return json.dumps({"type": "state", "run": asdict(run)})
