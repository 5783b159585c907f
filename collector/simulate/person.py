"""A person who performs a test, with every angle known at every instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from collector.simulate.body import Pose, Posture, composed, pose_of
from collector.simulate.course import NOTHING, Coupling, Course, Motion, Steps, Sway
from collector.simulate.separated import Extent, separated
from schemas.recording import Window
from schemas.segments import ROLES, Role, Side
from schemas.units import FloatArray

TRUTH_RATE_HZ = 200.0

Plane = Literal["sagittal", "frontal", "axial"]
PLANES: Final[tuple[Plane, ...]] = ("sagittal", "frontal", "axial")

NAMES: Final[Mapping[tuple[Role, Plane], str]] = {
    **{(role, "sagittal"): f"{role}_deg" for role in ROLES},
    ("pelvis", "frontal"): "pelvis_frontal_deg",
    ("thigh", "frontal"): "thigh_frontal_deg",
    ("pelvis", "axial"): "pelvis_axial_deg",
    ("shank", "frontal"): "shank_roll_deg",
}
"""Which of a segment's angles is which channel of `schemas.motion`."""


@dataclass(frozen=True, eq=False, slots=True)
class Channel:
    """One segment's angles in degrees, as functions of time.

    Sagittal: `steps` drive it, `lag_s` later than the time asked for and, where there is a
    `coupling`, through it; `also` and `pose` (how it lies in the position of the test) and `sway`
    are added. The segment leaves its plane by `frontal` and `axial` degrees per degree, and by
    `aside` and `twist`, whose signs are clinical (hike, abduction, internal rotation of the
    tested side). `zero_deg` are the means (sagittal, aside, twist) that the truth takes off.
    """

    steps: Steps
    sway: Sway
    coupling: Coupling | None = None
    lag_s: float = 0.0
    frontal: float = 0.0
    axial: float = 0.0
    pose: Course = NOTHING
    also: Course = NOTHING
    aside: Course = NOTHING
    twist: Course = NOTHING
    zero_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def at(self, t_s: FloatArray) -> Motion:
        """Sagittal angle, rate and acceleration at increasing times, in degrees."""
        driven = self.steps.at(t_s - self.lag_s)
        if self.coupling is not None:
            driven = self.coupling.apply(driven)
        moved = driven.plus(self.sway.at(t_s))
        for course in (self.pose, self.also):
            if course is not NOTHING:
                moved = moved.plus(course.at(t_s))
        return moved

    def off_plane(self, t_s: FloatArray, bend: Motion, side: Side) -> tuple[Motion, Motion]:
        """Return its turns about the segment's x and y axes, with the signs of its frame."""
        right = 1.0 if side == "right" else -1.0
        frontal, axial = bend.times(self.frontal), bend.times(self.axial)
        if self.aside is not NOTHING:
            frontal = frontal.plus(self.aside.at(t_s).times(-right))
        if self.twist is not NOTHING:
            axial = axial.plus(self.twist.at(t_s).times(right))
        return frontal, axial

    def clinical_deg(self, t_s: FloatArray, side: Side) -> tuple[FloatArray, ...]:
        """Return sagittal, frontal and axial angle, clinical signs, no zero taken off."""
        right = 1.0 if side == "right" else -1.0
        bend = self.at(t_s)
        frontal, axial = self.off_plane(t_s, bend, side)
        return bend.value, -right * frontal.value, right * axial.value

    @property
    def latest_s(self) -> float:
        """The longest that any part of it is late."""
        courses = (self.also, self.aside, self.twist)
        return max(self.lag_s, *(part.lag_s for course in courses for part in course.parts), 0.0)

    @property
    def earliest_s(self) -> float:
        """How much earlier than asked for its first part goes, as a negative number."""
        courses = (self.also, self.aside, self.twist)
        return min(self.lag_s, *(part.lag_s for course in courses for part in course.parts), 0.0)


@dataclass(frozen=True, slots=True)
class TrueRepetition:
    """What one repetition really was; angles are medians over the plateau.

    The plateau ends when the return begins; without a hold it is the instant of the extreme.
    """

    n: int
    start_s: float
    plateau: Window
    end_s: float
    tot_deg: float
    hip_deg: float
    comp_deg: float
    share_pct: float


@dataclass(frozen=True, eq=False, slots=True)
class Truth:
    """What happened, on session time (the zero of `arrival_us`).

    `deg` holds the channels of `schemas.motion.Angles` that the person has, (M,) each at `t_s`,
    zero in the mean of the reference window.
    """

    t_s: FloatArray
    deg: Mapping[str, FloatArray]
    repetitions: tuple[TrueRepetition, ...]
    person: Person

    def at(self, t_s: FloatArray) -> dict[str, FloatArray]:
        """Return the same channels at other increasing times, exactly."""
        return self.person.angles_deg(t_s)


@dataclass(frozen=True, slots=True)
class Phase:
    """When a repetition starts, holds and ends."""

    start_s: float
    hold: Window
    end_s: float


