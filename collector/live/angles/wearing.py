"""How every sensor sits, as far as the movement has shown: zero at once, left when it is clear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from collector.live.angles.sensor_stream import SensorStream
from collector.motion.calibrate import Reference, named_axis, reference_pose
from collector.motion.sweep import SMALL, FirstMovement, Sweep, sweep_axis
from schemas.calibration import SegmentCalibration, Vector
from schemas.errors import InputError
from schemas.recording import Window
from schemas.segments import Segment
from schemas.units import FloatArray

FIND_EVERY_S: Final = 0.25
IMPROVE_EVERY_S: Final = 1.0
"""How often an axis is looked for, and looked at again once it is found."""

IMPROVE_SHARE: Final = 0.05
IMPROVE_AT_LEAST_S: Final = 15.0
"""Later it is looked at again when there is so much more of the movement, and after so long."""

SAME: Final = 1.0 - 1e-7
"""Cosine of 0.03 degrees: an axis that moved by less is the same, and nothing is measured anew."""

SLACK_S: Final = 0.5
"""A reference may end so much behind a sensor's newest sample: it is still on its way."""


class LiveWearing:
    """Zero and mediolateral axis of every sensor, provisional.

    Parameters
    ----------
    streams
        Every sensor's data, by segment.
    first_pelvis_movement
        As in the protocol; None: nobody said.
    """

    def __init__(
        self,
        streams: Mapping[Segment, SensorStream],
        first_pelvis_movement: FirstMovement | None,
    ) -> None:
        self._streams = streams
        self._first = first_pelvis_movement
        self._zero: dict[Segment, Reference] = {}
        self._due_s: dict[Segment, float] = {}
        self.calibrations: dict[Segment, SegmentCalibration] = {}
        self.referenced = False
        self.version = 0

    def set_reference(self, window: Window) -> None:
        """Take this pose as zero, for every sensor.

        Raises
        ------
        InputError
            `window_outside`, `reference_empty` or `reference_moving`, naming the segment; what
            was zero before still is.
        """
        zero = {s: _pose(stream, s, window) for s, stream in self._streams.items()}
        self._zero = {segment: pose for segment, pose in zero.items() if pose is not None}
        self.calibrations = {}
        self._due_s = {}
        self.referenced = True
        for segment in self._zero:
            self._look(segment)

    def update(self, now_s: float) -> None:
        """Look for the axis again of which it is time most: one a tick, so that none takes long."""
        late = {
            segment: now_s - self._due_s.get(segment, -np.inf)
            for segment, stream in self._streams.items()
            if segment in self._zero or self._first_zero(segment, stream)
        }
        segment = max(late, key=late.__getitem__, default=None)
        if segment is not None and late[segment] >= 0.0:
            self._look(segment)
            self._due_s[segment] = now_s + self._again_s(segment)

    def _again_s(self, segment: Segment) -> float:
        """Return how long an axis may stand: the more was seen, the less it changes."""
        if segment not in self.calibrations:
            return FIND_EVERY_S
        seen_s = self._streams[segment].seen_s
        return min(max(IMPROVE_EVERY_S, IMPROVE_SHARE * seen_s), IMPROVE_AT_LEAST_S)

    def missing(self) -> tuple[Segment, ...]:
        """Return the segments whose axis is not known."""
        known = {s for s, c in self.calibrations.items() if c.axis_left is not None}
        return tuple(segment for segment in self._streams if segment not in known)

    def up_reference(self, segment: Segment) -> FloatArray | None:
        """Return where up was at zero, in the sensor's frame."""
        zero = self._zero.get(segment)
        return zero.up if zero else None

    def _first_zero(self, segment: Segment, stream: SensorStream) -> bool:
        """Without a reference the first sample is zero."""
        if self.referenced or not stream.rows:
            return False
        known = np.flatnonzero(np.isfinite(stream.rows["up"][:, 0]))
        if not known.size:
            return False
        self._zero[segment] = Reference(stream.rows["up"][known[0]].copy(), np.zeros(3), None)
        return True

    def _look(self, segment: Segment) -> None:
        """Find the axis anew from all that was seen; what was found before stays otherwise."""
        zero, stream = self._zero[segment], self._streams[segment]
        if stream.use.axis != "auto":
            if segment not in self.calibrations:
                self._keep(segment, named_axis(stream.use.axis, zero))
            return
        found = self._swept(segment, zero, stream.sweep())
        if found is not None:
            self._keep(segment, found)

    def _keep(self, segment: Segment, found: SegmentCalibration) -> None:
        if not _alike(self.calibrations.get(segment), found):
            self.calibrations[segment] = found
            self.version += 1

    def _swept(
        self, segment: Segment, zero: Reference, sweep: Sweep | None
    ) -> SegmentCalibration | None:
        if sweep is None:
            return None
        if sweep.rate_rad_s is not None:
            rates = sweep.rate_rad_s - zero.gyr_bias_rad_s
            sweep = Sweep(sweep.up, rates, sweep.rate_hz)
        try:
            found = sweep_axis(sweep, zero.up, segment, self._first)
        except InputError:
            return None
        limb = segment not in ("pelvis", "trunk")
        if limb and SMALL in found.reasons:  # under 20 degrees its direction may be sway
            return None
        return SegmentCalibration(
            up_reference=_vector(zero.up),
            axis_left=_vector(found.axis_left),
            method="sweep",
            variance_ratio=found.variance_ratio,
            axis_to_vertical_deg=90.0,
            reference_sd_deg=zero.sd_deg,
            reasons=found.reasons,
        )


def _pose(stream: SensorStream, segment: Segment, window: Window) -> Reference | None:
    """Return one sensor's pose in the window; None where it has sent nothing yet."""
    stream.advance()
    tilt = stream.tilt()
    if tilt is None:
        return None
    last_s = float(tilt.t_s[-1])
    end_s = min(window.end_s, last_s) if window.end_s <= last_s + SLACK_S else window.end_s
    return reference_pose(stream.samples(), tilt, segment, Window(window.start_s, end_s))


def _alike(known: SegmentCalibration | None, found: SegmentCalibration) -> bool:
    if known is None or known.axis_left is None or found.axis_left is None:
        return known == found
    same = sum(a * b for a, b in zip(known.axis_left, found.axis_left, strict=True)) >= SAME
    return same and known.up_reference == found.up_reference and known.reasons == found.reasons


def _vector(v: FloatArray) -> Vector:
    return float(v[0]), float(v[1]), float(v[2])
