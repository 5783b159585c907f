"""What goes wrong with straps, positions and people: one fault for every gate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from collector.simulate.body import BODY_TURN_DEG, Posture
from collector.simulate.course import Course, Part, Steps
from collector.simulate.person import Person
from collector.simulate.sensor import rotation_of
from collector.simulate.worn import Felt
from schemas.chunk import Chunk
from schemas.recording import END_POINT, PAIN, Event
from schemas.segments import Role
from schemas.units import RAD_PER_DEG, US_PER_S, FloatArray

SLIP_S: Final = 0.4
"""How long a strap takes to slip."""


class Mishap:
    """Something that goes wrong in a simulated trial; by itself nothing does."""

    def person(self, person: Person) -> Person:
        """Return the person as they then do it."""
        return person

    def worn_by(self, role: Role) -> Role:
        """Return the segment that the sensor of a role is really on."""
        return role

    def felt(self, felt: Felt, _role: Role, _person: Person, _left: FloatArray) -> Felt:
        """Return what a sensor then feels; `_left` (3,) is its axis across the sagittal plane."""
        return felt

    def sent(self, chunk: Chunk, _role: Role, _person: Person) -> Chunk:
        """Return what then arrives."""
        return chunk

    def posture(self, posture: Posture) -> Posture:
        """Return how the body really lies, sits or stands."""
        return posture

    def events(self, _person: Person) -> tuple[Event, ...]:
        """Return what is noted about it."""
        return ()


@dataclass(frozen=True, slots=True)
class Slip(Mishap):
    """A sensor turns on its strap by `by_deg`, in the rest after repetition `after`.

    It turns across the sagittal plane, so that all of it goes into a sagittal angle.
    """

    role: Role
    by_deg: float = 12.0
    after: int = 1

    def felt(self, felt: Felt, role: Role, person: Person, left: FloatArray) -> Felt:
        """Turn the sensor, and let it feel the turning."""
        if role != self.role:
            return felt
        at_s = person.phases[self.after - 1].end_s + 0.5
        turn = Steps.of([(at_s, SLIP_S, self.by_deg * RAD_PER_DEG)]).at(felt.t_s)
        return _turned(felt, turn.value, turn.rate, left)


@dataclass(frozen=True, slots=True)
class UpsideDown(Mishap):
    """A sensor is strapped on with its lower end up."""

    role: Role

    def felt(self, felt: Felt, role: Role, _person: Person, _left: FloatArray) -> Felt:
        """Turn it by half a turn about its face."""
        if role != self.role:
            return felt
        half = np.full(len(felt.t_s), np.pi)
        return _turned(felt, half, np.zeros_like(half), np.array((0.0, 0.0, 1.0)))


@dataclass(frozen=True, slots=True)
class Swapped(Mishap):
    """Two sensors are on each other's segments."""

    one: Role = "pelvis"
    other: Role = "thigh"

    def worn_by(self, role: Role) -> Role:
        """Exchange the two."""
        return {self.one: self.other, self.other: self.one}.get(role, role)


@dataclass(frozen=True, slots=True)
class OtherLeg(Mishap):
    """The sensors of the tested leg are on the other one, which stays where it is."""

    def worn_by(self, role: Role) -> Role:
        """Exchange the legs."""
        legs: dict[Role, Role] = {
            "thigh": "thigh_other",
            "thigh_other": "thigh",
            "shank": "shank_other",
            "shank_other": "shank",
        }
        return legs.get(role, role)


@dataclass(frozen=True, slots=True)
class WrongPosture(Mishap):
    """The body is in another position than the test says."""

    really: Posture

    def posture(self, _posture: Posture) -> Posture:
        """Put the body where it really is."""
        return self.really

    def person(self, person: Person) -> Person:
        """Get into that position instead, where they get into one."""
        if person.body is None:
            return person
        return _turning_by(person, BODY_TURN_DEG.get(self.really, 0.0))


@dataclass(frozen=True, slots=True)
class HalfLying(Mishap):
    """The back rest is up: the body gets only so far from standing, `turn_deg` (plus: back)."""

    turn_deg: float = 50.0

    def person(self, person: Person) -> Person:
        """Stop on the way down."""
        return _turning_by(person, self.turn_deg)


@dataclass(frozen=True, slots=True)
class Restless(Mishap):
    """A segment moves to and fro by `by_deg` while it should be still for the reference."""

    role: Role = "thigh"
    by_deg: float = 5.0

    def person(self, person: Person) -> Person:
        """Let it move in the reference window."""
        start_s, end_s = person.reference.start_s, person.reference.end_s
        half_s = 0.5 * (end_s - start_s)
        rows = [(start_s, half_s, self.by_deg), (start_s + half_s, half_s, -self.by_deg)]
        channel = person.channels[self.role]
        also = channel.also.plus(Course(parts=(Part(Steps.of(rows)),)))
        return replace(person, channels={**person.channels, self.role: replace(channel, also=also)})


