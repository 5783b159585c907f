"""One sensor's clock while it streams: a session time for every sample at once, provisional.

The rules are those of `docs/clocks.md`, judged from what has come so far: a late burst changes
nothing, what never comes back is a loss. See decision 0904.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Sequence
from typing import Final

import numpy as np

from collector.live.angles.batches import Batches
from collector.live.angles.envelope import LiveEnvelope
from collector.motion.clock.device import JUMP_S, PLAUSIBLE_PPM
from collector.motion.clock.rates import FASTER, PLAUSIBLE
from collector.motion.clock.timeline import SMALLEST_STEP_S
from schemas.motion import Gap
from schemas.recording import ClockKind
from schemas.samples import Samples
from schemas.units import US_PER_S, BoolArray, FloatArray, IntArray

CONFIRM_S: Final = 0.5
"""A deficit that stays for so long is a loss."""

LONG_S: Final = 1.5
"""One that stays for so long is, even if it changes meanwhile: losses come in crowds."""

STEADY: Final = 0.6
"""A deficit that varies by more of a notification is a backlog being worked off."""

TOLERANCE: Final = 0.25
"""How far below a whole notification the deficit may stay."""

DOUBT_S: Final = 20.0
"""Until then a loss is taken back if an arrival proves that nothing was lost."""

GAPS: Final = 1000
"""Gaps that are remembered; the newest ones."""


class LiveClock:
    """Session times for the samples of one sensor, block by block; never raises.

    Parameters
    ----------
    kind
        Where time comes from, see `ClockKind`. Without device time, `arrival` is used.
    nominal_rate_hz
        What the sensor was asked for; None: the first of `rates_hz` is where the search begins.
    rates_hz
        Rates that the device offers.

    Attributes
    ----------
    lost
        Samples that were sent, by all that is known now, and did not come.
    segment
        The clock segment of the next sample.
    gaps
        Where samples are missing, at provisional times.
    """

    def __init__(
        self, *, kind: ClockKind, nominal_rate_hz: float | None, rates_hz: Sequence[float] = ()
    ) -> None:
        self._kind = kind
        guess_hz = nominal_rate_hz or next(iter(rates_hz), 100.0)
        self._period_s = 1.0 / guess_hz
        self._known = nominal_rate_hz is not None
        slopes = (1.0 - FASTER, 1.0 + PLAUSIBLE) if nominal_rate_hz else (0.05, 20.0)
        if kind == "device":
            slopes = (1.0 - PLAUSIBLE_PPM, 1.0 + PLAUSIBLE_PPM)
        self._envelope = LiveEnvelope(slopes)
        self._batches = Batches()
        self._count = 0
        self._shift = 0
        self._doubts: deque[tuple[float, int]] = deque()
        self._last_s: float | None = None
        self._last_device_s: float | None = None
        self._last_y_s: float | None = None
        self._broken = False
        self.lost = 0
        self.segment = 0
        self.gaps: deque[Gap] = deque(maxlen=GAPS)

    @property
    def rate_hz(self) -> float:
        """The sampling rate, as far as it is known."""
        stretch = 1.0 if self._kind == "device" else self._envelope.slope
        return 1.0 / (self._period_s * stretch)

    @property
    def batch(self) -> int:
        """How many samples come together, and are lost together."""
        return self._batches.size

    def new_segment(self) -> None:
        """Begin anew behind a reconnect: the count says nothing across it, the rate is kept."""
        self._broken = self._last_s is not None

    def feed(self, samples: Samples) -> tuple[FloatArray, IntArray]:
        """Return session time and clock segment of every sample, (N,) each.

        Times never go back, nor stand still, from one call to the next.
        """
        if not len(samples):
            return np.zeros(0), np.zeros(0, dtype=np.int64)
        y_s = np.maximum.accumulate(samples.arrival_us) / US_PER_S
        if self._last_y_s is not None:
            y_s = np.maximum(y_s, self._last_y_s)
        device_s = samples.device_time_s
        if self._kind == "arrival" or device_s is None:
            t_s, segment = self._counted(y_s)
        else:
            t_s, segment = self._ticked(device_s, y_s)
        self._last_y_s = float(y_s[-1])
        t_s = _behind(t_s, self._last_s)
        self._last_s = float(t_s[-1])
        return t_s, segment

    # -- no clock in the sensor: the count is the clock ---------------------------------------

    def _counted(self, y_s: FloatArray) -> tuple[FloatArray, IntArray]:
        if self._broken:
            self._envelope.restart()
            self._doubts.clear()
        self._batches.note(y_s)
        count = np.arange(self._count, self._count + len(y_s), dtype=np.float64)
        self._count += len(y_s)
        self._take_back(count, y_s)
        line = self._envelope.add((count + self._shift) * self._period_s, y_s)
        if added := self._confirmed(float(y_s[-1])):
            assert self._envelope.line is not None
            line = self._envelope.line
        t_s = line.at((count + self._shift) * self._period_s)
        if self._broken:
            self._break(float(t_s[0]))
        elif added:
            self._gap(float(t_s[0]), added)
        return t_s, np.full(len(y_s), self.segment, dtype=np.int64)

    def _confirmed(self, now_s: float) -> int:
        """Return how many samples are lost now that were not before: the deficit stays."""
        step_s = self.batch / self.rate_hz
        deficit_s = self._deficit_s(step_s)
        if deficit_s < (1.0 - TOLERANCE) * step_s:
            return 0
        added = self.batch * int(deficit_s / step_s + TOLERANCE)
        self._shift += added
        self.lost += added
        self._doubts.append((now_s, added))
        self._envelope.shift_since(CONFIRM_S, added * self._period_s)
        return added

    def _deficit_s(self, step_s: float) -> float:
        """Return how late everything is that came just now; 0 while a backlog still shrinks."""
        if not self._known and not self._envelope.settled:
            return 0.0
        just_now = self._envelope.recent_s(CONFIRM_S)
        if just_now is not None and just_now[1] - just_now[0] < STEADY * step_s:
            return just_now[0]
        longer = self._envelope.recent_s(LONG_S)
        return longer[0] if longer is not None else 0.0

    def _take_back(self, count: FloatArray, y_s: FloatArray) -> None:
        """Forget losses that an arrival disproves: it came earlier than it can have been sent."""
        while self._doubts and self._doubts[0][0] < float(y_s[0]) - DOUBT_S:
            self._doubts.popleft()
        line = self._envelope.line
        if not self._doubts or line is None:
            return
        early_s = -float((y_s - line.at((count + self._shift) * self._period_s)).min())
        while self._doubts and early_s > 0.6 * self.batch / self.rate_hz:
            since_s, added = self._doubts.pop()
            self._shift -= added
            self.lost -= added
            early_s -= added / self.rate_hz
            self._envelope.forget_since(since_s - CONFIRM_S)

    # -- the sensor says when -----------------------------------------------------------------

    def _ticked(self, device_s: FloatArray, y_s: FloatArray) -> tuple[FloatArray, IntArray]:
        first_s = device_s[0] if self._last_device_s is None else self._last_device_s
        first_y_s = y_s[0] if self._last_y_s is None else self._last_y_s
        steps = np.diff(device_s, prepend=first_s)
        passed = np.diff(y_s, prepend=first_y_s)
        self._last_device_s = float(device_s[-1])
        restart: BoolArray = (steps < 0) | (steps > passed + JUMP_S)
        if self._broken:
            restart[0] |= steps[0] < passed[0] - JUMP_S
        if self._kind == "shared":
            return self._stepped(device_s, steps)
        edges = sorted({0, *np.flatnonzero(restart).tolist(), len(y_s)})
        parts = [
            self._ticked_part(device_s[i:j], y_s[i:j], steps[i:j], anew=bool(restart[i]))
            for i, j in itertools.pairwise(edges)
        ]
        times, segments = zip(*parts, strict=True)
        return np.concatenate(times), np.concatenate(segments)

    def _ticked_part(
        self, device_s: FloatArray, y_s: FloatArray, steps: FloatArray, *, anew: bool
    ) -> tuple[FloatArray, IntArray]:
        if anew:
            self._envelope.restart()
        line = self._envelope.add(device_s, y_s)
        t_s = line.at(device_s)
        if not anew:
            return self._stepped(t_s, steps)
        if self._broken:
            self._break(float(t_s[0]))
        else:
            self.segment += 1
        steps = steps.copy()
        steps[0] = 0.0
        return self._stepped(t_s, steps)

    def _stepped(self, t_s: FloatArray, steps: FloatArray) -> tuple[FloatArray, IntArray]:
        """Count what is missing by the sensor's own steps."""
        missing = np.maximum(np.rint(steps / self._period_s).astype(np.int64), 1) - 1
        broken = missing > 0
        broken[0] |= self._broken
        self._broken = False
        for row in np.flatnonzero(broken).tolist():
            before_s = float(t_s[row - 1]) if row else self._last_s
            if before_s is not None and missing[row]:
                self.gaps.append(Gap(before_s, float(t_s[row]), int(missing[row])))
        self.lost += int(missing.sum())
        segment = self.segment + np.cumsum(broken)
        self.segment = int(segment[-1])
        return t_s, segment

    # -- both ---------------------------------------------------------------------------------

    def _break(self, first_s: float) -> None:
        """Count what a lost connection cost: the time that passed, at the rate."""
        assert self._last_s is not None
        missing = max(0, round((first_s - self._last_s) * self.rate_hz) - 1)
        self._broken = False
        self.lost += missing
        self._gap(first_s, missing)

    def _gap(self, end_s: float, samples: int) -> None:
        self.segment += 1
        if self._last_s is not None and samples:
            self.gaps.append(Gap(self._last_s, max(end_s, self._last_s), samples))


def _behind(t_s: FloatArray, last_s: float | None) -> FloatArray:
    """Move samples that would not lie behind the one before just behind it."""
    ramp = np.arange(1, len(t_s) + 1) * SMALLEST_STEP_S
    floor_s = -np.inf if last_s is None else last_s
    return np.asarray(np.maximum.accumulate(np.maximum(t_s - ramp, floor_s)) + ramp)
