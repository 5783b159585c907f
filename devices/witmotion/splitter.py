"""Walk a WitMotion byte stream from frame to frame, in runs of frames rather than one by one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from devices.stream import EMPTY, Stream
from devices.witmotion.frames import (
    DATA,
    DATA_WORD,
    LONG,
    OLDEST_YEAR,
    REPLY_WORD,
    SHORT,
    HeaderWords,
    Run,
    calendars,
    find_header,
    headers_at,
    headers_in_step,
    is_header,
    valid,
)
from schemas.samples import Counters

_FIRST_WINDOW = 1 << 30


@dataclass(eq=False, slots=True)
class Found:
    """What one pass found in `stream`: runs of data frames, byte offsets of replies, trouble.

    `aligned` says that every notification held whole data frames and nothing else.
    """

    stream: Stream
    aligned: bool = False
    runs: list[Run] = field(default_factory=list)
    replies: list[int] = field(default_factory=list)
    counters: Counters = field(default_factory=Counters)


class Splitter:
    """Finds the frames of one connection, keeping what is incomplete for the next call.

    `spacing` is how far apart data frames lie: 20 or 28 bytes, or None until the connection has
    shown it. Until then one frame waits for the header behind it; afterwards none does.
    At most 29 bytes are kept.
    """

    __slots__ = ("_at", "_final", "_found", "_searching", "_starts", "_window", "spacing", "tail")

    def __init__(self) -> None:
        self.spacing: int | None = None
        self.tail = EMPTY
        self._searching = False

    def push(self, stream: Stream, *, final: bool = False) -> Found:
        """Split the bytes kept and `stream`; `final` says that no byte will follow."""
        if not final and self._is_aligned(stream):
            return self._all(stream)
        self._begin(self.tail + stream, final=final)
        found = self._found
        data = found.stream.data
        while len(data) - self._at >= 2 and self._step(data):
            pass
        if final and self._at < len(data):
            self._drop(len(data), damaged=is_header(data, self._at))
        self.tail = found.stream.after(self._at)
        return found

    def _is_aligned(self, stream: Stream) -> bool:
        """Whether nothing is pending and `stream` is whole data frames, at least two."""
        size = self.spacing or SHORT
        count, rest = divmod(len(stream.data), size)
        return (
            count > 1
            and not rest
            and not self.tail.data
            and not (stream.length % size).any()
            and self._are_data(stream.data, size, count)
        )

    @staticmethod
    def _are_data(data: bytes, size: int, count: int) -> bool:
        words = headers_in_step(data, 0, size, count)
        return len(words) == count and bool((words == DATA_WORD).all())

    def _all(self, stream: Stream) -> Found:
        self.spacing = self.spacing or SHORT
        self._searching = False
        run = Run(0, len(stream.data) // self.spacing, self.spacing)
        return Found(stream, aligned=True, runs=[run])

    def _begin(self, stream: Stream, *, final: bool) -> None:
        self._found = Found(stream)
        self._starts = stream.ends() - stream.length
        self._at = 0
        self._final = final
        self._window = _FIRST_WINDOW

    def _step(self, data: bytes) -> bool:
        """Advance over one run, reply or hole; False when it takes more bytes to do so."""
        if not is_header(data, self._at):
            return self._search(data)
        self._searching = False
        if data[self._at + 1] != DATA[1]:
            return self._reply(data)
        if self.spacing is None:
            return self._undecided(data)
        return self._run(data, self.spacing)

    def _search(self, data: bytes) -> bool:
        if not self._searching:
            self._found.counters += Counters(resyncs=1)
        self._searching = True
        self._drop(find_header(data, self._at))
        return True

    def _reply(self, data: bytes) -> bool:
        if self._cut_short(SHORT):
            return True
        if len(data) - self._at < SHORT:
            return False
        self._found.replies.append(self._at)
        self._at += SHORT
        return True

    def _undecided(self, data: bytes) -> bool:
        """Learn the spacing from the header behind this frame, or take the frame alone."""
        if self._cut_short(SHORT):
            return True
        available = len(data) - self._at
        if is_header(data, self._at + SHORT):
            self.spacing = SHORT
        elif available < LONG + 2 and not self._final:
            return False
        elif self._has_calendar(data) and is_header(data, self._at + LONG):
            self.spacing = LONG
        elif available < SHORT:
            return False
        else:  # trouble lies behind it: a clock that can be true is no garbage
            size = LONG if self._has_calendar(data, OLDEST_YEAR) else SHORT
            self._take_data(self._at, self._at + size, size)
            self._at += size
        return True

    def _run(self, data: bytes, size: int) -> bool:
        words = headers_in_step(data, self._at, size, self._window)
        self._window = 4 * self._window if len(words) == self._window else 2 * len(words) + 16
        cut = self._first_cut(size, len(words))
        if cut is not None:
            words = words[: (cut - self._at) // size]
        if len(words):
            self._take(words, size)
            return True
        if cut is None:
            return self._refuse(data, size)
        self._drop(cut, damaged=True)
        return True

    def _refuse(self, data: bytes, size: int) -> bool:
        """Drop a long frame whose calendar is impossible; False if it is merely incomplete."""
        if len(data) - self._at < size:
            return False
        if is_header(data, self._at + SHORT):
            self.spacing = None
        self._searching = True
        self._drop(find_header(data, self._at + 2), damaged=True)
        return True

    def _take(self, words: HeaderWords, size: int) -> None:
        """Take frames in step, data and replies apart."""
        start = self._at
        self._at += len(words) * size
        for reply in np.flatnonzero(words == REPLY_WORD).tolist():
            at = self._at + (reply - len(words)) * size
            self._take_data(start, at, size)
            self._found.replies.append(at)
            start = at + size
        self._take_data(start, self._at, size)

    def _take_data(self, start: int, end: int, size: int) -> None:
        if start < end:
            self._found.runs.append(Run(start, (end - start) // size, size))

    def _drop(self, end: int, *, damaged: bool = False) -> None:
        self._found.counters += Counters(damaged=int(damaged), skipped_bytes=end - self._at)
        self._at = end

    def _cut_short(self, size: int) -> bool:
        """Drop the frame here if a later notification begins inside it: its end was lost."""
        cut = self._first_cut(size, 1)
        if cut is not None:
            self._drop(cut, damaged=True)
        return cut is not None

    def _first_cut(self, size: int, count: int) -> int | None:
        """Return where a notification of whole frames first begins out of step, or None."""
        span = slice(
            *np.searchsorted(self._starts, (self._at + 1, self._at + max(count, 1) * size))
        )
        starts, length = self._starts[span], self._found.stream.length[span]
        odd = starts[((starts - self._at) % size != 0) & (length % size == 0) & (length > 0)]
        cuts = odd[headers_at(self._found.stream.data, odd)] if odd.size else odd
        return int(cuts[0]) if cuts.size else None

    def _has_calendar(self, data: bytes, oldest_year: int = 0) -> bool:
        if len(data) - self._at < LONG:
            return False
        return bool(valid(calendars(data, self._at), oldest_year)[0])
