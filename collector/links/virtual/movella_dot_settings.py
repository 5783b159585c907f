"""What a virtual Movella DOT is set to: rate, tag, filter, heading, and what it says of itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from collector.simulate.stream import SensorStream
from devices.movella_dot.commands import RATES_HZ
from devices.movella_dot.values import control, message
from schemas.units import FloatArray

_TAG, _RATE, _FILTER = 1 << 3, 1 << 4, 1 << 5
_IDENTIFY: Final = 1 << 0

_RESET: Final = b"\x01\x00"
_REVERT: Final = b"\x07\x00"
_DEFAULT: Final = b"\x08\x00"

_ANSWERS: Final = {
    message(1, b"\x02"): message(1, b"\x01\x06\x02"),
    message(2, b"\x08"): message(2, b"\x51\x09"),
    message(2, b"\x02"): message(2, b"\x50\x00"),
}
"""Recording state: idle; synchronization state: not synchronized; synchronization stopped."""


def answer_to(question: bytes) -> bytes:
    """Return the answer to a message, empty for one that it does not know."""
    return _ANSWERS.get(question, b"")


@dataclass(slots=True)
class Settings:
    """The control characteristic."""

    tag: str
    rate_hz: int = 60
    filter_index: int = 0
    identified: int = 0

    def as_bytes(self) -> bytes:
        """Return what a read gives."""
        return control(tag=self.tag, rate_hz=self.rate_hz, filter_index=self.filter_index)

    def take(self, payload: bytes, *, streaming: bool) -> None:
        """Take over what the first byte marks as meant; while streaming the rate stays."""
        visit = payload[0]
        rate_hz = int.from_bytes(payload[24:26], "little")
        if visit & _IDENTIFY:
            self.identified += 1
        if visit & _TAG:
            self.tag = payload[8 : 8 + payload[7]].decode("ascii", "replace")
        if visit & _RATE and not streaming and rate_hz in RATES_HZ.values():
            self.rate_hz = rate_hz
        if visit & _FILTER:
            self.filter_index = payload[26]


class Heading:
    """Its zero of heading: reset while it streams orientation, and reverted before another reset.

    Attributes
    ----------
    result
        What reading the outcome gives: 1 for done.
    """

    def __init__(self, stream: SensorStream, latest: Callable[[str], FloatArray | None]) -> None:
        self._stream, self._latest = stream, latest
        self._last = _DEFAULT
        self.result = 1

    def as_bytes(self) -> bytes:
        """Return the last command that was done."""
        return self._last

    def take(self, command: bytes, *, streaming: bool) -> None:
        """Do a command if it can be done."""
        heading_rad = self._heading_rad()
        if command == _RESET:
            done = streaming and self._last != _RESET and heading_rad is not None
        else:
            done, heading_rad = command in (_REVERT, _DEFAULT), 0.0
        self.result = int(done)
        if done and heading_rad is not None:
            self._last = command
            self._stream.heading_rad = heading_rad

    def forget(self) -> None:
        """Be as after power-on."""
        self._last, self.result = _DEFAULT, 1
        self._stream.heading_rad = 0.0

    def _heading_rad(self) -> float | None:
        quat, euler = self._latest("quat_wxyz"), self._latest("euler_rad")
        if quat is not None:
            w, x, y, z = quat.tolist()
            return math.atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))
        return None if euler is None else float(euler[2])
