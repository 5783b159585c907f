"""How every sensor sits, as far as the movement has shown: zero at once, left when it is clear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from collector.live.angles.sensor_stream import SensorStream
from collector.motion.mounting.choose import mount
from collector.motion.mounting.cue import Cue, Seen, Worn
from collector.motion.mounting.lean import leaned
from collector.motion.pose import Reference, reference_pose
from collector.motion.sweep import SMALL, Sweep
from schemas.calibration import SegmentCalibration
from schemas.errors import InputError
from schemas.motion import Zero
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

_NAMED: Final = ("+x", "-x", "+y", "-y", "+z", "-z")

SLACK_S: Final = 0.5
"""A reference may end so much behind a sensor's newest sample: it is still on its way."""


class LiveWearing:
    """Zero and mediolateral axis of every sensor, provisional.

    Parameters
    ----------
    streams
        Every sensor's data, by segment.
    worn, cues
        What is known of every sensor, and what the test says of its segment.
    """

    def __init__(
        self,
        streams: Mapping[Segment, SensorStream],
        worn: Mapping[Segment, Worn],
        cues: Mapping[Segment, Cue],
    ) -> None:
        self._streams = streams
        self._worn = worn
        self._cues = cues
        self._sweep_from_s = -np.inf
        self._lean: Window | None = None
        self._zero: dict[Segment, Reference] = {}
        self._upright: dict[Segment, Reference] = {}
        self._due_s: dict[Segment, float] = {}
        self.calibrations: dict[Segment, SegmentCalibration] = {}
        self.referenced = False
        self.version = 0

    @property
    def zero(self) -> Zero:
        """What zero means by now."""
        standing = any(cue.standing_zero for cue in self._cues.values())
        return "standing" if self.referenced and standing and self._upright else "reference"

    @property
    def zeros(self) -> Mapping[Segment, Reference]:
        """Every sensor's pose at zero."""
        return self._zero

    def set_reference(self, window: Window) -> None:
        """Take this pose as zero, for every sensor.

        Raises
        ------
        InputError
            `window_outside`, `reference_empty` or `reference_moving`, naming the segment; and
            what a preset or a kept mounting raises that is not as it was. What was zero before
            still is.
        """
        zero = self._poses(window)
        for segment, pose in zero.items():
            if self._worn[segment].axis not in ("auto", *_NAMED):
                self._mounted(segment, pose)
        self._zero = zero
        self.calibrations = {}
        self._due_s = {}
        self.referenced = True
        if self._upright or self._lean:
            self._sweep_from_s = window.start_s
        for segment in self._zero:
            self._look(segment)

    def set_upright(self, window: Window) -> None:
        """Keep this pose as the upright one, for every sensor; raises as `set_reference`."""
        self._upright = self._poses(window)

    def set_lean(self, window: Window) -> None:
        """Find pelvis and trunk in this movement from now on, if it shows how they sit.

        Raises
        ------
        InputError
            `lean_too_small` or `lean_not_straight`, naming the segment; it is
            kept even so.
        """
        self._lean = window
        for segment in self._streams:
            if not self._leans(segment):
                continue
            lean = self._sweep(segment, _upright_at(np.zeros(3)), window)
            if len(lean.up):  # upright as it began: zero comes later
                leaned(self._worn[segment], self._cues[segment], _upright_at(lean.up[0]), lean)

    def _leans(self, segment: Segment) -> bool:
        cue = self._cues[segment]
        wanted = cue.lean_first and cue.trunk_like and self._worn[segment].axis == "auto"
        return wanted and self._lean is not None

    def _poses(self, window: Window) -> dict[Segment, Reference]:
        poses = {s: _pose(stream, s, window) for s, stream in self._streams.items()}
        return {segment: pose for segment, pose in poses.items() if pose is not None}

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

    def up_upright(self, segment: Segment) -> FloatArray | None:
        """Return where up was in the upright pose, in the sensor's frame."""
        upright = self._upright.get(segment)
        return upright.up if upright else None

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
        once = self._worn[segment].axis in _NAMED or self._leans(segment)
        if once and segment in self.calibrations and self.referenced:
            return
        try:
            found = self._mounted(segment, self._zero[segment])
        except InputError:
            return
        if not self._sways(found):
            self._keep(segment, found)

    def _mounted(self, segment: Segment, zero: Reference) -> SegmentCalibration:
        """Return how a sensor sits, as the stored way finds it in what has come so far."""
        worn, cue = self._worn[segment], self._cues[segment]
        lean = partial(self._sweep, segment, zero, self._lean) if self._leans(segment) else None
        seen = Seen(zero, self._upright.get(segment), partial(self._sweep, segment, zero), lean)
        found = mount(worn, cue, seen)
        if self._sways(found) and worn.site is not None and cue.position is not None:
            return mount(replace(worn, axis="preset"), cue, seen)
        return found

    def _sways(self, found: SegmentCalibration) -> bool:
        """Whether a limb was swept so little that its direction may be sway."""
        return found.method == "sweep" and SMALL in found.reasons

    def _keep(self, segment: Segment, found: SegmentCalibration) -> None:
        if not _alike(self.calibrations.get(segment), found):
            self.calibrations[segment] = found
            self.version += 1

    def _sweep(self, segment: Segment, zero: Reference, window: Window | None = None) -> Sweep:
        between = (window.start_s, window.end_s) if window else (self._sweep_from_s, np.inf)
        sweep = self._streams[segment].sweep(*between)
        if sweep is None:
            return Sweep(np.zeros((0, 3)), None, 1.0)
        if sweep.rate_rad_s is None:
            return sweep
        return Sweep(sweep.up, sweep.rate_rad_s - zero.gyr_bias_rad_s, sweep.rate_hz)


def _upright_at(up: FloatArray) -> Reference:
    return Reference(up, np.zeros(3), None)


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
    if known.method != found.method or known.up_zero != found.up_zero:
        return False
    same = sum(a * b for a, b in zip(known.axis_left, found.axis_left, strict=True)) >= SAME
    return same and known.up_reference == found.up_reference and known.reasons == found.reasons