@dataclass(frozen=True, eq=False, slots=True)
class Body:
    """The whole body on its way from standing to the table.

    It turns by `heading`, then by `turn` about its right axis (positive: onto the back), then rolls
    by `roll`, all in degrees; the hip centre goes by `rise_m` upward and `ahead_m` forward.
    """

    heading: Course
    turn: Course
    roll: Course
    rise_m: Course
    ahead_m: Course

    def pose(self, t_s: FloatArray) -> Pose:
        """Return the pose of a straight body at increasing times."""
        none = Motion.none(len(t_s))
        facing = pose_of(none, none, self.heading.at(t_s), "standing")
        return composed(facing, pose_of(self.turn.at(t_s), self.roll.at(t_s), none, None))

    def acceleration_m_s2(self, t_s: FloatArray) -> FloatArray:
        """Return the acceleration of the hip centre (N, 3), earth frame."""
        ahead, rise = self.ahead_m.at(t_s).accel, self.rise_m.at(t_s).accel
        return np.stack([ahead, np.zeros_like(ahead), rise], axis=-1)


@dataclass(frozen=True, eq=False, slots=True)
class Person:
    """Channels by role, and the times of the test.

    `planted_m` is the length below the hip centre about which the thigh turns when the foot or
    the knee is what stands still; None when the hip centre stands still. `body` is how they got
    into position, None where they are in it all the time. `upright` is when they stood still
    before, `begins_s` when they are ready to begin, `zero` the window whose mean is zero (None:
    the reference), `lean` when they leaned forward before.
    """

    protocol_id: str
    channels: Mapping[Role, Channel]
    phases: tuple[Phase, ...]
    reference: Window
    duration_s: float
    planted_m: float | None = None
    side: Side = "right"
    body: Body | None = None
    upright: Window | None = None
    begins_s: float | None = None
    zero: Window | None = None
    lean: Window | None = None

    def pose(self, role: Role, posture: Posture, t_s: FloatArray) -> Pose:
        """Return where a segment is, how it turns, at increasing times."""
        channel = self.channels[role]
        bend = channel.at(t_s)
        frontal, axial = channel.off_plane(t_s, bend, self.side)
        turned = bend.times(-1.0) if role in ("pelvis", "trunk") else bend
        if self.body is None:
            return pose_of(turned, frontal, axial, posture)
        return composed(self.body.pose(t_s), pose_of(turned, frontal, axial, None))

    def angles_deg(self, t_s: FloatArray) -> dict[str, FloatArray]:
        """Every channel in degrees at increasing times `t_s` (N,), zero in the zero's window."""
        deg: dict[str, FloatArray] = {}
        for role, channel in self.channels.items():
            angles = channel.clinical_deg(t_s, self.side)
            for plane, value, zero in zip(PLANES, angles, channel.zero_deg, strict=True):
                if (name := NAMES.get((role, plane))) is not None:
                    deg[name] = value - zero
        deg["hip_deg"] = deg["thigh_deg"] + deg["pelvis_deg"]
        deg["lumbar_deg"] = deg["trunk_deg"] - deg["pelvis_deg"]
        deg["knee_deg"] = deg["thigh_deg"] - deg["shank_deg"]
        return deg

    def truth(self) -> Truth:
        """Evaluate the whole test on a fine grid, and every repetition at its plateau."""
        t_s = np.arange(round(self.duration_s * TRUTH_RATE_HZ)) / TRUTH_RATE_HZ
        repetitions = tuple(self._repetition(n, p) for n, p in enumerate(self.phases, start=1))
        return Truth(t_s, self.angles_deg(t_s), repetitions, self)

    def _repetition(self, n: int, phase: Phase) -> TrueRepetition:
        plateau = self._plateau(phase)
        grid = np.linspace(plateau.start_s, plateau.end_s, 101)
        deg = {name: float(np.median(x)) for name, x in self.angles_deg(grid).items()}
        tot, hip, comp = separated(self.protocol_id, deg, lambda: self._extent(phase))
        share = 100.0 * comp / (comp + hip)
        return TrueRepetition(n, phase.start_s, plateau, phase.end_s, tot, hip, comp, share)

    def _plateau(self, phase: Phase) -> Window:
        """Return when everything that is late has arrived, and nothing early has left."""
        latest = max(channel.latest_s for channel in self.channels.values())
        earliest = min(channel.earliest_s for channel in self.channels.values())
        end_s = max(phase.hold.end_s + earliest, phase.hold.start_s)
        return Window(min(phase.hold.start_s + latest, end_s), end_s)

    def _extent(self, phase: Phase) -> Extent:
        grid = np.linspace(phase.start_s, phase.end_s, 1001)
        angles = self.angles_deg(grid)
        return Extent(
            {name: float(x.min()) for name, x in angles.items()},
            {name: float(x.max()) for name, x in angles.items()},
        )


def zeroed(channel: Channel, window: Window, side: Side = "right") -> Channel:
    """Return a channel whose means over a window are its zero."""
    grid = np.linspace(window.start_s, window.end_s, 501)
    sagittal, aside, twist = (float(np.mean(x)) for x in channel.clinical_deg(grid, side))
    return replace(channel, zero_deg=(sagittal, aside, twist))
