"""Hip and pelvis told apart while the sensors stream: one provisional frame a tick."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from collector.links.base import Batch
from collector.live.angles.course import LiveCourse
from collector.live.angles.frame import LiveFrame, LiveSensor
from collector.live.angles.guarded import not_held
from collector.live.angles.live_result import live_result
from collector.live.angles.sensor_stream import SensorStream
from collector.live.angles.wearing import LiveWearing
from collector.motion.mounting.choose import no_axis
from collector.motion.mounting.cue import cue_of, worn_of
from collector.motion.rows import cross
from collector.placement_checks import placement_reasons
from collector.wearing import tested_side
from schemas.calibration import SegmentCalibration
from schemas.formula import Formula
from schemas.motion import Angles
from schemas.protocol import Protocol
from schemas.recording import Recording, RecordingInfo, Window
from schemas.result import Reason, TrialResult
from schemas.segments import Role, Segment, Side, segment_of
from schemas.units import DEG_PER_RAD, US_PER_S, FloatArray

TRIAL_S: Final = 900.0
"""Of a trial so much is kept for its live result; it lasts minutes."""

ENDLESS_S: Final = 60.0
"""Of a recording without a test so much is kept, however long it runs."""

STILL_S: Final = 0.5
STILL_DEG: Final = 1.0
STILL_RATE_DEG_S: Final = 3.0
"""What counts as rest: stricter than what a reference pose may not exceed."""

_SHOWN: Final[tuple[Role, ...]] = ("pelvis", "thigh", "trunk", "shank")


class Separation:
    """Live angles of one trial. Never raises for what sensors send, and never waits.

    Feed it every batch, tick it about every 33 ms. Times are seconds since the trial began.

    Parameters
    ----------
    info
        The head of the recording: which sensor is where, named axes, calibrations of sensors.
    protocol
        The test; None: angles without repetitions, and only the last minute is kept.
    """

    def __init__(self, info: RecordingInfo, protocol: Protocol | None) -> None:
        keep_s = TRIAL_S if protocol else ENDLESS_S
        self.info = info
        self.protocol = protocol
        self.side: Side | None = tested_side(info, protocol)
        self._sensors = [SensorStream(use, keep_s=keep_s) for use in info.sensors]
        self._streams: Mapping[Segment, SensorStream] = {s.use.segment: s for s in self._sensors}
        self._wearing = LiveWearing(
            self._streams,
            {use.segment: worn_of(use, info.utc) for use in info.sensors},
            {segment: cue_of(protocol, segment, self.side) for segment in self._streams},
        )
        self._course = LiveCourse(self._streams, self.side, protocol, keep_s=keep_s)
        self._needed = self._needed_segments()

    @property
    def calibrations(self) -> Mapping[Segment, SegmentCalibration]:
        """Zero and axis of every sensor whose axis is known by now."""
        return MappingProxyType(self._wearing.calibrations)

    def feed(self, batch: Batch) -> None:
        """Take a batch; it is decoded with the next tick."""
        for sensor, notification in batch:
            self._sensors[sensor].put(notification)

    def reconnected(self, sensor: int) -> None:
        """Say that what follows from this sensor came over a new connection."""
        self._sensors[sensor].reconnected()

    def set_reference(self, window: Window) -> None:
        """Take the pose in this window (seconds since the trial began) as zero.

        Raises
        ------
        InputError
            `window_outside`, `reference_empty` or `reference_moving`, naming the segment: the
            stored result would be refused for the same. So would it for a preset or a kept
            mounting that gravity contradicts. What was zero before still is.
        """
        self._wearing.set_reference(window)

    def placement(self) -> tuple[Reason, ...]:
        """Return what gravity says at zero against how the sensors are worn, and how one lies."""
        if self.protocol is None:
            return ()
        found = {segment: no_axis(zero, ()) for segment, zero in self._wearing.zeros.items()}
        if set(found) != set(self._streams):
            return ()
        still = Angles(np.zeros(0), 1.0, {}, {}, "reference")
        return placement_reasons(self.info, self.protocol, self.side, found, still)

    def set_upright(self, window: Window) -> None:
        """Take the pose in this window as the upright one; raises as `set_reference`."""
        self._wearing.set_upright(window)

    def begin(self, t_s: float) -> None:
        """Count no repetition that began before `t_s`, seconds since the trial began."""
        self._course.begin(t_s)

    def tick(self, now_us: int) -> LiveFrame:
        """Decode what came, and return where everything is now."""
        for sensor in self._sensors:
            sensor.advance()
        now_s = now_us / US_PER_S
        fresh = {segment for segment, s in self._streams.items() if s.is_fresh(now_us)}
        t_s = min((self._streams[s].last_s or 0.0 for s in fresh), default=now_s)
        self._wearing.update(now_s)
        ups = self._course.extend(t_s) if fresh else {}
        ups = {segment: up for segment, up in ups.items() if segment in fresh}
        self._course.count(now_s, self._wearing)
        deg = self._course.angles_at(t_s, self._wearing, ups) if fresh else {}
        return self._frame(t_s, now_us, deg, ups)

    def result(self, certificate_recording: Recording) -> TrialResult | None:
        """Return the result by the live clocks and filters, kind `live`.

        None where there is none: no reference, no axis, or a trial longer than what is kept.
        """
        for sensor in self._sensors:
            sensor.advance()
        return live_result(certificate_recording, self._sensors, self.protocol, self.side)

    # -- one frame ------------------------------------------------------------------------------

    def _frame(
        self,
        t_s: float,
        now_us: int,
        deg: Mapping[str, FloatArray],
        ups: Mapping[Segment, FloatArray],
    ) -> LiveFrame:
        wearing, course, fresh = self._wearing, self._course, set(ups)
        missing = tuple(s for s in wearing.missing() if s in self._needed)
        moving_deg, still = self._movement(fresh)
        tilt = self._tilt_deg(ups)
        return LiveFrame(
            t_s=t_s,
            pelvis_deg=_number(deg.get("pelvis_deg")),
            thigh_deg=_number(deg.get("thigh_deg")),
            trunk_deg=_number(deg.get("trunk_deg")),
            **self._scores(deg),
            pelvis_tilt_deg=tilt.get("pelvis"),
            thigh_tilt_deg=tilt.get("thigh"),
            trunk_tilt_deg=tilt.get("trunk"),
            shank_tilt_deg=tilt.get("shank"),
            axis_found=not missing,
            axis_missing=missing,
            referenced=wearing.referenced,
            still=still,
            moving_deg=moving_deg,
            repetitions=course.repetitions,
            last_rep=course.last_rep,
            done=course.done,
            from_upright_deg=self._from_upright_deg(ups),
            amiss=self._amiss(deg),
            sensors=MappingProxyType(self._shown(now_us, fresh)),
        )

    def _scores(self, deg: Mapping[str, FloatArray]) -> dict[str, float | None]:
        """Evaluate the test's formulae on the angles of this moment."""
        if self.protocol is None:
            return {"hip_deg": _number(deg.get("hip_deg"))}
        f = self.protocol.formulae
        tot, hip, comp = (_value(x, deg) for x in (f.tot, f.hip, f.comp))
        if comp is not None:
            comp = max(0.0, comp)
        scores = {"tot_deg": tot, "hip_deg": hip}
        return scores | {"comp_deg": comp, "share_pct": self._share_pct(deg, hip, comp)}

    def _share_pct(
        self, deg: Mapping[str, FloatArray], hip: float | None, comp: float | None
    ) -> float | None:
        """Return the share as the score does, where it is more than noise."""
        if self.protocol is None or hip is None or comp is None:
            return None
        f = self.protocol.formulae
        part: float | None = comp
        whole: float | None = hip + comp
        if f.share_of is not None:
            part, whole = _value(f.share_of, deg), _value(f.share_within, deg)
        if part is None or whole is None:
            return None
        least = self.protocol.gates.share_from_deg
        return 100.0 * max(0.0, part) / whole if min(hip + comp, whole) >= least else None

    def _tilt_deg(self, ups: Mapping[Segment, FloatArray]) -> dict[Role, float | None]:
        """Return how far gravity has turned since zero, for every segment that is shown."""
        out: dict[Role, float | None] = {}
        for role in _SHOWN:
            segment = segment_of(role, self.side or "left")
            zero = self._wearing.up_reference(segment)
            if segment in ups and zero is not None:
                out[role] = _angle_deg(ups[segment][0], zero)
        return out

    def _from_upright_deg(self, ups: Mapping[Segment, FloatArray]) -> float | None:
        """Return how far the sensor that turned most has turned since the upright pose."""
        poses = {segment: self._wearing.up_upright(segment) for segment in ups}
        turned = [_angle_deg(ups[s][0], up) for s, up in poses.items() if up is not None]
        return max((deg for deg in turned if deg is not None), default=None)

    def _amiss(self, deg: Mapping[str, FloatArray]) -> tuple[str, ...]:
        """Say what the test wants held and is not."""
        guards = self.protocol.guards if self.protocol else ()
        values = ((guard, _value(guard.formula, deg)) for guard in guards)
        return tuple(
            not_held(guard, value)
            for guard, value in values
            if value is not None and not guard.low_deg <= value <= guard.high_deg
        )

    def _movement(self, fresh: set[Segment]) -> tuple[float | None, bool]:
        """Return how far the most restless sensor turned just now, and whether all rest."""
        streams = [self._streams[segment] for segment in fresh]
        if not streams:
            return None, False
        moving, turning = zip(*(stream.movement(STILL_S) for stream in streams), strict=True)
        moving_deg = max(moving)
        rests = moving_deg <= STILL_DEG and max(turning) <= STILL_RATE_DEG_S
        return moving_deg, rests and len(fresh) == len(self._streams)

    def _shown(self, now_us: int, fresh: set[Segment]) -> dict[Segment, LiveSensor]:
        return {
            segment: LiveSensor(
                received=stream.received,
                lost=stream.clock.lost,
                rate_hz=stream.clock.rate_hz if stream.received else None,
                latency_s=None if stream.last_s is None else now_us / US_PER_S - stream.last_s,
                fresh=segment in fresh,
            )
            for segment, stream in self._streams.items()
        }

    def _needed_segments(self) -> set[Segment]:
        roles: Iterable[Role] = self.protocol.required if self.protocol else ("pelvis", "thigh")
        needed = {segment_of(role, self.side or "left") for role in roles}
        return needed & set(self._streams) or set(self._streams)


def _value(formula: Formula | None, deg: Mapping[str, FloatArray]) -> float | None:
    if formula is None or not all(name in deg for name in formula.channels):
        return None
    return _number(formula(deg))


def _angle_deg(up: FloatArray, zero: FloatArray) -> float | None:
    """Return the angle between two directions; None where one is not known."""
    across = cross(up, zero)
    angle = math.atan2(math.sqrt(float(across @ across)), float(up @ zero))
    return DEG_PER_RAD * angle if math.isfinite(angle) else None


def _number(values: FloatArray | None) -> float | None:
    if values is None or not len(values) or not np.isfinite(values[-1]):
        return None
    return float(values[-1])
