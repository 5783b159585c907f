"""What a virtual sensor sent, so that what arrived can be held against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple


class Sent(NamedTuple):
    """One notification: when it was handed to the radio, its frames, and their running number.

    `first` counts every sample since the sensor was switched on, also those it measured while
    nobody listened. A reply or report holds no frame; `first` is -1 then.
    """

    t_s: float
    first: int
    frames: int
    payload: bytes


@dataclass(slots=True)
class Session:
    """One stretch of streaming, from a subscription or start to its end."""

    since_s: float
    until_s: float | None = None
    notifications: int = 0
    frames: int = 0


@dataclass(slots=True)
class Ledger:
    """Totals of one sensor, and its sessions; `rows` too where details are kept.

    `notifications` and `octets` count everything handed to the radio, `frames` whole data frames,
    `replies` answers and reports. `skipped` frames were measured between the first and the last
    one sent, but never handed over: nobody listened, or the sensor stalled. `delivered` and
    `dropped` ask the air what became of the packets.
    """

    details: bool = False
    notifications: int = 0
    frames: int = 0
    octets: int = 0
    replies: int = 0
    skipped: int = 0
    sessions: list[Session] = field(default_factory=list)
    rows: list[Sent] = field(default_factory=list)
    delivered: Callable[[], int] = field(default=lambda: 0, repr=False)
    dropped: Callable[[], int] = field(default=lambda: 0, repr=False)
    _next: int | None = field(default=None, repr=False)

    def open(self, t_s: float) -> None:
        """Begin a session, unless one is open."""
        if not self.streaming:
            self.sessions.append(Session(t_s))

    def close(self, t_s: float) -> None:
        """End the session that is open, if one is."""
        if self.streaming:
            self.sessions[-1].until_s = t_s

    @property
    def streaming(self) -> bool:
        """Whether a session is open."""
        return bool(self.sessions) and self.sessions[-1].until_s is None

    def sent(self, t_s: float, payload: bytes, *, frames: int, first: int, packets: int) -> None:
        """Enter data handed to the radio in so many packets."""
        self._enter(t_s, payload, frames, first, packets)
        self.frames += frames
        self.skipped += first - (first if self._next is None else self._next)
        self._next = first + frames
        if self.streaming:
            self.sessions[-1].notifications += packets
            self.sessions[-1].frames += frames

    def replied(self, t_s: float, payload: bytes, packets: int) -> None:
        """Enter an answer or a report."""
        self._enter(t_s, payload, 0, -1, packets)
        self.replies += 1

    def _enter(self, t_s: float, payload: bytes, frames: int, first: int, packets: int) -> None:
        self.notifications += packets
        self.octets += len(payload)
        if self.details:
            self.rows.append(Sent(t_s, first, frames, payload))