@dataclass(frozen=True, slots=True)
class Nudge(Mishap):
    """A segment goes by `by_deg` and back while the first repetition begins."""

    role: Role = "pelvis"
    by_deg: float = 18.0

    def person(self, person: Person) -> Person:
        """Let it go out with the movement's beginning, and back before it is half way."""
        phase = person.phases[0]
        quarter_s = 0.25 * (phase.hold.start_s - phase.start_s)
        rows = [
            (phase.start_s, quarter_s, self.by_deg),
            (phase.start_s + quarter_s, quarter_s, -self.by_deg),
        ]
        channel = person.channels[self.role]
        also = channel.also.plus(Course(parts=(Part(Steps.of(rows)),)))
        return replace(person, channels={**person.channels, self.role: replace(channel, also=also)})


@dataclass(frozen=True, slots=True)
class Sideways(Mishap):
    """A segment goes to the side by `by_deg`, or rolls (`axial`), in repetition `n` alone.

    In every repetition alike it would be the way that the leg goes, and no sweep could tell. Nor
    does gravity show a thigh that goes aside while it is level: it then turns about the vertical.
    """

    role: Role = "thigh"
    by_deg: float = 25.0
    n: int = 2
    plane: Literal["frontal", "axial"] = "frontal"

    def person(self, person: Person) -> Person:
        """Let it go there and back with the movement."""
        rows = []
        for phase in person.phases[self.n - 1 : self.n]:
            out_s, back_s = phase.hold.start_s - phase.start_s, phase.end_s - phase.hold.end_s
            rows += [(phase.start_s, out_s, self.by_deg), (phase.hold.end_s, back_s, -self.by_deg)]
        channel = person.channels[self.role]
        stray = Course(parts=(Part(Steps.of(rows)),))
        if self.plane == "frontal":
            moved = replace(channel, aside=channel.aside.plus(stray))
        else:
            moved = replace(channel, twist=channel.twist.plus(stray))
        return replace(person, channels={**person.channels, self.role: moved})


@dataclass(frozen=True, slots=True)
class Silence(Mishap):
    """Nothing arrives from a sensor for `for_s`, in the middle of repetition `n`'s plateau."""

    role: Role
    for_s: float = 1.0
    n: int = 1

    def sent(self, chunk: Chunk, role: Role, person: Person) -> Chunk:
        """Drop what was sent then."""
        if role != self.role:
            return chunk
        hold = person.phases[self.n - 1].hold
        middle_s = 0.5 * (hold.start_s + hold.end_s)
        t_s = chunk.t_us / US_PER_S
        kept = np.abs(t_s - middle_s) > 0.5 * self.for_s
        rows = (row for row, keep in zip(chunk.notifications(), kept, strict=True) if keep)
        return Chunk.of(rows)


@dataclass(frozen=True, slots=True)
class PainStop(Mishap):
    """It hurts `nrs` of 10 at the end of repetition `n`, which is the last one.

    `too_early`: on the way there already, so that this repetition has no value.
    """

    n: int = 2
    nrs: int = 6
    too_early: bool = False

    def person(self, person: Person) -> Person:
        """Leave it at that: what would have come is not recorded."""
        kept = person.phases[: self.n]
        return replace(person, phases=kept, duration_s=self._at_s(person) + self._after_s(person))

    def events(self, person: Person) -> tuple[Event, ...]:
        """Note pain and end-point."""
        at_us = round(self._at_s(person) * US_PER_S)
        return Event(at_us, PAIN, str(self.nrs)), Event(at_us, END_POINT, "pain")

    def _at_s(self, person: Person) -> float:
        phase = person.phases[self.n - 1]
        return 0.5 * (phase.start_s + phase.hold.start_s) if self.too_early else phase.hold.end_s

    def _after_s(self, person: Person) -> float:
        phase = person.phases[self.n - 1]
        return 0.3 if self.too_early else phase.end_s - phase.hold.end_s + 1.5


def _turning_by(person: Person, turn_deg: float) -> Person:
    if person.body is None:
        return person
    (part,) = person.body.turn.parts
    assert isinstance(part, Part)
    steps = replace(part.steps, amount=np.array([turn_deg]))
    turn = Course(parts=(replace(part, steps=steps),))
    return replace(person, body=replace(person.body, turn=turn))


def _turned(felt: Felt, angle_rad: FloatArray, rate_rad_s: FloatArray, axis: FloatArray) -> Felt:
    """Turn a sensor within its strap: `angle_rad` (N,) about `axis` (3,), its own frame."""
    by = rotation_of(np.outer(angle_rad, axis))
    return Felt(
        felt.t_s,
        felt.rotation @ by,
        np.einsum("nji,nj->ni", by, felt.force_m_s2),
        np.einsum("nji,nj->ni", by, felt.rate_rad_s) + np.outer(rate_rad_s, axis),
    )
