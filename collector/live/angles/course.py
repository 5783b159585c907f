"""The movement so far on an even, slow grid, and the repetitions that are finished in it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from collector.asked import extra_symbols, off_planes
from collector.live.angles.columns import Columns
from collector.live.angles.frame import LiveRepetition
from collector.live.angles.sensor_stream import SensorStream
from collector.live.angles.wearing import LiveWearing
from collector.motion.angles import angles_of
from collector.scoring.reasons import Finding
from collector.scoring.repetition import score_repetition
from collector.scoring.scene import scene_of
from collector.scoring.segmentation import Span, find_spans
from collector.scoring.signals import Signals, signals_of
from collector.scoring.slip import slips
from schemas.motion import Angles, Streams
from schemas.protocol import Protocol
from schemas.segments import Segment, Side
from schemas.units import FloatArray

GRID_HZ: Final = 25.0
COUNT_EVERY_S: Final = 0.5
SETTLED_S: Final = 0.3
"""A repetition is finished when the rest behind it has lasted this long."""

WINDOW_S: Final = 60.0
"""So much is surely looked at, and up to twice as much; what was counted before stays counted."""

LONGEST_TICK_S: Final = 2.0
"""A pause longer than this is left out of the grid: nothing was measured."""


class LiveCourse:
    """All sensors' up-vectors on one grid, masked where a sensor has no data.

    Parameters
    ----------
    streams, side, protocol
        Every sensor's data, the tested side, and the test (None: nothing is counted).
    keep_s
        How much of the course is surely kept.
    """

    def __init__(
        self,
        streams: Mapping[Segment, SensorStream],
        side: Side | None,
        protocol: Protocol | None,
        *,
        keep_s: float,
    ) -> None:
        self._streams = streams
        self._side = side
        self._protocol = protocol
        self._extra = extra_symbols(protocol)
        widths: dict[str, int] = {"t_s": 1, **dict.fromkeys(streams, 3)}
        self._grid = Columns(widths, keep=int(keep_s * GRID_HZ))
        self._next_s: float | None = None
        self._counted_at_s = -np.inf
        self._from = 0
        self._settled = 0
        self._counted: tuple[int, int] = (0, -1)
        self._begins_s: float | None = None
        self._planes = off_planes(protocol)
        self.repetitions = 0
        self.done: tuple[LiveRepetition, ...] = ()

    @property
    def last_rep(self) -> LiveRepetition | None:
        """The repetition that was finished last."""
        return self.done[-1] if self.done else None

    def begin(self, t_s: float) -> None:
        """Count no repetition that began before."""
        self._begins_s = t_s
        self._counted = (0, -1)

    def extend(self, until_s: float) -> dict[Segment, FloatArray]:
        """Add the grid times up to `until_s`, where all sensors that deliver have data.

        Returns every sensor's up-vector at `until_s` itself, (1, 3), NaN where it has none.
        """
        grid_s = self._due(until_s)
        times_s = np.append(grid_s, until_s)
        ups = {segment: stream.up_at(times_s) for segment, stream in self._streams.items()}
        if len(grid_s):
            self._grid.append(t_s=grid_s, **{segment: up[:-1] for segment, up in ups.items()})
        return {segment: up[-1:] for segment, up in ups.items()}

    def _due(self, until_s: float) -> FloatArray:
        """Return the grid times that have not been yet."""
        if self._next_s is None or until_s - self._next_s > LONGEST_TICK_S:
            self._next_s = math.ceil(until_s * GRID_HZ) / GRID_HZ
        count = math.floor((until_s - self._next_s) * GRID_HZ) + 1
        times_s = self._next_s + np.arange(max(0, count)) / GRID_HZ
        if count > 0:
            self._next_s = float(times_s[-1]) + 1.0 / GRID_HZ
        return times_s

    def angles_at(
        self,
        t_s: float,
        wearing: LiveWearing,
        ups: Mapping[Segment, FloatArray],
    ) -> Mapping[str, FloatArray]:
        """Return every channel at one time, from the up-vectors (1, 3) that are known then."""
        return self._angles(np.array([t_s]), ups, wearing).deg

    def count(self, now_s: float, wearing: LiveWearing) -> None:
        """Count the finished repetitions, now and then, and measure the last one."""
        protocol = self._protocol
        due = now_s - self._counted_at_s >= COUNT_EVERY_S
        if protocol is None or not due or len(self._grid) < GRID_HZ:
            return
        self._counted_at_s = now_s
        rows = slice(max(0, self._from - self._grid.dropped), None)
        ups: dict[Segment, FloatArray] = {s: self._grid[s][rows] for s in self._streams}
        angles = self._angles(self._grid["t_s"][rows], ups, wearing)
        signals = signals_of(angles, protocol)
        if signals is None or not signals.valid.any():
            return
        found = find_spans(signals, protocol.gates, begin_s=self._begins_s)
        spans = _finished(signals, found)
        self.repetitions = self._settled + len(spans)
        if (self.repetitions, wearing.version) != self._counted:
            self._counted = (self.repetitions, wearing.version)
            self._measure(angles, signals, spans)
        self._settle(len(signals.t_s), found)

    def _measure(self, angles: Angles, signals: Signals, spans: Sequence[Span]) -> None:
        """Measure all repetitions anew: a better axis changes the earlier ones, too."""
        before = self.done[: self._settled]
        made = _measured(
            angles, self._protocol, signals, spans, before=len(before), side=self._side
        )
        self.done = (*before, *made)

    def _settle(self, length: int, spans: Sequence[Span]) -> None:
        """Look no more at what is long over: a tick must not take longer as a trial goes on."""
        if length < 2 * WINDOW_S * GRID_HZ:
            return
        recent = length - int(WINDOW_S * GRID_HZ)
        long_over = [span for span in spans if span.end < recent]
        self._settled += len(long_over)
        starts = [span.start for span in spans[len(long_over) :]]
        first = long_over[-1].end if long_over else min([recent, *starts])
        self._from = max(self._from, self._grid.dropped) + first

    def _angles(
        self,
        t_s: FloatArray,
        ups: Mapping[Segment, FloatArray],
        wearing: LiveWearing,
    ) -> Angles:
        mask = {segment: np.isfinite(up[:, 0]) for segment, up in ups.items()}
        return angles_of(
            Streams(t_s, GRID_HZ, ups, {}, mask),
            wearing.calibrations,
            side=self._side,
            position=self._protocol.position if self._protocol else None,
            zero=wearing.zero,
            extra=self._extra,
            planes=self._planes,
        )


def _finished(signals: Signals, spans: Sequence[Span]) -> list[Span]:
    """Leave out the repetition that is still under way: its end is only the newest sample."""
    newest_s = signals.t_s[signals.valid][-1] - SETTLED_S
    return [span for span in spans if signals.t_s[span.end] <= newest_s]


def _measured(
    angles: Angles,
    protocol: Protocol | None,
    signals: Signals,
    spans: Sequence[Span],
    *,
    before: int,
    side: Side | None,
) -> Iterator[LiveRepetition]:
    if protocol is None or not spans:
        return
    scene = scene_of(angles, protocol, signals, findings=(), clock_bound_s=0.0)
    moved = _slips(angles, protocol, spans, side)
    for n, (span, slip) in enumerate(zip(spans, moved, strict=True), start=before + 1):
        one, _ = score_repetition(scene, span, n, also=slip)
        yield LiveRepetition(
            one.n,
            one.tot_deg,
            one.hip_deg,
            one.comp_deg,
            one.share_pct,
            usable=one.grade != "X" and one.tot_deg is not None,
            slipped=" ".join(found.reason.sentence for found in slip),
        )


def _slips(
    angles: Angles, protocol: Protocol, spans: Sequence[Span], side: Side | None
) -> list[tuple[Finding, ...]]:
    """Return which sensor sat elsewhere before each repetition.

    Told live only where the body comes back to the reference pose. Elsewhere the first rest is
    compared, and what is on the grid before the first repetition may still be somebody standing.
    """
    pose = protocol.reference
    if not pose.returns or pose.zero != "reference":
        return [() for _ in spans]
    return slips(angles, protocol, spans, side)
