"""The pump of a virtual sensor: takes samples in advance and sends each when it is due."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from collector.simulate.stream import Block, SensorStream
from schemas.units import FloatArray

_BLOCK_S: Final = 4.0
"""How far ahead samples are taken: long enough to be cheap, and no second of it is ever binding."""


class Due(NamedTuple):
    """A notification that waits for its time."""

    t_s: float
    payload: bytes
    frames: int
    first: int


class Pump:
    """Sends what a stream measures, by the loop's own timers.

    Parameters
    ----------
    stream
        What measures.
    opened_s
        Loop time at which the stream's time is zero.
    encode
        Samples to frames.
    pack
        Output rate to frames in a notification.
    send
        Takes a notification that is due.
    """

    def __init__(
        self,
        stream: SensorStream,
        *,
        opened_s: float,
        encode: Callable[[Block], tuple[bytes, ...]],
        pack: Callable[[float], int],
        send: Callable[[Due], None],
    ) -> None:
        self._stream, self._opened_s = stream, opened_s
        self._encode, self._pack, self._send = encode, pack, send
        self._loop = asyncio.get_running_loop()
        self._due: deque[Due] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._later: dict[Callable[[], None], asyncio.TimerHandle] = {}
        self._sent_s = 0.0
        self._block: Block | None = None

    def latest(self, column: str) -> FloatArray | None:
        """Return the newest values of a column as sent, None where it sent none yet."""
        block = self._block
        values: FloatArray | None = getattr(block.samples, column) if block else None
        if block is None or values is None:
            return None
        row: FloatArray = values[max(0, int(np.searchsorted(block.t_s, self.now_s)) - 1)]
        return row

    @property
    def now_s(self) -> float:
        """The stream's time."""
        return self._loop.time() - self._opened_s

    @property
    def running(self) -> bool:
        """Whether anything is going to be sent."""
        return self._timer is not None

    def start(self, delay_s: float = 0.0) -> None:
        """Send what is measured from now (or so much later) on; started again, do nothing."""
        if not self.running:
            self._go_on_from(self.now_s + delay_s)

    def stop(self) -> None:
        """Send no more; what is not complete is forgotten."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        self._due.clear()

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Do something else later, unless closed before; asked again, only at the later time."""
        if action in self._later:
            self._later[action].cancel()
        self._later[action] = self._loop.call_later(seconds, action)

    def close(self) -> None:
        """Stop for good."""
        self.stop()
        for timer in self._later.values():
            timer.cancel()

    def pause(self, seconds: float) -> None:
        """Measure nothing for a while."""
        if self.running:
            self._go_on_from(self.now_s + seconds)

    def changed(self) -> None:
        """Forget what was taken in advance: something else holds from now on."""
        if self.running:
            self._go_on_from(self._sent_s)

    def set_rate(self, rate_hz: float) -> None:
        """Change the output rate from now on."""
        self._stream.set_rate(rate_hz, self.now_s)
        self.pause(0.0)

    def _go_on_from(self, t_s: float) -> None:
        self.stop()
        self._sent_s = t_s
        self._stream.skip_to(t_s)
        self._refill()
        self._wait()

    def _refill(self) -> None:
        pack = self._pack(self._stream.rate_hz)
        block = self._stream.take(pack * max(1, round(_BLOCK_S * self._stream.rate_hz / pack)))
        frames = self._encode(block)
        self._block = block
        for start in range(0, len(frames), pack):
            payload = b"".join(frames[start : start + pack])
            t_s = float(block.t_s[start + pack - 1])
            self._due.append(Due(t_s, payload, pack, block.first + start))

    def _wait(self) -> None:
        self._timer = self._loop.call_at(self._opened_s + self._due[0].t_s, self._fire)

    def _fire(self) -> None:
        due = self._due.popleft()
        self._sent_s = due.t_s
        if not self._due:
            self._refill()
        self._wait()
        self._send(due)  # last: it may stop the pump
