"""One sensor's part of a live trial: bytes in, up-vectors on session time kept for a while."""

from __future__ import annotations

import math
from collections import deque
from typing import Final

import numpy as np

from collector.live.angles.clocks import LiveClock
from collector.live.angles.columns import Columns
from collector.live.angles.live_tilt import TiltStream, source_of
from collector.live.angles.slowed import Slowed
from collector.motion.quaternion import normalized
from collector.motion.rows import scaled
from collector.motion.sweep import Sweep
from devices.registry import profile
from schemas.chunk import Chunk, Notification
from schemas.motion import ClockFit, Tilt
from schemas.recording import SensorUse
from schemas.samples import Counters, Reply, Samples
from schemas.units import DEG_PER_RAD, US_PER_S, FloatArray

MOST_PENDING: Final = 4096
"""Notifications that wait for a tick; then they are decoded where they came."""

REPLIES: Final = 200

_KEPT: Final = {"t_s": 1, "segment": 1, "up": 3, "arrival_us": 1}
_OPTIONAL: Final = {"acc_m_s2": 3, "gyr_rad_s": 3, "quat_wxyz": 4, "euler_rad": 3}


class SensorStream:
    """Decodes, times and tilts one sensor's notifications as they come.

    `keep_s` is how much is surely kept. What is decoded in a tick is what came since the last.
    """

    def __init__(self, use: SensorUse, *, keep_s: float) -> None:
        family = profile(use.profile_id)
        self.use = use
        self._decoder = family.decoder(use.mode)
        self._pending: list[Notification] = []
        self._nominal_hz = use.nominal_rate_hz or family.default_rate_hz
        self.latency_allowance_s = family.latency_allowance_s
        self.clock = LiveClock(
            kind=use.clock, nominal_rate_hz=use.nominal_rate_hz, rates_hz=(self._nominal_hz,)
        )
        self._keep = int(keep_s * max(self._nominal_hz, 1.0))
        self._tilt: TiltStream | None = None
        self._rows: Columns | None = None
        self._slow: Slowed | None = None
        self.replies: deque[Reply] = deque(maxlen=REPLIES)
        self.last_arrival_us: int | None = None
        self.received = 0
        self.notifications = 0

    @property
    def counters(self) -> Counters:
        """What the decoder saw."""
        return self._decoder.counters

    @property
    def rows(self) -> Columns | None:
        """`t_s segment up arrival_us` and what the sensor sends, kept; None before samples."""
        return self._rows

    @property
    def seen_s(self) -> float:
        """How long it has been sending."""
        return self.received / self.clock.rate_hz

    @property
    def last_s(self) -> float | None:
        """Session time of the newest sample."""
        return float(self._rows["t_s"][-1]) if self._rows else None

    def put(self, notification: Notification) -> None:
        """Take a notification; it is decoded with the next `advance`."""
        self._pending.append(notification)
        if len(self._pending) >= MOST_PENDING:
            self.advance()

    def reconnected(self) -> None:
        """Drop the partial frame and begin a new clock segment behind what came so far."""
        self.advance()
        self._take(self._decoder.finish().samples)
        self._decoder.reset()
        self.clock.new_segment()

    def advance(self) -> None:
        """Decode, time and tilt what came since the last call."""
        if not self._pending:
            return
        incoming = [n for n in self._pending if not n.outgoing]
        self.notifications += len(incoming)
        if incoming:
            self.last_arrival_us = incoming[-1].t_us
        decoded = self._decoder.feed(Chunk.of(self._pending))
        self._pending = []
        self.replies.extend(decoded.replies)
        self._take(decoded.samples)

    def _take(self, samples: Samples) -> None:
        if not len(samples):
            return
        self.received += len(samples)
        t_s, segment = self.clock.feed(samples)
        rate_hz = self.clock.rate_hz
        if self._tilt is None:
            source = source_of(samples)
            if source is None:
                return
            self._tilt = TiltStream(source, self._nominal_hz, self.use.acc_calibration)
            names = {n: w for n, w in _OPTIONAL.items() if getattr(samples, n) is not None}
            self._rows = Columns(_KEPT | names, keep=self._keep)
            self._slow = Slowed(names, self._nominal_hz)
        assert self._rows is not None
        up = self._tilt.feed(samples, t_s, segment, rate_hz)
        blocks = {name: _column(samples, name) for name in _OPTIONAL if name in self._rows.names}
        blocks |= {"t_s": t_s, "segment": segment.astype(np.float64), "up": up}
        arrival_us = np.asarray(samples.arrival_us, dtype=np.float64)
        self._rows.append(arrival_us=arrival_us, **blocks)

    # -- what others read ----------------------------------------------------------------------

    @property
    def source(self) -> str | None:
        """Where the inclination comes from, once there is any."""
        return self._tilt.source if self._tilt else None

    def is_fresh(self, now_us: int) -> bool:
        """Tell whether the sensor still delivers."""
        last_us = self.last_arrival_us
        return self._rows is not None and last_us is not None and now_us - last_us <= self._stale_us

    @property
    def _stale_us(self) -> float:
        """A silence that no connection explains: three notifications, and at least 0.3 s."""
        share = self.received / max(self.notifications, 1)
        return US_PER_S * max(0.3, 3.0 * share / self.clock.rate_hz)

    def recent(self, seconds: float) -> slice:
        """Return the rows of the last seconds."""
        assert self._rows is not None
        t_s = self._rows["t_s"]
        return slice(int(t_s.searchsorted(t_s[-1] - seconds)), len(t_s))

    def up_at(self, times_s: FloatArray) -> FloatArray:
        """Return up-vectors at these times, (M, 3): straight between neighbors, NaN elsewhere."""
        if self._rows is None:
            return np.full((len(times_s), 3), np.nan)
        t_s, segment, up = self._rows["t_s"], self._rows["segment"], self._rows["up"]
        at = t_s.searchsorted(times_s)
        after = np.minimum(at, len(t_s) - 1)
        before = np.maximum(after - 1, 0)
        first_s = t_s[before]
        step_s = np.maximum(t_s[after] - first_s, 1e-9)
        weight = np.minimum((times_s - first_s) / step_s, 1.0)
        weight[(at == len(t_s)) | (times_s < t_s[0])] = np.nan
        weight[(segment[before] != segment[after]) & (weight < 1.0)] = np.nan
        rows = up[before]
        return normalized(rows + scaled(up[after] - rows, weight))

    def tilt(self) -> Tilt | None:
        """Return all that is kept as one tilt, filter `live`."""
        if self._rows is None or self._tilt is None:
            return None
        up = self._rows["up"]
        source = self._tilt.source
        return Tilt(
            t_s=self._rows["t_s"],
            up=up,
            quat_wxyz=self._rows["quat_wxyz"] if source == "vendor_quaternion" else None,
            valid=np.isfinite(up @ np.ones(3)),
            source=source,
            filter="live" if source == "vqf" else None,
        )

    def samples(self) -> Samples:
        """Return what is kept of the samples themselves."""
        rows = self._rows
        if rows is None:
            return Samples(arrival_us=np.zeros(0, dtype=np.int64))
        sent = {name: rows[name] for name in _OPTIONAL if name in rows.names}
        return Samples(arrival_us=rows["arrival_us"].astype(np.int64), **sent)

    def clock_fit(self, bound_s: float) -> ClockFit:
        """Return the provisional clock as the stages of the stored way take it."""
        rows, clock = self._rows, self.clock
        t_s = np.zeros(0) if rows is None else rows["t_s"]
        segment = np.zeros(0) if rows is None else rows["segment"]
        return ClockFit(
            t_s=t_s,
            segment=(segment - segment[:1].sum()).astype(np.int64),
            rate_hz=clock.rate_hz,
            lost=clock.lost,
            lost_uncertainty=0,
            gaps=tuple(clock.gaps),
            stalls=0,
            bound_s=bound_s,
            residual_s=float("nan"),
        )

    def sweep(self, since_s: float = -math.inf, until_s: float = math.inf) -> Sweep | None:
        """Return the movement between, slowed down, as the search for the axis takes it."""
        if self._rows is None or self._slow is None:
            return None
        return self._slow.sweep(self._rows, self.clock.rate_hz, since_s, until_s)

    def movement(self, seconds: float) -> tuple[float, float]:
        """Return how far gravity wandered over the last seconds in the sensor, in degrees.

        And the mean rate of turn, degrees a second; 0 where none is sent.
        """
        rows = self._rows
        assert rows is not None
        recent = self.recent(seconds)
        up = rows["up"][recent]
        wandered = np.fmax.reduce(up, axis=0) - np.fmin.reduce(up, axis=0)
        moving_deg = math.hypot(*wandered.tolist()) * DEG_PER_RAD
        if not math.isfinite(moving_deg):  # nothing is known
            moving_deg = 180.0
        if "gyr_rad_s" not in rows.names:
            return moving_deg, 0.0
        rates = np.add.reduce(rows["gyr_rad_s"][recent], axis=0) / len(up)
        return moving_deg, math.hypot(*rates.tolist()) * DEG_PER_RAD


def _column(samples: Samples, name: str) -> FloatArray:
    """Return a column, NaN where this block came without it."""
    values: FloatArray | None = getattr(samples, name)
    return np.full((len(samples), _OPTIONAL[name]), np.nan) if values is None else values
