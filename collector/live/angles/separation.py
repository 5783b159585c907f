"""Hip and pelvis told apart while the sensors stream: one provisional frame a tick."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from collector.links.base import Batch
from collector.live.angles.course import LiveCourse
from collector.live.angles.frame import LiveFrame, LiveSensor
from collector.live.angles.live_result import live_result
from collector.live.angles.readings import amiss, angle_deg, number, scores
from collector.live.angles.sensor_stream import SensorStream
from collector.live.angles.wearing import LiveWearing
from collector.motion.mounting.choose import no_axis
from collector.motion.mounting.cue import cue_of, worn_of
from collector.placement_checks import placement_reasons
from collector.wearing import tested_side
from schemas.calibration import SegmentCalibration
from schemas.motion import Angles
from schemas.protocol import Protocol
from schemas.recording import Recording, RecordingInfo, Window
from schemas.result import Reason, TrialResult
from schemas.segments import Role, Segment, Side, segment_of
from schemas.units import US_PER_S, FloatArray

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

    def set_lean(self, window: Window) -> None:
        """Take the movement in this window as leaning forward; raises where it shows no axis."""
        self._wearing.set_lean(window)

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
            pelvis_deg=number(deg.get("pelvis_deg")),
            thigh_deg=number(deg.get("thigh_deg")),
            trunk_deg=number(deg.get("trunk_deg")),
            **scores(self.protocol, deg),
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
            amiss=amiss(self.protocol, deg),
            sensors=MappingProxyType(self._shown(now_us, fresh)),
        )

    def _tilt_deg(self, ups: Mapping[Segment, FloatArray]) -> dict[Role, float | None]:
        """Return how far gravity has turned since zero, for every segment that is shown."""
        out: dict[Role, float | None] = {}
        for role in _SHOWN:
            segment = segment_of(role, self.side or "left")
            zero = self._wearing.up_reference(segment)
            if segment in ups and zero is not None:
                out[role] = angle_deg(ups[segment][0], zero)
        return out

    def _from_upright_deg(self, ups: Mapping[Segment, FloatArray]) -> float | None:
        """Return how far the sensor that turned most has turned since the upright pose."""
        poses = {segment: self._wearing.up_upright(segment) for segment in ups}
        turned = [angle_deg(ups[s][0], up) for s, up in poses.items() if up is not None]
        return max((deg for deg in turned if deg is not None), default=None)

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
