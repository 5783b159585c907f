"""The movement so far on an even, slow grid, and the repetitions that are finished in it."""

from __future__ import annotations

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
        self._counted: tuple[int, int] = (0, -1)
        self.repetitions = 0
        self.last_rep: LiveRepetition | None = None

    def extend(self, until_s: float) -> None:
        """Add the grid times up to `until_s`, where all sensors that deliver have data."""
        if self._next_s is None or until_s - self._next_s > LONGEST_TICK_S:
            self._next_s = np.ceil(until_s * GRID_HZ) / GRID_HZ
        count = int((until_s - self._next_s) * GRID_HZ) + 1
        if until_s < self._next_s or count < 1:
            return
        times_s = self._next_s + np.arange(count) / GRID_HZ
        self._next_s = float(times_s[-1]) + 1.0 / GRID_HZ
        ups = {segment: stream.up_at(times_s) for segment, stream in self._streams.items()}
        self._grid.append(t_s=times_s, **ups)

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
        ups: dict[Segment, FloatArray] = {s: self._grid[s] for s in self._streams}
        angles = self._angles(self._grid["t_s"], ups, calibrations)
        signals = signals_of(angles, protocol)
        if signals is None or not signals.valid.any():
            return
        spans = _finished(signals, find_spans(signals, protocol.gates))
        self.repetitions = len(spans)
        if (len(spans), version) != self._counted:
            self._counted = (len(spans), version)
            self.last_rep = _measured(angles, protocol, signals, spans)

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
    angles: Angles, protocol: Protocol, signals: Signals, spans: Sequence[Span]
) -> LiveRepetition | None:
    if not spans:
        return None
    scene = scene_of(angles, protocol, signals, findings=(), clock_bound_s=0.0)
    one, _ = score_repetition(scene, spans[-1], len(spans))
    return LiveRepetition(one.n, one.tot_deg, one.hip_deg, one.comp_deg, one.share_pct)
