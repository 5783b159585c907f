"""The movement so far on an even, slow grid, and the repetitions that are finished in it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from collector.live.angles.columns import Columns
from collector.live.angles.frame import LiveRepetition
from collector.live.angles.sensor_stream import SensorStream
from collector.motion.angles import angles_of
from collector.pipeline import extra_symbols
from collector.scoring.repetition import scene_of, score_repetition
from collector.scoring.segmentation import Span, find_spans
from collector.scoring.signals import Signals, signals_of
from schemas.calibration import SegmentCalibration
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
        self.repetitions = 0
        self.last_rep: LiveRepetition | None = None

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
        calibrations: Mapping[Segment, SegmentCalibration],
        ups: Mapping[Segment, FloatArray],
    ) -> Mapping[str, FloatArray]:
        """Return every channel at one time, from the up-vectors (1, 3) that are known then."""
        return self._angles(np.array([t_s]), ups, calibrations).deg

    def count(
        self, now_s: float, calibrations: Mapping[Segment, SegmentCalibration], version: int
    ) -> None:
        """Count the finished repetitions, now and then, and measure the last one."""
        protocol = self._protocol
        due = now_s - self._counted_at_s >= COUNT_EVERY_S
        if protocol is None or not due or len(self._grid) < GRID_HZ:
            return
        self._counted_at_s = now_s
        rows = slice(max(0, self._from - self._grid.dropped), None)
        ups: dict[Segment, FloatArray] = {s: self._grid[s][rows] for s in self._streams}
        angles = self._angles(self._grid["t_s"][rows], ups, calibrations)
        signals = signals_of(angles, protocol)
        if signals is None or not signals.valid.any():
            return
        found = find_spans(signals, protocol.gates)
        spans = _finished(signals, found)
        self.repetitions = self._settled + len(spans)
        if (self.repetitions, version) != self._counted:
            self._counted = (self.repetitions, version)
            self.last_rep = _measured(angles, protocol, signals, spans, before=self._settled)
        self._settle(len(signals.t_s), found)

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
        calibrations: Mapping[Segment, SegmentCalibration],
    ) -> Angles:
        mask = {segment: np.isfinite(up[:, 0]) for segment, up in ups.items()}
        return angles_of(
            Streams(t_s, GRID_HZ, ups, {}, mask),
            calibrations,
            side=self._side,
            position=self._protocol.position if self._protocol else None,
            extra=self._extra,
        )


def _finished(signals: Signals, spans: Sequence[Span]) -> list[Span]:
    """Leave out the repetition that is still under way: its end is only the newest sample."""
    newest_s = signals.t_s[signals.valid][-1] - SETTLED_S
    return [span for span in spans if signals.t_s[span.end] <= newest_s]


def _measured(
    angles: Angles, protocol: Protocol, signals: Signals, spans: Sequence[Span], *, before: int
) -> LiveRepetition | None:
    if not spans:
        return None
    scene = scene_of(angles, protocol, signals, findings=(), clock_bound_s=0.0)
    one, _ = score_repetition(scene, spans[-1], before + len(spans))
    return LiveRepetition(one.n, one.tot_deg, one.hip_deg, one.comp_deg, one.share_pct)
