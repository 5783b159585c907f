"""How regularly a sensor is heard: rate, spacing, jitter and silence over the last seconds."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from statistics import median
from typing import Final

from schemas.units import US_PER_S

WINDOW_US: Final = 5 * US_PER_S
BURST_US: Final = 5_000
"""Notifications closer than this came in one connection event: their spacing says nothing."""
_FEWEST: Final = 3


class Pulse:
    """Arrivals of one sensor's notifications.

    Attributes
    ----------
    last_us
        When the last one came, None before the first.
    frame_bytes
        Bytes of one sample; the rate in samples is known once this is.
    copies, beats
        Notifications with the bytes of the one before, and all, since `recount`.
    """

    def __init__(self) -> None:
        self._arrivals: deque[tuple[int, int]] = deque()
        self._spacings: list[int] | None = None
        self._spacing_us: float | None = None
        self._last_payload = b""
        self.last_us: int | None = None
        self.frame_bytes: float | None = None
        self.copies = 0
        self.beats = 0

    def beat(self, t_us: int, payload: bytes) -> bool:
        """Note an arrival; say whether it is a copy of the one before."""
        self._arrivals.append((t_us, len(payload)))
        while self._arrivals[0][0] < t_us - WINDOW_US:
            self._arrivals.popleft()
        self._spacings = None
        copy = payload == self._last_payload
        self._last_payload = payload
        self.last_us = t_us
        self.beats += 1
        self.copies += copy
        return copy

    def restart(self) -> None:
        """Begin anew, as after a reconnect; `last_us` stays."""
        self._arrivals.clear()
        self._spacings = None
        self._last_payload = b""
        self.recount()

    def recount(self) -> None:
        """Count copies anew."""
        self.copies = self.beats = 0

    def silence_s(self, now_us: int) -> float:
        """Return how long nothing has come."""
        return 0.0 if self.last_us is None else (now_us - self.last_us) / US_PER_S

    def rate_hz(self, now_us: int) -> float | None:
        """Return samples in a second. What came in the first connection event was sent earlier."""
        if self.frame_bytes is None or len(self._arrivals) < _FEWEST:
            return None
        first_us = self._arrivals[0][0]
        last_us = self._arrivals[-1][0]
        spacing_s = self.spacing_s
        if spacing_s is not None and now_us - last_us > 2 * spacing_s * US_PER_S:
            last_us = now_us  # silence is part of the rate
        octets = sum(size for t_us, size in self._arrivals if t_us >= first_us + BURST_US)
        spent_us = last_us - first_us
        return octets / self.frame_bytes * US_PER_S / spent_us if spent_us > 0 else None

    @property
    def spacing_s(self) -> float | None:
        """The usual time between two connection events with notifications."""
        self._spacings_us()
        return None if self._spacing_us is None else self._spacing_us / US_PER_S

    @property
    def jitter_s(self) -> float | None:
        """How far from the usual spacing nine of ten stay."""
        spacings = self._spacings_us()
        if len(spacings) < _FEWEST:
            return None
        middle = median(spacings)
        off = sorted(abs(spacing - middle) for spacing in spacings)
        return off[int(0.9 * (len(off) - 1))] / US_PER_S

    def max_silence_s(self, now_us: int) -> float | None:
        """Return the longest silence, the present one included."""
        if self.last_us is None:
            return None
        return max([*self._spacings_us(), now_us - self.last_us]) / US_PER_S

    def _spacings_us(self) -> list[int]:
        """Return what lies between connection events; worked out once for every arrival at most."""
        if self._spacings is None:
            times = [t_us for t_us, _ in self._arrivals]
            steps = (later - t_us for t_us, later in pairwise(times))
            self._spacings = [step for step in steps if step >= BURST_US]
            self._spacing_us = median(self._spacings) if self._spacings else None
        return self._spacings
